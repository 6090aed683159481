//! The audit of what we depend on: advisories, licences, sources, and that each direct dependency is accounted for.
//! It reads `cargo metadata` and a dated copy of the RustSec database (tests/advisories.py refreshes it).

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use semver::{Version, VersionReq};
use serde::Deserialize;

/// Advisories that apply to a version we use, each with the reason why it may stay.
const ACCEPTED: &[(&str, &str)] = &[(
    "RUSTSEC-2023-0071",
    "rsa: timing of private-key operations. We decrypt nothing and sign only for the local user, one signature per run, \
     never on request of a remote party; rsa 0.10 moved to constant-time integers; no release is marked as patched.",
)];

/// Licences a dependency may be under; an expression passes when it can be satisfied with these alone.
const LICENCES: &[&str] = &[
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-1-Clause",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "MIT",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
    "CDLA-Permissive-2.0",
];

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    #[serde(deserialize_with = "parsed")]
    version: Version,
    license: Option<String>,
    source: Option<String>,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    kind: Option<String>,
}

#[derive(Deserialize)]
struct Advisories {
    date: String,
    advisories: Vec<Advisory>,
}

#[derive(Deserialize)]
struct Advisory {
    id: String,
    package: String,
    kind: String,
    #[serde(deserialize_with = "all_parsed")]
    patched: Vec<VersionReq>,
    #[serde(deserialize_with = "all_parsed")]
    unaffected: Vec<VersionReq>,
}

fn parsed<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Version, D::Error> {
    String::deserialize(deserializer)?
        .parse()
        .map_err(serde::de::Error::custom)
}

fn all_parsed<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<VersionReq>, D::Error> {
    let texts = Vec::<String>::deserialize(deserializer)?;
    texts
        .iter()
        .map(|text| text.parse().map_err(serde::de::Error::custom))
        .collect()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn metadata() -> Metadata {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn no_dependency_has_a_known_vulnerability() {
    let text = std::fs::read_to_string(root().join("tests/advisories.json")).unwrap();
    let database: Advisories = serde_json::from_str(&text).unwrap();
    assert!(database.advisories.len() > 1000 && database.date.starts_with("20"));
    let mut problems = Vec::new();
    let mut accepted = BTreeSet::new();
    for package in metadata().packages.iter().filter(|p| p.source.is_some()) {
        for advisory in database.advisories.iter().filter(|a| a.package == package.name) {
            if advisory
                .patched
                .iter()
                .chain(&advisory.unaffected)
                .any(|r| r.matches(&package.version))
            {
                continue;
            }
            if ACCEPTED.iter().any(|(id, _)| *id == advisory.id) {
                accepted.insert(advisory.id.clone());
                continue;
            }
            problems.push(format!(
                "{} {}: {} ({})",
                package.name, package.version, advisory.id, advisory.kind
            ));
        }
    }
    assert!(
        problems.is_empty(),
        "update these, or accept the advisory with a reason: {problems:#?}"
    );
    let stale: Vec<_> = ACCEPTED.iter().filter(|(id, _)| !accepted.contains(*id)).collect();
    assert!(
        stale.is_empty(),
        "accepted, but nothing is affected any more: {stale:?}"
    );
}

#[test]
fn every_dependency_comes_from_the_registry_under_a_permissive_licence() {
    for package in metadata().packages {
        let Some(source) = &package.source else {
            assert_eq!(package.name, "countersign", "a dependency by path");
            continue;
        };
        let from_registry = source.starts_with("registry+") && source.ends_with("/crates.io-index");
        assert!(from_registry, "{}: comes from {source}", package.name);
        let licence = package.license.unwrap_or_default();
        assert!(permissive(&licence), "{}: licence {licence:?}", package.name);
    }
}

#[test]
fn every_direct_dependency_is_explained() {
    let page = std::fs::read_to_string(root().join("docs/dependencies.md")).unwrap();
    let words: BTreeSet<&str> = page
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_')
        .collect();
    let metadata = metadata();
    let ours = metadata.packages.iter().find(|p| p.source.is_none()).unwrap();
    let missing: Vec<&str> = ours
        .dependencies
        .iter()
        .filter(|d| d.kind.as_deref() != Some("build") && !words.contains(d.name.as_str()))
        .map(|d| d.name.as_str())
        .collect();
    assert!(
        missing.is_empty(),
        "docs/dependencies.md does not say what these are for: {missing:?}"
    );
}

/// Whether an SPDX expression can be satisfied with [`LICENCES`]: `A OR B`, `A AND B`, `/` for OR, parentheses.
fn permissive(expression: &str) -> bool {
    let expression = expression.replace('/', " OR ");
    let mut tokens: Vec<String> = Vec::new();
    for word in expression.replace('(', " ( ").replace(')', " ) ").split_whitespace() {
        match tokens.last_mut() {
            Some(last) if word == "WITH" || last.ends_with(" WITH") => {
                last.push(' ');
                last.push_str(word);
            }
            _ => tokens.push(word.to_owned()),
        }
    }
    let mut rest = tokens.as_slice();
    let result = any(&mut rest);
    result && rest.is_empty()
}

fn any(tokens: &mut &[String]) -> bool {
    let mut result = all(tokens);
    while tokens.first().is_some_and(|t| t == "OR") {
        *tokens = &tokens[1..];
        result |= all(tokens);
    }
    result
}

fn all(tokens: &mut &[String]) -> bool {
    let mut result = one(tokens);
    while tokens.first().is_some_and(|t| t == "AND") {
        *tokens = &tokens[1..];
        result &= one(tokens);
    }
    result
}

fn one(tokens: &mut &[String]) -> bool {
    let Some((first, rest)) = tokens.split_first() else {
        return false;
    };
    *tokens = rest;
    if first != "(" {
        return LICENCES.contains(&first.as_str());
    }
    let result = any(tokens);
    *tokens = tokens.get(1..).unwrap_or_default();
    result
}

#[test]
fn licence_expressions_are_read() {
    for good in [
        "MIT",
        "MIT/Apache-2.0",
        "(MIT OR Apache-2.0) AND Unicode-3.0",
        "MIT OR GPL-3.0",
        "Apache-2.0 WITH LLVM-exception OR MIT",
    ] {
        assert!(permissive(good), "{good}");
    }
    for bad in [
        "",
        "GPL-3.0",
        "MIT AND GPL-3.0",
        "(MIT OR Apache-2.0) AND GPL-3.0",
        "MIT)",
    ] {
        assert!(!permissive(bad), "{bad}");
    }
}
