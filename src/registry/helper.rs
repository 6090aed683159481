//! Credential helpers: programs `docker-credential-<name>` (the docker-credential-helpers protocol).

use std::process::Stdio;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use zeroize::{Zeroize as _, Zeroizing};

use super::credentials::Credential;
use crate::http::shown;

/// Longest time that a helper may take: cloud helpers fetch a token.
const TIME: Duration = Duration::from_secs(30);
/// Most bytes of a helper's answer that are read.
const MAX_ANSWER: u64 = 128 << 10;

/// A credential helper.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Helper {
    program: String,
}

/// Why a helper did not do what it was asked to.
#[derive(Debug, thiserror::Error)]
pub enum HelperError {
    /// The name would be a path.
    #[error("{0:?} is not the name of a credential helper")]
    Name(String),
    /// It can't be run.
    #[error("the credential helper {program} can't be run: {reason}; install it or remove it from the configuration")]
    Run {
        /// The program.
        program: String,
        /// What the system says.
        reason: String,
    },
    /// It ran and failed.
    #[error("the credential helper {program} failed: {reason}")]
    Failed {
        /// The program.
        program: String,
        /// What it says.
        reason: String,
    },
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    #[serde(default)]
    username: String,
    #[serde(default)]
    secret: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Entry<'a> {
    #[serde(rename = "ServerURL")]
    server_url: &'a str,
    username: &'a str,
    secret: &'a str,
}

impl Helper {
    /// The helper `docker-credential-<name>`, found on `PATH`.
    ///
    /// # Errors
    /// A name that is not one of a helper.
    pub fn new(name: &str) -> Result<Self, HelperError> {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
        if name.is_empty() || name.len() > 128 || !name.bytes().all(allowed) {
            return Err(HelperError::Name(shown(name, 80)));
        }
        Ok(Self {
            program: format!("docker-credential-{name}"),
        })
    }

    /// The program's name.
    pub fn program(&self) -> &str {
        &self.program
    }

    /// The credential that the helper holds for `server`, if any.
    ///
    /// # Errors
    /// The helper can't be run, fails, or answers what is no credential.
    pub async fn get(&self, server: &str) -> Result<Option<Credential>, HelperError> {
        let answer = match self.run("get", server.as_bytes()).await? {
            Ok(answer) => answer,
            Err(said) if is_not_found(&said) => return Ok(None),
            Err(said) => return Err(self.failed(shown(&said, 200))),
        };
        let mut answer: Answer = serde_json::from_slice(&answer)
            .map_err(|_| self.failed("its answer is not what the protocol says".into()))?;
        if answer.secret.is_empty() {
            return Ok(None);
        }
        let secret = Zeroizing::new(std::mem::take(&mut answer.secret));
        Ok(Some(Credential::of(&answer.username, secret)))
    }

    /// Stores a credential.
    ///
    /// # Errors
    /// The helper can't be run or fails.
    pub async fn store(&self, server: &str, username: &str, secret: &str) -> Result<(), HelperError> {
        let entry = Entry {
            server_url: server,
            username,
            secret,
        };
        let mut input = serde_json::to_vec(&entry).map_err(|error| self.failed(error.to_string()))?;
        let outcome = self.run("store", &input).await;
        input.zeroize();
        outcome?.map(drop).map_err(|said| self.failed(shown(&said, 200)))
    }

    /// Removes what is stored for `server`; whether anything was.
    ///
    /// # Errors
    /// The helper can't be run or fails.
    pub async fn erase(&self, server: &str) -> Result<bool, HelperError> {
        match self.run("erase", server.as_bytes()).await? {
            Ok(_) => Ok(true),
            Err(said) if is_not_found(&said) => Ok(false),
            Err(said) => Err(self.failed(shown(&said, 200))),
        }
    }

    /// Runs a command of the protocol: its output, or what it says about its failure (on standard output).
    async fn run(&self, command: &str, input: &[u8]) -> Result<Result<Zeroizing<Vec<u8>>, String>, HelperError> {
        let unrunnable = |error: std::io::Error| HelperError::Run {
            program: self.program.clone(),
            reason: match error.kind() {
                std::io::ErrorKind::NotFound => "there is no such program on PATH".into(),
                _ => error.to_string(),
            },
        };
        let mut child = tokio::process::Command::new(&self.program)
            .arg(command)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(unrunnable)?;
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
        let talk = async {
            if let Some(mut stdin) = stdin {
                // A helper that fails early need not read its input.
                let _ = stdin.write_all(input).await;
                let _ = stdin.shutdown().await;
            }
            let mut output = Zeroizing::new(Vec::new());
            if let Some(stdout) = stdout {
                stdout
                    .take(MAX_ANSWER)
                    .read_to_end(&mut output)
                    .await
                    .map_err(unrunnable)?;
            }
            if output.len() as u64 == MAX_ANSWER {
                return Err(self.failed("its answer is too long".into()));
            }
            Ok((child.wait().await.map_err(unrunnable)?, output))
        };
        match tokio::time::timeout(TIME, talk).await {
            Ok(Ok((status, output))) if status.success() => Ok(Ok(output)),
            Ok(Ok((_, output))) => Ok(Err(String::from_utf8_lossy(&output).into_owned())),
            Ok(Err(error)) => Err(error),
            Err(_) => Err(self.failed(format!("no answer within {} s", TIME.as_secs()))),
        }
    }

    fn failed(&self, reason: String) -> HelperError {
        HelperError::Failed {
            program: self.program.clone(),
            reason,
        }
    }
}

/// The texts that the protocol's reference implementation gives.
fn is_not_found(said: &str) -> bool {
    let said = said.trim();
    said.is_empty() || said.contains("credentials not found") || said.contains("no credentials server URL")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_never_a_path() {
        for name in ["", "../x", "a/b", "a b", "x;y", "\u{1b}"] {
            assert!(Helper::new(name).is_err(), "{name:?}");
        }
        assert_eq!(
            Helper::new("ecr-login").unwrap().program(),
            "docker-credential-ecr-login"
        );
    }

    #[tokio::test]
    async fn a_missing_helper_is_named() {
        let error = Helper::new("not-installed-here")
            .unwrap()
            .get("r.io")
            .await
            .err()
            .unwrap();
        assert!(
            error.to_string().contains("docker-credential-not-installed-here"),
            "{error}"
        );
    }
}
