//! Fulcio's extensions (sigstore/fulcio, `docs/oid-info.md`, 1.3.6.1.4.1.57264.1): who was authenticated, by whom, and
//! for CI systems which workflow of which repository.

use const_oid::ObjectIdentifier;

use super::{Certificate, CertificateError, name};

const FULCIO: &str = "1.3.6.1.4.1.57264.1";
/// Longest value that is kept, in bytes.
const MAX_VALUE: usize = 16 * 1024;

/// An extension of Fulcio's that carries a claim; the number is the last arc of its identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Claim {
    /// The OIDC issuer: .8 (DER), else .1 (raw).
    Issuer,
    /// GitHub's event name, .2.
    GithubWorkflowTrigger,
    /// GitHub's commit, .3.
    GithubWorkflowSha,
    /// GitHub's workflow name, .4.
    GithubWorkflowName,
    /// GitHub's repository, .5.
    GithubWorkflowRepository,
    /// GitHub's Git reference, .6.
    GithubWorkflowRef,
    /// Reference to the build instructions that ran, .9.
    BuildSignerUri,
    /// Their digest, .10.
    BuildSignerDigest,
    /// Whether the runner is hosted by the platform, .11.
    RunnerEnvironment,
    /// Source repository, .12.
    SourceRepositoryUri,
    /// Its commit, .13.
    SourceRepositoryDigest,
    /// Its Git reference, .14.
    SourceRepositoryRef,
    /// Its immutable identifier, .15.
    SourceRepositoryIdentifier,
    /// Its owner, .16.
    SourceRepositoryOwnerUri,
    /// The owner's immutable identifier, .17.
    SourceRepositoryOwnerIdentifier,
    /// The build configuration, .18.
    BuildConfigUri,
    /// Its digest, .19.
    BuildConfigDigest,
    /// What started the build, .20.
    BuildTrigger,
    /// The run, .21.
    RunInvocationUri,
    /// Visibility of the repository when it signed, .22.
    SourceRepositoryVisibility,
}

/// Each claim with its last arc and its name in reports.
const CLAIMS: [(u32, Claim, &str); 20] = [
    (8, Claim::Issuer, "Issuer"),
    (2, Claim::GithubWorkflowTrigger, "githubWorkflowTrigger"),
    (3, Claim::GithubWorkflowSha, "githubWorkflowSha"),
    (4, Claim::GithubWorkflowName, "githubWorkflowName"),
    (5, Claim::GithubWorkflowRepository, "githubWorkflowRepository"),
    (6, Claim::GithubWorkflowRef, "githubWorkflowRef"),
    (9, Claim::BuildSignerUri, "buildSignerURI"),
    (10, Claim::BuildSignerDigest, "buildSignerDigest"),
    (11, Claim::RunnerEnvironment, "runnerEnvironment"),
    (12, Claim::SourceRepositoryUri, "sourceRepositoryURI"),
    (13, Claim::SourceRepositoryDigest, "sourceRepositoryDigest"),
    (14, Claim::SourceRepositoryRef, "sourceRepositoryRef"),
    (15, Claim::SourceRepositoryIdentifier, "sourceRepositoryIdentifier"),
    (16, Claim::SourceRepositoryOwnerUri, "sourceRepositoryOwnerURI"),
    (
        17,
        Claim::SourceRepositoryOwnerIdentifier,
        "sourceRepositoryOwnerIdentifier",
    ),
    (18, Claim::BuildConfigUri, "buildConfigURI"),
    (19, Claim::BuildConfigDigest, "buildConfigDigest"),
    (20, Claim::BuildTrigger, "buildTrigger"),
    (21, Claim::RunInvocationUri, "runInvocationURI"),
    (
        22,
        Claim::SourceRepositoryVisibility,
        "sourceRepositoryVisibilityAtSigning",
    ),
];

/// What Fulcio certified beside the subject alternative name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claims {
    values: Vec<(Claim, &'static str, String)>,
}

impl Claims {
    pub(super) fn of(certificate: &Certificate) -> Result<Self, CertificateError> {
        let mut values = Vec::new();
        for (arc, claim, label) in CLAIMS {
            let found = match claim {
                // The older spelling counts only where the newer one is absent.
                Claim::Issuer => match read(certificate, arc)? {
                    Some(value) => Some(value),
                    None => read(certificate, 1)?,
                },
                _ => read(certificate, arc)?,
            };
            if let Some(value) = found {
                values.push((claim, label, value));
            }
        }
        Ok(Self { values })
    }

    /// The value of `claim`.
    pub fn get(&self, claim: Claim) -> Option<&str> {
        self.values
            .iter()
            .find(|(have, _, _)| *have == claim)
            .map(|(_, _, value)| value.as_str())
    }

    /// The OIDC issuer.
    pub fn issuer(&self) -> Option<&str> {
        self.get(Claim::Issuer)
    }

    /// All claims: name in cosign's reports, value.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.values.iter().map(|(_, label, value)| (*label, value.as_str()))
    }
}

/// Arcs 1 to 6 hold the bare text, the later ones a DER UTF8String.
fn read(certificate: &Certificate, arc: u32) -> Result<Option<String>, CertificateError> {
    let Ok(oid) = ObjectIdentifier::new(&format!("{FULCIO}.{arc}")) else {
        return Ok(None);
    };
    let Some(extension) = certificate.extension(oid) else {
        return Ok(None);
    };
    let bytes = extension.extn_value.as_bytes();
    let value = if arc <= 6 {
        String::from_utf8(bytes.to_vec()).ok()
    } else {
        name::utf8_string(bytes)
    };
    match value {
        Some(value) if value.len() <= MAX_VALUE => Ok(Some(value)),
        _ => Err(CertificateError::Extension(oid)),
    }
}
