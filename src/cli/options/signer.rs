use std::path::PathBuf;

/// Who has to have signed: a key, or the holder of a certificate.
#[derive(clap::Args, Clone, Default)]
#[command(next_help_heading = "Signer")]
pub struct Signer {
    /// Public key: a PEM FILE, env://NAME, an https:// address, or a private key file
    #[arg(long, value_name = "KEY")]
    pub key: Option<String>,
    /// Certificate of the signer (PEM FILE), when it does not lie beside the signature
    #[arg(long, visible_alias = "cert", value_name = "FILE", conflicts_with = "key")]
    pub certificate: Option<PathBuf>,
    /// CA certificates above the signer's, ending with the root (PEM FILE)
    #[arg(long, visible_alias = "cert-chain", value_name = "FILE", conflicts_with_all = ["ca_roots", "ca_intermediates"])]
    pub certificate_chain: Option<PathBuf>,
    /// Root CA certificates to trust (PEM FILE)
    #[arg(long, value_name = "FILE")]
    pub ca_roots: Option<PathBuf>,
    /// CA certificates between the signer's and the roots (PEM FILE)
    #[arg(long, value_name = "FILE", requires = "ca_roots")]
    pub ca_intermediates: Option<PathBuf>,
    /// Identity in the certificate: an e-mail address, a URI, a DNS name or an IP address
    #[arg(long, visible_alias = "cert-identity", value_name = "NAME")]
    pub certificate_identity: Option<String>,
    /// Identity in the certificate, as a Go regular expression; write ^ and $ where it has to match the whole
    #[arg(long, visible_alias = "cert-identity-regexp", value_name = "REGEXP")]
    pub certificate_identity_regexp: Option<String>,
    /// OIDC issuer in the certificate, e.g. https://token.actions.githubusercontent.com
    #[arg(long, visible_alias = "cert-oidc-issuer", value_name = "URL")]
    pub certificate_oidc_issuer: Option<String>,
    /// OIDC issuer in the certificate, as a Go regular expression
    #[arg(long, visible_alias = "cert-oidc-issuer-regexp", value_name = "REGEXP")]
    pub certificate_oidc_issuer_regexp: Option<String>,
    /// Name of the GitHub workflow in the certificate
    #[arg(long, value_name = "NAME")]
    pub certificate_github_workflow_name: Option<String>,
    /// Git reference of the GitHub workflow run in the certificate
    #[arg(long, value_name = "REF")]
    pub certificate_github_workflow_ref: Option<String>,
    /// Repository of the GitHub workflow in the certificate
    #[arg(long, value_name = "OWNER/NAME")]
    pub certificate_github_workflow_repository: Option<String>,
    /// Commit of the GitHub workflow run in the certificate
    #[arg(long, value_name = "SHA")]
    pub certificate_github_workflow_sha: Option<String>,
    /// Event that started the GitHub workflow run in the certificate, e.g. push
    #[arg(long, value_name = "EVENT")]
    pub certificate_github_workflow_trigger: Option<String>,
    /// Accept certificates that prove no entry in a certificate transparency log
    #[arg(long)]
    pub insecure_ignore_sct: bool,
    /// Signed certificate timestamp beside the certificate (FILE, RFC 6962 AddChainResponse)
    #[arg(long, value_name = "FILE")]
    pub sct: Option<PathBuf>,
    /// Hash of the signature: sha224, sha256, sha384 or sha512
    #[arg(long, value_name = "HASH", default_value = "sha256")]
    pub signature_digest_algorithm: String,
    /// Not supported: signing with a hardware token; export its public key and name it with --key
    #[arg(long)]
    pub sk: bool,
    /// Not supported: signing with a hardware token; export its public key and name it with --key
    #[arg(long, value_name = "SLOT")]
    pub slot: Option<String>,
}

impl Signer {
    /// The first given flag that asks something of a certificate.
    pub fn of_certificates(&self) -> Option<&'static str> {
        let flags = [
            ("certificate-identity", &self.certificate_identity),
            ("certificate-identity-regexp", &self.certificate_identity_regexp),
            ("certificate-oidc-issuer", &self.certificate_oidc_issuer),
            ("certificate-oidc-issuer-regexp", &self.certificate_oidc_issuer_regexp),
            (
                "certificate-github-workflow-name",
                &self.certificate_github_workflow_name,
            ),
            ("certificate-github-workflow-ref", &self.certificate_github_workflow_ref),
            (
                "certificate-github-workflow-repository",
                &self.certificate_github_workflow_repository,
            ),
            ("certificate-github-workflow-sha", &self.certificate_github_workflow_sha),
            (
                "certificate-github-workflow-trigger",
                &self.certificate_github_workflow_trigger,
            ),
        ];
        let given = |value: &Option<String>| value.as_deref().is_some_and(|value| !value.is_empty());
        flags.into_iter().find(|(_, value)| given(value)).map(|(name, _)| name)
    }
}
