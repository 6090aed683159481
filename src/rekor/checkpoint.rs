//! Checkpoints: a log's signed statement of its size and root hash (c2sp.org/tlog-checkpoint), in the form of a signed
//! note (c2sp.org/signed-note).
//!
//! Rekor v1 writes the origin `host - treeID`, signs under the name `host`, and takes the first four bytes of SHA-256
//! of the SubjectPublicKeyInfo as key ID whatever the kind of key. Rekor v2 follows the specification: the origin is
//! the name, and the key ID of an Ed25519 key is over name and key. Lines of other signers (witnesses) are ignored.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::inclusion::NodeHash;
use crate::key::{HashAlgorithm, KeyAlgorithm, PublicKey};

/// Longest note that is read, in bytes; Rekor's have under 300.
pub const MAX_BYTES: usize = 64 * 1024;

/// Most signature lines that are read. A witness network has some ten.
pub const MAX_SIGNATURES: usize = 100;

/// A checkpoint as it was found: nothing of it is verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The origin line.
    pub origin: String,
    /// The number of leaves.
    pub tree_size: u64,
    /// The root of the tree of that size.
    pub root_hash: NodeHash,
    text: String,
    signatures: Vec<NoteSignature>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct NoteSignature {
    name: String,
    key_id: [u8; 4],
    signature: Vec<u8>,
}

/// Why a text is not a checkpoint.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum CheckpointError {
    /// Longer than [`MAX_BYTES`].
    #[error("the checkpoint has {0} bytes, more than the limit of {MAX_BYTES}")]
    TooLarge(usize),
    /// Not a signed note, or its text is not origin, size and root.
    #[error("the checkpoint is malformed: {0}")]
    Malformed(&'static str),
    /// No signature line is of the log's key.
    #[error(
        "the checkpoint of {origin:?} has no signature of the log's key (key ID {expected}): it is of another log or \
         another key"
    )]
    NotSigned {
        /// The origin line.
        origin: String,
        /// The key ID that was looked for, hexadecimal.
        expected: String,
    },
    /// A signature line of the log's key does not verify.
    #[error("the checkpoint's signature is not one of the log's key: the checkpoint was altered")]
    Signature,
    /// The origin is that of another log.
    #[error("the checkpoint is of {origin:?}, but the log that is trusted is {expected:?}")]
    Origin {
        /// The origin line.
        origin: String,
        /// The origin that the log must have.
        expected: String,
    },
}

use CheckpointError::Malformed;

impl Checkpoint {
    /// Parses a signed note whose text is a checkpoint.
    ///
    /// # Errors
    /// [`CheckpointError`] for anything else.
    pub fn parse(note: &str) -> Result<Self, CheckpointError> {
        if note.len() > MAX_BYTES {
            return Err(CheckpointError::TooLarge(note.len()));
        }
        if note.chars().any(|c| c.is_control() && c != '\n') {
            return Err(Malformed("it has a control character"));
        }
        let at = note
            .rfind("\n\n")
            .ok_or(Malformed("it has no blank line before the signatures"))?;
        let (text, signatures) = note.split_at(at + 1);
        let signatures = signatures.strip_prefix('\n').unwrap_or_default();
        let signatures = signature_lines(signatures)?;

        let mut lines = text.lines();
        let origin = lines
            .next()
            .filter(|line| !line.is_empty())
            .ok_or(Malformed("it has no origin"))?;
        let size = lines.next().ok_or(Malformed("it has no tree size"))?;
        let decimal = !size.is_empty() && size.bytes().all(|b| b.is_ascii_digit());
        if !decimal || (size.starts_with('0') && size != "0") {
            return Err(Malformed("its tree size is not a decimal number"));
        }
        let tree_size = size.parse().map_err(|_| Malformed("its tree size is too large"))?;
        let root_hash = lines
            .next()
            .and_then(|line| STANDARD.decode(line).ok())
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or(Malformed("its root hash is not 32 bytes of base64"))?;
        if lines.any(str::is_empty) {
            return Err(Malformed("it has an empty extension line"));
        }
        Ok(Self {
            origin: origin.to_owned(),
            tree_size,
            root_hash,
            text: text.to_owned(),
            signatures,
        })
    }

    /// Checks that `key` signed this checkpoint under the origin's own name. Of several lines under the key's ID each
    /// must verify; lines under other IDs are other signers' and prove nothing here.
    ///
    /// # Errors
    /// [`CheckpointError::NotSigned`] and [`CheckpointError::Signature`].
    pub fn verify(&self, key: &PublicKey) -> Result<(), CheckpointError> {
        let name = self.signer_name();
        let ids = [short(&key.key_id()), short(&key_id(name, key))];
        let mut lines = self
            .signatures
            .iter()
            .filter(|line| line.name == name && ids.contains(&line.key_id))
            .peekable();
        if lines.peek().is_none() {
            return Err(CheckpointError::NotSigned {
                origin: self.origin.chars().take(120).collect(),
                expected: crate::digest::hex(&ids[1]),
            });
        }
        let text = self.text.as_bytes();
        for line in lines {
            // Rekor v1 hashes with SHA-256 whatever the curve, Rekor v2 with the hash of the curve's size.
            key.verify(text, &line.signature, HashAlgorithm::Sha256)
                .or_else(|_| key.verify(text, &line.signature, key.algorithm().matching_hash()))
                .map_err(|_| CheckpointError::Signature)?;
        }
        Ok(())
    }

    /// The name that the log signs under: the origin, or in Rekor v1's form `host - treeID` the host.
    pub fn signer_name(&self) -> &str {
        match self.origin.split_once(" - ") {
            Some((host, _)) if self.is_rekor_v1() => host,
            _ => &self.origin,
        }
    }

    /// Whether the origin has Rekor v1's form, `host - treeID`.
    pub fn is_rekor_v1(&self) -> bool {
        self.origin.split_once(" - ").is_some_and(|(host, tree)| {
            !host.is_empty() && !host.contains(' ') && !tree.is_empty() && tree.bytes().all(|b| b.is_ascii_digit())
        })
    }
}

/// The key ID of c2sp.org/signed-note in full, 32 bytes, of which a signature line has the first four: over name and
/// key for Ed25519 and RSA, SHA-256 of the SubjectPublicKeyInfo for ECDSA. Rekor v2's log IDs are these.
pub fn key_id(name: &str, key: &PublicKey) -> [u8; 32] {
    let named = |kind: &[u8], key: &[u8]| {
        Sha256::new()
            .chain_update(name)
            .chain_update("\n")
            .chain_update(kind)
            .chain_update(key)
            .finalize()
            .into()
    };
    let spki = key.spki_der();
    match key.algorithm() {
        // An Ed25519 SubjectPublicKeyInfo ends with the 32 bytes of the key (RFC 8410 section 4).
        KeyAlgorithm::Ed25519 => named(&[1], spki.last_chunk::<32>().map_or(spki, |raw| raw)),
        KeyAlgorithm::Rsa { .. } => named(b"\xffPKIX-RSA-PKCS#1v1.5", spki),
        _ => key.key_id(),
    }
}

fn short(id: &[u8; 32]) -> [u8; 4] {
    let [a, b, c, d, ..] = *id;
    [a, b, c, d]
}

fn signature_lines(lines: &str) -> Result<Vec<NoteSignature>, CheckpointError> {
    let body = lines.strip_suffix('\n').ok_or(Malformed("its last line has no end"))?;
    let mut signatures = Vec::new();
    for line in body.split('\n') {
        if signatures.len() == MAX_SIGNATURES {
            return Err(Malformed("it has more than 100 signatures"));
        }
        let malformed = Malformed("a signature line is not `— name base64`");
        let rest = line.strip_prefix("\u{2014} ").ok_or(malformed.clone())?;
        let (name, base64) = rest.split_once(' ').ok_or(malformed.clone())?;
        let bytes = STANDARD.decode(base64).map_err(|_| malformed.clone())?;
        let (key_id, signature) = bytes.split_first_chunk::<4>().ok_or(malformed.clone())?;
        if name.is_empty() || name.contains('+') || name.chars().any(char::is_whitespace) || signature.is_empty() {
            return Err(malformed);
        }
        signatures.push(NoteSignature {
            name: name.to_owned(),
            key_id: *key_id,
            signature: signature.to_vec(),
        });
    }
    Ok(signatures)
}

/// Fuzz entry: what is parsed is consistent, and no text panics.
pub fn fuzz_checkpoint(data: &[u8]) {
    if let Some(checkpoint) = std::str::from_utf8(data)
        .ok()
        .and_then(|note| Checkpoint::parse(note).ok())
    {
        assert!(checkpoint.origin.starts_with(checkpoint.signer_name()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::PrivateKey;
    use proptest::prelude::*;

    const ROOT: &str = "bLFxq5PTRvtSZxOAXQJ7SB3yBaqJbZ6NMYUKUfZTdJ0=";

    /// A note over `text` signed under `name` by `key`, with the short key ID of Rekor v1 or of the specification.
    fn note(text: &str, name: &str, key: &PrivateKey, id: [u8; 32]) -> String {
        let signature = [&id[..4], &key.sign(text.as_bytes()).unwrap()].concat();
        format!("{text}\n\u{2014} {name} {}\n", STANDARD.encode(signature))
    }

    fn key() -> PrivateKey {
        PrivateKey::generate().unwrap()
    }

    #[test]
    fn both_generations_of_origin_and_unknown_signers_are_read() {
        let key = key();
        let id = key.public_key().key_id();
        for (origin, name) in [("rekor.local - 123", "rekor.local"), ("log.example/a", "log.example/a")] {
            let text = format!("{origin}\n7\n{ROOT}\nextension\n");
            let signed = note(&text, name, &key, id);
            let checkpoint = Checkpoint::parse(&signed).unwrap();
            assert_eq!((checkpoint.tree_size, checkpoint.signer_name()), (7, name));
            checkpoint.verify(key.public_key()).unwrap();
            let witnessed = format!("{signed}\u{2014} witness.example {}\n", STANDARD.encode([9; 80]));
            Checkpoint::parse(&witnessed).unwrap().verify(key.public_key()).unwrap();
        }
    }

    #[test]
    fn a_signature_under_another_name_or_by_another_key_is_none() {
        let (log, other) = (key(), key());
        let text = format!("log.example\n7\n{ROOT}\n");
        let verify = |note: String| Checkpoint::parse(&note).unwrap().verify(log.public_key());
        let id = log.public_key().key_id();
        let not_signed = |result| matches!(result, Err(CheckpointError::NotSigned { .. }));
        assert!(not_signed(verify(note(&text, "witness.example", &log, id))));
        assert!(not_signed(verify(note(
            &text,
            "log.example",
            &other,
            other.public_key().key_id()
        ))));
        assert_eq!(
            verify(note(&text, "log.example", &other, id)),
            Err(CheckpointError::Signature)
        );
        // A good line does not excuse a bad one under the same ID.
        let both = note(&text, "log.example", &log, id)
            + note(&text, "log.example", &other, id).lines().last().unwrap()
            + "\n";
        assert_eq!(verify(both), Err(CheckpointError::Signature));
    }

    #[test]
    fn what_is_no_checkpoint_is_refused() {
        let key = key();
        let id = key.public_key().key_id();
        let good = note(&format!("log.example\n7\n{ROOT}\n"), "log.example", &key, id);
        assert!(Checkpoint::parse(&good).is_ok());
        for (from, to) in [
            ("\n7\n", "\n07\n"),
            ("\n7\n", "\n-7\n"),
            ("\n7\n", "\n+7\n"),
            ("\n7\n", "\n18446744073709551616\n"),
            ("\n7\n", "\n\n"),
            ("\n7\n", "\n7\r\n"),
            ("log.example\n7", "\n7"),
            (ROOT, "AAAA"),
            (ROOT, ""),
            ("\u{2014} ", "- "),
            ("\u{2014} log.example ", "\u{2014} "),
            (
                "\u{2014} log.example ",
                "\u{2014} log.example AAAA\n\u{2014} log.example ",
            ),
            ("\n\n", "\n"),
        ] {
            assert!(good.contains(from));
            assert!(
                Checkpoint::parse(&good.replacen(from, to, 1)).is_err(),
                "{from:?} {to:?}"
            );
        }
        assert!(Checkpoint::parse(good.trim_end()).is_err());
        let line = good.lines().last().unwrap();
        let many = format!("{good}{}", format!("{line}\n").repeat(MAX_SIGNATURES));
        assert!(Checkpoint::parse(&many).is_err());
        assert_eq!(
            Checkpoint::parse(&"a".repeat(MAX_BYTES + 1)),
            Err(CheckpointError::TooLarge(MAX_BYTES + 1))
        );
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC*\n?[0-9]{0,25}\n?\\PC*\n\n(\u{2014} \\PC*\n)*") {
            fuzz_checkpoint(text.as_bytes());
        }
    }
}
