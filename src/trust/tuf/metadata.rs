//! TUF metadata files (section 4): parsed, not yet trusted. Members that are not known are ignored, and signed over.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use super::canonical::canonical;
use super::delegation::Delegations;
use super::key::{Key, unhex};
use super::{MAX_ENTRIES, TufError};
use crate::digest;
use crate::trust::parse_time;

/// A file: what is signed, and by whom.
pub struct Signed<T> {
    /// The content.
    pub body: T,
    /// The version, at least 1.
    pub version: u64,
    /// Seconds since 1970.
    pub expires: i64,
    message: Vec<u8>,
    signatures: BTreeMap<String, String>,
}

/// What a role is signed by.
#[derive(Clone, Debug, Deserialize)]
pub struct Role {
    keyids: Vec<String>,
    threshold: u64,
}

/// Keys by their ids; ids of keys that are not understood are left out.
pub type Keys = BTreeMap<String, Key>;

/// Content of the four kinds of metadata.
pub trait Body: Sized {
    /// The value of `_type`.
    const TYPE: &'static str;

    /// Reads the members of `signed` that are this kind's own.
    fn parse(signed: &Value) -> Result<Self, String>;
}

#[derive(Deserialize)]
struct Envelope {
    signed: Value,
    signatures: Vec<Signature>,
}

#[derive(Deserialize)]
struct Signature {
    keyid: String,
    #[serde(default)]
    sig: String,
}

#[derive(Deserialize)]
struct Header {
    #[serde(rename = "_type")]
    kind: String,
    spec_version: String,
    version: u64,
    expires: String,
}

impl<T: Body> Signed<T> {
    /// Reads a file of `role`.
    pub fn parse(bytes: &[u8], role: &str) -> Result<Self, TufError> {
        let bad = |reason: &str| TufError::malformed(role, reason);
        let envelope: Envelope = serde_json::from_slice(bytes).map_err(|error| TufError::malformed(role, error))?;
        let header = Header::deserialize(&envelope.signed).map_err(|error| TufError::malformed(role, error))?;
        if header.kind != T::TYPE {
            return Err(TufError::malformed(role, format!("its type is {:?}", header.kind)));
        }
        if header.spec_version.split('.').next() != Some("1") {
            return Err(TufError::malformed(
                role,
                format!("TUF version {} is not known", header.spec_version),
            ));
        }
        if header.version == 0 {
            return Err(bad("its version is 0"));
        }
        if envelope.signatures.len() > MAX_ENTRIES {
            return Err(bad("it has too many signatures"));
        }
        let mut signatures = BTreeMap::new();
        for signature in envelope.signatures {
            if signatures.insert(signature.keyid, signature.sig).is_some() {
                return Err(bad("it has two signatures of one key"));
            }
        }
        Ok(Self {
            body: T::parse(&envelope.signed).map_err(|reason| TufError::malformed(role, reason))?,
            version: header.version,
            expires: parse_time(&header.expires).map_err(|error| TufError::malformed(role, error))?,
            message: canonical(&envelope.signed).ok_or_else(|| bad("it has a number that cannot be signed"))?,
            signatures,
        })
    }

    /// Checks that enough distinct keys of `role` have signed this file.
    pub fn verify(&self, name: &str, role: &Role, keys: &Keys) -> Result<(), TufError> {
        let mut signers = BTreeSet::new();
        for id in &role.keyids {
            let (Some(key), Some(signature)) = (keys.get(id), self.signatures.get(id)) else {
                continue;
            };
            if key.signed(&self.message, signature) {
                signers.insert(key.public().key_id());
            }
        }
        let enough = u64::try_from(signers.len()).is_ok_and(|valid| valid >= role.threshold);
        if enough && role.threshold > 0 {
            return Ok(());
        }
        Err(TufError::Unsigned {
            role: crate::http::shown(name, 100),
            valid: signers.len(),
            threshold: role.threshold,
        })
    }

    /// Fails when the file is past its time at `now`.
    pub fn check_time(&self, name: &str, now: i64) -> Result<(), TufError> {
        if now < self.expires {
            return Ok(());
        }
        Err(TufError::Expired {
            role: crate::http::shown(name, 100),
            expires: crate::trust::write_time(self.expires),
        })
    }
}

impl Role {
    /// Checks what section 4 asks of a role: a threshold of at least one, and no key twice.
    pub fn check(&self) -> Result<(), String> {
        if self.threshold == 0 {
            return Err("a role has the threshold 0".into());
        }
        let distinct: BTreeSet<_> = self.keyids.iter().collect();
        if distinct.len() != self.keyids.len() {
            return Err("a role lists one key twice".into());
        }
        if self.keyids.len() > MAX_ENTRIES {
            return Err("a role has too many keys".into());
        }
        Ok(())
    }
}

/// Reads `keys`; those that are not understood are left out.
pub fn parse_keys(keys: &BTreeMap<String, Value>) -> Result<Keys, String> {
    if keys.len() > MAX_ENTRIES {
        return Err("it has too many keys".into());
    }
    Ok(keys
        .iter()
        .filter_map(|(id, value)| Some((id.clone(), Key::parse(value)?)))
        .collect())
}

/// Root metadata (section 4.3): the keys of all top-level roles.
pub struct Root {
    /// Whether file names have versions and hashes.
    pub consistent_snapshot: bool,
    /// The keys.
    pub keys: Keys,
    /// Of root, timestamp, snapshot and targets.
    pub roles: BTreeMap<String, Role>,
}

impl Root {
    /// The top-level role `name`; parsing has seen that all are there.
    pub fn role(&self, name: &str) -> Result<&Role, TufError> {
        self.roles
            .get(name)
            .ok_or_else(|| TufError::malformed("root", format!("it has no role {name}")))
    }
}

impl Body for Root {
    const TYPE: &'static str = "root";

    fn parse(signed: &Value) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct Document {
            #[serde(default)]
            consistent_snapshot: bool,
            keys: BTreeMap<String, Value>,
            roles: BTreeMap<String, Role>,
        }
        let document = Document::deserialize(signed).map_err(|error| error.to_string())?;
        for name in ["root", "timestamp", "snapshot", "targets"] {
            document
                .roles
                .get(name)
                .ok_or_else(|| format!("it has no role {name}"))?
                .check()?;
        }
        Ok(Self {
            consistent_snapshot: document.consistent_snapshot,
            keys: parse_keys(&document.keys)?,
            roles: document.roles,
        })
    }
}

/// What one metadata file says of another (section 4.4).
#[derive(Clone, Debug, Deserialize)]
pub struct MetaFile {
    /// Its version.
    pub version: u64,
    /// Its length in bytes, where stated.
    pub length: Option<u64>,
    /// Its hashes in hexadecimal by algorithm, where stated.
    hashes: Option<BTreeMap<String, String>>,
}

impl MetaFile {
    /// Checks the length and the hashes, as far as they are stated.
    pub fn check(&self, what: &str, bytes: &[u8]) -> Result<(), TufError> {
        check_length(what, self.length, bytes)?;
        self.hashes
            .as_ref()
            .map_or(Ok(()), |hashes| check_hashes(what, hashes, bytes))
    }
}

/// Timestamp metadata (section 4.6).
pub struct Timestamp {
    /// The current snapshot.
    pub snapshot: MetaFile,
}

impl Body for Timestamp {
    const TYPE: &'static str = "timestamp";

    fn parse(signed: &Value) -> Result<Self, String> {
        let mut meta = parse_meta(signed)?;
        let snapshot = meta.remove("snapshot.json").ok_or("it does not list snapshot.json")?;
        Ok(Self { snapshot })
    }
}

/// Snapshot metadata (section 4.4).
pub struct Snapshot {
    /// The current targets metadata by file name, such as `targets.json`.
    pub meta: BTreeMap<String, MetaFile>,
}

impl Body for Snapshot {
    const TYPE: &'static str = "snapshot";

    fn parse(signed: &Value) -> Result<Self, String> {
        Ok(Self {
            meta: parse_meta(signed)?,
        })
    }
}

fn parse_meta(signed: &Value) -> Result<BTreeMap<String, MetaFile>, String> {
    #[derive(Deserialize)]
    struct Document {
        meta: BTreeMap<String, MetaFile>,
    }
    let meta = Document::deserialize(signed).map_err(|error| error.to_string())?.meta;
    if meta.values().any(|file| file.version == 0) {
        return Err("a file that it lists has the version 0".into());
    }
    Ok(meta)
}

/// Targets metadata (section 4.5), of the top-level role or of a delegated one.
pub struct Targets {
    /// Files by their names.
    pub targets: BTreeMap<String, TargetFile>,
    /// Who else may speak for which names.
    pub delegations: Delegations,
}

/// What targets metadata says of a file.
#[derive(Clone, Debug, Deserialize)]
pub struct TargetFile {
    /// Its length in bytes.
    pub length: u64,
    /// Its hashes in hexadecimal by algorithm.
    hashes: BTreeMap<String, String>,
    /// What the repository's owner says of it beside.
    pub custom: Option<Value>,
}

impl TargetFile {
    /// Whether `bytes` are this file. At least one hash must be of a known algorithm, and each of those must agree.
    pub fn check(&self, name: &str, bytes: &[u8]) -> Result<(), TufError> {
        let what = format!("TUF target {name:?}");
        check_length(&what, Some(self.length), bytes)?;
        check_hashes(&what, &self.hashes, bytes)
    }

    /// The hash by which a consistent snapshot names the file: well-formed, of a known algorithm.
    pub fn prefix(&self) -> Option<String> {
        ["sha256", "sha512"].iter().find_map(|algorithm| {
            let bytes = unhex(self.hashes.get(*algorithm)?)?;
            Some(digest::hex(&bytes))
        })
    }
}

impl Body for Targets {
    const TYPE: &'static str = "targets";

    fn parse(signed: &Value) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct Document {
            targets: BTreeMap<String, TargetFile>,
            delegations: Option<Value>,
        }
        let document = Document::deserialize(signed).map_err(|error| error.to_string())?;
        Ok(Self {
            targets: document.targets,
            delegations: document
                .delegations
                .map(|value| Delegations::parse(&value))
                .transpose()?
                .unwrap_or_default(),
        })
    }
}

fn check_length(what: &str, length: Option<u64>, bytes: &[u8]) -> Result<(), TufError> {
    if length.is_some_and(|length| length != bytes.len() as u64) {
        return Err(TufError::Mismatch {
            what: crate::http::shown(what, 200),
            property: "length",
        });
    }
    Ok(())
}

fn check_hashes(what: &str, hashes: &BTreeMap<String, String>, bytes: &[u8]) -> Result<(), TufError> {
    let mut known = 0;
    for (algorithm, expected) in hashes {
        let actual = match algorithm.as_str() {
            "sha256" => digest::Digest::of(digest::Algorithm::Sha256, bytes),
            "sha512" => digest::Digest::of(digest::Algorithm::Sha512, bytes),
            _ => continue,
        };
        known += 1;
        if !actual.hex().eq_ignore_ascii_case(expected) {
            return Err(TufError::Mismatch {
                what: crate::http::shown(what, 200),
                property: "hash",
            });
        }
    }
    if known == 0 {
        return Err(TufError::malformed(
            what,
            "it states no hash that is known (sha256, sha512)",
        ));
    }
    Ok(())
}

/// Any bytes as each kind of metadata: parsing and verifying never panic.
pub fn fuzz_metadata(data: &[u8]) {
    if let Ok(root) = Signed::<Root>::parse(data, "root") {
        for role in root.body.roles.values() {
            let _ = root.verify("root", role, &root.body.keys);
        }
    }
    let _ = Signed::<Timestamp>::parse(data, "timestamp");
    let _ = Signed::<Snapshot>::parse(data, "snapshot");
    if let Ok(targets) = Signed::<Targets>::parse(data, "targets") {
        for target in targets.body.targets.values() {
            let _ = target.check("target", data);
        }
        let _ = targets.body.delegations.matching("some/target");
    }
}
