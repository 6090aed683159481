use clap_complete::{Generator, Shell, generate};

use super::{Context, Failure};

/// Print a completion script for a shell
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  source <(countersign completion bash)\n  countersign completion zsh > \
                        \"${fpath[1]}/_countersign\"\n  countersign completion fish > \
                        ~/.config/fish/completions/countersign.fish\n  countersign completion powershell | Out-String \
                        | Invoke-Expression"
)]
pub struct Args {
    /// bash, zsh, fish or powershell
    #[arg(value_enum)]
    shell: Name,
    /// Name of the program to complete, when it is reached by a link
    #[arg(long, value_name = "NAME", default_value = "countersign")]
    program: String,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Name {
    Bash,
    Zsh,
    Fish,
    Powershell,
}

pub async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let shell = match args.shell {
        Name::Bash => Shell::Bash,
        Name::Zsh => Shell::Zsh,
        Name::Fish => Shell::Fish,
        Name::Powershell => Shell::PowerShell,
    };
    Ok(context.print(&script(shell, &args.program))?)
}

/// The script for `shell` that completes `program`.
pub fn script(shell: impl Generator, program: &str) -> String {
    let mut script = Vec::new();
    generate(shell, &mut super::command(), program, &mut script);
    String::from_utf8_lossy(&script).into_owned()
}
