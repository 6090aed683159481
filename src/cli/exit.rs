//! The one place where an error becomes a message and an exit code.

use std::error::Error;
use std::process::ExitCode;

use countersign::verify::VerifyError;

use super::prompt::PromptError;

/// What a subcommand failed with. Any error converts into it.
pub struct Failure(Box<dyn Error + Send + Sync>, u8);

impl<E: Error + Send + Sync + 'static> From<E> for Failure {
    fn from(error: E) -> Self {
        let code = code(&error);
        Self(Box::new(error), code)
    }
}

impl Failure {
    /// A failure that only this command line knows; the text says what, where and what to do.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into().into(), 1)
    }

    /// The same failure under another exit code.
    pub fn coded(self, code: u8) -> Self {
        Self(self.0, code)
    }

    /// The same failure, told in other words.
    pub fn reworded(self, text: impl Into<String>) -> Self {
        Self(text.into().into(), self.1)
    }

    /// The same failure, with what was being done before its message.
    pub fn context(self, what: &str) -> Self {
        let text = format!("{what}: {}", self.line());
        self.reworded(text)
    }

    /// The error and its causes on one line, each cause once.
    pub fn line(&self) -> String {
        let mut line = self.0.to_string();
        let mut cause = self.0.source();
        while let Some(error) = cause {
            let text = error.to_string();
            if !line.contains(&text) {
                line.push_str(": ");
                line.push_str(&text);
            }
            cause = error.source();
        }
        line
    }

    /// The exit code of the program.
    pub fn code(&self) -> u8 {
        self.1
    }
}

fn code(error: &(dyn Error + 'static)) -> u8 {
    if let Some(PromptError::Interrupted) = error.downcast_ref() {
        return INTERRUPTED;
    }
    match (
        error.downcast_ref::<std::io::Error>(),
        error.downcast_ref::<VerifyError>(),
    ) {
        (Some(error), _) if error.kind() == std::io::ErrorKind::BrokenPipe => BROKEN_PIPE,
        (_, Some(VerifyError::None { .. })) => 10,
        (_, Some(VerifyError::TagNotFound { .. })) => 11,
        (_, Some(VerifyError::NoMatch { .. })) => 12,
        (_, Some(VerifyError::NoCertificate { .. })) => 13,
        _ => 1,
    }
}

/// What a shell reports of a program that SIGPIPE ended.
const BROKEN_PIPE: u8 = 141;
/// What a shell reports of a program that Ctrl-C ended.
const INTERRUPTED: u8 = 130;

/// Prints `failure` as cosign does, but once, and returns its exit code.
pub fn report(failure: &Failure) -> ExitCode {
    let code = failure.code();
    if code != BROKEN_PIPE {
        eprintln!("Error: {}", failure.line());
    }
    ExitCode::from(code)
}

/// Prints what clap has to say: help and version are no failure; a wrong command line ends with 1, as in cosign.
pub fn usage(error: &clap::Error) -> ExitCode {
    use clap::error::ErrorKind;
    let help = matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
    );
    if help {
        // A reader that went away is no reason to fail.
        let _ = std::io::Write::write_all(&mut std::io::stdout(), error.render().to_string().as_bytes());
        return ExitCode::SUCCESS;
    }
    let text = error.render().to_string();
    eprint!(
        "{}",
        text.strip_prefix("error: ")
            .map_or(text.clone(), |rest| format!("Error: {rest}"))
    );
    ExitCode::from(1)
}
