//! Proxies, as Go and curl find them in the environment. The environment is read when the first connection is made.

use std::sync::OnceLock;

use ::http::{HeaderValue, Uri};
use hyper_util::client::proxy::matcher::Matcher;

use super::{Error, Origin};

/// Where proxies come from.
pub enum Proxies {
    /// `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`, in either case.
    Environment(OnceLock<Matcher>),
    /// There are none.
    None,
}

/// The proxy of one connection.
pub struct Via {
    pub origin: Origin,
    pub authorization: Option<HeaderValue>,
}

impl Proxies {
    pub fn from_environment() -> Self {
        Self::Environment(OnceLock::new())
    }

    /// The proxy to use for `uri`. Loopback is never proxied, as in Go.
    pub fn via(&self, uri: &Uri) -> Result<Option<Via>, Error> {
        let Self::Environment(matcher) = self else {
            return Ok(None);
        };
        let host = uri
            .host()
            .unwrap_or_default()
            .trim_start_matches('[')
            .trim_end_matches(']');
        let loopback = host == "localhost"
            || host.ends_with(".localhost")
            || host
                .parse::<std::net::IpAddr>()
                .is_ok_and(|address| address.is_loopback());
        if loopback {
            return Ok(None);
        }
        let Some(intercept) = matcher.get_or_init(Matcher::from_env).intercept(uri) else {
            return Ok(None);
        };
        match Origin::of(intercept.uri()) {
            Some(origin) => Ok(Some(Via {
                origin,
                authorization: intercept.basic_auth().cloned(),
            })),
            None => Err(Error::Proxy {
                proxy: super::url::redacted(intercept.uri()),
                reason: "only http and https proxies are supported".into(),
            }),
        }
    }
}
