//! The interface of Rekor v1.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::http::{Answer, Question};
use super::{Entry, State, body, hex, now, tree};

/// The tree's identifier.
const TREE: u64 = 0x0123_4567_89ab_cdef;
const NAME: &str = "rekor.local";

impl State {
    pub(super) fn v1(&mut self, question: &Question) -> Answer {
        let (path, query) = question.path.split_once('?').unwrap_or((&question.path, ""));
        match (question.method.as_str(), path) {
            ("POST", "/api/v1/log/entries") => self.create(&question.body),
            ("POST", "/api/v1/log/entries/retrieve") => self.search(&question.body),
            ("POST", "/api/v1/index/retrieve") => self.index(&question.body),
            ("GET", "/api/v1/log/publicKey") => {
                let pem = self.key.public_key().to_pem().into_bytes();
                Answer::bytes(200, "application/x-pem-file", pem)
            }
            ("GET", "/api/v1/log") => self.info(),
            ("GET", "/api/v1/log/entries") => {
                let index = query.strip_prefix("logIndex=").and_then(|index| index.parse().ok());
                match index.filter(|index| *index < self.entries.len()) {
                    Some(index) => Answer::json(200, &self.entry(index)),
                    None => Answer::error(404, "not found"),
                }
            }
            ("GET", path) => match path.strip_prefix("/api/v1/log/entries/").and_then(|id| self.by_id(id)) {
                Some(index) => Answer::json(200, &self.entry(index)),
                None => Answer::error(404, "not found"),
            },
            _ => Answer::error(405, "method not allowed"),
        }
    }

    fn create(&mut self, bytes: &[u8]) -> Answer {
        let Ok(proposal) = serde_json::from_slice::<Value>(bytes) else {
            return Answer::error(400, "not JSON");
        };
        let canonical = match body::canonical(&proposal) {
            Ok(canonical) => canonical,
            Err(reason) => return Answer::error(400, &format!("error processing entry: {reason}")),
        };
        if let Some(index) = self.entries.iter().position(|entry| entry.body == canonical.body) {
            let id = self.id(index);
            let message = format!("an equivalent entry already exists in the transparency log with UUID {id}");
            return Answer::error(409, &message).with("Location", format!("/api/v1/log/entries/{id}"));
        }
        self.entries.push(Entry {
            body: canonical.body,
            time: now(),
            index: canonical.index,
        });
        let index = self.entries.len() - 1;
        let id = self.id(index);
        Answer::json(201, &self.entry(index))
            .with("ETag", id.clone())
            .with("Location", format!("/api/v1/log/entries/{id}"))
    }

    fn search(&self, bytes: &[u8]) -> Answer {
        let Ok(query) = serde_json::from_slice::<Value>(bytes) else {
            return Answer::error(400, "not JSON");
        };
        let list = |name: &str| query[name].as_array().cloned().unwrap_or_default();
        let mut found = vec![];
        for id in list("entryUUIDs") {
            found.extend(id.as_str().and_then(|id| self.by_id(id)));
        }
        for index in list("logIndexes") {
            found.extend(index.as_u64().map(|n| n as usize).filter(|n| *n < self.entries.len()));
        }
        for proposal in list("entries") {
            match body::canonical(&proposal) {
                Ok(canonical) => found.extend(self.entries.iter().position(|e| e.body == canonical.body)),
                Err(reason) => return Answer::error(400, &reason),
            }
        }
        Answer::json(200, &found.into_iter().map(|index| self.entry(index)).collect())
    }

    fn index(&self, bytes: &[u8]) -> Answer {
        let query: Value = serde_json::from_slice(bytes).unwrap_or_default();
        let hash = query["hash"].as_str().unwrap_or_default().to_owned();
        let found = self
            .entries
            .iter()
            .enumerate()
            .filter(|(_, entry)| entry.index.contains(&hash));
        Answer::json(200, &found.map(|(index, _)| Value::from(self.id(index))).collect())
    }

    fn info(&self) -> Answer {
        let leaves = self.leaves();
        Answer::json(
            200,
            &json!({
                "inactiveShards": null,
                "rootHash": hex(&tree::root(&leaves)),
                "signedTreeHead": self.checkpoint(&leaves),
                "treeID": TREE.to_string(),
                "treeSize": leaves.len(),
            }),
        )
    }

    fn leaves(&self) -> Vec<tree::Hash> {
        self.entries.iter().map(|entry| tree::leaf(&entry.body)).collect()
    }

    fn checkpoint(&self, leaves: &[tree::Hash]) -> String {
        let id = self.key.public_key().key_id();
        tree::checkpoint(&format!("{NAME} - {TREE}"), NAME, leaves, &self.key, &id)
    }

    fn id(&self, index: usize) -> String {
        format!("{TREE:016x}{}", hex(&tree::leaf(&self.entries[index].body)))
    }

    fn by_id(&self, id: &str) -> Option<usize> {
        let uuid = id.get(id.len().checked_sub(64)?..)?;
        self.leaves().iter().position(|leaf| hex(leaf) == uuid)
    }

    /// `{"<identifier>": {entry}}`.
    fn entry(&self, index: usize) -> Value {
        let entry = &self.entries[index];
        let leaves = self.leaves();
        let body = STANDARD.encode(&entry.body);
        let log_id = hex(&self.key.public_key().key_id());
        // RFC 8785 of these four members, written out.
        let signed = format!(
            r#"{{"body":"{body}","integratedTime":{},"logID":"{log_id}","logIndex":{index}}}"#,
            entry.time
        );
        let path: Vec<_> = tree::path(index, &leaves).iter().map(|hash| hex(hash)).collect();
        let value = json!({
            "body": body, "integratedTime": entry.time, "logID": log_id, "logIndex": index,
            "verification": {
                "inclusionProof": {
                    "checkpoint": self.checkpoint(&leaves),
                    "hashes": path,
                    "logIndex": index,
                    "rootHash": hex(&tree::root(&leaves)),
                    "treeSize": leaves.len(),
                },
                "signedEntryTimestamp": STANDARD.encode(self.key.sign(signed.as_bytes()).unwrap()),
            },
        });
        Value::Object(Map::from_iter([(self.id(index), value)]))
    }
}
