use super::{Context, Failure, signing_config_create};

/// Work with signing configurations: which services a signer uses
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    Create(signing_config_create::Args),
}

pub async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    match args.command {
        Command::Create(args) => signing_config_create::run(args, context).await,
    }
}
