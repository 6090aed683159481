use std::path::PathBuf;
use std::time::Duration;

use super::duration;

/// Flags of every subcommand.
#[derive(clap::Args, Clone, Debug)]
pub struct Global {
    /// Write the output to FILE instead of standard output
    #[arg(long, global = true, value_name = "FILE", help_heading = "Global options")]
    pub output_file: Option<PathBuf>,
    /// Give up after DURATION, e.g. 90s or 3m0s
    #[arg(
        long,
        short,
        global = true,
        value_name = "DURATION",
        default_value = "3m0s",
        value_parser = duration::parse,
        help_heading = "Global options"
    )]
    pub timeout: Duration,
    /// Show each request: method, URL, status and time, never secrets
    #[arg(long, short = 'd', global = true, help_heading = "Global options")]
    pub verbose: bool,
    /// Try a request again up to N times after a connection error, 408, 429, 500 or 502-504
    #[arg(
        long,
        global = true,
        value_name = "N",
        default_value_t = 4,
        help_heading = "Global options"
    )]
    pub retries: u32,
}
