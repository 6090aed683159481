use super::{Context, Failure};

/// Print the version
#[derive(clap::Args)]
pub struct Args {
    /// Print JSON instead of text
    #[arg(long)]
    json: bool,
}

pub async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let version = concat!("v", env!("CARGO_PKG_VERSION"));
    let commit = option_env!("COUNTERSIGN_COMMIT").unwrap_or("unknown");
    let date = option_env!("COUNTERSIGN_DATE").unwrap_or("unknown");
    let platform = format!("{}/{}", std::env::consts::OS, go_architecture());
    let text = if args.json {
        // The keys are cosign's, for scripts that read them; goVersion has no meaning here.
        format!(
            "{{\n  \"gitVersion\": \"{version}\",\n  \"gitCommit\": \"{commit}\",\n  \"gitTreeState\": \"unknown\",\n  \
             \"buildDate\": \"{date}\",\n  \"goVersion\": \"none\",\n  \"compiler\": \"rustc\",\n  \
             \"platform\": \"{platform}\"\n}}\n"
        )
    } else {
        format!(
            "countersign: container-image signing, a drop-in for cosign.\n\nGitVersion:    {version}\nGitCommit:     \
             {commit}\nBuildDate:     {date}\nCompiler:      rustc\nPlatform:      {platform}\n\n"
        )
    };
    Ok(context.print(&text)?)
}

fn go_architecture() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "386",
        other => other,
    }
}
