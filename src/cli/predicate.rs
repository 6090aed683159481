//! What is attested: a predicate of a type, or a whole statement.

use std::io;
use std::path::{Path, PathBuf};

use countersign::file::{read_all, read_limited};
use countersign::sign::AttestationEntry;
use countersign::statement::{PredicateType, Statement, StatementType, Subject};

use super::Failure;

/// Largest predicate or statement, in bytes.
const MAX_PREDICATE: u64 = 48 << 20;

/// What is attested.
#[derive(clap::Args)]
#[command(next_help_heading = "Attestation")]
pub struct Predicate {
    /// Predicate: FILE; - is standard input
    #[arg(
        long,
        value_name = "FILE",
        required_unless_present = "statement",
        conflicts_with = "statement"
    )]
    predicate: Option<PathBuf>,
    /// Type of the predicate: slsaprovenance, slsaprovenance02, slsaprovenance1, link, spdx, spdxjson, cyclonedx, vuln,
    /// openvex, custom, or a URI
    #[arg(long = "type", value_name = "TYPE", default_value = "custom")]
    predicate_type: PredicateType,
    /// Whole in-toto statement to sign as it is, in place of --predicate: FILE; - is standard input
    #[arg(long, value_name = "FILE")]
    statement: Option<PathBuf>,
    /// Kind of the entry in Rekor v1: dsse or intoto
    #[arg(long, value_name = "KIND", default_value = "dsse", value_parser = ["dsse", "intoto"])]
    rekor_entry_type: String,
}

impl Predicate {
    /// The type of the predicate.
    pub fn predicate_type(&self) -> &PredicateType {
        &self.predicate_type
    }

    /// The kind of the entry in the log.
    pub fn entry(&self) -> AttestationEntry {
        if self.rekor_entry_type == "intoto" {
            AttestationEntry::Intoto
        } else {
            AttestationEntry::Dsse
        }
    }

    /// The statement of `--statement`, checked to be one.
    ///
    /// # Errors
    /// It cannot be read or is no statement.
    pub fn statement(&self) -> Result<Option<Vec<u8>>, Failure> {
        let Some(path) = &self.statement else {
            return Ok(None);
        };
        let bytes = read(path)?;
        Statement::parse(&bytes).map_err(|error| Failure::new(format!("--statement {}: {error}", path.display())))?;
        Ok(Some(bytes))
    }

    /// The statement that the predicate is about `subject`.
    ///
    /// # Errors
    /// The predicate cannot be read, or is not of its type.
    pub fn about(&self, subject: Subject) -> Result<Vec<u8>, Failure> {
        let Some(path) = &self.predicate else {
            return Err(Failure::new("no predicate is given: name it with --predicate FILE"));
        };
        let content = read(path)?;
        let now = countersign::trust::write_time(jiff::Timestamp::now().as_second());
        let predicate = self
            .predicate_type
            .predicate(&content, &now)
            .map_err(|error| Failure::new(format!("--predicate {}: {error}", path.display())))?;
        drop(content);
        let uri = self.predicate_type.uri();
        Ok(Statement::new(StatementType::V01, uri, vec![subject], predicate).to_json())
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    if path.as_os_str() != "-" {
        return Ok(read_limited(path, MAX_PREDICATE)?);
    }
    read_all(io::stdin().lock(), MAX_PREDICATE)
        .map_err(|error| Failure::new(format!("reading standard input: {error}")))?
        .ok_or_else(|| Failure::new(format!("standard input has more than {MAX_PREDICATE} bytes")))
}
