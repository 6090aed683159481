//! Every key, signature and log entry of one tool used by each other tool: {cosign 2.5, cosign 3.1, countersign} as
//! maker of the key, signer and verifier, on a real docker-registry, with a log. And the same with a wrong key.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::path::Path;

use support::image::{self, Image};
use support::log::Log;
use support::registry::{DockerRegistry, Embedded, Options};
use support::{Program, Run, countersign, peers};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Tool {
    Cosign25,
    Cosign31,
    Countersign,
}

const TOOLS: [Tool; 3] = [Tool::Cosign25, Tool::Cosign31, Tool::Countersign];
const PASSWORD: &str = "correct horse";

impl Tool {
    fn program(self) -> Option<Program> {
        match self {
            Self::Cosign25 => Some(Program::new(peers::require("cosign25")?)),
            Self::Cosign31 => Some(Program::new(peers::require("cosign31")?)),
            Self::Countersign => Some(countersign()),
        }
    }

    /// Makes `<name>.key` and `<name>.pub`.
    fn generate(self, directory: &Path, name: &str) -> Option<()> {
        let program = self.program()?.directory(directory).env("COSIGN_PASSWORD", PASSWORD);
        program
            .args(["generate-key-pair", "--output-key-prefix", name])
            .run()
            .success();
        Some(())
    }

    /// Signs in the old format, into the log.
    fn sign(self, directory: &Path, key: &str, image: &Image, log: &Log) -> Option<()> {
        let program = self.program()?.directory(directory).env("COSIGN_PASSWORD", PASSWORD);
        let program = program.args(["sign", "-y", "--key", key, "--rekor-url", &log.url()]);
        let program = match self {
            Self::Cosign31 => program.args(["--new-bundle-format=false", "--use-signing-config=false"]),
            Self::Cosign25 | Self::Countersign => program,
        };
        let program = program.env("SIGSTORE_REKOR_PUBLIC_KEY", log.key_file());
        program.arg(image.by_digest()).run().success();
        Some(())
    }

    fn verify(self, directory: &Path, key: &str, image: &Image, log: &Log) -> Option<Run> {
        let program = self.program()?.directory(directory).args(["verify", "--key", key]);
        let program = match self {
            Self::Cosign31 => program.arg("--trusted-root").arg(log.trusted_root()),
            Self::Cosign25 | Self::Countersign => program
                .arg("--offline")
                .env("SIGSTORE_REKOR_PUBLIC_KEY", log.key_file()),
        };
        Some(program.arg(image.by_digest()).run())
    }
}

#[test]
fn keys_signatures_and_log_entries_of_each_tool_serve_each_other() {
    let Some(registry) = DockerRegistry::start(&Options::default()) else {
        return;
    };
    let log = Log::start();
    let directory = tempfile::tempdir().unwrap();
    let mut verified = 0;
    for maker in TOOLS {
        let name = format!("{maker:?}").to_lowercase();
        if maker.generate(directory.path(), &name).is_none() {
            continue;
        }
        for signer in TOOLS {
            let image = image::push(
                &registry.address,
                &format!("acme/{name}-{signer:?}").to_lowercase(),
                "1.0",
            );
            let key = format!("{name}.key");
            if signer.sign(directory.path(), &key, &image, &log).is_none() {
                continue;
            }
            for verifier in TOOLS {
                let Some(run) = verifier.verify(directory.path(), &format!("{name}.pub"), &image, &log) else {
                    continue;
                };
                assert_eq!(run.code, 0, "{maker:?} {signer:?} {verifier:?}: {}", run.stderr);
                assert!(
                    run.stdout.contains(&image.digest),
                    "{maker:?} {signer:?} {verifier:?}: {}",
                    run.stdout
                );
                verified += 1;
            }
        }
    }
    assert!(verified > 0);
    // With a key that did not sign, nobody accepts any of them.
    Tool::Countersign.generate(directory.path(), "wrong");
    for maker in TOOLS {
        for signer in TOOLS {
            let repository = format!("acme/{maker:?}-{signer:?}").to_lowercase();
            let digest = digest_of(&registry.address, &repository);
            let Some(digest) = digest else { continue };
            let image = Image {
                address: registry.address.clone(),
                repository,
                tag: "1.0".to_owned(),
                digest,
            };
            for verifier in TOOLS {
                if let Some(run) = verifier.verify(directory.path(), "wrong.pub", &image, &log) {
                    assert_ne!(run.code, 0, "{maker:?} {signer:?} {verifier:?} accepted a wrong key");
                    assert_eq!(run.stdout, "");
                }
            }
        }
    }
}

fn digest_of(address: &str, repository: &str) -> Option<String> {
    let answer = support::wire::request(
        address,
        "GET",
        &format!("/v2/{repository}/manifests/1.0"),
        &[("Accept", "application/vnd.oci.image.manifest.v1+json")],
        b"",
    );
    (answer.status == 200).then(|| image::sha256(&answer.body))
}

#[test]
fn bundles_of_each_tool_verify_with_the_other_in_either_log() {
    let Some(registry) = DockerRegistry::start(&Options::default()) else {
        return;
    };
    let directory = tempfile::tempdir().unwrap();
    Tool::Countersign.generate(directory.path(), "signer");
    Tool::Countersign.generate(directory.path(), "wrong");
    let log = Log::start();
    for signer in [Tool::Cosign31, Tool::Countersign] {
        let image = image::push(
            &registry.address,
            &format!("acme/bundle-{signer:?}").to_lowercase(),
            "1.0",
        );
        let Some(program) = signer.program() else { continue };
        let run = program
            .directory(directory.path())
            .env("COSIGN_PASSWORD", PASSWORD)
            .args([
                "sign",
                "-y",
                "--key",
                "signer.key",
                "-a",
                "env=prod",
                "--signing-config",
            ])
            .arg(log.signing_config(1))
            .arg("--trusted-root")
            .arg(log.trusted_root())
            .arg(image.by_digest())
            .run();
        run.success();
        for verifier in [Tool::Cosign31, Tool::Countersign] {
            for (key, good) in [("signer.pub", true), ("wrong.pub", false)] {
                let Some(program) = verifier.program() else { continue };
                let run = program
                    .directory(directory.path())
                    .args(["verify", "--key", key, "-a", "env=prod", "--trusted-root"])
                    .arg(log.trusted_root())
                    .arg(image.by_digest())
                    .run();
                assert_eq!(run.code == 0, good, "{signer:?} {verifier:?} {key}: {}", run.stderr);
            }
        }
    }
}

#[test]
fn each_cosign_adds_to_what_we_signed_and_the_reverse() {
    let Some(registry) = DockerRegistry::start(&Options::default()) else {
        return;
    };
    let directory = tempfile::tempdir().unwrap();
    let log = Log::start();
    let mut keys = Vec::new();
    let image = image::push(&registry.address, "acme/together", "1.0");
    for tool in [
        Tool::Countersign,
        Tool::Cosign25,
        Tool::Countersign,
        Tool::Cosign31,
        Tool::Countersign,
    ] {
        let name = format!("key{}", keys.len());
        Tool::Countersign.generate(directory.path(), &name);
        if tool
            .sign(directory.path(), &format!("{name}.key"), &image, &log)
            .is_some()
        {
            keys.push(format!("{name}.pub"));
        }
    }
    for verifier in TOOLS {
        for key in &keys {
            if let Some(run) = verifier.verify(directory.path(), key, &image, &log) {
                assert_eq!(run.code, 0, "{verifier:?} {key}: {}", run.stderr);
            }
        }
    }
}

/// `sign --registry-referrers-mode oci-1-1` of each tool, with a log, verified by each with `--experimental-oci11`.
#[test]
fn old_signatures_that_refer_to_the_image_of_each_tool_verify_with_the_others() {
    let docker = DockerRegistry::start(&Options::default());
    let embedded = Embedded::start();
    let registries = docker.iter().map(|registry| &registry.address);
    let directory = tempfile::tempdir().unwrap();
    Tool::Countersign.generate(directory.path(), "signer");
    Tool::Countersign.generate(directory.path(), "wrong");
    let log = Log::start();
    for address in registries.chain([&embedded.address]) {
        for signer in TOOLS {
            let image = image::push(address, &format!("acme/refers-{signer:?}").to_lowercase(), "1.0");
            let Some(program) = signer.program() else { continue };
            let program = match signer {
                Tool::Cosign31 => program.args(["sign", "--new-bundle-format=false", "--use-signing-config=false"]),
                Tool::Cosign25 | Tool::Countersign => program.arg("sign"),
            };
            program
                .directory(directory.path())
                .env("COSIGN_EXPERIMENTAL", "1")
                .env("COSIGN_PASSWORD", PASSWORD)
                .env("SIGSTORE_REKOR_PUBLIC_KEY", log.key_file())
                .args([
                    "-y",
                    "--key",
                    "signer.key",
                    "--registry-referrers-mode",
                    "oci-1-1",
                    "-a",
                    "env=prod",
                ])
                .args(["--rekor-url", &log.url()])
                .arg(image.by_digest())
                .run()
                .success();
            for verifier in TOOLS {
                for (key, annotation, good) in [
                    ("signer.pub", "env=prod", true),
                    ("signer.pub", "env=test", false),
                    ("wrong.pub", "env=prod", false),
                ] {
                    let Some(program) = verifier.program() else { continue };
                    let program = match verifier {
                        Tool::Cosign31 => program.arg("verify").arg("--trusted-root").arg(log.trusted_root()),
                        Tool::Cosign25 | Tool::Countersign => program
                            .args(["verify", "--offline"])
                            .env("SIGSTORE_REKOR_PUBLIC_KEY", log.key_file()),
                    };
                    let run = program
                        .directory(directory.path())
                        .args(["--experimental-oci11", "--key", key, "-a", annotation])
                        .arg(image.by_digest())
                        .run();
                    let what = format!("{signer:?} {verifier:?} {key} {annotation} {address}");
                    assert_eq!(run.code == 0, good, "{what}: {}", run.stderr);
                }
            }
        }
    }
}

/// `attach sbom --registry-referrers-mode oci-1-1`: cosign 2.5 reads it when COSIGN_EXPERIMENTAL is set.
#[test]
fn an_sbom_that_refers_to_the_image_is_read_by_each_tool() {
    let directory = tempfile::tempdir().unwrap();
    let sbom = directory.path().join("app.spdx.json");
    std::fs::write(&sbom, "{\"x\": 1}\n").unwrap();
    let registry = Embedded::start();
    for referrers_api in [true, false] {
        registry
            .control
            .configure(|options| options.referrers_api = referrers_api);
        for writer in [Tool::Cosign25, Tool::Countersign] {
            let image = image::push(&registry.address, &format!("acme/{writer:?}").to_lowercase(), "1.0");
            let Some(program) = writer.program() else { continue };
            let attach = program
                .env("COSIGN_EXPERIMENTAL", "1")
                .args(["attach", "sbom", "--sbom"]);
            let attach = attach.arg(&sbom).args(["--registry-referrers-mode", "oci-1-1"]);
            attach.arg(image.by_digest()).run().success();
            for reader in [Tool::Cosign25, Tool::Countersign] {
                let Some(program) = reader.program() else { continue };
                let download = program.env("COSIGN_EXPERIMENTAL", "1").args(["download", "sbom"]);
                let run = download.arg(image.by_digest()).run().success();
                assert_eq!(run.stdout.trim_end(), "{\"x\": 1}", "{writer:?} {reader:?}");
            }
            let clean = |kind: &str| {
                countersign()
                    .args(["clean", "-f", "--type", kind])
                    .arg(image.by_digest())
                    .run()
            };
            let download = || countersign().args(["download", "sbom"]).arg(image.by_digest()).run();
            clean("signature").success();
            download().success();
            clean("sbom").success();
            download().expect_code(1);
        }
    }
}
