//! Making, importing and showing keys, with and without the real cosigns and OpenSSL.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

use support::{countersign, peers, vectors};

const COSIGNS: [&str; 2] = ["cosign25", "cosign31"];
const SOURCES: [&str; 7] = [
    "ec256-sec1",
    "ec384",
    "ec521",
    "ed25519",
    "rsa2048",
    "rsa2048-pkcs1",
    "rsa4096",
];

fn key_file(name: &str) -> PathBuf {
    vectors::path("cosign/keys").join(name)
}

fn read(directory: &Path, name: &str) -> String {
    std::fs::read_to_string(directory.join(name)).unwrap()
}

fn program(path: &Path, arguments: &[&str], directory: &Path, password: &str) -> support::Run {
    support::Program::new(path)
        .args(arguments)
        .env("COSIGN_PASSWORD", password)
        .directory(directory)
        .run()
}

#[cfg(unix)]
fn mode(path: PathBuf) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn recorded_key_commands_end_as_cosign_did() {
    for scenario in vectors::scenarios("cosign") {
        let command = scenario.argv[1].as_str();
        if !["generate-key-pair", "import-key-pair", "public-key"].contains(&command) {
            continue;
        }
        let directory = tempfile::tempdir().unwrap();
        for entry in std::fs::read_dir(key_file("")).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            // The recorded commands import `rsa2048.pem`, and make what is kept beside it.
            let there = name.strip_prefix("source-").unwrap_or(name);
            let made = command != "public-key" && scenario.argv.iter().any(|arg| name.starts_with(&format!("{arg}.")));
            if !made || scenario.name.contains("already there") {
                std::fs::copy(&path, directory.path().join(there)).unwrap();
            }
        }
        let mut run = countersign().args(&scenario.argv[1..]).directory(directory.path());
        for (name, value) in &scenario.env {
            run = run.env(name, value);
        }
        let run = run.stdin(scenario.stdin.clone().unwrap_or_default()).run();
        assert_eq!(run.code, scenario.exit, "{}: {}", scenario.name, run.stderr);
        assert_eq!(run.stdout, scenario.stdout, "{}", scenario.name);
        if scenario.exit == 0 {
            assert_eq!(run.stderr, scenario.stderr, "{}", scenario.name);
        } else {
            assert!(run.stderr.contains("Error: "), "{}: {}", scenario.name, run.stderr);
        }
        // An imported key has the recorded public half.
        if command == "import-key-pair" && scenario.exit == 0 {
            let public = format!("{}.pub", scenario.argv[5]);
            assert_eq!(
                read(directory.path(), &public),
                vectors::text(&format!("cosign/keys/{public}"))
            );
        }
    }
}

#[test]
fn a_new_key_is_private_and_its_public_half_is_not() {
    let directory = tempfile::tempdir().unwrap();
    let run = countersign()
        .args(["generate-key-pair", "--output-key-prefix", "sub.name"])
        .env("COSIGN_PASSWORD", "")
        .directory(directory.path())
        .run()
        .success();
    assert_eq!(
        run.stderr,
        "Private key written to sub.name.key\nPublic key written to sub.name.pub\n"
    );
    assert_eq!(mode(directory.path().join("sub.name.key")), 0o600);
    assert_eq!(mode(directory.path().join("sub.name.pub")), 0o644);
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 2);
}

#[test]
fn an_existing_key_is_overwritten_only_on_a_piped_yes_or_with_the_flag() {
    let directory = tempfile::tempdir().unwrap();
    let generate = |flags: &[&str], stdin: &str| {
        countersign()
            .arg("generate-key-pair")
            .args(flags)
            .env("COSIGN_PASSWORD", "x")
            .directory(directory.path())
            .stdin(stdin)
            .run()
    };
    generate(&[], "").success();
    let first = read(directory.path(), "cosign.key");
    for answer in ["", "n\n", "nope\n"] {
        let run = generate(&[], answer).expect_code(1);
        assert!(run.stderr.contains("user declined the prompt"), "{}", run.stderr);
        assert_eq!(read(directory.path(), "cosign.key"), first);
    }
    assert!(generate(&[], "").stderr.contains("--yes"));
    // Consent to signing is none to losing a key.
    let signing = countersign()
        .arg("generate-key-pair")
        .env("COSIGN_PASSWORD", "x")
        .env("COSIGN_YES", "true")
        .directory(directory.path())
        .stdin("n\n");
    signing.run().expect_code(1);
    assert_eq!(read(directory.path(), "cosign.key"), first);
    generate(&[], "y\n").success();
    let second = read(directory.path(), "cosign.key");
    assert_ne!(second, first);
    assert!(!generate(&["--yes"], "").success().stderr.contains("Overwrite"));
    assert_ne!(read(directory.path(), "cosign.key"), second);
}

#[test]
fn a_piped_password_is_taken_whole_and_opens_without_its_line_break_too() {
    let directory = tempfile::tempdir().unwrap();
    countersign()
        .arg("generate-key-pair")
        .directory(directory.path())
        .stdin("pw\n")
        .run()
        .success();
    let public = read(directory.path(), "cosign.pub");
    for password in ["pw\n", "pw"] {
        let run = countersign()
            .args(["public-key", "--key", "cosign.key"])
            .directory(directory.path())
            .stdin(password)
            .run()
            .success();
        assert_eq!(run.stdout, public);
    }
    if let Some(cosign) = peers::require("cosign25") {
        let run = support::Program::new(cosign)
            .args(["public-key", "--key", "cosign.key"])
            .directory(directory.path())
            .stdin("pw\n")
            .run()
            .success();
        assert_eq!(run.stdout, public);
    }
}

#[test]
fn without_a_terminal_or_a_pipe_the_variable_is_named_at_once() {
    let output = Command::new(env!("CARGO_BIN_EXE_countersign"))
        .args(["public-key", "--key"])
        .arg(key_file("p256-password.key"))
        .env_remove("COSIGN_PASSWORD")
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr.contains("COSIGN_PASSWORD") && stderr.lines().count() == 1,
        "{stderr}"
    );
}

#[test]
fn keys_come_from_variables_and_public_keys_need_no_password() {
    let private = vectors::text("cosign/keys/p256-password.key");
    let public = vectors::text("cosign/keys/p256-password.pub");
    let password = vectors::text("cosign/keys/p256-password.password");
    let run = countersign()
        .args(["public-key", "--key", "env://SIGNING_KEY"])
        .env("SIGNING_KEY", private)
        .env("COSIGN_PASSWORD", password)
        .run()
        .success();
    assert_eq!(run.stdout, public);
    let run = countersign()
        .args(["public-key", "--key", "env://PUB"])
        .env("PUB", &public)
        .run()
        .success();
    assert_eq!(run.stdout, public);
    let run = countersign()
        .args(["public-key", "--key", "env://NONE"])
        .run()
        .expect_code(1);
    assert!(run.stderr.contains("NONE is not set"), "{}", run.stderr);
}

#[test]
fn a_public_key_can_be_written_to_a_file() {
    let directory = tempfile::tempdir().unwrap();
    let key = key_file("p256-v3.key");
    countersign()
        .args(["public-key", "--key", key.to_str().unwrap(), "--outfile", "out.pub"])
        .env("COSIGN_PASSWORD", vectors::text("cosign/keys/p256-v3.password"))
        .directory(directory.path())
        .run()
        .success();
    assert_eq!(
        read(directory.path(), "out.pub"),
        vectors::text("cosign/keys/p256-v3.pub")
    );
}

#[test]
fn places_that_are_not_supported_say_what_to_use() {
    for arguments in [
        &["public-key", "--key", "k8s://ns/name"][..],
        &["public-key", "--key", "awskms:///alias/a"],
        &["public-key", "--sk"],
        &["generate-key-pair", "--kms", "gcpkms://x"],
        &["generate-key-pair", "gitlab://a/b"],
    ] {
        let run = countersign()
            .args(arguments)
            .env("COSIGN_PASSWORD", "")
            .run()
            .expect_code(1);
        assert!(run.stderr.contains("not supported"), "{arguments:?}: {}", run.stderr);
        assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
    }
}

/// `openssl` with `arguments` in `directory`; `false` where it is missing or too old for them.
fn openssl(directory: &Path, arguments: &[&str]) -> bool {
    let output = Command::new("openssl").args(arguments).current_dir(directory).output();
    match output {
        Ok(output) if output.status.success() => true,
        Ok(output) => {
            peers::skip(&format!(
                "openssl {arguments:?}: {}",
                String::from_utf8_lossy(&output.stderr)
            ));
            false
        }
        Err(error) => {
            peers::skip(&format!("openssl: {error}"));
            false
        }
    }
}

#[test]
fn encrypted_keys_of_openssl_are_imported_with_their_own_password() {
    let directory = tempfile::tempdir().unwrap();
    let source = key_file("source-ec384.pem");
    for (name, cipher) in [("aes", &["-v2", "aes-256-cbc"][..]), ("scrypt", &["-scrypt"])] {
        let out = format!("{name}.pem");
        let mut arguments = vec![
            "pkcs8",
            "-topk8",
            "-in",
            source.to_str().unwrap(),
            "-out",
            &out,
            "-passout",
            "pass:their",
        ];
        arguments.extend(cipher);
        if !openssl(directory.path(), &arguments) {
            return;
        }
        let import = |variables: &[(&str, &str)]| {
            let mut run = countersign()
                .args(["import-key-pair", "--yes", "--key", &out, "-o", name])
                .directory(directory.path());
            for (name, value) in variables {
                run = run.env(name, value);
            }
            run.run()
        };
        import(&[("COSIGN_IMPORT_PASSWORD", "their"), ("COSIGN_PASSWORD", "ours")]).success();
        assert_eq!(
            read(directory.path(), &format!("{name}.pub")),
            vectors::text("cosign/keys/imported-ec384.pub")
        );
        import(&[("COSIGN_PASSWORD", "their")]).success();
        let run = import(&[("COSIGN_PASSWORD", "ours")]).expect_code(1);
        assert!(run.stderr.contains("wrong password"), "{}", run.stderr);
    }
}

#[test]
fn keys_with_parameters_before_them_and_old_encryption_are_told_apart() {
    let directory = tempfile::tempdir().unwrap();
    if !openssl(
        directory.path(),
        &["ecparam", "-name", "prime256v1", "-genkey", "-out", "ec.pem"],
    ) {
        return;
    }
    assert!(read(directory.path(), "ec.pem").starts_with("-----BEGIN EC PARAMETERS"));
    let import = |file: &str| {
        countersign()
            .args(["import-key-pair", "--key", file, "-o", "new", "-y"])
            .env("COSIGN_PASSWORD", "x")
            .directory(directory.path())
            .run()
    };
    import("ec.pem").success();
    let old = [
        "ec", "-in", "ec.pem", "-aes128", "-passout", "pass:x", "-out", "old.pem",
    ];
    if openssl(directory.path(), &old) {
        let run = import("old.pem").expect_code(1);
        assert!(run.stderr.contains("openssl pkcs8 -topk8"), "{}", run.stderr);
    }
}

#[test]
fn each_cosign_opens_what_we_make_and_import_and_we_what_they_do() {
    for name in COSIGNS {
        let Some(cosign) = peers::require(name) else { continue };
        let cosign = cosign.as_path();
        let ours = Path::new(env!("CARGO_BIN_EXE_countersign"));
        for (maker, reader) in [(ours, cosign), (cosign, ours)] {
            let directory = tempfile::tempdir().unwrap();
            let here = directory.path();
            program(maker, &["generate-key-pair"], here, "pä ss").success();
            let run = program(reader, &["public-key", "--key", "cosign.key"], here, "pä ss").success();
            assert_eq!(run.stdout, read(here, "cosign.pub"));
            program(reader, &["public-key", "--key", "cosign.key"], here, "no").expect_code(1);
            for source in SOURCES {
                // Cosign 2.5.0 as Debian builds it imports no other kind.
                if maker.ends_with("cosign25") && source != "ed25519" {
                    continue;
                }
                std::fs::copy(key_file(&format!("source-{source}.pem")), here.join("source.pem")).unwrap();
                program(
                    maker,
                    &["import-key-pair", "--key", "source.pem", "-o", source],
                    here,
                    "x",
                )
                .success();
                let file = format!("{source}.key");
                let run = program(reader, &["public-key", "--key", &file], here, "x").success();
                assert_eq!(
                    run.stdout,
                    vectors::text(&format!("cosign/keys/imported-{source}.pub")),
                    "{source}"
                );
            }
        }
    }
}

#[test]
fn signatures_of_the_library_verify_in_openssl_and_in_cosign_and_theirs_here() {
    use countersign::key::{HashAlgorithm, import::import};
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    std::fs::write(here.join("message"), "message").unwrap();
    for source in SOURCES {
        let pem = vectors::read(&format!("cosign/keys/source-{source}.pem"));
        let key = import(&pem, None).unwrap();
        std::fs::write(here.join("key.pem"), &pem).unwrap();
        std::fs::write(here.join("key.pub"), key.public_key().to_pem()).unwrap();
        let signature = key.sign(b"message").unwrap();
        std::fs::write(here.join("ours.sig"), &signature).unwrap();
        let ed25519 = source == "ed25519";
        let raw: &[&str] = if ed25519 {
            &["-rawin"]
        } else {
            &["-rawin", "-digest", "sha256"]
        };
        let verify = [
            "pkeyutl", "-verify", "-pubin", "-inkey", "key.pub", "-in", "message", "-sigfile", "ours.sig",
        ];
        let sign = [
            "pkeyutl",
            "-sign",
            "-inkey",
            "key.pem",
            "-in",
            "message",
            "-out",
            "theirs.sig",
        ];
        if !openssl(here, &[&verify[..], raw].concat()) || !openssl(here, &[&sign[..], raw].concat()) {
            return;
        }
        let theirs = std::fs::read(here.join("theirs.sig")).unwrap();
        key.public_key()
            .verify(b"message", &theirs, HashAlgorithm::Sha256)
            .unwrap();

        let Some(cosign) = peers::require("cosign25") else {
            continue;
        };
        let base64 = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, &signature);
        let verify = [
            "verify-blob",
            "--key",
            "key.pub",
            "--signature",
            &base64,
            "--insecure-ignore-tlog",
            "message",
        ];
        program(&cosign, &verify, here, "").success();
        std::fs::copy(key_file(&format!("imported-{source}.key")), here.join("theirs.key")).unwrap();
        let sign = [
            "sign-blob",
            "--key",
            "theirs.key",
            "--tlog-upload=false",
            "-y",
            "message",
        ];
        let run = program(&cosign, &sign, here, "import").success();
        let theirs = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, run.stdout.trim()).unwrap();
        key.public_key()
            .verify(b"message", &theirs, HashAlgorithm::Sha256)
            .unwrap();
    }
}
