//! `policy certificate`: a certificate for the webhook where nothing else makes one.

use std::path::PathBuf;

use countersign::admission::self_signed;
use countersign::file;

use super::super::{Context, Failure};

/// Make a certificate for the webhook
///
/// Writes ca.crt, tls.crt and tls.key, valid for a year, and prints ca.crt as the caBundle of a webhook configuration. The
/// authority's key is not kept: make all three anew before they run out, or use a certificate manager.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  \
    countersign policy certificate --dns countersign.countersign-system.svc --directory tls")]
pub struct Args {
    /// Name of the webhook's service
    #[arg(long, value_name = "NAME", default_value = "countersign.countersign-system.svc")]
    dns: Vec<String>,
    /// Where to write; it is made when it does not exist
    #[arg(long, value_name = "DIR", default_value = ".")]
    directory: PathBuf,
}

pub fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let made = self_signed::make(&args.dns, jiff::Timestamp::now().as_second())?;
    std::fs::create_dir_all(&args.directory).map_err(|e| Failure::new(format!("{}: {e}", args.directory.display())))?;
    for (name, text, mode) in [
        ("ca.crt", made.authority.as_str(), 0o644),
        ("tls.crt", made.certificate.as_str(), 0o644),
        ("tls.key", made.key.as_str(), 0o600),
    ] {
        file::write_atomic(&args.directory.join(name), text.as_bytes(), mode)?;
    }
    context.note(&format!(
        "Wrote ca.crt, tls.crt and tls.key to {}. The caBundle is:",
        args.directory.display()
    ));
    context.print(&format!("{}\n", made.ca_bundle()))?;
    Ok(())
}
