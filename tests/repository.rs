//! The repository itself: nothing of the machine it was written on, no dead links, scripts that parse.

use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files but builds, recorded vectors and fuzzing's own.
fn files() -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut left = vec![root().to_owned()];
    while let Some(directory) = left.pop() {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            let inside = path.strip_prefix(root()).unwrap();
            let skipped = [
                "target",
                ".git",
                "tests/vectors",
                "tests/fuzz/target",
                "tests/fuzz/corpus",
                "tests/fuzz/artifacts",
            ];
            if skipped.iter().any(|name| inside == Path::new(name)) {
                continue;
            }
            if path.is_dir() {
                left.push(path)
            } else {
                files.push(path)
            }
        }
    }
    files
}

fn name(path: &Path) -> String {
    path.strip_prefix(root()).unwrap().display().to_string()
}

#[test]
fn no_file_names_the_machine_it_was_written_on() {
    // Put together here, so that this file is no finding.
    let places: Vec<String> = ["work/", "root/", "home/"]
        .iter()
        .map(|place| format!("/{place}"))
        .collect();
    let mut findings = Vec::new();
    for path in files() {
        let Ok(text) = std::fs::read_to_string(&path) else {
            continue;
        };
        for (number, line) in text.lines().enumerate() {
            for place in &places {
                let found = line.match_indices(place.as_str()).any(|(at, _)| {
                    let before = line[..at].chars().next_back();
                    before.is_none_or(|c| !(c.is_alphanumeric() || "./_-*}~>:@".contains(c)))
                });
                if found {
                    findings.push(format!("{}:{}: {}", name(&path), number + 1, line.trim()));
                }
            }
        }
    }
    assert!(findings.is_empty(), "{findings:#?}");
}

#[test]
fn every_link_between_pages_leads_somewhere() {
    let mut dead = Vec::new();
    for path in files()
        .iter()
        .filter(|path| path.extension().is_some_and(|e| e == "md"))
    {
        let text = std::fs::read_to_string(path).unwrap();
        for (at, _) in text.match_indices("](") {
            let target = text[at + 2..].split([')', ' ', '#']).next().unwrap();
            let external = target.is_empty() || target.contains("://") || target.starts_with("mailto:");
            if !external && !path.parent().unwrap().join(target).exists() {
                dead.push(format!("{}: {target}", name(path)));
            }
        }
    }
    assert!(dead.is_empty(), "{dead:#?}");
}

#[test]
fn every_script_parses() {
    for path in files() {
        let Ok(text) = std::fs::read_to_string(&path) else {
            continue;
        };
        if text.starts_with("#!/bin/bash") || text.starts_with("#!/usr/bin/env bash") {
            let status = Command::new("bash").arg("-n").arg(&path).status().unwrap();
            assert!(status.success(), "{}", name(&path));
        }
    }
}

#[test]
fn the_top_level_holds_only_what_belongs_there() {
    let allowed = [
        ".ci",
        ".git",
        ".gitattributes",
        ".gitignore",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "Cargo.lock",
        "Cargo.toml",
        "LICENSE",
        "README.md",
        "clippy.toml",
        "completions",
        "deny.toml",
        "docs",
        "rustfmt.toml",
        "src",
        "target",
        "tests",
    ];
    let entries = std::fs::read_dir(root())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let others: Vec<String> = entries.filter(|entry| !allowed.contains(&entry.as_str())).collect();
    assert!(others.is_empty(), "{others:?}");
}
