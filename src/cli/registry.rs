use super::{Context, Failure, registry_serve};

/// Run a registry on this machine, to try things out
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    Serve(registry_serve::Args),
}

pub async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    match args.command {
        Command::Serve(args) => registry_serve::run(args, context).await,
    }
}
