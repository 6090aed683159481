use std::ffi::OsStr;
use std::path::Path;

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
    /// Name of the program to complete; without it cosign where a link of that name is called, else countersign
    #[arg(long, value_name = "NAME")]
    program: Option<String>,
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
    let called = std::env::args_os().next().unwrap_or_default();
    let program = args.program.as_deref().unwrap_or_else(|| program(&called));
    Ok(context.print(&script(shell, program))?)
}

/// The program's name where it is called as `called`. Any other name of a file means nothing.
fn program(called: &OsStr) -> &'static str {
    match Path::new(called).file_stem() {
        Some(name) if name == "cosign" => "cosign",
        _ => "countersign",
    }
}

/// The script for `shell` that completes `program`.
pub fn script(shell: impl Generator, program: &str) -> String {
    let mut script = Vec::new();
    generate(shell, &mut super::command(), program, &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_named_cosign_is_completed_as_cosign() {
        for (called, expected) in [
            ("cosign", "cosign"),
            ("/usr/local/bin/cosign", "cosign"),
            ("./cosign.exe", "cosign"),
            ("/usr/bin/countersign", "countersign"),
            ("/opt/cosign/countersign", "countersign"),
            ("cosign; rm x", "countersign"),
            ("", "countersign"),
        ] {
            assert_eq!(program(OsStr::new(called)), expected, "{called}");
        }
    }
}
