//! `policy validate`: is the resource itself right?

use std::path::PathBuf;

use countersign::policy::fields::Severity;
use countersign::policy::parse;

use super::super::{Context, Failure};
use super::sources;

/// Check that policies are valid
///
/// Reads ClusterImagePolicy resources (policy.sigstore.dev/v1beta1 and v1alpha1) and tells every problem with its file,
/// line and field. Exits 0 when all are valid and 1 when one is not.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    countersign policy validate -f policy.yaml\n  \
    kustomize build policies | countersign policy validate -f -")]
pub struct Args {
    /// File or directory with policies; - is standard input
    #[arg(short, long, value_name = "FILE", required = true)]
    filename: Vec<PathBuf>,
    /// Treat warnings as errors
    #[arg(long)]
    strict: bool,
}

pub fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let (mut valid, mut bad) = (0, 0);
    for path in sources::expand(&args.filename)? {
        let (parsed, others) = match parse::read(&sources::file(&path)?) {
            Ok(read) => read,
            Err(error) => {
                context.print(&format!("{}: {error}\n", path.display()))?;
                bad += 1;
                continue;
            }
        };
        if parsed.is_empty() {
            context.print(&format!(
                "{}: no ClusterImagePolicy in {others} other documents; check the kind\n",
                path.display()
            ))?;
            bad += 1;
        }
        for one in parsed {
            for problem in &one.problems {
                context.print(&format!("{}\n", sources::described(&path, problem)))?;
            }
            let warned = one.problems.iter().any(|p| p.severity == Severity::Warning);
            if one.policy.is_some() && !(args.strict && warned) {
                valid += 1;
                context.print(&format!("{}: policy {} is valid\n", path.display(), one.name))?;
            } else {
                bad += 1;
            }
        }
    }
    match bad {
        0 => Ok(()),
        _ => Err(Failure::new(format!("{bad} not valid, {valid} valid"))),
    }
}
