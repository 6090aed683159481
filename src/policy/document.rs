//! YAML and JSON documents with the position of every value.
//!
//! Policies, manifests and expected verdicts are read by this module, so that every message can name a line. The input
//! is hostile: bytes, depth and values are bounded, and an alias counts as much as what it stands for, so that a
//! document of a few bytes cannot stand for gigabytes (a "billion laughs" bomb).
//!
//! The schema is YAML 1.2's core schema, with YAML 1.1's merge key `<<` (compose files use it). A key that occurs twice
//! is refused: readers disagree on which one counts.

use std::collections::{HashMap, HashSet};

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Tag};
use serde_json::{Map, Value};

/// Most bytes of one input.
pub const MAX_BYTES: usize = 8 << 20;
/// Deepest nesting of sequences and mappings; Kubernetes objects stay below 20.
pub const MAX_DEPTH: usize = 64;
/// Most values of one input, aliases expanded.
pub const MAX_NODES: usize = 400_000;
/// Most documents of one input.
pub const MAX_DOCUMENTS: usize = 4_096;

/// Where a value starts: line and column, both from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1; 0 when unknown.
    pub line: u32,
    /// Column, from 1; 0 when unknown.
    pub column: u32,
}

impl Position {
    fn of(marker: &Marker) -> Self {
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self {
            line: number(marker.line()),
            column: number(marker.col()).saturating_add(1),
        }
    }
}

/// A value and where it starts.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The value.
    pub content: Content,
    /// Where it starts.
    pub position: Position,
}

/// What a [`Node`] holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// Null, boolean, number or text.
    Scalar(Value),
    /// A sequence.
    Sequence(Vec<Node>),
    /// A mapping, in the order written.
    Mapping(Vec<Entry>),
}

/// A key of a mapping with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key; keys that are not text are written as text (`1`, `true`).
    pub key: String,
    /// Where the key starts.
    pub position: Position,
    /// The value.
    pub value: Node,
}

/// Why an input is not read.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum DocumentError {
    /// More than [`MAX_BYTES`].
    #[error("the input has {0} bytes, more than the {MAX_BYTES} that are read; split it")]
    TooLarge(usize),
    /// Not UTF-8.
    #[error("the input is not UTF-8 text; save it as UTF-8")]
    NotText,
    /// Not YAML.
    #[error("line {}, column {}: not valid YAML: {reason}", .position.line, .position.column)]
    Syntax {
        /// Where.
        position: Position,
        /// What the parser says.
        reason: String,
    },
    /// Deeper than [`MAX_DEPTH`].
    #[error("line {}: nested deeper than {MAX_DEPTH} levels; refused", .0.line)]
    TooDeep(Position),
    /// More than [`MAX_NODES`] values, aliases counted as often as they are used.
    #[error("line {}: more than {MAX_NODES} values when its aliases are expanded; refused", .0.line)]
    TooMany(Position),
    /// More than [`MAX_DOCUMENTS`] documents.
    #[error("line {}: more than {MAX_DOCUMENTS} documents; split the input", .0.line)]
    TooManyDocuments(Position),
    /// A key that occurs twice.
    #[error("line {}: the key {key:?} occurs twice in one mapping; remove one", .position.line)]
    DuplicateKey {
        /// Where the second one is.
        position: Position,
        /// The key.
        key: String,
    },
    /// A key that is a sequence or mapping.
    #[error("line {}: a key is a sequence or a mapping; only plain keys are read", .0.line)]
    ComplexKey(Position),
    /// A tag other than the core schema's.
    #[error("line {}: the tag {tag:?} is not one that is read; remove it", .position.line)]
    UnknownTag {
        /// Where.
        position: Position,
        /// The tag.
        tag: String,
    },
}

impl Node {
    /// The value of `key`, when this is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        match &self.content {
            Content::Mapping(entries) => entries.iter().find(|e| e.key == key).map(|e| &e.value),
            _ => None,
        }
    }

    /// The text, when this is a text scalar.
    pub fn as_str(&self) -> Option<&str> {
        match &self.content {
            Content::Scalar(Value::String(text)) => Some(text),
            _ => None,
        }
    }

    /// Whether this is null.
    pub fn is_null(&self) -> bool {
        matches!(self.content, Content::Scalar(Value::Null))
    }

    /// The items, when this is a sequence; else none.
    pub fn items(&self) -> &[Node] {
        match &self.content {
            Content::Sequence(items) => items,
            _ => &[],
        }
    }

    /// The entries, when this is a mapping; else none.
    pub fn entries(&self) -> &[Entry] {
        match &self.content {
            Content::Mapping(entries) => entries,
            _ => &[],
        }
    }

    /// The value at a path like `spec.template.spec.containers[0].image`.
    pub fn at(&self, path: &str) -> Option<&Node> {
        let mut node = self;
        for part in path.split('.').filter(|p| !p.is_empty()) {
            let (key, indices) = part.split_once('[').unwrap_or((part, ""));
            if !key.is_empty() {
                node = node.get(key)?;
            }
            for index in indices.split('[').filter(|i| !i.is_empty()) {
                node = node.items().get(index.trim_end_matches(']').parse::<usize>().ok()?)?;
            }
        }
        Some(node)
    }

    /// The value without its positions.
    pub fn to_value(&self) -> Value {
        match &self.content {
            Content::Scalar(value) => value.clone(),
            Content::Sequence(items) => Value::Array(items.iter().map(Node::to_value).collect()),
            Content::Mapping(entries) => {
                let mut map = Map::new();
                for entry in entries {
                    map.insert(entry.key.clone(), entry.value.to_value());
                }
                Value::Object(map)
            }
        }
    }

    /// A node of a value that has no position.
    pub fn from_value(value: &Value) -> Self {
        let content = match value {
            Value::Array(items) => Content::Sequence(items.iter().map(Self::from_value).collect()),
            Value::Object(map) => Content::Mapping(
                map.iter()
                    .map(|(key, value)| Entry {
                        key: key.clone(),
                        position: Position::default(),
                        value: Self::from_value(value),
                    })
                    .collect(),
            ),
            scalar => Content::Scalar(scalar.clone()),
        };
        Self {
            content,
            position: Position::default(),
        }
    }

    fn weight(&self) -> usize {
        match &self.content {
            Content::Scalar(_) => 1,
            Content::Sequence(items) => items.iter().fold(1, |sum, n| sum.saturating_add(n.weight())),
            Content::Mapping(entries) => entries
                .iter()
                .fold(1, |sum, e| sum.saturating_add(e.value.weight()).saturating_add(1)),
        }
    }

    fn height(&self) -> usize {
        let deepest = match &self.content {
            Content::Scalar(_) => return 0,
            Content::Sequence(items) => items.iter().map(Node::height).max(),
            Content::Mapping(entries) => entries.iter().map(|e| e.value.height()).max(),
        };
        deepest.unwrap_or(0).saturating_add(1)
    }
}

/// Reads the documents of `bytes`: YAML, or JSON. Empty documents are left out.
///
/// # Errors
/// Any [`DocumentError`].
pub fn read(bytes: &[u8]) -> Result<Vec<Node>, DocumentError> {
    if bytes.len() > MAX_BYTES {
        return Err(DocumentError::TooLarge(bytes.len()));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| DocumentError::NotText)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match Builder::default().run(text) {
        Ok(documents) => Ok(documents),
        // JSON that is not YAML, such as a surrogate pair in an escape.
        Err(DocumentError::Syntax { position, reason }) => match serde_json::from_str::<Value>(text) {
            Ok(value) => Ok(vec![Node::from_value(&value)]),
            Err(_) => Err(DocumentError::Syntax { position, reason }),
        },
        Err(error) => Err(error),
    }
}

/// A collection that is being read.
enum Open {
    Sequence(Vec<Node>),
    Mapping {
        entries: Vec<Entry>,
        key: Option<(String, Position)>,
        merges: Vec<Node>,
        seen: HashSet<String>,
    },
}

#[derive(Default)]
struct Builder {
    documents: Vec<Node>,
    stack: Vec<(Open, Position, usize)>,
    anchors: HashMap<usize, Node>,
    nodes: usize,
}

impl Builder {
    fn run(mut self, text: &str) -> Result<Vec<Node>, DocumentError> {
        for event in Parser::new_from_str(text) {
            let (event, span) = event.map_err(|e| DocumentError::Syntax {
                position: Position::of(e.marker()),
                reason: e.info().to_owned(),
            })?;
            let position = Position::of(&span.start);
            match event {
                Event::Scalar(text, style, anchor, tag) => {
                    let value = scalar(&text, style, tag.as_deref(), position)?;
                    let node = Node {
                        content: Content::Scalar(value),
                        position,
                    };
                    self.count(1, position)?;
                    self.add(node, anchor)?;
                }
                Event::SequenceStart(anchor, _) => self.open(Open::Sequence(Vec::new()), position, anchor)?,
                Event::MappingStart(anchor, _) => {
                    let mapping = Open::Mapping {
                        entries: Vec::new(),
                        key: None,
                        merges: Vec::new(),
                        seen: HashSet::new(),
                    };
                    self.open(mapping, position, anchor)?;
                }
                Event::SequenceEnd | Event::MappingEnd => self.close()?,
                Event::Alias(id) => self.alias(id, position)?,
                Event::DocumentEnd => self.anchors.clear(),
                Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) => {}
            }
        }
        Ok(self.documents)
    }

    fn count(&mut self, nodes: usize, position: Position) -> Result<(), DocumentError> {
        self.nodes = self.nodes.saturating_add(nodes);
        if self.nodes > MAX_NODES {
            return Err(DocumentError::TooMany(position));
        }
        Ok(())
    }

    fn open(&mut self, open: Open, position: Position, anchor: usize) -> Result<(), DocumentError> {
        self.count(1, position)?;
        if self.stack.len() >= MAX_DEPTH {
            return Err(DocumentError::TooDeep(position));
        }
        self.stack.push((open, position, anchor));
        Ok(())
    }

    fn close(&mut self) -> Result<(), DocumentError> {
        let Some((open, position, anchor)) = self.stack.pop() else {
            return Ok(());
        };
        let content = match open {
            Open::Sequence(items) => Content::Sequence(items),
            Open::Mapping {
                mut entries,
                merges,
                mut seen,
                ..
            } => {
                for merged in merges.into_iter().flat_map(merge_sources) {
                    let Content::Mapping(more) = merged.content else {
                        continue;
                    };
                    for entry in more {
                        if seen.insert(entry.key.clone()) {
                            entries.push(entry);
                        }
                    }
                }
                Content::Mapping(entries)
            }
        };
        self.add(Node { content, position }, anchor)
    }

    fn alias(&mut self, id: usize, position: Position) -> Result<(), DocumentError> {
        let Some(target) = self.anchors.get(&id) else {
            return Err(DocumentError::Syntax {
                position,
                reason: "an alias to an anchor that is not complete before it".to_owned(),
            });
        };
        let (weight, height) = (target.weight(), target.height());
        let mut node = target.clone();
        self.count(weight, position)?;
        if self.stack.len().saturating_add(height) > MAX_DEPTH {
            return Err(DocumentError::TooDeep(position));
        }
        node.position = position;
        self.add(node, 0)
    }

    fn add(&mut self, node: Node, anchor: usize) -> Result<(), DocumentError> {
        if anchor != 0 {
            // An anchored value is kept twice, so it counts twice.
            self.count(node.weight(), node.position)?;
            self.anchors.insert(anchor, node.clone());
        }
        match self.stack.last_mut() {
            None => {
                if self.documents.len() >= MAX_DOCUMENTS {
                    return Err(DocumentError::TooManyDocuments(node.position));
                }
                if !node.is_null() {
                    self.documents.push(node);
                }
            }
            Some((Open::Sequence(items), ..)) => items.push(node),
            Some((
                Open::Mapping {
                    entries,
                    key,
                    merges,
                    seen,
                },
                ..,
            )) => match key.take() {
                None => {
                    let Content::Scalar(value) = node.content else {
                        return Err(DocumentError::ComplexKey(node.position));
                    };
                    let text = match value {
                        Value::String(text) => text,
                        Value::Null => "null".to_owned(),
                        other => other.to_string(),
                    };
                    *key = Some((text, node.position));
                }
                Some((name, _)) if name == "<<" => merges.push(node),
                Some((name, position)) => {
                    if !seen.insert(name.clone()) {
                        return Err(DocumentError::DuplicateKey { position, key: name });
                    }
                    entries.push(Entry {
                        key: name,
                        position,
                        value: node,
                    });
                }
            },
        }
        Ok(())
    }
}

fn merge_sources(node: Node) -> Vec<Node> {
    match node.content {
        Content::Sequence(items) => items,
        _ => vec![node],
    }
}

/// A scalar under the core schema (YAML 1.2.2, section 10.3.2).
fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>, position: Position) -> Result<Value, DocumentError> {
    let plain = style == ScalarStyle::Plain;
    match tag {
        Some(tag) if tag.is_yaml_core_schema() && tag.suffix == "str" => Ok(Value::String(text.to_owned())),
        Some(tag) if tag.is_yaml_core_schema() => Ok(resolve(text)),
        Some(tag) if tag.handle == "!" && tag.suffix.is_empty() => Ok(Value::String(text.to_owned())),
        Some(tag) => Err(DocumentError::UnknownTag {
            position,
            tag: format!("{}{}", tag.handle, tag.suffix).chars().take(80).collect(),
        }),
        None if plain => Ok(resolve(text)),
        None => Ok(Value::String(text.to_owned())),
    }
}

fn resolve(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        _ => {}
    }
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let numeric = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && digits
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'-' | b'+'));
    if numeric {
        let unsigned = text.strip_prefix('+').unwrap_or(text);
        if let Ok(number) = unsigned.parse::<i64>() {
            return number.into();
        }
        if let Ok(number) = unsigned.parse::<u64>() {
            return number.into();
        }
        if let Some(number) = unsigned.parse::<f64>().ok().and_then(serde_json::Number::from_f64) {
            return Value::Number(number);
        }
    }
    let radix = |prefix: &str, radix| {
        let digits = text.strip_prefix(prefix)?;
        u64::from_str_radix(digits, radix).ok().map(Value::from)
    };
    radix("0x", 16)
        .or_else(|| radix("0o", 8))
        .unwrap_or_else(|| Value::String(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn one(text: &str) -> Node {
        read(text.as_bytes()).unwrap().remove(0)
    }

    #[test]
    fn scalars_follow_the_core_schema() {
        let node = one("a: 1\nb: -2\nc: 1.5\nd: true\ne: yes\nf: ~\ng: '1'\nh: 0x1f\ni: 1.2.3\nj: !!str 5\nk: 12e3\n");
        assert_eq!(
            node.to_value(),
            json!({"a":1,"b":-2,"c":1.5,"d":true,"e":"yes","f":null,"g":"1","h":31,"i":"1.2.3","j":"5","k":12000.0})
        );
    }

    #[test]
    fn every_value_knows_its_line() {
        let node = one("spec:\n  containers:\n    - name: a\n      image: x\n    - name: b\n      image: y\n");
        assert_eq!(node.at("spec.containers[1].image").unwrap().position.line, 6);
        assert_eq!(node.at("spec.containers[1].image").unwrap().position.column, 14);
        assert!(node.at("spec.containers[2].image").is_none());
        assert!(node.at("spec.containers[x]").is_none());
    }

    #[test]
    fn several_documents_and_json_are_read() {
        let documents = read(b"---\na: 1\n---\n---\n{\"b\": [2, \"\\u00e9\"]}\n...\n").unwrap();
        let values: Vec<_> = documents.iter().map(Node::to_value).collect();
        assert_eq!(values, [json!({"a":1}), json!({"b":[2,"é"]})]);
        assert_eq!(one(r#"{"a":"\ud83d\ude00"}"#).to_value(), json!({"a":"😀"}));
    }

    #[test]
    fn merge_keys_fill_in_what_is_missing() {
        let node = one("x: &x {image: a, restart: always}\nservices:\n  web:\n    <<: *x\n    image: b\n");
        assert_eq!(
            node.at("services.web").unwrap().to_value(),
            json!({"image":"b","restart":"always"})
        );
    }

    #[test]
    fn an_alias_bomb_is_refused_quickly() {
        let mut bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
        for level in 1..30 {
            let previous = format!("*a{}", level - 1);
            let list = vec![previous; 10].join(",");
            bomb.push_str(&format!("a{level}: &a{level} [{list}]\n"));
        }
        assert!(matches!(read(bomb.as_bytes()), Err(DocumentError::TooMany(_))));
    }

    #[test]
    fn a_depth_bomb_is_refused() {
        for bomb in ["[".repeat(100_000), "{a: ".repeat(5_000), "- ".repeat(5_000)] {
            assert!(read(bomb.as_bytes()).is_err());
        }
        let nested = format!("a: {}{}", "[".repeat(MAX_DEPTH), "]".repeat(MAX_DEPTH));
        assert!(matches!(read(nested.as_bytes()), Err(DocumentError::TooDeep(_))));
        // Deep through aliases, each level itself shallow.
        let mut chain = "a0: &a0 [x]\n".to_owned();
        for level in 1..100 {
            chain.push_str(&format!("a{level}: &a{level} [*a{}]\n", level - 1));
        }
        assert!(matches!(read(chain.as_bytes()), Err(DocumentError::TooDeep(_))));
    }

    #[test]
    fn what_readers_disagree_on_is_refused() {
        for text in [
            "a: 1\na: 2",
            "? [a]\n: 1",
            "a: !ruby/object x",
            "a: *missing",
            "a: &a [*a]",
            "a: [1",
            "\tb: : :",
        ] {
            assert!(read(text.as_bytes()).is_err(), "{text:?} was accepted");
        }
        assert_eq!(read(b"\xff\xfe"), Err(DocumentError::NotText));
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes: Vec<u8>) {
            let _ = read(&bytes);
        }

        #[test]
        fn no_yaml_like_text_panics(text in "[a-c:\\-\\[\\]{},&*<!|> \n'\"#]{0,80}") {
            let _ = read(text.as_bytes());
        }
    }
}
