//! A TUF repository that a test signs and serves.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use countersign::digest::{Digest, hex};
use countersign::key::PrivateKey;
use serde_json::{Value, json};

type Files = BTreeMap<String, Vec<u8>>;

/// A repository on a port of this machine. It serves until the test ends.
pub struct Repository {
    pub address: String,
    files: Arc<Mutex<Files>>,
    requests: Arc<Mutex<Vec<String>>>,
    key: PrivateKey,
    version: u64,
    root_version: u64,
    targets: BTreeMap<String, Vec<u8>>,
    custom: BTreeMap<String, Value>,
    /// When all metadata expires.
    pub expires: String,
}

impl Repository {
    /// Version 1, with `targets`.
    pub fn serve(targets: &[(&str, &[u8])]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let files = Arc::new(Mutex::new(Files::new()));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (served, seen) = (files.clone(), requests.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (served, seen) = (served.clone(), seen.clone());
                std::thread::spawn(move || answer(stream.unwrap(), &served, &seen));
            }
        });
        let mut repository = Self {
            address,
            files,
            requests,
            key: PrivateKey::generate().unwrap(),
            version: 0,
            root_version: 0,
            targets: targets
                .iter()
                .map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec()))
                .collect(),
            custom: BTreeMap::new(),
            expires: "2100-01-01T00:00:00Z".into(),
        };
        repository.publish_root();
        repository.publish();
        repository
    }

    /// The paths that were asked for, and forgets them.
    pub fn take_requests(&self) -> Vec<String> {
        std::mem::take(&mut *self.requests.lock().unwrap())
    }

    pub fn set_target(&mut self, name: &str, bytes: &[u8]) {
        self.targets.insert(name.into(), bytes.to_vec());
    }

    /// States `custom` metadata of a target.
    pub fn describe(&mut self, name: &str, custom: Value) {
        self.custom.insert(name.into(), custom);
    }

    /// What is served at `path`.
    pub fn file(&self, path: &str) -> Vec<u8> {
        self.files.lock().unwrap()[path].clone()
    }

    /// Serves other bytes at `path` than were signed.
    pub fn tamper(&self, path: &str, bytes: &[u8]) {
        self.files.lock().unwrap().insert(path.into(), bytes.to_vec());
    }

    pub fn publish_root(&mut self) {
        self.root_version += 1;
        let id = hex(&self.key.public_key().key_id());
        let role = json!({"keyids": [id], "threshold": 1});
        let key = json!({
            "keytype": "ecdsa", "scheme": "ecdsa-sha2-nistp256",
            "keyval": {"public": self.key.public_key().to_pem()},
        });
        let root = self.metadata(
            "root",
            self.root_version,
            json!({
                "consistent_snapshot": true, "keys": {id.as_str(): key},
                "roles": {"root": role, "timestamp": role, "snapshot": role, "targets": role},
            }),
        );
        self.put(&format!("{}.root.json", self.root_version), root);
    }

    /// Signs new targets, snapshot and timestamp metadata.
    pub fn publish(&mut self) {
        self.version += 1;
        let mut listed = serde_json::Map::new();
        for (name, bytes) in &self.targets.clone() {
            let digest = Digest::sha256(bytes).hex().to_owned();
            let mut file = json!({"length": bytes.len(), "hashes": {"sha256": digest}});
            if let Some(custom) = self.custom.get(name) {
                file["custom"] = custom.clone();
            }
            listed.insert(name.clone(), file);
            self.put(&format!("targets/{digest}.{name}"), bytes.clone());
        }
        let version = self.version;
        let targets = self.metadata("targets", version, json!({"targets": listed}));
        self.put(&format!("{version}.targets.json"), targets);
        let snapshot = self.metadata(
            "snapshot",
            version,
            json!({"meta": {"targets.json": {"version": version}}}),
        );
        self.put(&format!("{version}.snapshot.json"), snapshot);
        let timestamp = self.metadata(
            "timestamp",
            version,
            json!({"meta": {"snapshot.json": {"version": version}}}),
        );
        self.put("timestamp.json", timestamp);
    }

    fn metadata(&self, kind: &str, version: u64, mut body: Value) -> Vec<u8> {
        body["_type"] = kind.into();
        body["spec_version"] = "1.0.31".into();
        body["version"] = version.into();
        body["expires"] = self.expires.as_str().into();
        // serde_json sorts members, and nothing here needs other escapes than canonical JSON has but line ends.
        let message = body.to_string().replace("\\n", "\n");
        let signature = json!({
            "keyid": hex(&self.key.public_key().key_id()),
            "sig": hex(&self.key.sign(message.as_bytes()).unwrap()),
        });
        json!({"signed": body, "signatures": [signature]})
            .to_string()
            .into_bytes()
    }

    fn put(&self, path: &str, bytes: Vec<u8>) {
        self.files.lock().unwrap().insert(path.into(), bytes);
    }
}

fn answer(stream: std::net::TcpStream, files: &Mutex<Files>, requests: &Mutex<Vec<String>>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        let path = line
            .split(' ')
            .nth(1)
            .unwrap_or_default()
            .trim_start_matches('/')
            .to_owned();
        while reader.read_line(&mut line).unwrap_or(0) > 2 {}
        let body = files.lock().unwrap().get(&path).cloned();
        requests.lock().unwrap().push(path);
        let status = if body.is_some() { "200 OK" } else { "404 Not Found" };
        let body = body.unwrap_or_default();
        let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n", body.len());
        let mut stream = &stream;
        if stream
            .write_all(head.as_bytes())
            .and_then(|()| stream.write_all(&body))
            .is_err()
        {
            return;
        }
    }
}
