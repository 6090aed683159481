use super::{Context, Failure, bundle_create, bundle_upgrade};

/// Work with Sigstore bundles
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    Create(Box<bundle_create::Args>),
    Upgrade(bundle_upgrade::Args),
}

pub async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    match args.command {
        Command::Create(args) => bundle_create::run(*args, context).await,
        Command::Upgrade(args) => bundle_upgrade::run(args, context).await,
    }
}
