use super::{Context, Failure};

/// Print the environment variables that are read, and their values
#[derive(clap::Args)]
pub struct Args {
    /// Show what each variable is for
    #[arg(long, default_value_t = true, action = clap::ArgAction::Set)]
    show_descriptions: bool,
    /// Show the values of secret variables
    #[arg(long)]
    show_sensitive_values: bool,
}

struct Variable {
    name: &'static str,
    what: &'static str,
    expects: &'static str,
    secret: bool,
}

const fn variable(name: &'static str, what: &'static str, expects: &'static str) -> Variable {
    Variable {
        name,
        what,
        expects,
        secret: false,
    }
}

const fn secret(name: &'static str, what: &'static str, expects: &'static str) -> Variable {
    Variable {
        name,
        what,
        expects,
        secret: true,
    }
}

const VARIABLES: &[Variable] = &[
    variable(
        "COSIGN_DOCKER_MEDIA_TYPES",
        "is for registries that do not support OCI media types",
        "1 to write Docker media types (0 by default)",
    ),
    variable(
        "COSIGN_EXPERIMENTAL",
        "is accepted for scripts that set it",
        "nothing: what it switched on is always on",
    ),
    variable(
        "COSIGN_MAX_ATTACHMENT_SIZE",
        "is the largest attachment that is fetched (default 128MiB)",
        "a size, e.g. 5120, 20K, 3M, 45MiB, 1GB",
    ),
    secret(
        "COSIGN_IMPORT_PASSWORD",
        "is the password of the encrypted key that import-key-pair reads",
        "a password (asked for by default)",
    ),
    secret(
        "COSIGN_PASSWORD",
        "is the password of private keys",
        "a password; an empty one counts (asked for by default)",
    ),
    secret(
        "COSIGN_PRIVATE_KEY",
        "is a private key for --key env://COSIGN_PRIVATE_KEY",
        "a PEM private key",
    ),
    variable(
        "COSIGN_PUBLIC_KEY",
        "is a public key for --key env://COSIGN_PUBLIC_KEY",
        "a PEM public key",
    ),
    variable(
        "COSIGN_REPOSITORY",
        "is where signatures are kept instead of beside the image",
        "a repository",
    ),
    variable(
        "DOCKER_CONFIG",
        "is the directory of docker's config.json",
        "a path (~/.docker by default)",
    ),
    variable("HTTP_PROXY", "is the proxy for http requests", "a URL"),
    variable("HTTPS_PROXY", "is the proxy for https requests", "a URL"),
    variable(
        "NO_PROXY",
        "are the hosts that are reached without the proxy",
        "names, separated by commas",
    ),
    variable(
        "REGISTRY_AUTH_FILE",
        "is the credentials file of podman and skopeo",
        "a path",
    ),
    variable(
        "SIGSTORE_CT_LOG_PUBLIC_KEY_FILE",
        "replaces the certificate transparency log's key",
        "path to the public key file",
    ),
    secret("SIGSTORE_ID_TOKEN", "is an OIDC token for Fulcio", "a token"),
    variable(
        "SIGSTORE_REKOR_PUBLIC_KEY",
        "replaces the transparency log's key",
        "path to the public key",
    ),
    variable(
        "SIGSTORE_ROOT_FILE",
        "replaces the root certificates of Fulcio",
        "path to the root CA",
    ),
    variable(
        "SIGSTORE_TSA_CERTIFICATE_FILE",
        "replaces the timestamp authority's certificates",
        "path to the PEM certificates (leaf, intermediates, root)",
    ),
    variable(
        "SOURCE_DATE_EPOCH",
        "replaces the current time in what is written",
        "seconds since the Unix epoch",
    ),
    variable("SSL_CERT_DIR", "is a directory of CA certificates for TLS", "a path"),
    variable("SSL_CERT_FILE", "is the file of CA certificates for TLS", "a path"),
    variable("TUF_MIRROR", "is the TUF repository of trust roots", "a URL"),
    variable(
        "TUF_ROOT",
        "is where trust roots are cached",
        "a path (~/.sigstore/root by default)",
    ),
    variable(
        "TUF_ROOT_JSON",
        "is the first root of the repository in TUF_MIRROR",
        "path to a root.json",
    ),
];

pub async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let mut text = String::new();
    for variable in VARIABLES {
        if args.show_descriptions {
            text.push_str(&format!(
                "# {} {}\n# Expects: {}\n",
                variable.name, variable.what, variable.expects
            ));
        }
        let value = std::env::var(variable.name).unwrap_or_default();
        let shown = if variable.secret && !args.show_sensitive_values && !value.is_empty() {
            "******"
        } else {
            &value
        };
        text.push_str(&format!("{}={shown}\n", variable.name));
    }
    Ok(context.print(&text)?)
}
