//! `logout`: removes a stored credential.

use countersign::reference::Registry;
use countersign::registry::ConfigFile;

use super::login::config_path;
use super::{Context, Failure};

/// Remove the stored credential of a registry
///
/// It is removed from the docker configuration and from the credential helper that it names.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  countersign logout ghcr.io")]
pub struct Args {
    /// The registry, e.g. ghcr.io; Docker Hub without one
    #[arg(value_name = "REGISTRY", default_value = "docker.io")]
    registry: Registry,
}

/// Removes the credential.
pub async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let path = config_path()?;
    let config = ConfigFile::open(&path).map_err(Failure::new)?;
    if config.erase(&args.registry).await.map_err(Failure::new)? {
        context.note(&format!("removed the credential of {}", args.registry));
    } else {
        context.note(&format!("{} holds no credential of {}", path.display(), args.registry));
    }
    Ok(())
}
