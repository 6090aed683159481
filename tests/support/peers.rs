//! The real tools, as fetched by tests/peers.sh.

use std::path::{Path, PathBuf};

/// Where tests/peers.sh puts the tools: `$COUNTERSIGN_PEERS/bin` or `target/peers/bin`.
pub fn directory() -> PathBuf {
    match std::env::var_os("COUNTERSIGN_PEERS") {
        Some(directory) if !directory.is_empty() => Path::new(env!("CARGO_MANIFEST_DIR")).join(directory).join("bin"),
        _ => Path::new(env!("CARGO_MANIFEST_DIR")).join("target/peers/bin"),
    }
}

/// The tool `name` (`cosign25`, `cosign31`, `crane`, `oras`, `docker-registry`, `rekor-cli`, `notation`).
///
/// Where it is missing, says so and returns `None`, for the test to return early; fails when `CI` is set.
pub fn require(name: &str) -> Option<PathBuf> {
    let path = directory().join(name);
    if path.is_file() {
        return Some(path);
    }
    skip(&format!(
        "{name} is not in {}; run tests/peers.sh to fetch it",
        directory().display()
    ));
    None
}

/// The tool or service at `address` (`127.0.0.1:3000`) when something listens there, else as [`require`], but never a
/// failure: services are started by hand.
pub fn service(name: &str, address: &str) -> bool {
    let reachable = std::net::TcpStream::connect(address).is_ok();
    if !reachable {
        announce(&format!("no {name} listens on {address}"));
    }
    reachable
}

/// Announces a skip; fails when `CI` is set.
pub fn skip(reason: &str) {
    assert!(
        std::env::var_os("CI").is_none_or(|v| v.is_empty()),
        "not to be skipped in CI: {reason}"
    );
    announce(reason);
}

/// Says that a test was skipped, in any case.
pub fn announce(reason: &str) {
    use std::io::Write;
    // Past the capture of the test harness, which hides what a passing test prints.
    let thread = std::thread::current();
    let _ = writeln!(
        std::io::stderr(),
        "SKIPPED: {}: {reason}",
        thread.name().unwrap_or("test")
    );
}
