//! JUnit XML, which CI systems show as tests.

use std::fmt::Write as _;

use super::super::decision::Outcome;
use super::{Item, counts};

/// The report: a test case for each image. A denial is a failure, what could not be decided an error.
pub fn junit(items: &[Item]) -> String {
    let [_, _, (_, failures), (_, errors)] = counts(items);
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(
        out,
        "<testsuites>\n<testsuite name=\"countersign policy check\" tests=\"{}\" failures=\"{failures}\" \
         errors=\"{errors}\">",
        items.len()
    );
    for item in items {
        let verdict = &item.verdict;
        let class = [item.file.as_str(), item.workload.as_str()]
            .into_iter()
            .filter(|s| !s.is_empty())
            .collect::<Vec<_>>()
            .join(" ");
        let name = format!("{} {}", verdict.path, verdict.image);
        let _ = write!(
            out,
            "<testcase classname=\"{}\" name=\"{}\"",
            escaped(if class.is_empty() { "image" } else { &class }),
            escaped(name.trim())
        );
        let mut texts = verdict.texts(verdict.outcome == Outcome::Warned);
        texts.extend(verdict.advice.clone());
        let text = escaped(&texts.join("\n"));
        let element = match verdict.outcome {
            Outcome::Admitted => {
                out.push_str("/>\n");
                continue;
            }
            Outcome::Warned => format!("<system-out>{text}</system-out>"),
            Outcome::Denied => format!("<failure message=\"denied\">{text}</failure>"),
            Outcome::Undecided => format!("<error message=\"could not be decided\">{text}</error>"),
        };
        let _ = writeln!(out, ">{element}</testcase>");
    }
    out.push_str("</testsuite>\n</testsuites>\n");
    out
}

/// Text for XML 1.0, which has no way to write most control characters.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
