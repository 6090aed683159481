//! The trusted root of a repository: its target `trusted_root.json`, or, in older repositories, a target for each key
//! and certificate, whose custom metadata says what it is for (`{"sigstore": {"usage", "status", "uri"}}`).

use serde::Deserialize;
use serde_json::Value;

use super::{TufError, Updater};
use crate::pem;
use crate::rekor::LogKeys;
use crate::trust::{Authority, CertificateSummary, MAX_CHAIN, TrustedRoot, Validity, summary};

const TRUSTED_ROOT: &str = "trusted_root.json";

/// Most targets of one usage.
const MAX_TARGETS_OF_USAGE: usize = 64;

/// The trusted root of a repository, and where it came from.
#[derive(Clone, Debug)]
pub struct RepositoryRoot {
    /// What is trusted.
    pub root: TrustedRoot,
    /// Whether it was put together from single keys and certificates, for want of a `trusted_root.json`.
    pub from_single_targets: bool,
}

/// What a key or a certificate is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Usage {
    Fulcio,
    Rekor,
    CtLog,
    Timestamps,
}

impl Usage {
    /// The names of targets that serve when none states this usage. Those of the intermediates of timestamp
    /// authorities go on: `tsa_intermediate_1.crt.pem` and so forth.
    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Fulcio => &["fulcio.crt.pem", "fulcio_v1.crt.pem", "fulcio_intermediate_v1.crt.pem"],
            Self::Rekor => &["rekor.pub"],
            Self::CtLog => &["ctfe.pub"],
            Self::Timestamps => &["tsa_leaf.crt.pem", "tsa_root.crt.pem"],
        }
    }

    /// The usage and the address that custom metadata states. Whatever its status: an expired key is one whose log
    /// takes no more entries, and those that it made stay good.
    fn stated(custom: &Value) -> Option<(Self, String)> {
        #[derive(Deserialize)]
        struct Custom {
            sigstore: Statement,
        }
        #[derive(Deserialize)]
        struct Statement {
            usage: String,
            #[serde(default)]
            status: Option<String>,
            #[serde(default)]
            uri: Option<String>,
        }
        let Statement { usage, status, uri } = Custom::deserialize(custom).ok()?.sigstore;
        let known = ["unknown", "active", "expired"];
        if status.is_some_and(|status| !known.contains(&status.to_ascii_lowercase().as_str())) {
            return None;
        }
        let usage = match usage.to_ascii_lowercase().as_str() {
            "fulcio" => Self::Fulcio,
            "rekor" => Self::Rekor,
            "ctfe" => Self::CtLog,
            "tsa" => Self::Timestamps,
            _ => return None,
        };
        Some((usage, uri.unwrap_or_default()))
    }
}

/// A target: its name, the address of its service, its bytes.
struct Target {
    name: String,
    uri: String,
    bytes: Vec<u8>,
}

impl Target {
    fn fault(&self, reason: impl ToString) -> TufError {
        TufError::Unusable {
            name: crate::http::shown(&self.name, 200),
            reason: reason.to_string(),
        }
    }
}

impl Updater {
    /// What the repository says is to be trusted.
    ///
    /// # Errors
    /// There is no `trusted_root.json` and no target of a single key either; or one that is malformed.
    pub async fn trusted_root(&mut self) -> Result<RepositoryRoot, TufError> {
        let absent = match self.target(TRUSTED_ROOT).await {
            Ok(bytes) => {
                let root = TrustedRoot::parse(&bytes).map_err(|error| TufError::Unusable {
                    name: TRUSTED_ROOT.into(),
                    reason: error.to_string(),
                })?;
                return Ok(RepositoryRoot {
                    root,
                    from_single_targets: false,
                });
            }
            Err(error @ TufError::NoTarget { .. }) => error,
            Err(error) => return Err(error),
        };
        let logs = self.of(Usage::Rekor).await?;
        let ct_logs = self.of(Usage::CtLog).await?;
        let fulcio = self.of(Usage::Fulcio).await?;
        let timestamps = self.of(Usage::Timestamps).await?;
        if [&logs, &ct_logs, &fulcio, &timestamps]
            .iter()
            .all(|targets| targets.is_empty())
        {
            return Err(absent);
        }
        Ok(RepositoryRoot {
            root: TrustedRoot {
                logs: log_keys(&logs)?,
                ct_logs: log_keys(&ct_logs)?,
                certificate_authorities: certificate_authorities(&fulcio)?,
                timestamp_authorities: timestamp_authorities(&timestamps)?,
            },
            from_single_targets: true,
        })
    }

    /// The targets whose custom metadata states `usage`; where there is none, those with the names that it has had.
    async fn of(&mut self, usage: Usage) -> Result<Vec<Target>, TufError> {
        let stated: Vec<(String, String)> = self
            .listed()?
            .filter_map(|(name, file)| Some((name, Usage::stated(file.custom.as_ref()?)?)))
            .filter(|(_, (of, _))| *of == usage)
            .map(|(name, (_, uri))| (name.to_owned(), uri))
            .collect();
        if stated.len() > MAX_TARGETS_OF_USAGE {
            let reason = format!("more than {MAX_TARGETS_OF_USAGE} of its targets have the same usage");
            return Err(TufError::malformed("targets", reason));
        }
        let mut targets = Vec::new();
        for (name, uri) in stated {
            let bytes = self.target(&name).await?;
            targets.push(Target { name, uri, bytes });
        }
        if !targets.is_empty() {
            return Ok(targets);
        }
        let mut names: Vec<String> = usage.names().iter().map(|name| (*name).to_owned()).collect();
        if usage == Usage::Timestamps {
            names.extend((0..MAX_CHAIN).map(|number| format!("tsa_intermediate_{number}.crt.pem")));
        }
        for name in names {
            let uri = String::new();
            match self.target(&name).await {
                Ok(bytes) => targets.push(Target { name, uri, bytes }),
                // Intermediates are numbered without a gap.
                Err(TufError::NoTarget { .. }) if name.starts_with("tsa_intermediate") => break,
                Err(TufError::NoTarget { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(targets)
    }
}

fn log_keys(targets: &[Target]) -> Result<LogKeys, TufError> {
    let mut all = LogKeys::new();
    for target in targets {
        let keys = LogKeys::from_pem(&target.bytes).map_err(|error| target.fault(error))?;
        for key in keys.iter() {
            all.push(key.clone().with_base_url(target.uri.as_str()));
        }
    }
    Ok(all)
}

/// The certificates of some targets by their place in a chain, each with its DER.
#[derive(Default)]
struct Certificates {
    ends: Vec<Vec<u8>>,
    intermediates: Vec<Vec<u8>>,
    /// With the target that it comes from.
    roots: Vec<(usize, Vec<u8>)>,
}

impl Certificates {
    fn read(targets: &[Target]) -> Result<Self, TufError> {
        let mut sorted = Self::default();
        for (index, target) in targets.iter().enumerate() {
            for block in pem::all(&target.bytes).map_err(|error| target.fault(error))? {
                let der = block.contents.to_vec();
                let CertificateSummary { is_ca, self_issued, .. } =
                    summary(&der).map_err(|error| target.fault(error))?;
                match (is_ca, self_issued) {
                    (_, true) => sorted.roots.push((index, der)),
                    (true, false) => sorted.intermediates.push(der),
                    (false, false) => sorted.ends.push(der),
                }
            }
        }
        Ok(sorted)
    }

    /// An authority for each root, with the chain `below` it.
    fn authorities(&self, below: &[Vec<u8>], targets: &[Target]) -> Result<Vec<Authority>, TufError> {
        let mut authorities = Vec::new();
        for (index, root) in &self.roots {
            let Some(target) = targets.get(*index) else { continue };
            let chain = below.iter().cloned().chain([root.clone()]).collect();
            // The certificates alone say when they are valid.
            let authority = Authority::new(target.uri.as_str(), chain, Validity::ALWAYS);
            authorities.push(authority.map_err(|error| target.fault(error))?);
        }
        Ok(authorities)
    }
}

fn certificate_authorities(targets: &[Target]) -> Result<Vec<Authority>, TufError> {
    let certificates = Certificates::read(targets)?;
    let below = [certificates.ends.as_slice(), &certificates.intermediates].concat();
    certificates.authorities(&below, targets)
}

fn timestamp_authorities(targets: &[Target]) -> Result<Vec<Authority>, TufError> {
    let certificates = Certificates::read(targets)?;
    let mut authorities = Vec::new();
    for end in &certificates.ends {
        let below = [std::slice::from_ref(end), &certificates.intermediates].concat();
        authorities.extend(certificates.authorities(&below, targets)?);
    }
    Ok(authorities)
}
