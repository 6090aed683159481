//! SARIF 2.1.0, which code hosts show beside the lines of a manifest.

use serde_json::{Value, json};

use super::super::decision::Outcome;
use super::Item;

/// The report: a result for each image that is not plainly admitted, under the policy that says so.
pub fn sarif(items: &[Item]) -> Value {
    let mut rules: Vec<String> = Vec::new();
    let mut results = Vec::new();
    for item in items.iter().filter(|i| i.verdict.outcome != Outcome::Admitted) {
        let verdict = &item.verdict;
        let level = if verdict.outcome == Outcome::Warned {
            "warning"
        } else {
            "error"
        };
        let rule = verdict
            .policies
            .iter()
            .find(|p| !p.satisfied)
            .map_or("image", |p| p.policy.as_str());
        if !rules.iter().any(|known| known == rule) {
            rules.push(rule.to_owned());
        }
        let mut texts = verdict.texts(verdict.outcome == Outcome::Warned);
        texts.extend(verdict.advice.clone());
        let mut result = json!({
            "ruleId": rule, "level": level, "message": { "text": texts.join("\n") },
            "partialFingerprints": { "image": format!("{} {} {}", item.workload, verdict.path, verdict.image) },
        });
        if !item.file.is_empty() {
            let file = if item.file == "-" { "stdin" } else { item.file.as_str() };
            result["locations"] = json!([{ "physicalLocation": {
                "artifactLocation": { "uri": file },
                "region": { "startLine": item.line.max(1) },
            }}]);
        }
        results.push(result);
    }
    let rules: Vec<_> = rules
        .iter()
        .map(|rule| json!({ "id": rule, "shortDescription": { "text": format!("ClusterImagePolicy {rule}") } }))
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "countersign", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "results": results,
        }],
    })
}
