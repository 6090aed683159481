//! Signing blobs, and statements about them: nothing of a registry.

use bytes::Bytes;

use super::{AttestationEntry, Published, Services, SignError, Signer};
use crate::bundle::{self, Bundle, Content, Legacy, MessageDigest};
use crate::dsse::{self, Envelope};
use crate::key::{HashAlgorithm, KeyAlgorithm};

/// What is signed.
#[derive(Clone, Copy, Debug)]
pub enum Blob<'a> {
    /// All of it.
    Bytes(&'a [u8]),
    /// Its SHA-256; keys whose signatures are over the whole message (Ed25519) cannot sign it.
    Sha256(&'a [u8; 32]),
}

/// A signature over a blob.
#[derive(Clone, Debug)]
pub struct SignedBlob {
    /// The SHA-256 of the blob.
    pub digest: Vec<u8>,
    /// The signature.
    pub signature: Vec<u8>,
    /// What makes it public.
    pub published: Published,
}

/// A signed in-toto statement.
#[derive(Clone, Debug)]
pub struct SignedStatement {
    /// The envelope, with one signature.
    pub envelope: Envelope,
    /// What makes it public.
    pub published: Published,
}

/// Whether `signer` needs the whole blob, not only its digest.
pub fn needs_bytes(signer: &Signer) -> bool {
    signer.key().algorithm() == KeyAlgorithm::Ed25519
}

/// Signs `blob` and makes the signature public with `services`.
///
/// # Errors
/// [`SignError`]: the key cannot sign it, or a service failed.
pub async fn sign(blob: Blob<'_>, signer: &Signer, services: &Services) -> Result<SignedBlob, SignError> {
    let hash = HashAlgorithm::Sha256;
    let (digest, signature) = match blob {
        Blob::Bytes(bytes) => (hash.digest(bytes), signer.key().sign(bytes)?),
        Blob::Sha256(digest) => (digest.to_vec(), signer.key().sign_prehashed(hash, digest)?),
    };
    let published = match <&[u8; 32]>::try_from(digest.as_slice()) {
        Ok(digest) => services.publish_digest(digest, &signature, signer).await?,
        Err(_) => Published::default(),
    };
    Ok(SignedBlob {
        digest,
        signature,
        published,
    })
}

/// The form that a statement is kept in, which decides what is stamped and logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A Sigstore bundle.
    Bundle,
    /// The envelope alone, as cosign 2 keeps it.
    Envelope(AttestationEntry),
}

/// Signs the JSON of a statement and makes the signature public with `services`.
///
/// # Errors
/// [`SignError`].
pub async fn sign_statement(
    statement: Bytes,
    form: Form,
    signer: &Signer,
    services: &Services,
) -> Result<SignedStatement, SignError> {
    if form != Form::Bundle {
        services.at_most_one_each()?;
    }
    let signature = if needs_bytes(signer) {
        signer.key().sign(&dsse::pae(dsse::IN_TOTO, &statement))?
    } else {
        let digest = dsse::pae_sha256(dsse::IN_TOTO, &statement);
        signer.key().sign_prehashed(HashAlgorithm::Sha256, &digest)?
    };
    let envelope = Envelope::new(dsse::IN_TOTO, statement, signature.clone());
    let published = match form {
        Form::Bundle => services.publish_envelope(&envelope, &signature, signer).await?,
        Form::Envelope(kind) => {
            services
                .publish_attestation(&envelope, &signature, signer, kind)
                .await?
        }
    };
    Ok(SignedStatement { envelope, published })
}

impl SignedBlob {
    /// The signature as a Sigstore bundle.
    pub fn to_bundle(&self, signer: &Signer) -> Bundle {
        let content = Content::Message {
            digest: Some(MessageDigest {
                algorithm: HashAlgorithm::Sha256,
                digest: self.digest.clone(),
            }),
            signature: self.signature.clone(),
        };
        bundle(content, &self.published, signer)
    }

    /// The signature in cosign 2's form.
    pub fn to_legacy(&self, signer: &Signer) -> Legacy {
        legacy(self.signature.clone(), &self.published, signer)
    }
}

impl SignedStatement {
    /// The statement as a Sigstore bundle.
    pub fn to_bundle(&self, signer: &Signer) -> Bundle {
        bundle(Content::Dsse(self.envelope.clone()), &self.published, signer)
    }

    /// The statement in cosign 2's form.
    pub fn to_legacy(&self, signer: &Signer) -> Legacy {
        legacy(self.envelope.to_json(), &self.published, signer)
    }
}

pub(super) fn bundle(content: Content, published: &Published, signer: &Signer) -> Bundle {
    Bundle {
        version: bundle::Version::V03,
        signer: signer.of_bundle(),
        entries: published.entries.clone(),
        timestamps: published.timestamps.clone(),
        content,
    }
}

fn legacy(signature: Vec<u8>, published: &Published, signer: &Signer) -> Legacy {
    Legacy {
        signature,
        certificates: signer.certificate().cloned().into_iter().collect(),
        claimed_key: None,
        entry: published.entries.first().cloned(),
    }
}

impl SignedBlob {
    /// The first timestamp as the file that `--rfc3161-timestamp` names holds it.
    pub fn timestamp_json(&self) -> Option<String> {
        timestamp_json(&self.published)
    }
}

impl SignedStatement {
    /// The first timestamp as the file that `--rfc3161-timestamp-bundle` names holds it.
    pub fn timestamp_json(&self) -> Option<String> {
        timestamp_json(&self.published)
    }
}

fn timestamp_json(published: &Published) -> Option<String> {
    published
        .timestamps
        .first()
        .map(|token| super::timestamp_annotation(token))
}
