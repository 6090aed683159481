use std::path::PathBuf;

use super::{Context, Failure, verify};

/// Verify the images of a Kubernetes manifest
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    Verify(Box<Verify>),
}

/// Verify the signatures of all images in Kubernetes manifests
///
/// The same as `verify -f FILE`.
#[derive(clap::Args)]
#[command(
    mut_arg("images", |arg| arg.value_name("FILE").help("Kubernetes manifests or compose files; - is standard input")),
    after_help = "Examples:\n  countersign manifest verify --key cosign.pub deployment.yaml"
)]
struct Verify {
    #[command(flatten)]
    verify: verify::Args,
}

pub async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let Command::Verify(args) = args.command;
    let mut verify = args.verify;
    let files = verify.take_arguments();
    if files.is_empty() {
        return Err(Failure::new(
            "requires at least 1 arg(s), only received 0: name a Kubernetes manifest",
        ));
    }
    verify.add(Vec::new(), files.into_iter().map(PathBuf::from));
    verify::run(verify, context).await
}
