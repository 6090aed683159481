use countersign::digest::{Algorithm, Digest};
use countersign::file::read_limited;
use countersign::http;
use countersign::trust::tuf::{DEFAULT_MIRROR, MAX_ROOT, Refresh, STAGING_MIRROR, Source};

use super::{Context, Failure, tuf};

/// Fetch the trust root of Sigstore, or of an instance of your own
///
/// Fetches the keys that signatures are verified with from a TUF repository and caches them in ~/.sigstore/root (or
/// TUF_ROOT), where verifying finds them. The public instance needs no initialize: its first root is built in.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  # the public instance
  countersign initialize

  # your own, with its first root and the root's SHA-256
  countersign initialize --mirror https://tuf.example.com --root root.json --root-checksum 4a1f…")]
pub struct Args {
    /// TUF repository: an https:// address, or file:///DIRECTORY
    #[arg(long, value_name = "URL", default_value = DEFAULT_MIRROR)]
    mirror: String,
    /// First trusted root: a FILE or an https:// address; the built-in one for the public instance
    #[arg(long, value_name = "ROOT", default_value = "", hide_default_value = true)]
    root: String,
    /// Checksum of --root in hexadecimal: SHA-256, or SHA-512 when it begins with sha512:
    #[arg(long, value_name = "CHECKSUM", default_value = "", hide_default_value = true)]
    root_checksum: String,
    /// Use the staging instance of Sigstore
    #[arg(long)]
    staging: bool,
}

pub async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let directory = Source::from_environment()?.directory().map(Into::into);
    let mirror = if args.staging { STAGING_MIRROR } else { &args.mirror };
    let root = if args.staging || args.root.is_empty() {
        None
    } else {
        Some(first_root(&args, context).await?)
    };
    let source = Source::new(mirror, root, directory);
    let Some(directory) = source.directory() else {
        return Err(Failure::new(
            "initialize needs a place for its cache: set HOME or TUF_ROOT",
        ));
    };
    let directory = directory.display().to_string();
    // Before anything is forgotten: a repository that cannot be read must not cost what there is.
    let root = source.first_root()?;
    Source::new(mirror, Some(root.clone()), None)
        .open(context.http(), Refresh::Always, tuf::now())
        .await?;
    let source = Source::new(mirror, Some(root), Some(directory.clone().into()));
    source.initialize()?;
    let mut updater = source.open(context.http(), Refresh::Always, tuf::now()).await?;
    if updater.trusted_root().await?.from_single_targets {
        context.note(
            "WARNING: the repository has no trusted_root.json: its single keys and certificates are used, which say \
             nothing of the times in which they are valid",
        );
    }
    if let Err(error) = updater.target(tuf::SIGNING_CONFIG).await {
        context.note(&format!(
            "WARNING: signing will need --signing-config FILE or service addresses: {error}"
        ));
    }
    context.note(&format!(
        "Trust root of {} (version {}) written to {directory}",
        source.mirror(),
        updater.root_version()
    ));
    Ok(())
}

async fn first_root(args: &Args, context: &Context) -> Result<Vec<u8>, Failure> {
    let remote = args.root.starts_with("http://") || args.root.starts_with("https://");
    let bytes = if remote {
        if args.root_checksum.is_empty() {
            context.note(
                "WARNING: the first root is fetched without a checksum: whoever serves it decides what is trusted; \
                 give its checksum with --root-checksum",
            );
        }
        let address = args
            .root
            .parse()
            .map_err(|_| Failure::new(format!("--root {:?} is no address", args.root)))?;
        let response = context.http().send(http::Request::get(address, MAX_ROOT)).await?;
        if !response.status.is_success() {
            return Err(Failure::new(format!(
                "--root {}: the server answers {}",
                args.root, response.status
            )));
        }
        response.body.to_vec()
    } else {
        let path = args.root.strip_prefix("file://").unwrap_or(&args.root);
        read_limited(path.as_ref(), MAX_ROOT as u64)?
    };
    check_sum(&bytes, &args.root_checksum)?;
    Ok(bytes)
}

fn check_sum(bytes: &[u8], expected: &str) -> Result<(), Failure> {
    let (algorithm, hex) = match expected.split_once(':') {
        _ if expected.is_empty() => return Ok(()),
        None => (Algorithm::Sha256, expected),
        Some(("sha256", hex)) => (Algorithm::Sha256, hex),
        Some(("sha512", hex)) => (Algorithm::Sha512, hex),
        Some((other, _)) => {
            return Err(Failure::new(format!(
                "--root-checksum: {other:?} is not known; use sha256: or sha512:"
            )));
        }
    };
    let actual = Digest::of(algorithm, bytes);
    if actual.hex().eq_ignore_ascii_case(hex) {
        return Ok(());
    }
    Err(Failure::new(format!(
        "--root has the checksum {actual}, not {expected}: it is not the root that you expect"
    )))
}
