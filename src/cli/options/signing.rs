use std::path::PathBuf;

/// Who signs, and who is told of it.
#[derive(clap::Args, Clone)]
#[command(next_help_heading = "Signing")]
pub struct Signing {
    /// Private key: a FILE, env://NAME or an https:// address; its password is COSIGN_PASSWORD
    #[arg(long, value_name = "KEY")]
    pub key: Option<String>,
    /// Certificate of the key (PEM FILE), which the signature then carries
    #[arg(long, visible_alias = "cert", value_name = "FILE", requires = "key")]
    pub certificate: Option<PathBuf>,
    /// CA certificates above --certificate, ending with the root (PEM FILE)
    #[arg(long, visible_alias = "cert-chain", value_name = "FILE", requires = "certificate")]
    pub certificate_chain: Option<PathBuf>,
    /// Make the signature public in a transparency log
    #[arg(long, default_value_t = true, action = clap::ArgAction::Set)]
    pub tlog_upload: bool,
    /// Transparency log (Rekor v1) to upload to
    #[arg(long, value_name = "URL", default_value = "https://rekor.sigstore.dev")]
    pub rekor_url: String,
    /// Logs and timestamp authorities to use (signing_config.json), in place of --rekor-url and --timestamp-server-url
    #[arg(long, value_name = "FILE")]
    pub signing_config: Option<PathBuf>,
    /// Take the services from the signing configuration of the TUF repository
    #[arg(long, value_name = "true|false")]
    pub use_signing_config: Option<bool>,
    /// Trusted keys (trusted_root.json): what the log and the authority answer is checked with them
    #[arg(long, value_name = "FILE")]
    pub trusted_root: Option<PathBuf>,
    /// Timestamp authority (RFC 3161) to ask
    #[arg(long, value_name = "URL")]
    pub timestamp_server_url: Option<String>,
    /// CA certificates of the timestamp authority's TLS (PEM FILE)
    #[arg(long, value_name = "FILE")]
    pub timestamp_client_cacert: Option<PathBuf>,
    /// Client certificate for the timestamp authority's TLS (PEM FILE)
    #[arg(long, value_name = "FILE", requires = "timestamp_client_key")]
    pub timestamp_client_cert: Option<PathBuf>,
    /// Key of --timestamp-client-cert (PEM FILE)
    #[arg(long, value_name = "FILE", requires = "timestamp_client_cert")]
    pub timestamp_client_key: Option<PathBuf>,
    /// Name that the timestamp authority's TLS certificate has to be of
    #[arg(long, value_name = "NAME")]
    pub timestamp_server_name: Option<String>,
    /// Do not ask before making anything public
    #[arg(long, short)]
    pub yes: bool,
    #[command(flatten)]
    pub keyless: Keyless,
}

/// Flags of signing without a key, which are read only to be refused.
#[derive(clap::Args, Clone)]
#[command(next_help_heading = "Not supported")]
pub struct Keyless {
    /// Not supported: signing without a key of your own; name one with --key
    #[arg(long, value_name = "URL", hide_short_help = true)]
    pub fulcio_url: Option<String>,
    /// Not supported: signing without a key of your own; name one with --key
    #[arg(long, value_name = "FLOW", hide_short_help = true)]
    pub fulcio_auth_flow: Option<String>,
    /// Not supported: signing without a key of your own; name one with --key
    #[arg(long, value_name = "TOKEN", hide_short_help = true)]
    pub identity_token: Option<String>,
    /// Not supported: signing without a key of your own; name one with --key
    #[arg(long, hide_short_help = true)]
    pub insecure_skip_verify: bool,
    /// Not supported: signing without a key of your own; name one with --key
    #[arg(long, value_name = "ID", hide_short_help = true)]
    pub oidc_client_id: Option<String>,
    /// Not supported: signing without a key of your own; name one with --key
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub oidc_client_secret_file: Option<PathBuf>,
    /// Not supported: signing without a key of your own; name one with --key
    #[arg(long, hide_short_help = true)]
    pub oidc_disable_ambient_providers: bool,
    /// Not supported: signing without a key of your own; name one with --key
    #[arg(long, value_name = "URL", hide_short_help = true)]
    pub oidc_issuer: Option<String>,
    /// Not supported: signing without a key of your own; name one with --key
    #[arg(long, value_name = "NAME", hide_short_help = true)]
    pub oidc_provider: Option<String>,
    /// Not supported: signing without a key of your own; name one with --key
    #[arg(long, value_name = "URL", hide_short_help = true)]
    pub oidc_redirect_url: Option<String>,
    /// Not supported: signing with a hardware token; use a key file with --key
    #[arg(long, hide_short_help = true)]
    pub sk: bool,
    /// Not supported: signing with a hardware token; use a key file with --key
    #[arg(long, value_name = "SLOT", hide_short_help = true)]
    pub slot: Option<String>,
}

impl Keyless {
    /// The first flag that is given although it cannot have its effect.
    pub fn refused(&self) -> Option<&'static str> {
        let given = |value: &Option<String>| value.as_ref().is_some_and(|text| !text.is_empty());
        [
            ("--fulcio-url", given(&self.fulcio_url)),
            ("--fulcio-auth-flow", given(&self.fulcio_auth_flow)),
            ("--identity-token", given(&self.identity_token)),
            ("--insecure-skip-verify", self.insecure_skip_verify),
            ("--oidc-client-id", given(&self.oidc_client_id)),
            ("--oidc-client-secret-file", self.oidc_client_secret_file.is_some()),
            ("--oidc-disable-ambient-providers", self.oidc_disable_ambient_providers),
            ("--oidc-issuer", given(&self.oidc_issuer)),
            ("--oidc-provider", given(&self.oidc_provider)),
            ("--oidc-redirect-url", given(&self.oidc_redirect_url)),
            ("--sk", self.sk),
            ("--slot", given(&self.slot)),
        ]
        .into_iter()
        .find_map(|(flag, is_given)| is_given.then_some(flag))
    }
}

impl Signing {
    /// Whether a flag is given that only cosign 3 has.
    pub fn is_of_cosign_3(&self) -> bool {
        self.signing_config.is_some() || self.use_signing_config.is_some() || self.trusted_root.is_some()
    }
}
