use std::time::{Duration, Instant, SystemTime};

use super::auth::Access;
use super::client::{Call, Client, Place};
use super::error::Error;
use crate::http::{Method, Origin, StatusCode, header};
use crate::reference::{Registry, Repository};

/// What a registry says of itself when it is asked for nothing (OCI distribution-spec v1.1, "Determining Support").
#[derive(Clone, Debug)]
pub struct Check {
    /// Where it was reached.
    pub origin: Origin,
    /// How it wants to be authenticated to: `none`, `basic` or `bearer token from …`.
    pub authentication: String,
    /// Where the credential came from that it accepted; `None` when it did not ask for one.
    pub accepted: Option<String>,
    /// Its clock less ours, where it says the time; the longer the answer took, the less exact.
    pub clock: Option<ClockOffset>,
    /// How long the answer took, connecting included.
    pub elapsed: Duration,
}

/// How far two clocks are apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockOffset {
    /// The other clock is ahead of ours.
    Ahead(Duration),
    /// The other clock is behind ours.
    Behind(Duration),
}

impl Client {
    /// Asks `registry` whether it is one, and whether it accepts the credentials that are found for it.
    ///
    /// # Errors
    /// It can't be reached, is no registry, or does not accept the credentials ([`Error::is_authentication`]).
    pub async fn check(&self, registry: &Registry) -> Result<Check, Error> {
        let what = format!("ask {registry} whether it is a registry");
        // Only its registry counts: no repository is asked for.
        let repository: Repository = format!("{registry}/library/any")
            .parse()
            .map_err(|_| Error::malformed(&what, "the name is not one of a registry"))?;
        let mut call = Call::new(what.clone(), &repository, Access::Base, Method::GET, String::new());
        call.place = Place::Base;
        let started = Instant::now();
        let response = self.send(call).await?;
        let elapsed = started.elapsed();
        if response.status != StatusCode::OK {
            return Err(Error::of_answer(&what, &response));
        }
        let authentication = self.auth().describe(registry).unwrap_or_else(|| "none".to_owned());
        let accepted = if authentication == "none" {
            None
        } else {
            Some(self.auth().source(&repository).await)
        };
        let origin = self
            .origin(registry)
            .ok_or_else(|| Error::malformed(&what, "it has no address"))?;
        Ok(Check {
            origin,
            authentication,
            accepted,
            clock: response.header(header::DATE).and_then(offset),
            elapsed,
        })
    }

    /// Where the credential for `repository` is found, or where it was looked for.
    pub async fn credential_source(&self, repository: &Repository) -> String {
        self.auth().source(repository).await
    }
}

fn offset(date: &str) -> Option<ClockOffset> {
    let theirs = httpdate::parse_http_date(date).ok()?;
    Some(match theirs.duration_since(SystemTime::now()) {
        Ok(ahead) => ClockOffset::Ahead(ahead),
        Err(behind) => ClockOffset::Behind(behind.duration()),
    })
}
