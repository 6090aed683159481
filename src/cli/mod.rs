//! The command line: a file per subcommand, each with its flags and a `run` that calls the library and prints.
//!
//! Flags follow Go's rules by `arguments::adapt`: a plain `#[arg(long)] flag: bool` accepts `--flag=false`, and each flag
//! reads `COSIGN_<FLAG>`. A flag of cosign that can't have its effect here is declared with a help text that starts with
//! `Not supported: ` and says what to use; `run` refuses it with that sentence. `generated.rs` holds the command line
//! against cosign's.

mod arguments;
mod attach;
mod attach_attestation;
mod attach_sbom;
mod attach_signature;
mod attest;
mod attest_blob;
mod blob;
mod blob_evidence;
mod bundle;
mod bundle_create;
mod bundle_upgrade;
mod clean;
mod completion;
mod context;
mod copy;
mod detached;
mod dockerfile;
mod doctor;
mod download;
mod download_attestation;
mod download_sbom;
mod download_signature;
mod env;
mod exit;
mod generate;
mod generate_key_pair;
mod image_list;
mod import_key_pair;
mod initialize;
mod inspect;
mod keys;
mod load;
mod login;
mod logout;
mod manifest;
mod options;
mod place;
mod policy;
mod predicate;
mod progress;
mod prompt;
mod public_key;
mod registry;
mod registry_serve;
mod report;
mod save;
mod service_spec;
mod services;
mod sign;
mod sign_blob;
mod signing_config;
mod signing_config_create;
mod terminal;
mod tree;
mod triangulate;
mod trust;
mod trusted_root;
mod trusted_root_create;
mod tuf;
mod verify;
mod verify_attestation;
mod verify_blob;
mod verify_blob_attestation;
mod version;

use std::ffi::OsString;
use std::mem::ManuallyDrop;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue};
use clap::{Args as _, FromArgMatches as _, Subcommand};

pub use context::Context;
pub use exit::Failure;

/// Declares the subcommands: for each the variant that holds its arguments, its name, and its module.
macro_rules! commands {
    ($($variant:ident $name:literal $module:ident,)*) => {
        #[derive(Subcommand)]
        enum Command {
            $(#[command(name = $name)] $variant(Box<$module::Args>),)*
        }

        impl Command {
            async fn run(self, context: &Context) -> Result<(), Failure> {
                match self {
                    $(Self::$variant(args) => $module::run(*args, context).await,)*
                }
            }
        }

        /// What defines the flags of each subcommand, by its name.
        const SUBCOMMANDS: &[Definition] = &[$(($name, <$module::Args as clap::Args>::augment_args),)*];
    };
}

/// Commands of cosign that countersign does not have, and what serves instead.
const LEFT_OUT: &[(&str, &str)] = &[
    ("upload blob", "`oras push`: nothing of signing needs it"),
    ("upload wasm", "`oras push`: nothing of signing needs it"),
    ("piv-tool", "a key file (--key): hardware tokens are not supported"),
    ("pkcs11-tool", "a key file (--key): hardware tokens are not supported"),
];

type Definition = (&'static str, fn(clap::Command) -> clap::Command);

commands! {
    Attach "attach" attach,
    Attest "attest" attest,
    AttestBlob "attest-blob" attest_blob,
    Bundle "bundle" bundle,
    Clean "clean" clean,
    Completion "completion" completion,
    Copy "copy" copy,
    Dockerfile "dockerfile" dockerfile,
    Doctor "doctor" doctor,
    Download "download" download,
    Env "env" env,
    Generate "generate" generate,
    GenerateKeyPair "generate-key-pair" generate_key_pair,
    ImportKeyPair "import-key-pair" import_key_pair,
    Initialize "initialize" initialize,
    Inspect "inspect" inspect,
    Load "load" load,
    Login "login" login,
    Logout "logout" logout,
    Manifest "manifest" manifest,
    Policy "policy" policy,
    PublicKey "public-key" public_key,
    Registry "registry" registry,
    Save "save" save,
    Sign "sign" sign,
    SignBlob "sign-blob" sign_blob,
    SigningConfig "signing-config" signing_config,
    Tree "tree" tree,
    Triangulate "triangulate" triangulate,
    TrustedRoot "trusted-root" trusted_root,
    Verify "verify" verify,
    VerifyAttestation "verify-attestation" verify_attestation,
    VerifyBlob "verify-blob" verify_blob,
    VerifyBlobAttestation "verify-blob-attestation" verify_blob_attestation,
    Version "version" version,
}

/// The command line with these subcommands.
fn command_with(subcommands: &[Definition]) -> clap::Command {
    let root = options::Global::augment_args(clap::Command::new("countersign"))
        .bin_name("countersign")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Sign and verify container images: a drop-in for cosign")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .max_term_width(100)
        .after_help(
            "Each flag also reads the environment variable COSIGN_<FLAG> (COSIGN_TLOG_UPLOAD=false for \
             --tlog-upload=false); `countersign env` lists the other variables.\n\
             Exit codes: 0 done, 10 no signatures, 11 image tag not found, 12 no matching signatures, \
             13 no certificate on the signature, 1 any other failure.",
        );
    let subcommands = subcommands
        .iter()
        .map(|(name, define)| define(clap::Command::new(*name)));
    arguments::adapt(root.subcommands(subcommands))
}

/// The whole command line, as `completion` and the man pages need it.
fn command() -> clap::Command {
    command_with(SUBCOMMANDS)
}

/// To define all flags of all subcommands takes as long as to verify a signature, so only those that are asked for are;
/// what does not parse that way, help and mistakes, is told with the whole at hand.
fn parse(arguments: &[OsString]) -> Result<(options::Global, Command), clap::Error> {
    let named = |argument: &OsString| SUBCOMMANDS.iter().find(|(name, _)| argument == name);
    let asked = arguments.iter().skip(1).find_map(named);
    let quick = asked.and_then(|asked| command_with(&[*asked]).try_get_matches_from(arguments).ok());
    let matches = match quick {
        Some(matches) => matches,
        None => command().try_get_matches_from(arguments)?,
    };
    Ok((
        options::Global::from_arg_matches(&matches)?,
        Command::from_arg_matches(&matches)?,
    ))
}

/// Parses the arguments, runs the subcommand and maps its failure to an exit code.
pub fn main() -> ExitCode {
    let (arguments, warnings) = arguments::modernise(std::env::args_os(), &command);
    for warning in warnings {
        eprintln!("{warning}");
    }
    let arguments = arguments::without_empty(arguments, &command);
    let result = match parse(&arguments) {
        Ok((global, command)) => run(global, command),
        Err(error) => match left_out(&error) {
            Some(failure) => Err(failure),
            None => return exit::usage(&error),
        },
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => exit::report(&failure),
    }
}

/// What is said of a command that only cosign has.
fn left_out(error: &clap::Error) -> Option<Failure> {
    let Some(ContextValue::String(asked)) = error.get(ContextKind::InvalidSubcommand) else {
        return None;
    };
    let (_, instead) = LEFT_OUT
        .iter()
        .find(|(path, _)| path.split(' ').next() == Some(asked))?;
    Some(Failure::new(format!("{asked} is not here; use {instead}")))
}

fn run(global: options::Global, command: Command) -> Result<(), Failure> {
    let context = Context::new(global)?;
    // Never dropped: the program ends, and neither a blocking thread (a name look-up, a key derivation) nor the closing
    // of each connection is to hold that up.
    let runtime = ManuallyDrop::new(tokio::runtime::Builder::new_current_thread().enable_all().build()?);
    runtime.block_on(command.run(&context))
}

#[cfg(test)]
mod generated;
#[cfg(test)]
mod tests;
