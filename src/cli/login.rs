//! `login`: checks a credential with the registry before it is stored.

use std::path::PathBuf;

use countersign::reference::Registry;
use countersign::registry::{ConfigFile, config_files};
use zeroize::Zeroizing;

use super::options;
use super::prompt::{Password, typed_password};
use super::terminal::{self, Input};
use super::{Context, Failure};

/// Log in to a registry
///
/// The credential is checked with the registry first; what it refuses is not stored. It is stored where docker looks:
/// in the credential helper that the configuration names, else in the configuration itself, readable by you only.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    echo \"$TOKEN\" | countersign login ghcr.io -u me --password-stdin\n  \
    countersign login registry.example:5000")]
pub struct Args {
    /// The registry, e.g. ghcr.io; Docker Hub without one
    #[arg(value_name = "REGISTRY", default_value = "docker.io")]
    registry: Registry,
    /// User name
    #[arg(long, short, value_name = "NAME")]
    username: Option<String>,
    /// Password or token; others can see it in the process list, so prefer --password-stdin
    #[arg(
        long,
        short,
        value_name = "PASSWORD",
        hide_env_values = true,
        conflicts_with = "password_stdin"
    )]
    password: Option<String>,
    /// Read the password from standard input
    #[arg(long)]
    password_stdin: bool,
    #[command(flatten)]
    connection: options::Registry,
}

/// Checks the credential and stores it.
pub async fn run(mut args: Args, context: &Context) -> Result<(), Failure> {
    let username = args
        .username
        .take()
        .or_else(|| args.connection.registry_username.take())
        .ok_or_else(|| Failure::new("name the user with --username"))?;
    let password = password(&mut args).await?;
    args.connection.registry_token = None;
    args.connection.registry_username = Some(username.clone());
    args.connection.registry_password = Some(password.to_string());
    let config = ConfigFile::open(&config_path()?).map_err(Failure::new)?;
    let check = args.connection.client(context)?.check(&args.registry).await?;
    if check.accepted.is_none() {
        context.note(&format!(
            "WARNING: {} does not ask for credentials, so these could not be checked",
            args.registry
        ));
    }
    let place = config
        .store(&args.registry, &username, &password)
        .await
        .map_err(Failure::new)?;
    context.note(&format!("logged in via {place}"));
    Ok(())
}

async fn password(args: &mut Args) -> Result<Zeroizing<String>, Failure> {
    let given = args
        .password
        .take()
        .or_else(|| args.connection.registry_password.take());
    if let Some(password) = given {
        return Ok(Zeroizing::new(password));
    }
    let bytes = if args.password_stdin {
        let piped = terminal::read_piped_secret(std::time::Duration::from_secs(30)).await?;
        piped.ok_or_else(|| Failure::new("--password-stdin: nothing comes on standard input"))?
    } else if terminal::input() == Input::Terminal {
        typed_password(args.registry.as_str(), Password::Existing).await?
    } else {
        return Err(Failure::new("give the password with --password-stdin"));
    };
    let text = std::str::from_utf8(&bytes).map_err(|_| Failure::new("the password is not UTF-8"))?;
    Ok(Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned()))
}

/// The configuration that docker would write.
pub fn config_path() -> Result<PathBuf, Failure> {
    let files = config_files(|name| std::env::var_os(name));
    files
        .into_iter()
        .next()
        .ok_or_else(|| Failure::new("there is no place for credentials: set HOME or DOCKER_CONFIG"))
}
