//! A document that lists descriptors — a manifest's `layers`, an index's `manifests` — kept exactly while entries are
//! added.
//!
//! What other tools wrote stays byte for byte: each entry and each other member of the document is carried as the JSON
//! text it was read as, also where this crate does not know its fields. Only new entries are written by this crate, as
//! Go writes them.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::value::RawValue;

use crate::json;
use crate::oci::{self, Descriptor, ManifestError, Parsed};

/// The order in which Go's OCI types write the members of a manifest or index.
const ORDER: [&str; 8] = [
    "schemaVersion",
    "mediaType",
    "config",
    "layers",
    "manifests",
    "annotations",
    "subject",
    "artifactType",
];

/// Which list of the document holds the entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// `layers` of a manifest.
    Layers,
    /// `manifests` of an index.
    Manifests,
}

impl List {
    fn name(self) -> &'static str {
        match self {
            Self::Layers => "layers",
            Self::Manifests => "manifests",
        }
    }
}

/// One descriptor of the list, parsed and as written.
#[derive(Clone, Debug)]
pub struct Entry {
    descriptor: Descriptor,
    raw: Box<RawValue>,
}

impl PartialEq for Entry {
    /// Two entries are one when their descriptors agree in every field; how the JSON is spaced does not count.
    fn eq(&self, other: &Self) -> bool {
        self.descriptor == other.descriptor
    }
}

impl Entry {
    /// A new entry, written as Go writes it.
    ///
    /// # Errors
    /// Never for descriptors that JSON can carry, which is all of them; the error is passed on rather than hidden.
    pub fn new(descriptor: Descriptor) -> Result<Self, serde_json::Error> {
        let raw = RawValue::from_string(go_json(&descriptor)?)?;
        Ok(Self { descriptor, raw })
    }

    /// The descriptor.
    pub fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }
}

/// A manifest or index whose list of descriptors can grow.
#[derive(Clone, Debug)]
pub struct Document {
    list: List,
    members: BTreeMap<String, Box<RawValue>>,
    entries: Vec<Entry>,
}

impl Document {
    /// An empty document with these members besides the list.
    pub(super) fn new(list: List, media_type: &str) -> Result<Self, serde_json::Error> {
        let mut document = Self {
            list,
            members: BTreeMap::new(),
            entries: Vec::new(),
        };
        document.set("schemaVersion", &2)?;
        document.set("mediaType", media_type)?;
        Ok(document)
    }

    /// Reads `bytes` served as `outer_type`; what is not of the wanted shape is refused.
    ///
    /// # Errors
    /// [`ManifestError`], as [`oci::parse`]; [`ManifestError::Unknown`] for an index where a manifest is wanted and
    /// the reverse.
    pub fn parse(bytes: &[u8], outer_type: Option<&str>, list: List) -> Result<Self, ManifestError> {
        let parsed = oci::parse(bytes, outer_type)?;
        let descriptors = match (parsed, list) {
            (Parsed::Manifest(manifest), List::Layers) => manifest.layers,
            (Parsed::Index(index), List::Manifests) => index.manifests,
            (Parsed::Manifest(manifest), List::Manifests) => {
                return Err(ManifestError::Unknown(manifest.media_type.unwrap_or_default()));
            }
            (Parsed::Index(index), List::Layers) => {
                return Err(ManifestError::Unknown(index.media_type.unwrap_or_default()));
            }
        };
        let mut members: BTreeMap<String, Box<RawValue>> = serde_json::from_slice(bytes)?;
        let raw: Vec<Box<RawValue>> = match members.remove(list.name()) {
            Some(raw) => serde_json::from_str(raw.get())?,
            None => Vec::new(),
        };
        // Both come from the same array; if they disagree in length the document was read in two ways.
        if raw.len() != descriptors.len() {
            return Err(ManifestError::Ambiguous);
        }
        let entries = descriptors
            .into_iter()
            .zip(raw)
            .map(|(descriptor, raw)| Entry { descriptor, raw })
            .collect();
        Ok(Self { list, members, entries })
    }

    /// The entries in the order of the document.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Whether an equal entry is listed.
    pub fn contains(&self, entry: &Entry) -> bool {
        self.entries.contains(entry)
    }

    /// The document's own media type; without one, what its shape means.
    pub fn media_type(&self) -> String {
        let written = self.members.get("mediaType");
        written
            .and_then(|raw| serde_json::from_str(raw.get()).ok())
            .unwrap_or_else(|| match self.list {
                List::Layers => oci::media_type::OCI_MANIFEST.to_owned(),
                List::Manifests => oci::media_type::OCI_INDEX.to_owned(),
            })
    }

    /// Adds each entry that is not listed yet, in order; says how many were new.
    pub fn add<'a>(&mut self, entries: impl IntoIterator<Item = &'a Entry>) -> usize {
        let before = self.entries.len();
        for entry in entries {
            if !self.contains(entry) {
                self.entries.push(entry.clone());
            }
        }
        self.entries.len() - before
    }

    /// Drops the entries for which `keep` says no.
    pub fn retain(&mut self, keep: impl FnMut(&Entry) -> bool) {
        self.entries.retain(keep);
    }

    /// Sets a member beside the list.
    pub(super) fn set<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), serde_json::Error> {
        let raw = RawValue::from_string(go_json(value)?)?;
        self.members.insert(name.to_owned(), raw);
        Ok(())
    }

    /// A member beside the list, parsed.
    pub(super) fn get<T: serde::de::DeserializeOwned>(&self, name: &str) -> Option<T> {
        let raw = self.members.get(name)?;
        serde_json::from_str(raw.get()).ok()
    }

    /// The document as bytes, members in Go's order, unknown ones last.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut list = String::from("[");
        for (i, entry) in self.entries.iter().enumerate() {
            if i > 0 {
                list.push(',');
            }
            list.push_str(entry.raw.get());
        }
        list.push(']');
        write_object(&ORDER, &self.members, Some((self.list.name(), &list)))
    }
}

/// Writes an object: the members named in `order` first, then the others by name; `extra` is one more member.
pub(super) fn write_object(
    order: &[&str],
    members: &BTreeMap<String, Box<RawValue>>,
    extra: Option<(&str, &str)>,
) -> Vec<u8> {
    let known = order.iter().filter_map(|name| match extra {
        Some((extra, text)) if extra == *name => Some((*name, text)),
        _ => members.get(*name).map(|raw| (*name, raw.get())),
    });
    let others = members
        .iter()
        .filter(|(name, _)| !order.contains(&name.as_str()))
        .map(|(name, raw)| (name.as_str(), raw.get()));
    let mut out = String::from("{");
    for (i, (name, text)) in known.chain(others).enumerate() {
        if i > 0 {
            out.push(',');
        }
        // A name is a JSON string that was just parsed: writing it again cannot fail.
        out.push_str(&serde_json::to_string(name).unwrap_or_default());
        out.push(':');
        out.push_str(text);
    }
    out.push('}');
    out.into_bytes()
}

/// `value` as Go writes it, as text.
pub(super) fn go_json<T: Serialize + ?Sized>(value: &T) -> Result<String, serde_json::Error> {
    // What serde_json wrote is UTF-8.
    json::go_to_vec(value).map(|bytes| String::from_utf8(bytes).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oci::media_type::{OCI_INDEX, OCI_MANIFEST};
    use proptest::prelude::*;

    fn entry(content: &[u8]) -> Entry {
        Entry::new(Descriptor::of("x/y", content)).unwrap()
    }

    #[test]
    fn what_is_not_understood_is_kept_as_it_was() {
        let odd = format!(
            r#"{{"manifests": [ {{"digest":"{}","size":1, "mediaType":"x/y","odd":{{"b":1, "a":2}}}} ],"zeta": [1, 2],"schemaVersion":2}}"#,
            Descriptor::of("x/y", b"a").digest
        );
        let mut document = Document::parse(odd.as_bytes(), None, List::Manifests).unwrap();
        assert_eq!(document.media_type(), OCI_INDEX);
        assert_eq!(document.add([&entry(b"b")]), 1);
        let text = String::from_utf8(document.to_bytes()).unwrap();
        assert!(text.contains(r#""mediaType":"x/y","odd":{"b":1, "a":2}}"#), "{text}");
        assert!(text.contains(r#""zeta":[1, 2]"#), "{text}");
        let again = Document::parse(text.as_bytes(), Some(OCI_INDEX), List::Manifests).unwrap();
        assert_eq!(again.entries(), document.entries());
    }

    #[test]
    fn an_equal_entry_is_added_once() {
        let mut document = Document::new(List::Layers, OCI_MANIFEST).unwrap();
        assert_eq!(document.add([&entry(b"a"), &entry(b"b"), &entry(b"a")]), 2);
        assert_eq!(document.add([&entry(b"b")]), 0);
    }

    #[test]
    fn an_index_is_no_manifest() {
        let index = br#"{"schemaVersion":2,"manifests":[]}"#;
        assert!(Document::parse(index, None, List::Layers).is_err());
        assert!(Document::parse(index, None, List::Manifests).is_ok());
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes: Vec<u8>) {
            let _ = Document::parse(&bytes, None, List::Layers);
            let _ = Document::parse(&bytes, None, List::Manifests);
        }
    }
}
