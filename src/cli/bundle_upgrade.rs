use std::path::PathBuf;

use countersign::bundle::{Bundle, MAX_BUNDLE, Version};
use countersign::file::{read_limited, write_atomic};
use countersign::rekor::{self, EntryBody, InclusionProof, LogEntry};

use super::{Context, Failure};

/// Write a Sigstore bundle of an older version as v0.3
///
/// A proof that an entry is in its log, which v0.1 could do without, is fetched from the log. Nothing is verified: use
/// verify-blob on the result. For bundles of cosign 2's own form use `bundle create`.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  countersign bundle upgrade old.sigstore.json --out new.sigstore.json")]
pub struct Args {
    /// The bundle (FILE)
    #[arg(value_name = "BUNDLE")]
    bundle: PathBuf,
    /// Write the bundle to FILE instead of standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Transparency log (Rekor v1) to ask for a missing proof
    #[arg(long, value_name = "URL", default_value = "https://rekor.sigstore.dev")]
    rekor_url: String,
}

pub async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let mut bundle = Bundle::parse(&read_limited(&args.bundle, MAX_BUNDLE as u64)?)?;
    let current = bundle.version == Version::V03;
    if current {
        context.note("Bundle is already at v0.3, no upgrade needed.");
    }
    bundle.version = Version::V03;
    for entry in bundle
        .entries
        .iter_mut()
        .filter(|entry| entry.inclusion_proof.is_none())
    {
        let log = rekor::Client::new(context.http(), &args.rekor_url)?;
        entry.inclusion_proof = Some(proof(&log, entry).await?);
    }
    let json = bundle.to_json()?;
    match &args.out {
        Some(path) => {
            write_atomic(path, &json, 0o644)?;
            context.note(&format!("Successfully upgraded bundle written to {}", path.display()));
            Ok(())
        }
        None => {
            context.print_bytes(&json)?;
            Ok(context.print("\n")?)
        }
    }
}

/// The log's proof for exactly this entry.
async fn proof(log: &rekor::Client, entry: &LogEntry) -> Result<InclusionProof, Failure> {
    let digest = match EntryBody::parse(&entry.body)? {
        EntryBody::HashedRekord(body) => Some(body.digest),
        EntryBody::Dsse(body) => Some(body.payload_digest),
        EntryBody::Intoto(body) => body.payload_digest,
    };
    let found = match digest {
        Some(digest) => log.find_by_hash(digest.algorithm, &digest.bytes).await?,
        None => Vec::new(),
    };
    let same = found.into_iter().find(|other| other.body == entry.body);
    same.and_then(|entry| entry.inclusion_proof).ok_or_else(|| {
        Failure::new(format!(
            "{} has no proof for the bundle's log entry {}; name the log that has it with --rekor-url",
            log.base_url(),
            entry.log_index
        ))
    })
}
