//! What the policy commands read: files, standard input, trusted roots.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign::policy::fields::{Problem, Severity};
use countersign::policy::parse;
use countersign::policy::resource::{ClusterImagePolicy, Resolved};
use countersign::policy::trust::{self, Roots};
use countersign::rekor::LogKeys;
use countersign::trust::TrustedRoot;

use super::super::{Context, Failure, tuf};

/// Largest file that is read, in bytes.
const MAX_FILE: u64 = 8 << 20;

/// Trusted roots of policies with a transparency log, timestamps or certificates.
#[derive(clap::Args, Clone, Default)]
#[command(next_help_heading = "Trust")]
pub struct Trust {
    /// Keys of logs, authorities and CAs (trusted_root.json); without it: SIGSTORE_REKOR_PUBLIC_KEY, else TUF
    #[arg(long, value_name = "FILE")]
    pub trusted_root: Option<PathBuf>,
    /// A trusted root that policies name in trustRootRef
    #[arg(long, value_name = "NAME=FILE")]
    pub trust_root: Vec<String>,
}

impl Trust {
    /// Reads the roots; where a policy needs the default one and no file is named, it is that of TUF. That it can't be
    /// had is told by the verdicts that need it.
    ///
    /// # Errors
    /// As [`Trust::load`].
    pub async fn load_for(&self, policies: &[Arc<ClusterImagePolicy>], context: &Context) -> Result<Roots, Failure> {
        let roots = self.load()?;
        if roots.has_default() || !policies.iter().any(|p| trust::needs_default(p)) {
            return Ok(roots);
        }
        Ok(match tuf::trusted_root(context, false).await {
            Ok(root) => roots.with_default(root),
            Err(failure) => roots.without_default(format!(
                "no trusted root is known ({}); name its file with --trusted-root FILE",
                failure.line()
            )),
        })
    }

    /// Reads the roots that files name.
    ///
    /// # Errors
    /// A file that can't be read or is no trusted root.
    pub fn load(&self) -> Result<Roots, Failure> {
        let mut roots = Roots::none("no trusted root is known; name its file with --trusted-root FILE");
        if let Some(path) = &self.trusted_root {
            roots = roots.with_default(trusted_root("--trusted-root", path)?);
        } else if let Some(path) = std::env::var_os("SIGSTORE_REKOR_PUBLIC_KEY").filter(|v| !v.is_empty()) {
            let keys = LogKeys::from_pem(&file(Path::new(&path))?)
                .map_err(|e| Failure::new(format!("SIGSTORE_REKOR_PUBLIC_KEY: {e}")))?;
            roots = roots.with_default(TrustedRoot {
                logs: keys,
                ct_logs: LogKeys::new(),
                certificate_authorities: Vec::new(),
                timestamp_authorities: Vec::new(),
            });
        }
        for named in &self.trust_root {
            let (name, path) = named
                .split_once('=')
                .ok_or_else(|| Failure::new(format!("--trust-root {named}: write NAME=FILE")))?;
            roots = roots.with_named(name, trusted_root("--trust-root", Path::new(path))?);
        }
        Ok(roots)
    }
}

/// Reads a trusted root; `flag` names it in messages.
pub fn trusted_root(flag: &str, path: &Path) -> Result<TrustedRoot, Failure> {
    TrustedRoot::parse(&file(path)?).map_err(|e| Failure::new(format!("{flag} {}: {e}", path.display())))
}

/// The content of a file; `-` is standard input.
pub fn file(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        std::io::stdin().lock().take(MAX_FILE + 1).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|f| f.take(MAX_FILE + 1).read_to_end(&mut bytes))
    };
    read.map_err(|e| Failure::new(format!("{}: {e}", path.display())).coded(UNDECIDED))?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(Failure::new(format!(
            "{} has more than {MAX_FILE} bytes; split it",
            path.display()
        )));
    }
    Ok(bytes)
}

/// Exit code when a question could not be decided, input that can't be read included.
pub const UNDECIDED: u8 = 2;

/// The policies of files and directories. Warnings are noted; a policy that is not valid ends in an error.
pub fn policies(paths: &[PathBuf], context: &Context) -> Result<Vec<Arc<ClusterImagePolicy>>, Failure> {
    let mut policies: Vec<Arc<ClusterImagePolicy>> = Vec::new();
    for path in expand(paths)? {
        let (parsed, _) = parse::read(&file(&path)?)
            .map_err(|e| Failure::new(format!("{}: {e}", path.display())).coded(UNDECIDED))?;
        for one in parsed {
            for problem in &one.problems {
                let line = described(&path, problem);
                match problem.severity {
                    Severity::Warning => context.note(&line),
                    Severity::Error => return Err(Failure::new(line).coded(UNDECIDED)),
                }
            }
            let Some(mut policy) = one.policy else { continue };
            if policies.iter().any(|p| p.name == policy.name) {
                let name = &policy.name;
                let text = format!("{}: another policy is called {name}; rename one", path.display());
                return Err(Failure::new(text).coded(UNDECIDED));
            }
            if let Err(error) = policy.resolve(&Resolved::new()) {
                context.note(&format!("{}: policy {}: {error}", path.display(), policy.name));
            }
            policies.push(Arc::new(policy));
        }
    }
    if policies.is_empty() {
        let text = "no ClusterImagePolicy was found in what --policy names; check the files";
        return Err(Failure::new(text).coded(UNDECIDED));
    }
    Ok(policies)
}

/// `policy.yaml:12: warning: spec.images[0].glob: …`
pub fn described(path: &Path, problem: &Problem) -> String {
    let severity = match problem.severity {
        Severity::Warning => "warning: ",
        Severity::Error => "",
    };
    match problem.position.line {
        0 => format!("{}: {severity}{problem}", path.display()),
        line => format!("{}:{line}: {severity}{problem}", path.display()),
    }
}

/// The files that paths stand for: a directory stands for its `*.yaml`, `*.yml` and `*.json`.
pub fn expand(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let failed = |e: std::io::Error| Failure::new(format!("{}: {e}", path.display())).coded(UNDECIDED);
        let mut found = Vec::new();
        for entry in std::fs::read_dir(path).map_err(failed)? {
            let file = entry.map_err(failed)?.path();
            let extension = file.extension().and_then(|e| e.to_str());
            if extension.is_some_and(|e| matches!(e, "yaml" | "yml" | "json")) && file.is_file() {
                found.push(file);
            }
        }
        found.sort();
        files.append(&mut found);
    }
    Ok(files)
}
