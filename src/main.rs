#![forbid(unsafe_code)]
//! The `countersign` program; a link named `cosign` to it is a drop-in for cosign.

mod cli;

fn main() -> std::process::ExitCode {
    cli::main()
}
