//! Where a key comes from: a file, an environment variable (`env://NAME`) or a web address.
//!
//! This is the edge: unlike its siblings, this module reads the environment, files and the network.

use std::path::PathBuf;

use zeroize::Zeroizing;

use super::file::MAX_FILE;
use crate::file::{FileError, read_limited};
use crate::http;

/// A key's place, as a `--key` flag names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A file.
    File(PathBuf),
    /// The value of an environment variable is the PEM text.
    Environment(String),
    /// An http or https address that serves the PEM text.
    Address(::http::Uri),
}

/// Why a key's place is not understood or cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// A place that only cosign's cloud and cluster integrations reach.
    #[error("{reference:?}: {what} is not supported; {advice}")]
    Unsupported {
        /// What was given.
        reference: String,
        /// The kind of place.
        what: &'static str,
        /// What to use instead.
        advice: &'static str,
    },
    /// A scheme that nothing knows.
    #[error("{reference:?}: unknown kind of key: name a file, env://NAME or an https:// address")]
    Unknown {
        /// What was given.
        reference: String,
    },
    /// The environment variable is not there.
    #[error("env://{name}: the environment variable {name} is not set")]
    Unset {
        /// Its name.
        name: String,
    },
    /// The file cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// The address cannot be read.
    #[error("cannot fetch the key: {0}")]
    Fetch(#[from] http::Error),
    /// The address answers with something else than a key.
    #[error("cannot fetch the key: {address} answers {status}")]
    Status {
        /// The address, without secrets.
        address: String,
        /// The HTTP status.
        status: u16,
    },
}

const KMS: &str = "read its public key with the provider's own tool and use the file, or sign with a key in a file";
const EXPORT: &str = "write the secret's cosign.key to a file, or put it in an environment variable and use env://NAME";

impl Source {
    /// Understands `reference`; nothing is read yet.
    pub fn parse(reference: &str) -> Result<Self, SourceError> {
        let unsupported = |what, advice| {
            Err(SourceError::Unsupported {
                reference: cut(reference),
                what,
                advice,
            })
        };
        let Some((scheme, rest)) = reference.split_once("://") else {
            if reference.starts_with("pkcs11:") {
                return unsupported("a PKCS#11 token", KMS);
            }
            return Ok(Self::File(reference.into()));
        };
        match scheme {
            "env" if !rest.is_empty() => Ok(Self::Environment(rest.into())),
            "http" | "https" => reference.parse().map(Self::Address).map_err(|_| SourceError::Unknown {
                reference: cut(reference),
            }),
            "k8s" => unsupported("a Kubernetes secret", EXPORT),
            "gitlab" | "github" => unsupported("a project's variable", EXPORT),
            "awskms" | "gcpkms" | "azurekms" | "hashivault" | "openbao" => unsupported("a key management service", KMS),
            // A file may have any name; a scheme is a word.
            _ if scheme
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'+') =>
            {
                Err(SourceError::Unknown {
                    reference: cut(reference),
                })
            }
            _ => Ok(Self::File(reference.into())),
        }
    }

    /// Reads the PEM text, at most [`MAX_FILE`] bytes; `client` is used only for an address.
    pub async fn read(&self, client: &http::Client) -> Result<Zeroizing<Vec<u8>>, SourceError> {
        match self {
            Self::Address(address) => fetch(client, address).await,
            _ => self.read_local(),
        }
    }

    /// As [`Source::read`], without the network: an address is refused.
    pub fn read_local(&self) -> Result<Zeroizing<Vec<u8>>, SourceError> {
        match self {
            Self::File(path) => Ok(Zeroizing::new(read_limited(path, MAX_FILE as u64)?)),
            Self::Environment(name) => std::env::var_os(name)
                .map(|value| Zeroizing::new(value.into_encoded_bytes()))
                .ok_or_else(|| SourceError::Unset { name: cut(name) }),
            Self::Address(address) => Err(SourceError::Unsupported {
                reference: http::redacted(address),
                what: "a web address",
                advice: "download the key and name the file",
            }),
        }
    }
}

async fn fetch(client: &http::Client, address: &::http::Uri) -> Result<Zeroizing<Vec<u8>>, SourceError> {
    let response = client.send(http::Request::get(address.clone(), MAX_FILE)).await?;
    if !response.status.is_success() {
        return Err(SourceError::Status {
            address: http::redacted(address),
            status: response.status.as_u16(),
        });
    }
    Ok(Zeroizing::new(response.body.to_vec()))
}

fn cut(text: &str) -> String {
    text.chars().take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_told_apart() {
        let parse = |text: &str| Source::parse(text).unwrap();
        assert_eq!(parse("cosign.key"), Source::File("cosign.key".into()));
        assert_eq!(parse("/a b/c:d"), Source::File("/a b/c:d".into()));
        assert_eq!(parse("env://KEY"), Source::Environment("KEY".into()));
        assert!(matches!(parse("https://example.com/cosign.pub"), Source::Address(_)));
    }

    #[test]
    fn cloud_and_cluster_places_are_refused_with_what_to_use() {
        for text in [
            "k8s://ns/name",
            "awskms:///alias/x",
            "gitlab://a/b",
            "pkcs11:token=x",
            "hashivault://k",
        ] {
            let error = Source::parse(text).unwrap_err().to_string();
            assert!(error.contains("not supported") && error.contains("file"), "{error}");
        }
        assert!(matches!(
            Source::parse("myplugin://x"),
            Err(SourceError::Unknown { .. })
        ));
        assert!(matches!(Source::parse("env://"), Err(SourceError::Unknown { .. })));
    }

    #[test]
    fn a_missing_variable_is_named() {
        let error = Source::Environment("COUNTERSIGN_NO_SUCH_VARIABLE".into())
            .read_local()
            .unwrap_err()
            .to_string();
        assert!(error.contains("COUNTERSIGN_NO_SUCH_VARIABLE is not set"), "{error}");
    }
}
