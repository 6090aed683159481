use super::{Context, Failure, trusted_root_create};

/// Work with trusted roots: which logs and authorities are trusted
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    Create(trusted_root_create::Args),
}

pub async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    match args.command {
        Command::Create(args) => trusted_root_create::run(args, context).await,
    }
}
