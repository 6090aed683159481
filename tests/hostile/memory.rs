//! Memory under attack: a child process of its own talks to each hostile server and reports its peak.

use std::process::Command;

use countersign::digest::Digest;
use countersign::oci::{Descriptor, media_type};

use super::server::{Reply, Server};
use super::{anonymous, repository, tag, with_password};

/// Most growth of the peak, in KiB.
const MAX_GROWTH: u64 = 64 << 10;
const TARGET: &str = "COUNTERSIGN_HOSTILE_TARGET";

fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Run by the test below in a process of its own.
#[tokio::test]
#[ignore = "a part of the next test"]
async fn child() {
    let Ok(address) = std::env::var(TARGET) else { return };
    let repository = repository(&address);
    let before = peak();
    let subject = Digest::sha256(b"x");
    for client in [anonymous(), with_password()] {
        assert!(client.manifest(&repository, &tag("v1")).await.is_err());
        // A 404 says that there is no such API.
        assert!(!matches!(
            client.referrers(&repository, &subject, None).await,
            Ok(Some(_))
        ));
        assert!(client.tags(&repository).await.is_err());
        assert!(
            client
                .blob(&repository, &Descriptor::of("x/y", &[0; 1 << 20]), 1 << 20)
                .await
                .is_err()
        );
        assert!(client.put_blob(&repository, &b"x"[..]).await.is_err());
    }
    let growth = peak() - before;
    assert!(growth <= MAX_GROWTH, "the peak grew by {growth} KiB");
    println!("grew by {growth} KiB");
}

#[cfg(target_os = "linux")]
#[test]
fn memory_under_attack_stays_within_64_mib() {
    let token = Server::start(|_| Reply::endless(200, &[]));
    let realm = format!("Bearer realm=\"http://{}/token\"", token.address);
    let bomb = format!(
        r#"{{"schemaVersion":2,"mediaType":"{}","manifests":[{}]}}"#,
        media_type::OCI_INDEX,
        vec![serde_json::to_string(&Descriptor::of("a/b", b"x")).unwrap(); 10_000].join(",")
    );
    let nested = format!("{{\"schemaVersion\":2,\"x\":{}", "[".repeat(4_000_000));
    let attacks = [
        Server::start(|_| Reply::endless(200, &[])),
        Server::start(|_| Reply::endless(200, &[("Content-Type", media_type::OCI_INDEX)])),
        Server::start(|_| Reply::endless(401, &[("WWW-Authenticate", "Basic realm=\"x\"")])),
        Server::start(move |_| Reply::endless(401, &[("WWW-Authenticate", &realm)])),
        Server::start(|_| Reply::endless(500, &[])),
        Server::start(|_| {
            Reply::RawEndless(
                b"HTTP/1.1 200 OK\r\n".to_vec(),
                b"X: yyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n".to_vec(),
            )
        }),
        Server::start(move |_| Reply::json(404, nested.clone())),
        Server::start(move |seen| {
            let from = seen
                .path
                .rsplit('=')
                .next()
                .and_then(|n| n.parse::<usize>().ok())
                .unwrap_or(0);
            let link = format!("<?page={}>; rel=\"next\"", from + 1);
            Reply::new(
                200,
                &[
                    ("Content-Type", media_type::OCI_INDEX),
                    ("Link", &link),
                    ("Docker-Content-Digest", "x"),
                ],
                bomb.clone(),
            )
        }),
    ];
    for (number, attack) in attacks.iter().enumerate() {
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "memory::child", "--ignored", "--nocapture"])
            .env(TARGET, &attack.address)
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success(),
            "attack {number}: {text}{}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert!(text.contains("grew by"), "attack {number}: {text}");
    }
}
