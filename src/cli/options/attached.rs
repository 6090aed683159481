use countersign::reference::{ImageReference, Repository};
use countersign::registry::Client;
use countersign::store::{Located, MediaTypes};

use super::super::Failure;

/// Where what belongs to an image is kept.
#[derive(clap::Args, Clone, Default)]
#[command(next_help_heading = "Registry options")]
pub struct Attached {
    /// Put PREFIX before the tags of what is attached: PREFIXsha256-<hex>.sig
    #[arg(long, value_name = "PREFIX", default_value = "", hide_default_value = true)]
    pub attachment_tag_prefix: String,
}

impl Attached {
    /// The image `name` (a reference, or `oci:DIRECTORY`), with its signatures beside it or in COSIGN_REPOSITORY.
    ///
    /// # Errors
    /// What is not a reference, a directory that is no layout, a prefix that no tag can start with.
    pub fn locate(&self, client: &Client, name: &str) -> Result<Located, Failure> {
        let prefix = &self.attachment_tag_prefix;
        let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
        if !prefix.bytes().all(fits) || prefix.starts_with(['-', '.']) || prefix.len() > MAX_PREFIX {
            return Err(Failure::new(format!(
                "--attachment-tag-prefix {prefix:?} cannot start a tag; use up to {MAX_PREFIX} letters, digits and _ - ."
            )));
        }
        let reference: ImageReference = name.parse()?;
        let elsewhere = signature_repository()?;
        Ok(Located::new(&reference, client, elsewhere.as_ref(), prefix)?)
    }
}

/// Longest prefix: a tag has 128 characters, `sha256-<hex>.sbom` takes 76 of them.
const MAX_PREFIX: usize = 52;

/// COSIGN_REPOSITORY, when it is set.
///
/// # Errors
/// It is not a repository.
fn signature_repository() -> Result<Option<Repository>, Failure> {
    match std::env::var("COSIGN_REPOSITORY") {
        Ok(text) if !text.is_empty() => match text.trim_end_matches('/').parse() {
            Ok(repository) => Ok(Some(repository)),
            Err(error) => Err(Failure::new(format!(
                "COSIGN_REPOSITORY: {error}; set it to a repository such as ghcr.io/me/signatures"
            ))),
        },
        _ => Ok(None),
    }
}

/// Docker's media types for new manifests, when COSIGN_DOCKER_MEDIA_TYPES is set to a true value.
pub fn media_types() -> MediaTypes {
    match std::env::var("COSIGN_DOCKER_MEDIA_TYPES").as_deref() {
        Ok("1" | "t" | "T" | "true" | "TRUE" | "True") => MediaTypes::Docker,
        _ => MediaTypes::Oci,
    }
}
