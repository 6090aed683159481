use std::path::PathBuf;

/// Which proof a signature has to bring: transparency logs, timestamps, and where their keys come from.
#[derive(clap::Args, Clone)]
#[command(next_help_heading = "Transparency log and timestamps")]
pub struct Evidence {
    /// Keys of logs, authorities and CAs (trusted_root.json); without it: SIGSTORE_REKOR_PUBLIC_KEY, else TUF
    #[arg(long, value_name = "FILE")]
    pub trusted_root: Option<PathBuf>,
    /// Accept signatures that are in no transparency log: a stolen key could sign unnoticed
    #[arg(long)]
    pub insecure_ignore_tlog: bool,
    /// Accept signatures that are in no transparency log, because the infrastructure has none
    #[arg(long)]
    pub private_infrastructure: bool,
    /// Ask no service but the registry: log entries have to lie beside the signature
    #[arg(long)]
    pub offline: bool,
    /// Transparency log to ask for signatures that have no log entry beside them
    #[arg(long, value_name = "URL", default_value = "https://rekor.sigstore.dev")]
    pub rekor_url: String,
    /// Ask for a timestamp (RFC 3161) of a trusted authority
    #[arg(long)]
    pub use_signed_timestamps: bool,
    /// Certificates of the timestamp authority, ending with the root (PEM FILE)
    #[arg(long, value_name = "FILE")]
    pub timestamp_certificate_chain: Option<PathBuf>,
}
