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
