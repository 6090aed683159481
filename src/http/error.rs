use super::Origin;

/// Why no answer was had. Answers of any status are no error here.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Not an absolute http or https URI.
    #[error("{url} can't be requested: {reason}")]
    InvalidUrl {
        /// The URI, redacted.
        url: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// `--offline` is on and the server is not the named registry.
    #[error("{origin} was not contacted: --offline allows only the named registry")]
    Offline {
        /// Where the request would have gone.
        origin: Origin,
    },
    /// The name has no address, or none of them answers.
    #[error("can't connect to {origin}: {reason}")]
    Connect {
        /// The server.
        origin: Origin,
        /// What the system says.
        reason: String,
    },
    /// A name or a server led to an address that no registry has.
    #[error(
        "{origin} is at {address}, {what}; refused, as requests and credentials must not be steered there \
         (a registry that is really there: name the address itself)"
    )]
    ForbiddenAddress {
        /// The server.
        origin: Origin,
        /// Where it is.
        address: std::net::IpAddr,
        /// What kind of address that is.
        what: &'static str,
    },
    /// TLS could not be set up or the certificate is not accepted.
    #[error("TLS with {origin} failed: {reason}")]
    Tls {
        /// The server.
        origin: Origin,
        /// What is wrong, and what to do.
        reason: String,
        /// Whether the server does not speak TLS at all.
        not_tls: bool,
    },
    /// The proxy could not be used.
    #[error("the proxy {proxy} failed: {reason}; check HTTP_PROXY, HTTPS_PROXY and NO_PROXY")]
    Proxy {
        /// The proxy's URI, without credentials.
        proxy: String,
        /// What is wrong.
        reason: String,
    },
    /// The connection broke, or what came is not HTTP.
    #[error("{method} {url}: {reason}")]
    Interrupted {
        /// The request's method.
        method: ::http::Method,
        /// The URI, redacted.
        url: String,
        /// What happened.
        reason: String,
        /// Whether the answer was not HTTP at all (a TLS port, for one).
        not_http: bool,
        /// Whether the server closed the connection before its answer was there (a TLS port may do that, too).
        unanswered: bool,
    },
    /// The time that `--timeout` gives is over.
    #[error("{method} {url}: no answer within the time allowed{}; raise --timeout", after(last))]
    Timeout {
        /// The request's method.
        method: ::http::Method,
        /// The URI, redacted.
        url: String,
        /// Why it had to be tried again before.
        last: Option<String>,
    },
    /// The server asks to wait longer than there is time.
    #[error(
        "{url} answers {status} and asks to wait {seconds} s, more than the time left; raise --timeout or try later"
    )]
    AskedToWait {
        /// The URI, redacted.
        url: String,
        /// The status.
        status: ::http::StatusCode,
        /// For how long.
        seconds: u64,
    },
    /// The body is longer than what is read of its kind.
    #[error("{url}: the answer is longer than the {limit} bytes that are read of its kind")]
    TooLarge {
        /// The URI, redacted.
        url: String,
        /// The limit in bytes.
        limit: usize,
    },
    /// The body is compressed, though that was not asked for.
    #[error("{url}: the answer is encoded as {encoding:?}, which was not asked for; refused")]
    Encoded {
        /// The URI, redacted.
        url: String,
        /// What the server says.
        encoding: String,
    },
    /// A redirect that is not followed.
    #[error("{url}: the redirect to {to} is refused: {reason}")]
    Redirect {
        /// The URI, redacted.
        url: String,
        /// Where to, redacted.
        to: String,
        /// Why not.
        reason: &'static str,
    },
}

fn after(last: &Option<String>) -> String {
    last.as_ref()
        .map_or_else(String::new, |last| format!(" (last: {last})"))
}

impl Error {
    /// Whether trying again can help: the connection, not the content, was at fault.
    pub fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::Connect { .. } | Self::Proxy { .. } | Self::Interrupted { not_http: false, .. }
        )
    }

    /// Whether the time ran out.
    pub fn is_timeout(&self) -> bool {
        matches!(self, Self::Timeout { .. } | Self::AskedToWait { .. })
    }
}
