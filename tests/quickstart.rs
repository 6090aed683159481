//! The first command of the README works.
#![cfg(unix)]

mod support;

#[test]
fn the_quickstart_signs_verifies_and_refuses() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/quickstart.sh");
    let run = support::Program::new("bash")
        .arg(script)
        .env("COUNTERSIGN", env!("CARGO_BIN_EXE_countersign"))
        .run();
    let run = run.success();
    for part in [
        "Pushing signature to",
        "The cosign claims were validated",
        "\"docker-manifest-digest\"",
        "exit code 12",
    ] {
        assert!(
            run.stdout.contains(part) || run.stderr.contains(part),
            "{part}\n{}\n{}",
            run.stdout,
            run.stderr
        );
    }
}

/// The README's link: completions for the name by which the program is called.
#[test]
fn a_link_named_cosign_completes_cosign() {
    let directory = tempfile::tempdir().unwrap();
    let link = directory.path().join("cosign");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_countersign"), &link).unwrap();
    for (shell, expected) in [
        ("bash", " cosign\n"),
        ("zsh", "#compdef cosign\n"),
        ("fish", "complete -c cosign "),
        ("powershell", "-CommandName 'cosign' "),
    ] {
        let script = |program: &std::path::Path, arguments: &[&str]| {
            let run = support::Program::new(program)
                .args(["completion", shell])
                .args(arguments);
            run.run().success().stdout
        };
        let text = script(&link, &[]);
        assert!(text.contains(expected), "{shell}");
        let ours = std::path::Path::new(env!("CARGO_BIN_EXE_countersign"));
        assert_eq!(text, script(ours, &["--program", "cosign"]), "{shell}");
        assert!(!script(ours, &[]).contains(expected), "{shell}");
        assert!(
            !script(&link, &["--program", "countersign"]).contains(expected),
            "{shell}"
        );
    }
}
