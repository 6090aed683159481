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
        if let Some(origin) = Origin::of(uri)
            && ["NO_PROXY", "no_proxy"]
                .iter()
                .find_map(|name| std::env::var(name).ok().filter(|entries| !entries.is_empty()))
                .is_some_and(|entries| is_excepted(&entries, &origin))
        {
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

/// Whether one of the entries of `NO_PROXY` that only Go knows is `origin`: `*.example.com` and `host:443`. The others are
/// the matcher's.
fn is_excepted(entries: &str, origin: &Origin) -> bool {
    entries.split(',').any(|entry| {
        let entry = entry.trim().to_ascii_lowercase();
        let (host, port) = match entry.rsplit_once(':') {
            Some((host, port)) if !host.contains(':') || host.ends_with(']') => (host, port.parse::<u16>().ok()),
            _ => (entry.as_str(), None),
        };
        let host = host.trim_start_matches('[').trim_end_matches(']');
        if port.is_some_and(|port| port != origin.port()) || (port.is_none() && !host.starts_with("*.")) {
            return false;
        }
        let inside = |domain: &str| {
            let rest = origin.host().strip_suffix(domain);
            !domain.is_empty() && rest.is_some_and(|rest| rest.ends_with('.') && rest.len() > 1)
        };
        match host.strip_prefix("*.").or_else(|| host.strip_prefix('.')) {
            Some(domain) => inside(domain),
            None => origin.host() == host || inside(host),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_and_ports_are_excepted_as_in_go() {
        for (entries, url, excepted) in [
            ("*.example.com", "https://a.example.com", true),
            ("x, *.Example.com", "http://a.b.example.com:5000", true),
            ("*.example.com", "https://example.com", false),
            ("*.example.com", "https://badexample.com", false),
            ("example.com:443", "https://example.com", true),
            ("example.com:443", "https://a.example.com", true),
            (".example.com:443", "https://example.com", false),
            ("example.com:443", "http://example.com", false),
            ("example.com:443", "https://example.com:5000", false),
            ("10.0.0.1:5000", "http://10.0.0.1:5000", true),
            ("[fd12::1]:443", "https://[fd12::1]", true),
            ("fd12::1", "https://[fd12::2]", false),
            (":443", "https://a", false),
            ("", "https://a", false),
        ] {
            let origin = Origin::of(&url.parse().unwrap()).unwrap();
            assert_eq!(is_excepted(entries, &origin), excepted, "{entries} {url}");
        }
    }
}
