//! Load and soak of the webhook, over TLS, on this machine only:
//!
//! ```sh
//! cargo bench --bench admission_load -- --rate 500 --seconds 20      # load: p99 under 10 ms
//! cargo bench --bench admission_load -- --rate 200 --seconds 1800    # soak: flat memory and descriptors
//! cargo bench --bench admission_load -- --cold 100                   # a burst of images not seen before
//! ```
//!
//! It starts a registry with a signed image and `countersign policy serve` (COUNTERSIGN_BIN names another program), sends
//! reviews at a fixed rate over 16 connections, each at its own moment whatever the answers before took, and prints
//! latencies with the server's memory and descriptors. It ends with 1 when a bar is missed.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../support/mod.rs"]
mod support;

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use countersign::admission::self_signed;
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, ServerName};
use support::registry::Embedded;

const CONNECTIONS: usize = 16;

struct Server {
    child: Child,
    port: u16,
    connector: tokio_rustls::TlsConnector,
    _directory: tempfile::TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn start(policy: &str) -> Server {
    let directory = tempfile::tempdir().unwrap();
    let now = jiff::Timestamp::now().as_second();
    let made = self_signed::make(&["localhost".to_owned()], now).unwrap();
    let write = |name: &str, text: &str| {
        let path = directory.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let (certificate, key) = (write("tls.crt", &made.certificate), write("tls.key", &made.key));
    let policy = write("policy.yaml", policy);
    let program = std::env::var_os("COUNTERSIGN_BIN").unwrap_or_else(|| env!("CARGO_BIN_EXE_countersign").into());
    let mut child = Command::new(program)
        .args(["policy", "serve", "--address", "127.0.0.1:0"])
        .arg("--policy")
        .arg(policy)
        .arg("--tls-certificate")
        .arg(certificate)
        .arg("--tls-key")
        .arg(key)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program can't be started");
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let port = loop {
        let line = lines.next().expect("the server ended").unwrap();
        if let Some((_, port)) = line.rsplit_once("https://").and_then(|(_, a)| a.rsplit_once(':')) {
            break port.trim().parse().unwrap();
        }
    };
    std::thread::spawn(move || lines.for_each(drop));
    let mut roots = rustls::RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_slice(made.authority.as_bytes()).unwrap())
        .unwrap();
    let config = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    Server {
        child,
        port,
        connector: tokio_rustls::TlsConnector::from(Arc::new(config)),
        _directory: directory,
    }
}

impl Server {
    async fn connect(&self) -> http1::SendRequest<Full<hyper::body::Bytes>> {
        let stream = tokio::net::TcpStream::connect(("127.0.0.1", self.port)).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        let stream = self.connector.connect(name, stream).await.unwrap();
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        sender
    }

    /// Resident memory in KiB, and open descriptors.
    fn usage(&self) -> (u64, usize) {
        let id = self.child.id();
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
        let resident = status
            .lines()
            .find_map(|l| l.strip_prefix("VmRSS:"))
            .and_then(|l| l.split_whitespace().next()?.parse().ok())
            .unwrap_or(0);
        let descriptors = std::fs::read_dir(format!("/proc/{id}/fd")).map_or(0, Iterator::count);
        (resident, descriptors)
    }
}

/// Sends a review; how long the answer took, and whether it was admitted.
async fn ask(sender: &mut http1::SendRequest<Full<hyper::body::Bytes>>, body: hyper::body::Bytes) -> (Duration, bool) {
    let started = Instant::now();
    let request = hyper::Request::post("/validate?timeout=10s")
        .header("host", "localhost")
        .header("content-type", "application/json")
        .body(Full::new(body))
        .unwrap();
    sender.ready().await.unwrap();
    let response = sender.send_request(request).await.unwrap();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    let text = String::from_utf8_lossy(&body);
    (started.elapsed(), text.contains("\"allowed\":true"))
}

fn percentile(sorted: &[Duration], percent: usize) -> Duration {
    let index = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(index).copied().unwrap_or_default()
}

fn argument(name: &str) -> Option<u64> {
    let mut arguments = std::env::args();
    arguments.find(|a| a == name)?;
    arguments.next()?.parse().ok()
}

fn policy() -> String {
    let pem = support::vectors::text("cosign/keys/p256-empty-password.pub");
    let pem: String = pem.lines().map(|l| format!("        {l}\n")).collect();
    format!(
        "apiVersion: policy.sigstore.dev/v1beta1\nkind: ClusterImagePolicy\nmetadata: {{name: p}}\nspec:\n  images: [{{glob: '**'}}]\n  \
         authorities:\n  - key:\n      data: |\n{pem}"
    )
}

fn review(image: &str) -> hyper::body::Bytes {
    support::vectors::text("admission/deployment-create.json")
        .replace("@IMAGE@", image)
        .into()
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let registry = Embedded::recorded("cosign", "plain");
    let server = start(&policy());
    let ok = match argument("--cold") {
        Some(count) => cold(&server, &registry, count).await,
        None => warm(&server, &registry).await,
    };
    drop(server);
    if !ok {
        std::process::exit(1);
    }
}

async fn warm(server: &Server, registry: &Embedded) -> bool {
    let rate = argument("--rate").unwrap_or(500).clamp(1, 5_000);
    let seconds = argument("--seconds").unwrap_or(10).clamp(1, 3_600);
    let dump = support::vectors::dumps("cosign", "plain").remove(0);
    let body = review(&format!(
        "{}/{}@{}",
        registry.address, dump.repository, dump.tags["1.0"]
    ));
    let mut first = server.connect().await;
    assert!(ask(&mut first, body.clone()).await.1, "the image was not admitted");
    let total = rate * seconds;
    let begin = Instant::now() + Duration::from_millis(200);
    let mut workers = Vec::new();
    for worker in 0..CONNECTIONS as u64 {
        let mut sender = server.connect().await;
        let body = body.clone();
        workers.push(tokio::spawn(async move {
            let mut times = Vec::new();
            for number in (worker..total).step_by(CONNECTIONS) {
                // Each request has its moment; waiting for a late answer counts as latency.
                let due = begin + Duration::from_nanos(1_000_000_000 * number / rate);
                tokio::time::sleep_until(due.into()).await;
                let (_, admitted) = ask(&mut sender, body.clone()).await;
                assert!(admitted);
                times.push(due.elapsed());
            }
            times
        }));
    }
    tokio::time::sleep_until((begin + Duration::from_secs(seconds.min(10) / 2)).into()).await;
    let early = server.usage();
    let mut times = Vec::new();
    for worker in workers {
        times.extend(worker.await.unwrap());
    }
    let late = server.usage();
    times.sort_unstable();
    let achieved = times.len() as f64 / begin.elapsed().as_secs_f64();
    println!(
        "{} admissions in {:.1} s ({achieved:.0}/s): p50 {:.2?}, p99 {:.2?}, max {:.2?}",
        times.len(),
        begin.elapsed().as_secs_f64(),
        percentile(&times, 50),
        percentile(&times, 99),
        times.last().copied().unwrap_or_default()
    );
    println!(
        "memory {} KiB then {} KiB, descriptors {} then {}",
        early.0, late.0, early.1, late.1
    );
    let flat = late.0 <= early.0 + early.0 / 10 + 2048 && late.1 <= early.1 + 4;
    percentile(&times, 99) < Duration::from_millis(10) && flat
}

/// Unsigned images that were never seen, all at once: each is looked up and denied in time.
async fn cold(server: &Server, registry: &Embedded, count: u64) -> bool {
    let count = count.clamp(1, 500);
    let mut asked = Vec::new();
    for number in 0..count {
        let image = support::image::push(&registry.address, &format!("cold/app-{number}"), "1");
        let mut sender = server.connect().await;
        asked.push(async move { ask(&mut sender, review(&image.by_digest())).await });
    }
    let mut times: Vec<_> = futures_util::future::join_all(asked).await;
    assert!(times.iter().all(|(_, admitted)| !admitted));
    times.sort_unstable();
    let slowest = times.last().map_or(Duration::ZERO, |(time, _)| *time);
    println!("{count} cold images at once: slowest answer {slowest:.2?} (the API server waits 10 s)");
    slowest < Duration::from_secs(9)
}
