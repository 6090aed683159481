//! The interface of Rekor v2, with its tiles.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use countersign::key::HashAlgorithm;
use countersign::rekor::Verifier;
use serde_json::{Value, json};

use super::body::{base64, key_of, text};
use super::http::{Answer, Question};
use super::{Entry, State, now, sha256, tree};

const ORIGIN: &str = "127.0.0.1";

impl State {
    pub(super) fn v2(&mut self, question: &Question) -> Answer {
        match (question.method.as_str(), question.path.as_str()) {
            ("POST", "/api/v2/log/entries") => self.create_v2(&question.body),
            ("GET", "/api/v2/checkpoint") => {
                let note = self.checkpoint_v2(&self.leaves_v2());
                Answer::bytes(200, "text/plain", note.into_bytes())
            }
            ("GET", path) => match path.strip_prefix("/api/v2/tile/").and_then(|name| self.tile(name)) {
                Some(bytes) => Answer::bytes(200, "application/octet-stream", bytes),
                None => Answer::error(404, "not found"),
            },
            _ => Answer::error(405, "method not allowed"),
        }
    }

    /// The log's ID: SHA-256 of name, a line end, the kind of key, and the key (c2sp.org/signed-note).
    pub(super) fn log_id_v2(&self) -> [u8; 32] {
        let spki = self.key_v2.public_key().spki_der();
        sha256(&[ORIGIN.as_bytes(), b"\n\x01", &spki[spki.len() - 32..]].concat())
    }

    fn leaves_v2(&self) -> Vec<tree::Hash> {
        self.entries_v2.iter().map(|entry| tree::leaf(&entry.body)).collect()
    }

    fn checkpoint_v2(&self, leaves: &[tree::Hash]) -> String {
        tree::checkpoint(ORIGIN, ORIGIN, leaves, &self.key_v2, &self.log_id_v2())
    }

    fn create_v2(&mut self, bytes: &[u8]) -> Answer {
        let request: Value = serde_json::from_slice(bytes).unwrap_or_default();
        let body = match canonical(&request) {
            Ok(body) => body,
            Err(reason) => return Answer::json(400, &json!({"code": 3, "message": reason, "details": []})),
        };
        if let Some(index) = self.entries_v2.iter().position(|entry| entry.body == body) {
            let message = format!("an equivalent entry already exists in the transparency log with index {index}");
            let json = json!({"code": 6, "message": message, "details": []});
            return Answer::json(409, &json).with("X-Log-Index", index.to_string());
        }
        self.entries_v2.push(Entry {
            body,
            time: now(),
            index: vec![],
        });
        Answer::json(201, &self.entry_v2(self.entries_v2.len() - 1))
    }

    fn entry_v2(&self, index: usize) -> Value {
        let leaves = self.leaves_v2();
        let path: Vec<_> = tree::path(index, &leaves)
            .iter()
            .map(|hash| STANDARD.encode(hash))
            .collect();
        json!({
            "logIndex": index.to_string(),
            "logId": {"keyId": STANDARD.encode(self.log_id_v2())},
            "kindVersion": {"kind": "hashedrekord", "version": "0.0.2"},
            "integratedTime": "0",
            "inclusionPromise": null,
            "inclusionProof": {
                "logIndex": index.to_string(),
                "rootHash": STANDARD.encode(tree::root(&leaves)),
                "treeSize": leaves.len().to_string(),
                "hashes": path,
                "checkpoint": {"envelope": self.checkpoint_v2(&leaves)},
            },
            "canonicalizedBody": STANDARD.encode(&self.entries_v2[index].body),
        })
    }

    /// `entries/000.p/3` or `0/000`: only the first 256,000 entries have names here.
    fn tile(&self, name: &str) -> Option<Vec<u8>> {
        let (level, name) = name.split_once('/')?;
        let (tile, width) = name.split_once(".p/").unwrap_or((name, "256"));
        let (tile, width) = (tile.parse::<usize>().ok()?, width.parse::<usize>().ok()?);
        let range = tile * 256..tile * 256 + width;
        if level == "entries" {
            let mut bundle = vec![];
            for entry in self.entries_v2.get(range)? {
                bundle.extend(u16::try_from(entry.body.len()).ok()?.to_be_bytes());
                bundle.extend(&entry.body);
            }
            return Some(bundle);
        }
        let under = 256_usize.pow(level.parse().ok()?);
        let leaves = self.leaves_v2();
        let hashes: Vec<_> = leaves.chunks_exact(under).map(tree::root).collect();
        Some(hashes.get(range)?.concat())
    }
}

/// What Rekor v2 checks and keeps.
fn canonical(request: &Value) -> Result<Vec<u8>, String> {
    let request = request
        .get("hashedRekordRequestV002")
        .ok_or("invalid type, must be hashedrekord")?;
    let (hash, name) = match text(request, "/signature/verifier/keyDetails")? {
        "PKIX_ECDSA_P256_SHA_256" => (HashAlgorithm::Sha256, "SHA2_256"),
        "PKIX_ECDSA_P384_SHA_384" => (HashAlgorithm::Sha384, "SHA2_384"),
        "PKIX_ECDSA_P521_SHA_512" | "PKIX_ED25519_PH" => (HashAlgorithm::Sha512, "SHA2_512"),
        details if details.starts_with("PKIX_RSA_PKCS1V15_") => (HashAlgorithm::Sha256, "SHA2_256"),
        details => return Err(format!("invalid hashedrekord request: {details}")),
    };
    let digest = base64(text(request, "/digest")?)?;
    let signature = base64(text(request, "/signature/content")?)?;
    let verifier = match request.pointer("/signature/verifier/publicKey/rawBytes") {
        Some(_) => Verifier::PublicKey(base64(text(request, "/signature/verifier/publicKey/rawBytes")?)?),
        None => Verifier::Certificate(base64(text(request, "/signature/verifier/x509Certificate/rawBytes")?)?),
    };
    let key = key_of(&verifier)?;
    key.verify_prehashed(hash, &digest, &signature)
        .or_else(|_| key.verify_ed25519ph(&digest, &signature))
        .map_err(|_| "invalid hashedrekord request")?;
    let body = json!({
        "apiVersion": "0.0.2", "kind": "hashedrekord",
        "spec": {"hashedRekordV002": {
            "data": {"algorithm": name, "digest": STANDARD.encode(&digest)},
            "signature": request["signature"],
        }},
    });
    Ok(body.to_string().into_bytes())
}
