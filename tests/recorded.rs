//! Every recorded run of the real cosigns, replayed with our program: the same exit code and the same standard output.
//!
//! Twice: reading what cosign wrote (its registry, keys and files as recorded), and as one session from the start, in
//! which our program makes the keys and signatures and reads them again. Where we differ on purpose, the reason stands
//! in tests/recorded/differences.rs.

#[path = "recorded/differences.rs"]
mod differences;
mod support;

use std::path::{Path, PathBuf};

use differences::{DIFFERENCES, Pass};
use support::registry::Embedded;
use support::vectors::{self, Scenario};
use support::{Run, countersign};

/// The registry of the recordings.
const RECORDED_REGISTRY: &str = "localhost:5600";

/// A working directory, a registry, and what has come out differently so far.
struct Replay {
    folder: &'static str,
    pass: Pass,
    registry: Embedded,
    directory: tempfile::TempDir,
    /// What `$TRUST` stands for.
    trust: PathBuf,
    failures: Vec<String>,
    count: usize,
}

impl Replay {
    fn new(folder: &'static str, pass: Pass) -> Self {
        Self {
            folder,
            pass,
            registry: Embedded::start(),
            directory: tempfile::tempdir().unwrap(),
            trust: vectors::path(&format!("{folder}/trust")),
            failures: Vec::new(),
            count: 0,
        }
    }

    /// Copies files of tests/vectors/<folder>/ into the working directory.
    fn copy(&self, files: &str, keep: impl Fn(&str) -> Option<String>) {
        for entry in std::fs::read_dir(vectors::path(&format!("{}/{files}", self.folder))).unwrap() {
            let path = entry.unwrap().path();
            if let Some(name) = keep(path.file_name().unwrap().to_str().unwrap()) {
                std::fs::copy(&path, self.directory.path().join(name)).unwrap();
            }
        }
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.directory.path().join(name), content).unwrap();
    }

    fn run(&self, scenario: &Scenario) -> Run {
        let adapt = |text: &str| {
            text.replace(RECORDED_REGISTRY, &self.registry.address)
                .replace("$TRUST", self.trust.to_str().unwrap())
        };
        let mut program = countersign()
            .directory(self.directory.path())
            .env("COSIGN_PASSWORD", "");
        for (name, value) in &scenario.env {
            program = program.env(name, adapt(value));
        }
        program = program.args(scenario.argv.iter().skip(1).map(|arg| adapt(arg)));
        let mut run = program.stdin(scenario.stdin.clone().unwrap_or_default()).run();
        run.stdout = run.stdout.replace(&self.registry.address, RECORDED_REGISTRY);
        run
    }

    /// Runs a scenario and compares it with the recording.
    fn replay(&mut self, scenario: &Scenario) {
        let difference = DIFFERENCES.iter().find(|d| d.applies(self.folder, self.pass, scenario));
        if difference.is_some_and(|d| d.exit.is_none()) {
            return;
        }
        self.count += 1;
        let run = self.run(scenario);
        let exit = difference.and_then(|d| d.exit).unwrap_or(scenario.exit);
        let label = format!("{} {:?} ({})", self.folder, scenario.name, scenario.cosign);
        let command = scenario.argv.join(" ");
        if run.code != exit {
            self.failures.push(format!(
                "{label}: exit {} instead of {exit}\n  {command}\n  {}",
                run.code,
                run.stderr.trim()
            ));
        } else if !self.same_output(scenario, &run, exit) {
            self.failures.push(format!(
                "{label}: stdout\n  {command}\n  {:?}\n  instead of\n  {:?}",
                run.stdout, scenario.stdout
            ));
        }
    }

    fn same_output(&self, scenario: &Scenario, run: &Run, exit: i32) -> bool {
        let command = scenario.argv.get(1).map_or("", String::as_str);
        // Where cosign fails and we don't, or the reverse, there is nothing to compare with.
        if (exit == 0) != (scenario.exit == 0) || matches!(command, "env" | "version" | "completion") {
            return true;
        }
        let fresh_each_time = matches!(
            command,
            "sign-blob" | "download" | "tree" | "verify-attestation" | "public-key"
        );
        if self.pass == Pass::Session && (fresh_each_time || self.folder == "tlog") {
            return run.stdout.lines().count() == scenario.stdout.lines().count();
        }
        run.stdout == scenario.stdout
    }

    #[track_caller]
    fn finish(self, at_least: usize) {
        assert!(
            self.failures.is_empty(),
            "{} of {} differ:\n{}",
            self.failures.len(),
            self.count,
            self.failures.join("\n")
        );
        assert!(self.count >= at_least, "only {} were replayed", self.count);
    }
}

/// Commands that change nothing, so that they can be replayed on what cosign left.
fn reads(scenario: &Scenario) -> bool {
    let command = scenario.argv.get(1).map_or("", String::as_str);
    command.starts_with("verify")
        || matches!(
            command,
            "public-key" | "tree" | "triangulate" | "download" | "generate" | "env" | "version" | "completion" | "nope"
        )
        || scenario.exit != 0
}

#[test]
fn what_cosign_wrote_is_read_as_cosign_reads_it() {
    let mut replay = Replay::new("cosign", Pass::Reading);
    vectors::push_all(&replay.registry.address, "cosign");
    replay.copy("keys", |name| (!name.starts_with("source-")).then(|| name.to_owned()));
    replay.copy("keys", |name| name.strip_prefix("source-").map(str::to_owned));
    replay.copy("blobs", |name| Some(name.replace("detached.", "d.")));
    copy_tree(
        &vectors::path("cosign/saved-layout"),
        &replay.directory.path().join("saved"),
    );
    for scenario in vectors::scenarios("cosign").iter().filter(|s| reads(s)) {
        replay.replay(scenario);
    }
    replay.finish(90);
}

#[test]
fn what_cosign_wrote_with_logs_is_read_as_cosign_reads_it() {
    let mut replay = Replay::new("tlog", Pass::Reading);
    vectors::push_all(&replay.registry.address, "tlog");
    replay.copy("keys", |name| Some(name.to_owned()));
    replay.copy("blobs", |name| Some(name.to_owned()));
    for scenario in vectors::scenarios("tlog").iter().filter(|s| reads(s)) {
        replay.replay(scenario);
    }
    replay.finish(15);
}

#[test]
fn a_whole_session_goes_as_with_cosign() {
    let mut replay = Replay::new("cosign", Pass::Session);
    push_images(&replay.registry, "cosign");
    replay.copy("keys", |name| name.strip_prefix("source-").map(str::to_owned));
    replay.copy("blobs", |name| {
        matches!(name, "blob.bin" | "pred.json").then(|| name.to_owned())
    });
    replay.write("slsa.json", SLSA);
    for scenario in vectors::scenarios("cosign") {
        replay.replay(&scenario);
    }
    replay.finish(150);
}

#[test]
fn a_whole_session_with_logs_goes_as_with_cosign() {
    // Servers on the ports of the recordings and their keys, as a stack of real ones leaves them.
    let Some(trust) = std::env::var_os("COUNTERSIGN_STACK") else {
        support::peers::announce("COUNTERSIGN_STACK names no directory with the keys of running logs");
        return;
    };
    let mut replay = Replay::new("tlog", Pass::Session);
    replay.trust = trust.into();
    push_images(&replay.registry, "tlog");
    replay.copy("keys", |name| {
        (name == "ca.crt" || name.starts_with("leaf.")).then(|| name.to_owned())
    });
    replay.copy("blobs", |name| (name == "blob.bin").then(|| name.to_owned()));
    replay.write("pred.json", vectors::read("cosign/blobs/pred.json"));
    for scenario in vectors::scenarios("tlog") {
        replay.replay(&scenario);
    }
    replay.finish(25);
}

const SLSA: &str = r#"{"builder":{"id":"https://example.com/builder"},"buildType":"https://example.com/build"}"#;

/// Loads only the images of the recorded registries, as they were before they were signed.
fn push_images(registry: &Embedded, folder: &str) {
    // `copied` is made by the session itself.
    for scenario in vectors::registries(folder).iter().filter(|name| *name != "copied") {
        for mut dump in vectors::dumps(folder, scenario) {
            dump.tags.retain(|tag, _| !tag.starts_with("sha256-"));
            let attached: Vec<String> = dump
                .manifests
                .iter()
                .filter(|(_, (_, bytes))| is_attached(bytes))
                .map(|(digest, _)| digest.clone())
                .collect();
            dump.manifests.retain(|digest, _| !attached.contains(digest));
            vectors::push(&registry.address, &dump);
        }
    }
    registry.control.forget();
}

/// A signature, attestation or bundle, or an index of them.
fn is_attached(manifest: &[u8]) -> bool {
    let document: serde_json::Value = serde_json::from_slice(manifest).unwrap();
    let of_cosign = |value: &serde_json::Value| {
        let media_type = value["mediaType"].as_str().unwrap_or_default();
        media_type.contains("dev.cosign") || media_type.contains("dsse") || media_type.contains("sigstore.bundle")
    };
    let empty = Vec::new();
    let entries = |name: &str| document[name].as_array().unwrap_or(&empty).clone();
    !document["subject"].is_null()
        || entries("layers").iter().any(of_cosign)
        || entries("manifests")
            .iter()
            .any(|entry| !entry["artifactType"].is_null())
}

fn copy_tree(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_tree(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}
