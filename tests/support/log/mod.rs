//! A transparency log in this process: a Merkle tree, Rekor v1's and Rekor v2's interfaces over it, keys of its own.
//! Real cosigns sign and verify against it. It checks the signatures that it is sent, answers 409 to what it has
//! already, and can be told to misbehave.
//!
//! ```ignore
//! let log = support::log::Log::start();
//! countersign().args(["sign", "--rekor-url", &log.url(), …]).env("SIGSTORE_REKOR_PUBLIC_KEY", log.key_file())
//! log.drop_replies(1); // commits the next entry and closes the connection without a word
//! ```

mod body;
pub mod http;
mod tree;
mod v1;
mod v2;

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use countersign::key::{PrivateKey, PublicKey};
use countersign::rekor::{LogKey, LogKeys};
use sha2::{Digest as _, Sha256};

use self::http::{Answer, Question};

/// Changes an answer before it is sent: the path that was asked, and the answer's JSON.
pub type Tamper = Box<dyn Fn(&str, &mut serde_json::Value) + Send>;

/// The log. It ends when it is dropped.
pub struct Log {
    state: Arc<Mutex<State>>,
    stop: Arc<AtomicBool>,
    address: std::net::SocketAddr,
    files: tempfile::TempDir,
    thread: Option<std::thread::JoinHandle<()>>,
}

/// What the log has and how it behaves.
struct State {
    key: PrivateKey,
    key_v2: PrivateKey,
    entries: Vec<Entry>,
    entries_v2: Vec<Entry>,
    requests: Vec<String>,
    drop_replies: usize,
    fail: Option<(usize, u16)>,
    delay: Duration,
    tamper: Option<Tamper>,
}

/// An entry of a tree.
struct Entry {
    body: Vec<u8>,
    time: i64,
    /// The digests by which the index finds it, `sha256:<hex>`.
    index: Vec<String>,
}

impl Log {
    /// Starts an empty log on a free port of 127.0.0.1, with keys of its own.
    pub fn start() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).unwrap();
        let ed25519 = [&ED25519_PKCS8[..], &seed].concat();
        let state = Arc::new(Mutex::new(State {
            key: PrivateKey::generate().unwrap(),
            key_v2: PrivateKey::from_pkcs8_der(&ed25519).unwrap(),
            entries: vec![],
            entries_v2: vec![],
            requests: vec![],
            drop_replies: 0,
            fail: None,
            delay: Duration::ZERO,
            tamper: None,
        }));
        let stop = Arc::new(AtomicBool::new(false));
        let thread = std::thread::spawn({
            let (state, stop) = (Arc::clone(&state), Arc::clone(&stop));
            move || {
                http::serve(&listener, &stop, move |question| {
                    let delay = lock(&state).delay;
                    std::thread::sleep(delay);
                    lock(&state).answer(question)
                });
            }
        });
        let files = tempfile::tempdir().unwrap();
        let log = Self {
            state,
            stop,
            address,
            files,
            thread: Some(thread),
        };
        std::fs::write(log.key_file(), log.key().to_pem()).unwrap();
        std::fs::write(log.files.path().join("rekor2.pub"), log.key_v2().to_pem()).unwrap();
        log
    }

    /// The URL of both interfaces.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The key that signs Rekor v1's entries and checkpoints: ECDSA P-256.
    pub fn key(&self) -> PublicKey {
        lock(&self.state).key.public_key().clone()
    }

    /// The key that signs Rekor v2's checkpoints: Ed25519.
    pub fn key_v2(&self) -> PublicKey {
        lock(&self.state).key_v2.public_key().clone()
    }

    /// A file with the key of Rekor v1, for SIGSTORE_REKOR_PUBLIC_KEY.
    pub fn key_file(&self) -> PathBuf {
        self.files.path().join("rekor.pub")
    }

    /// Both keys, to be trusted.
    pub fn keys(&self) -> LogKeys {
        [
            LogKey::new(self.key()).with_base_url(self.url()),
            LogKey::new(self.key_v2()).with_base_url(self.url()),
        ]
        .into_iter()
        .collect()
    }

    /// A file with a trusted root of both keys and no authority.
    pub fn trusted_root(&self) -> PathBuf {
        self.trusted_root_with(&[])
    }

    /// The same with the keys of other logs.
    pub fn trusted_root_with(&self, others: &[&Self]) -> PathBuf {
        let logs = std::iter::once(&self).chain(others).flat_map(|log| log.described());
        let root = serde_json::json!({
            "mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
            "tlogs": logs.collect::<Vec<_>>(),
        });
        self.file("trusted-root.json", &root)
    }

    /// Both interfaces as a trusted root describes them.
    fn described(&self) -> [serde_json::Value; 2] {
        let log_v2 = lock(&self.state).log_id_v2();
        let log = |url: String, key: &PublicKey, details: &str, id: &[u8]| {
            serde_json::json!({
                "baseUrl": url, "hashAlgorithm": "SHA2_256",
                "publicKey": {
                    "rawBytes": STANDARD.encode(key.spki_der()), "keyDetails": details,
                    "validFor": {"start": "2020-01-01T00:00:00Z"},
                },
                "logId": {"keyId": STANDARD.encode(id)},
            })
        };
        [
            log(self.url(), &self.key(), "PKIX_ECDSA_P256_SHA_256", &self.key().key_id()),
            log(self.url(), &self.key_v2(), "PKIX_ED25519", &log_v2),
        ]
    }

    /// A file with a signing configuration that names this log with the given version of its interface, and no
    /// timestamp authority.
    pub fn signing_config(&self, api_version: u32) -> PathBuf {
        self.signing_config_with(&[], api_version, &serde_json::json!({"selector": "ANY"}))
    }

    /// The same with other logs, each of an operator of its own, and how many of all to use.
    pub fn signing_config_with(&self, others: &[&Self], api_version: u32, selector: &serde_json::Value) -> PathBuf {
        let logs = std::iter::once(&self).chain(others).enumerate().map(|(n, log)| {
            serde_json::json!({
                "url": log.url(), "majorApiVersion": api_version,
                "validFor": {"start": format!("20{}-01-01T00:00:00Z", 20 - n)}, "operator": format!("test{n}"),
            })
        });
        let config = serde_json::json!({
            "mediaType": "application/vnd.dev.sigstore.signingconfig.v0.2+json",
            "rekorTlogUrls": logs.collect::<Vec<_>>(),
            "rekorTlogConfig": selector,
            "tsaConfig": {},
        });
        self.file(&format!("signing-v{api_version}.json"), &config)
    }

    fn file(&self, name: &str, json: &serde_json::Value) -> PathBuf {
        let path = self.files.path().join(name);
        std::fs::write(&path, json.to_string()).unwrap();
        path
    }

    /// How many entries Rekor v1 has.
    pub fn size(&self) -> usize {
        lock(&self.state).entries.len()
    }

    /// How many entries Rekor v2 has.
    pub fn size_v2(&self) -> usize {
        lock(&self.state).entries_v2.len()
    }

    /// The requests so far, as `METHOD path`.
    pub fn requests(&self) -> Vec<String> {
        lock(&self.state).requests.clone()
    }

    /// Adds entries that nobody signed, so that proofs are longer.
    pub fn fill(&self, count: usize) {
        let mut state = lock(&self.state);
        for n in 0..count {
            let entry = || Entry {
                body: format!("{{\"kind\":\"filler\",\"n\":{n}}}").into_bytes(),
                time: 1,
                index: vec![],
            };
            state.entries.push(entry());
            state.entries_v2.push(entry());
        }
    }

    /// The next `count` requests are carried out, and the connection is closed without an answer.
    pub fn drop_replies(&self, count: usize) {
        lock(&self.state).drop_replies = count;
    }

    /// The next `count` requests are answered with `status` and not carried out.
    pub fn fail(&self, count: usize, status: u16) {
        lock(&self.state).fail = Some((count, status));
    }

    /// Each answer is held back for so long.
    pub fn delay(&self, delay: Duration) {
        lock(&self.state).delay = delay;
    }

    /// Each JSON answer goes through `tamper` before it is sent.
    pub fn tamper(&self, tamper: impl Fn(&str, &mut serde_json::Value) + Send + 'static) {
        lock(&self.state).tamper = Some(Box::new(tamper));
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        let _ = std::net::TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// PKCS#8 of an Ed25519 key up to its 32 bytes (RFC 8410 section 7).
const ED25519_PKCS8: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

impl State {
    fn answer(&mut self, question: &Question) -> Option<Answer> {
        self.requests.push(format!("{} {}", question.method, question.path));
        if let Some((count, status)) = self.fail.filter(|(count, _)| *count > 0) {
            self.fail = Some((count - 1, status));
            return Some(Answer::error(status, "told to fail"));
        }
        let mut answer = if question.path.starts_with("/api/v2/") {
            self.v2(question)
        } else {
            self.v1(question)
        };
        if let (Some(tamper), Ok(mut json)) = (&self.tamper, serde_json::from_slice(&answer.body)) {
            tamper(&question.path, &mut json);
            answer.body = json.to_string().into_bytes();
        }
        if self.drop_replies > 0 {
            self.drop_replies -= 1;
            return None;
        }
        Some(answer)
    }
}

fn now() -> i64 {
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    i64::try_from(now.as_secs()).unwrap()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}
