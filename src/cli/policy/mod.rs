//! `countersign policy`: policies checked, tried, tested and served.

mod certificate;
mod check;
mod serve;
mod sources;
mod test;
mod validate;

use super::{Context, Failure};

/// Which images may run, and who must have signed them (ClusterImagePolicy)
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    Certificate(certificate::Args),
    Check(Box<check::Args>),
    Serve(Box<serve::Args>),
    Test(test::Args),
    Validate(validate::Args),
}

pub async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    match args.command {
        Command::Certificate(args) => certificate::run(args, context),
        Command::Check(args) => check::run(*args, context).await,
        Command::Serve(args) => serve::run(*args, context).await,
        Command::Test(args) => test::run(args, context).await,
        Command::Validate(args) => validate::run(args, context),
    }
}
