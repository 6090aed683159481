//! What every subcommand gets: where to print, how long it may take, and the clients it talks through.

use std::fs::File;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use countersign::http;

use super::Failure;
use super::options::Global;

/// The surroundings of one run.
pub struct Context {
    global: Global,
    file: Option<Mutex<File>>,
    deadline: Option<Instant>,
}

impl Context {
    /// Opens `--output-file`, when it is given.
    pub fn new(global: Global) -> Result<Self, Failure> {
        let file = match &global.output_file {
            Some(path) => Some(Mutex::new(File::create(path).map_err(|error| {
                Failure::new(format!(
                    "--output-file {}: {error}; name a file that can be written",
                    path.display()
                ))
            })?)),
            None => None,
        };
        let deadline = (!global.timeout.is_zero()).then(|| Instant::now() + global.timeout);
        Ok(Self { global, file, deadline })
    }

    /// Prints results: standard output, or `--output-file`.
    pub fn print(&self, text: &str) -> io::Result<()> {
        self.print_bytes(text.as_bytes())
    }

    /// Prints results that need not be text.
    pub fn print_bytes(&self, bytes: &[u8]) -> io::Result<()> {
        match self.file.as_ref().map(Mutex::lock) {
            Some(Ok(mut file)) => file.write_all(bytes),
            Some(Err(_)) => Err(io::Error::other("the output file is in an unknown state")),
            None => {
                let mut out = io::stdout().lock();
                out.write_all(bytes)?;
                out.flush()
            }
        }
    }

    /// Prints what `write` writes, which may be long.
    pub fn print_with(&self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
        match self.file.as_ref().map(Mutex::lock) {
            Some(Ok(mut file)) => buffered(&mut *file, write),
            Some(Err(_)) => Err(io::Error::other("the output file is in an unknown state")),
            None => buffered(io::stdout().lock(), write),
        }
    }

    /// Prints a line for people: reports, warnings, progress. A closed standard error is no failure.
    pub fn note(&self, line: &str) {
        // In one piece, so that the lines of several processes don't mix.
        let _ = io::stderr().lock().write_all(format!("{line}\n").as_bytes());
    }

    /// Whether requests are shown (`--verbose`).
    pub fn verbose(&self) -> bool {
        self.global.verbose
    }

    /// The configuration of an HTTP client under the global flags: deadline, retries and `--verbose`.
    pub fn http_config(&self, tls: http::TlsOptions) -> http::Config {
        let observer: Option<http::Observer> = self.global.verbose.then(|| Arc::new(show) as http::Observer);
        http::Config {
            tls,
            deadline: self.deadline,
            retries: self.global.retries,
            observer,
            ..http::Config::default()
        }
    }

    /// A client for services other than registries, with the system's certificates.
    pub fn http(&self) -> http::Client {
        self.http_unless(false)
    }

    /// The same; under `offline` (`--offline`) every request is refused with an error that says so.
    pub fn http_unless(&self, offline: bool) -> http::Client {
        http::Client::new(http::Config {
            offline,
            ..self.http_config(http::TlsOptions::default())
        })
    }
}

/// Writes to `out` in pieces that are worth a system call.
fn buffered(out: impl Write, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = io::BufWriter::with_capacity(64 << 10, out);
    write(&mut out)?;
    out.flush()
}

/// One request on standard error, for `--verbose`.
fn show(exchange: &http::Exchange<'_>) {
    let outcome = match &exchange.outcome {
        Ok(status) => status.to_string(),
        Err(reason) => reason.clone(),
    };
    let milliseconds = exchange.elapsed.as_secs_f64() * 1000.0;
    let _ = writeln!(
        io::stderr().lock(),
        "{} {} {outcome} {milliseconds:.1}ms",
        exchange.method,
        exchange.url
    );
}
