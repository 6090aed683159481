//! Questions to the user: passwords of keys and consent, with cosign's words.

use std::time::Duration;

use zeroize::Zeroizing;

use super::terminal::{self, Input};

/// How long an answer to a yes-or-no question may take to come out of a pipe. Someone who pipes an answer has it ready;
/// a pipe that is merely open must not stop a build.
const ANSWER_PATIENCE: Duration = Duration::from_millis(500);
/// How long a piped password may take: it may come from a program that fetches it.
const PASSWORD_PATIENCE: Duration = Duration::from_secs(30);

/// A question that was not answered as needed.
#[derive(Debug, thiserror::Error)]
pub enum PromptError {
    /// The answer is not yes.
    #[error("user declined the prompt")]
    Declined,
    /// There is nobody to ask for consent.
    #[error("user declined the prompt: there is no terminal to ask on; consent with {0}")]
    NobodyConsents(&'static str),
    /// There is no terminal to ask for a password, and none is given otherwise.
    #[error(
        "a password is needed and there is no terminal to ask for it: set COSIGN_PASSWORD (an empty one counts), or \
         pipe it to standard input"
    )]
    NobodyHasPassword,
    /// The two passwords differ.
    #[error("passwords do not match")]
    Mismatch,
    /// Ctrl-C.
    #[error("interrupted")]
    Interrupted,
    /// The terminal or the pipe failed.
    #[error("cannot read the answer: {0}")]
    Io(#[from] std::io::Error),
}

/// Which password is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Password {
    /// That of an existing private key.
    Existing,
    /// That of a key that is about to be written: asked for twice.
    New,
}

/// The password of a private key: `COSIGN_PASSWORD`, else what is piped in, else what the user types.
pub async fn password(which: Password) -> Result<Zeroizing<Vec<u8>>, PromptError> {
    if let Some(password) = password_variable("COSIGN_PASSWORD") {
        return Ok(password);
    }
    match terminal::input() {
        Input::Terminal => typed_password("private key", which).await,
        Input::Piped => terminal::read_piped_secret(PASSWORD_PATIENCE)
            .await?
            .ok_or(PromptError::NobodyHasPassword),
        Input::Nobody => Err(PromptError::NobodyHasPassword),
    }
}

/// The password in the environment variable `name`; one that is set and empty is an empty password.
pub fn password_variable(name: &str) -> Option<Zeroizing<Vec<u8>>> {
    std::env::var_os(name).map(|value| Zeroizing::new(value.into_encoded_bytes()))
}

/// Asks on the terminal for the password of `what`.
pub async fn typed_password(what: &str, which: Password) -> Result<Zeroizing<Vec<u8>>, PromptError> {
    let ask = async |prompt: String| terminal::read_secret(&prompt).await?.ok_or(PromptError::Interrupted);
    let password = ask(format!("Enter password for {what}: ")).await?;
    if which == Password::New && *ask(format!("Enter password for {what} again: ")).await? != *password {
        return Err(PromptError::Mismatch);
    }
    Ok(password)
}

/// Goes on if `yes` is set or the user answers y to `question`. Without a terminal that is a no, unless a y is piped in.
pub async fn confirm(question: &str, yes: bool) -> Result<(), PromptError> {
    confirm_or(question, yes, "--yes (or COSIGN_YES=true)").await
}

/// The same where `flag` is what consents.
pub async fn confirm_or(question: &str, yes: bool, flag: &'static str) -> Result<(), PromptError> {
    if yes {
        return Ok(());
    }
    let prompt = format!("{question}\nAre you sure you would like to continue? [y/N] ");
    let answer = terminal::read_answer(&prompt, ANSWER_PATIENCE).await?;
    match answer.as_deref().map(str::trim) {
        Some("y" | "Y" | "yes" | "Yes" | "YES") => Ok(()),
        Some(_) => Err(PromptError::Declined),
        None if terminal::input() == Input::Terminal => Err(PromptError::Declined),
        None => {
            // The prompt has no line of its own to end.
            eprintln!();
            Err(PromptError::NobodyConsents(flag))
        }
    }
}
