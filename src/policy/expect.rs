//! Tests of policies: which verdict a policy has to give on which image, in a file beside it.

use std::collections::BTreeMap;

use super::decision::Outcome;
use super::document::{self, DocumentError};
use super::evaluate::NoMatch;
use super::fields::{Object, Problem, Problems, shown};

/// `kind` of a test file.
pub const KIND: &str = "PolicyTest";
/// `apiVersion` of a test file.
pub const API_VERSION: &str = "countersign.dev/v1";

/// A test file. Paths are relative to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyTest {
    /// Policy files.
    pub policies: Vec<String>,
    /// The trusted root, for policies that need one.
    pub trusted_root: Option<String>,
    /// OCI layouts, by the repository that they stand for.
    pub layouts: BTreeMap<String, String>,
    /// What happens to an image that no policy matches.
    pub no_match: NoMatch,
    /// The cases.
    pub cases: Vec<Case>,
}

/// One case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Its name.
    pub name: String,
    /// Line in the file.
    pub line: u32,
    /// What is judged.
    pub subject: Judged,
    /// What has to come of it: the worst outcome of its images.
    pub expected: Outcome,
    /// What the reasons have to contain.
    pub contains: Option<String>,
}

/// What a case judges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judged {
    /// An image.
    Image(String),
    /// A manifest file.
    Manifest(String),
}

/// Why a test file can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ExpectError {
    /// Not a document.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// Not one document.
    #[error("a test file is one document of kind {KIND}, and this has {0}")]
    Count(usize),
    /// Not valid.
    #[error("line {}: {}", .0.position.line, .0)]
    Invalid(Problem),
}

/// Reads a test file.
///
/// # Errors
/// [`ExpectError`]: the first problem.
pub fn read(bytes: &[u8]) -> Result<PolicyTest, ExpectError> {
    let documents = document::read(bytes)?;
    let [node] = documents.as_slice() else {
        return Err(ExpectError::Count(documents.len()));
    };
    let mut problems = Problems::default();
    let test = top(node, &mut problems);
    match (test, problems.into_sorted().into_iter().next()) {
        (Some(test), None) => Ok(test),
        (_, Some(problem)) => Err(ExpectError::Invalid(problem)),
        (None, None) => Err(ExpectError::Count(0)),
    }
}

fn top(node: &document::Node, problems: &mut Problems) -> Option<PolicyTest> {
    let known = [
        "apiVersion",
        "kind",
        "policies",
        "trustedRoot",
        "layouts",
        "noMatch",
        "tests",
    ];
    let top = Object::new(node, "", &known, problems)?;
    for (name, value) in [("apiVersion", API_VERSION), ("kind", KIND)] {
        if top.required_text(name, problems).is_some_and(|v| v != value) {
            problems.error(name, top.position(), format!("invalid value; write {value}"));
        }
    }
    let texts = |name, problems: &mut Problems| -> Vec<String> {
        let items = top.list(name, problems);
        items
            .iter()
            .filter_map(|item| {
                let text = item.node.as_str().map(str::to_owned);
                if text.is_none() {
                    problems.error(item.path.clone(), item.position(), "must be text");
                }
                text
            })
            .collect()
    };
    let policies = texts("policies", problems);
    if policies.is_empty() {
        top.missing("policies", problems);
    }
    let mut layouts = BTreeMap::new();
    if let Some(field) = top.field("layouts") {
        for entry in field.node.entries() {
            let repository = entry.key.parse::<crate::reference::Repository>();
            match (repository, entry.value.as_str()) {
                (Ok(repository), Some(path)) => {
                    layouts.insert(repository.to_string(), path.to_owned());
                }
                (Err(error), _) => problems.error("layouts", entry.position, error.to_string()),
                (_, None) => problems.error("layouts", entry.position, "must be the directory of an OCI layout"),
            }
        }
    }
    let no_match = match top.text("noMatch", problems) {
        None | Some("deny") => NoMatch::Deny,
        Some("warn") => NoMatch::Warn,
        Some("allow") => NoMatch::Allow,
        Some(_) => {
            problems.error("noMatch", top.position(), "write allow, warn or deny");
            NoMatch::Deny
        }
    };
    let items = top.list("tests", problems);
    if items.is_empty() {
        top.missing("tests", problems);
    }
    let mut cases = Vec::new();
    for item in items {
        cases.extend(case(&item, problems));
    }
    Some(PolicyTest {
        policies,
        trusted_root: top.text("trustedRoot", problems).map(str::to_owned),
        layouts,
        no_match,
        cases,
    })
}

fn case(item: &super::fields::Field<'_>, problems: &mut Problems) -> Option<Case> {
    let object = item.object(&["name", "image", "manifest", "expect", "contains"], problems)?;
    let subject = match object.exactly_one(&["image", "manifest"], problems)? {
        "image" => Judged::Image(object.required_text("image", problems)?.to_owned()),
        _ => Judged::Manifest(object.required_text("manifest", problems)?.to_owned()),
    };
    let expected = match object.required_text("expect", problems)? {
        "admitted" => Outcome::Admitted,
        "warned" => Outcome::Warned,
        "denied" => Outcome::Denied,
        "undecided" => Outcome::Undecided,
        other => {
            let message = format!(
                "invalid value: {}: write admitted, warned, denied or undecided",
                shown(other)
            );
            problems.error(object.path_of("expect"), object.position(), message);
            return None;
        }
    };
    let name = object.text("name", problems).map_or_else(
        || match &subject {
            Judged::Image(text) | Judged::Manifest(text) => text.clone(),
        },
        str::to_owned,
    );
    Some(Case {
        name,
        line: item.position().line,
        subject,
        expected,
        contains: object.text("contains", problems).map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_file_is_read() {
        let test = read(b"apiVersion: countersign.dev/v1\nkind: PolicyTest\npolicies: [p.yaml]\nlayouts: {ghcr.io/me/app: ./app}\ntests:\n- {name: a, image: 'ghcr.io/me/app:1', expect: admitted}\n- {manifest: d.yaml, expect: denied, contains: no signatures}\n").unwrap();
        assert_eq!(test.cases.len(), 2);
        assert_eq!(test.cases[1].subject, Judged::Manifest("d.yaml".into()));
        assert_eq!(test.cases[1].line, 7);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let start = "apiVersion: countersign.dev/v1\nkind: PolicyTest\npolicies: [p.yaml]\ntests:\n";
        for (text, expected) in [
            (
                format!("{start}- {{image: a, expect: maybe}}"),
                "line 5: tests[0].expect: invalid value: maybe",
            ),
            (
                format!("{start}- {{image: a, manifest: b, expect: denied}}"),
                "keep one of image, manifest",
            ),
            ("kind: PolicyTest".to_owned(), "missing field"),
            (
                format!("{start}- {{image: a, expect: denied, contain: b}}"),
                "did you mean contains?",
            ),
        ] {
            let error = read(text.as_bytes()).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
