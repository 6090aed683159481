//! Reads a document field by field and notes every problem with its path and position, instead of stopping at the first.

use serde_json::Value;

use super::document::{Content, Node, Position};

/// Longest part of a value that a message shows, in characters.
const MAX_SHOWN: usize = 80;
/// Longest name of an image that a message shows, in characters.
const MAX_IMAGE: usize = 512;

/// How bad a [`Problem`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The policy works, but is likely not what was meant.
    Warning,
    /// The policy can't be used.
    Error,
}

/// One thing that is wrong with a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The field, e.g. `spec.authorities[0].key.data`.
    pub path: String,
    /// Where it is.
    pub position: Position,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong and what to do.
    pub message: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.path, self.message)
    }
}

/// The problems found so far.
#[derive(Debug, Default)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// Notes an error.
    pub fn error(&mut self, path: impl Into<String>, position: Position, message: impl Into<String>) {
        self.push(path.into(), position, Severity::Error, message.into());
    }

    /// Notes a warning.
    pub fn warning(&mut self, path: impl Into<String>, position: Position, message: impl Into<String>) {
        self.push(path.into(), position, Severity::Warning, message.into());
    }

    fn push(&mut self, path: String, position: Position, severity: Severity, message: String) {
        self.0.push(Problem {
            path,
            position,
            severity,
            message,
        });
    }

    /// Whether an error is among them.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|p| p.severity == Severity::Error)
    }

    /// All of them, in the order of the document.
    pub fn into_sorted(mut self) -> Vec<Problem> {
        self.0.sort_by(|a, b| (a.position, &a.path).cmp(&(b.position, &b.path)));
        self.0
    }
}

/// A mapping of the document and its path.
#[derive(Clone, Copy)]
pub struct Object<'a> {
    node: &'a Node,
    path: &'a str,
}

/// A field with its path: what [`Object`] hands out.
pub struct Field<'a> {
    /// The value.
    pub node: &'a Node,
    /// Its path.
    pub path: String,
}

impl Field<'_> {
    /// Where the value is.
    pub fn position(&self) -> Position {
        self.node.position
    }

    /// The fields of this value; notes an error when it is not a mapping, and one for each field not in `known`.
    pub fn object<'s>(&'s self, known: &[&str], problems: &mut Problems) -> Option<Object<'s>> {
        Object::new(self.node, &self.path, known, problems)
    }
}

impl<'a> Object<'a> {
    /// The fields of `node`; notes an error when it is not a mapping, and one for each field not in `known`.
    pub fn new(node: &'a Node, path: &'a str, known: &[&str], problems: &mut Problems) -> Option<Self> {
        let Content::Mapping(entries) = &node.content else {
            problems.error(path, node.position, "must be a mapping of fields");
            return None;
        };
        for entry in entries {
            if !known.contains(&entry.key.as_str()) {
                problems.error(
                    join(path, &shown(&entry.key)),
                    entry.position,
                    unknown(&entry.key, known),
                );
            }
        }
        Some(Self { node, path })
    }

    /// As [`Object::new`], without a list of known fields.
    pub fn open(node: &'a Node, path: &'a str, problems: &mut Problems) -> Option<Self> {
        if !matches!(node.content, Content::Mapping(_)) {
            problems.error(path, node.position, "must be a mapping of fields");
            return None;
        }
        Some(Self { node, path })
    }

    /// Where the mapping starts.
    pub fn position(&self) -> Position {
        self.node.position
    }

    /// The path of the mapping.
    pub fn path(&self) -> &str {
        self.path
    }

    /// The path of a field of it.
    pub fn path_of(&self, name: &str) -> String {
        join(self.path, name)
    }

    /// The field `name`, unless it is absent or null.
    pub fn field(&self, name: &str) -> Option<Field<'a>> {
        let node = self.node.get(name).filter(|n| !n.is_null())?;
        Some(Field {
            node,
            path: self.path_of(name),
        })
    }

    /// Whether the field `name` is written.
    pub fn has(&self, name: &str) -> bool {
        self.field(name).is_some()
    }

    /// The text of the field `name`; notes an error when it is something else. Empty text counts as absent.
    pub fn text(&self, name: &str, problems: &mut Problems) -> Option<&'a str> {
        let field = self.field(name)?;
        match field.node.as_str() {
            Some(text) => Some(text).filter(|t| !t.is_empty()),
            None => {
                problems.error(field.path, field.node.position, "must be text; put it in quotes");
                None
            }
        }
    }

    /// As [`Object::text`], and notes an error when it is absent.
    pub fn required_text(&self, name: &str, problems: &mut Problems) -> Option<&'a str> {
        let text = self.text(name, problems);
        if text.is_none() && self.field(name).is_none_or(|f| f.node.as_str() == Some("")) {
            self.missing(name, problems);
        }
        text
    }

    /// The boolean field `name`; notes an error when it is something else.
    pub fn boolean(&self, name: &str, problems: &mut Problems) -> Option<bool> {
        let field = self.field(name)?;
        match &field.node.content {
            Content::Scalar(Value::Bool(value)) => Some(*value),
            _ => {
                problems.error(field.path, field.node.position, "must be true or false");
                None
            }
        }
    }

    /// The items of the field `name`; notes an error when it is not a sequence.
    pub fn list(&self, name: &str, problems: &mut Problems) -> Vec<Field<'a>> {
        let Some(field) = self.field(name) else {
            return Vec::new();
        };
        if !matches!(field.node.content, Content::Sequence(_)) {
            problems.error(
                field.path,
                field.node.position,
                "must be a list; start each item with -",
            );
            return Vec::new();
        }
        let item = |(index, node)| Field {
            node,
            path: format!("{}[{index}]", field.path),
        };
        field.node.items().iter().enumerate().map(item).collect()
    }

    /// Notes that the field `name` is needed.
    pub fn missing(&self, name: &str, problems: &mut Problems) {
        problems.error(self.path_of(name), self.position(), "missing field; it is required");
    }

    /// Notes an error unless exactly one of `names` is written, and returns that one.
    pub fn exactly_one<'n>(&self, names: &[&'n str], problems: &mut Problems) -> Option<&'n str> {
        let written: Vec<_> = names.iter().copied().filter(|n| self.has(n)).collect();
        match written.as_slice() {
            [one] => Some(one),
            [] => {
                let message = format!("expected exactly one, got neither: write one of {}", names.join(", "));
                problems.error(self.path, self.position(), message);
                None
            }
            both => {
                let message = format!("expected exactly one, got both: keep one of {}", both.join(", "));
                problems.error(self.path, self.position(), message);
                None
            }
        }
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

/// Untrusted text as a message shows it: control characters escaped, cut at 80 characters.
pub fn shown(text: &str) -> String {
    cut_to(text, MAX_SHOWN)
}

/// An image's name as a message shows it: as [`shown`], cut where no image has a longer name.
pub fn shown_image(text: &str) -> String {
    cut_to(text, MAX_IMAGE)
}

fn cut_to(text: &str, most: usize) -> String {
    let mut out = String::new();
    for (count, c) in text.chars().enumerate() {
        if count >= most {
            out.push('…');
            break;
        }
        // Bidirectional controls would let a message read as another one.
        let hidden =
            matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
        if c.is_control() || hidden {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    out
}

fn unknown(key: &str, known: &[&str]) -> String {
    let close = known
        .iter()
        .map(|k| (distance(&key.to_lowercase(), &k.to_lowercase()), k))
        .min()
        .filter(|(distance, k)| *distance <= 2 && *distance < k.len());
    match close {
        Some((_, name)) => format!("unknown field; did you mean {name}?"),
        None => format!("unknown field; known here are {}", known.join(", ")),
    }
}

/// Levenshtein distance, of texts that are cut to 40 characters.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(40).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().take(40).enumerate() {
        let mut previous = i;
        let mut left = i.saturating_add(1);
        let mut next = vec![left];
        for (cell, y) in row.iter().skip(1).zip(&b) {
            let substitution = previous.saturating_add(usize::from(x != *y));
            previous = *cell;
            left = substitution.min(cell.saturating_add(1)).min(left.saturating_add(1));
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelled_field_gets_a_suggestion() {
        assert_eq!(
            unknown("keyles", &["key", "keyless"]),
            "unknown field; did you mean keyless?"
        );
        assert_eq!(
            unknown("imagePullSecret", &["name", "key"]),
            "unknown field; known here are name, key"
        );
        assert_eq!(unknown("ctLog", &["ctlog"]), "unknown field; did you mean ctlog?");
    }

    #[test]
    fn distances_are_levenshteins() {
        for (a, b, d) in [
            ("", "", 0),
            ("a", "", 1),
            ("", "ab", 2),
            ("kitten", "sitting", 3),
            ("key", "key", 0),
        ] {
            assert_eq!(distance(a, b), d, "{a} {b}");
        }
    }

    #[test]
    fn untrusted_text_is_escaped_and_cut() {
        assert_eq!(shown("a\nb\u{202e}c"), "a\\nb\\u{202e}c");
        assert_eq!(shown(&"x".repeat(200)).chars().count(), 81);
    }
}
