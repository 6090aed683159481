//! What `verify` prints of its verdicts: cosign's formats, and lines of JSON for many images.

use countersign::certificate::fulcio::Claim;
use countersign::verify::{Checks, VerifiedImage, VerifiedSignature};
use serde::Serialize;
use serde_json::value::RawValue;

use super::progress::Progress;
use super::trust::warn_of_timestamps;
use super::{Context, Failure};

/// The format of standard output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Output {
    /// A JSON array of payloads for each image.
    Json,
    /// A JSON object on a line for each image, also for those that failed.
    Jsonl,
    /// The payloads, one on a line.
    Text,
}

/// Prints verdicts in the order in which they come, and counts.
pub struct Report<'a> {
    output: Output,
    context: &'a Context,
    progress: Progress,
    asked: usize,
    verified: usize,
    failures: Vec<Failure>,
}

impl<'a> Report<'a> {
    /// A report of `asked` images.
    pub fn new(output: Output, asked: usize, context: &'a Context) -> Self {
        Self {
            output,
            context,
            progress: Progress::new(asked, output == Output::Jsonl),
            asked,
            verified: 0,
            failures: Vec::new(),
        }
    }

    /// Prints the verdict on the image that was asked as `name`.
    ///
    /// # Errors
    /// Standard output is closed.
    pub fn add(&mut self, name: &str, verdict: Result<VerifiedImage, Failure>) -> Result<(), Failure> {
        match verdict {
            Ok(image) => {
                self.verified += 1;
                self.good(&image)?;
            }
            Err(failure) => {
                if self.output == Output::Jsonl {
                    self.print(&failed_line(name, &failure))?;
                } else if self.asked > 1 {
                    self.context.note(&format!("Error: {name}: {}", failure.line()));
                }
                self.failures.push(failure);
            }
        }
        self.progress.update(self.verified, self.failures.len());
        Ok(())
    }

    /// Ends the report: a failure when any image failed, with the exit code of the first.
    pub fn finish(mut self) -> Result<(), Failure> {
        self.progress.clear();
        let (verified, failed, asked) = (self.verified, self.failures.len(), self.asked);
        let mut failures = self.failures.into_iter();
        match failures.next() {
            None => Ok(()),
            Some(only) if asked == 1 => Err(only),
            Some(first) => {
                let left = asked.saturating_sub(verified).saturating_sub(failed);
                let left = if left > 0 {
                    format!(", {left} not looked at")
                } else {
                    String::new()
                };
                Err(first.reworded(format!(
                    "{failed} of {asked} images are not verified ({verified} are{left})"
                )))
            }
        }
    }

    fn good(&mut self, image: &VerifiedImage) -> Result<(), Failure> {
        for signature in image.signatures() {
            warn_of_timestamps(signature, self.context);
        }
        if self.output == Output::Jsonl {
            return self.print(&verified_line(image));
        }
        self.context.note(&header(image));
        match self.output {
            Output::Text => {
                for signature in image.signatures() {
                    self.note_certificate(signature);
                    let mut text = String::from_utf8_lossy(&signature.text(image.name(), image.digest())).into_owned();
                    text.push('\n');
                    self.print(&text)?;
                }
                Ok(())
            }
            _ => {
                let documents = image.signatures().iter().map(|signature| document(signature, image));
                self.print(&format!("\n[{}]\n", documents.collect::<Vec<_>>().join(",")))
            }
        }
    }

    fn note_certificate(&self, signature: &VerifiedSignature) {
        let Some(certificate) = signature.certificate() else {
            return;
        };
        let names = certificate.subject_names().unwrap_or_default();
        let claims = certificate.fulcio().unwrap_or_default();
        self.context.note(&format!(
            "Certificate subject: {}",
            names.first().map_or("", |name| name.value())
        ));
        for (label, claim) in [
            ("Certificate issuer URL", Claim::Issuer),
            ("GitHub Workflow Trigger", Claim::GithubWorkflowTrigger),
            ("GitHub Workflow SHA", Claim::GithubWorkflowSha),
            ("GitHub Workflow Name", Claim::GithubWorkflowName),
            ("GitHub Workflow Repository", Claim::GithubWorkflowRepository),
            ("GitHub Workflow Ref", Claim::GithubWorkflowRef),
        ] {
            if let Some(value) = claims.get(claim).filter(|value| !value.is_empty()) {
                self.context.note(&format!("{label}: {value}"));
            }
        }
    }

    fn print(&mut self, text: &str) -> Result<(), Failure> {
        self.progress.clear();
        Ok(self.context.print(text)?)
    }
}

fn document(signature: &VerifiedSignature, image: &VerifiedImage) -> String {
    String::from_utf8_lossy(&signature.json(image.name(), image.digest())).into_owned()
}

/// The checks that every good signature of `image` passed.
fn common_checks(image: &VerifiedImage) -> Checks {
    let checks = image.signatures().iter().map(VerifiedSignature::checks);
    checks.reduce(Checks::common).unwrap_or_default()
}

/// cosign's report of the checks that were made on an image.
fn header(image: &VerifiedImage) -> String {
    let mut text = format!(
        "\nVerification for {} --\nThe following checks were performed on each of these signatures:",
        image.name()
    );
    for sentence in common_checks(image).sentences() {
        text.push_str("\n  - ");
        text.push_str(sentence);
    }
    text
}

#[derive(Serialize)]
struct Line<'a> {
    image: &'a str,
    verified: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    checks: Vec<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    signatures: Vec<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

fn verified_line(image: &VerifiedImage) -> String {
    let signatures = image.signatures().iter().map(|signature| document(signature, image));
    line(&Line {
        image: image.name(),
        verified: true,
        digest: Some(image.digest().to_string()),
        checks: common_checks(image).sentences(),
        signatures: signatures.filter_map(|json| RawValue::from_string(json).ok()).collect(),
        code: None,
        error: None,
    })
}

fn failed_line(name: &str, failure: &Failure) -> String {
    line(&Line {
        image: name,
        verified: false,
        digest: None,
        checks: Vec::new(),
        signatures: Vec::new(),
        code: Some(failure.code()),
        error: Some(failure.line()),
    })
}

fn line(line: &Line<'_>) -> String {
    // Texts and JSON that was written before always serialise.
    let mut text = serde_json::to_string(line).unwrap_or_default();
    text.push('\n');
    text
}
