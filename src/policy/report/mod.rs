//! Reports of what was checked: text, JSON, SARIF and JUnit. Pure.

mod junit;
mod sarif;
mod text;

use serde::Serialize;
use serde_json::{Value, json};

use super::decision::{ImageVerdict, Outcome};

pub use junit::junit;
pub use sarif::sarif;
pub use text::text;

/// One image and where it was found.
#[derive(Clone, Debug, Serialize)]
pub struct Item {
    /// The file; empty for an image given by itself, `-` for standard input.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub file: String,
    /// The line of the image in it; 0 when unknown.
    #[serde(skip_serializing_if = "is_zero")]
    pub line: u32,
    /// The object, e.g. `Deployment shop/web`; empty for an image given by itself.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub workload: String,
    /// The verdict.
    #[serde(flatten)]
    pub verdict: ImageVerdict,
}

fn is_zero(line: &u32) -> bool {
    *line == 0
}

impl Item {
    /// `deploy.yaml:12`, or nothing.
    fn place(&self) -> String {
        match (self.file.as_str(), self.line) {
            ("", _) => String::new(),
            (file, 0) => file.to_owned(),
            (file, line) => format!("{file}:{line}"),
        }
    }

    /// What the image is of, for people.
    fn subject(&self) -> String {
        let container = match self.verdict.container.as_str() {
            "" => String::new(),
            name => format!(" container {}", super::fields::shown(name)),
        };
        format!("{}{container}", self.workload).trim().to_owned()
    }
}

/// The worst of all outcomes; admitted when there is nothing.
pub fn outcome(items: &[Item]) -> Outcome {
    items
        .iter()
        .map(|item| item.verdict.outcome)
        .max()
        .unwrap_or(Outcome::Admitted)
}

/// How many of each outcome: admitted, warned, denied, undecided.
pub fn counts(items: &[Item]) -> [(Outcome, usize); 4] {
    let count = |outcome| items.iter().filter(|i| i.verdict.outcome == outcome).count();
    [Outcome::Admitted, Outcome::Warned, Outcome::Denied, Outcome::Undecided].map(|o| (o, count(o)))
}

/// The report in JSON: `{"version":1,"outcome":…,"images":[…]}`.
pub fn json(items: &[Item]) -> Value {
    json!({ "version": 1, "outcome": outcome(items), "images": items })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(outcome: Outcome) -> Item {
        Item {
            file: "deploy.yaml".into(),
            line: 12,
            workload: "Deployment web".into(),
            verdict: ImageVerdict {
                advice: Some("Sign <it> & apply.".into()),
                ..ImageVerdict::without_policy(
                    "spec.containers[0].image",
                    "c",
                    "a.b/c",
                    outcome,
                    Some("no matching policies".into()),
                )
            },
        }
    }

    #[test]
    fn every_format_tells_place_reason_and_advice() {
        let items = [item(Outcome::Denied), item(Outcome::Admitted), item(Outcome::Undecided)];
        let text = text(&items);
        for part in [
            "DENIED",
            "deploy.yaml:12",
            "no matching policies",
            "Sign <it> & apply.",
            "1 denied",
        ] {
            assert!(text.contains(part), "{part}\n{text}");
        }
        let sarif = sarif(&items);
        assert_eq!(sarif["version"], "2.1.0");
        let results = sarif["runs"][0]["results"].as_array().unwrap();
        assert_eq!(results.len(), 2);
        assert_eq!(results[0]["level"], "error");
        assert_eq!(
            results[0]["locations"][0]["physicalLocation"]["region"]["startLine"],
            12
        );
        let junit = junit(&items);
        assert!(junit.contains("tests=\"3\" failures=\"1\" errors=\"1\""), "{junit}");
        assert!(junit.contains("Sign &lt;it&gt; &amp; apply."), "{junit}");
        assert_eq!(json(&items)["outcome"], "undecided");
    }
}
