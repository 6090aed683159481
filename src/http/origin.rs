use std::fmt;

use ::http::Uri;

/// Scheme, host and port of a server: what credentials are bound to (RFC 6454, section 4).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin {
    https: bool,
    host: Box<str>,
    port: u16,
}

impl Origin {
    /// The origin of an absolute `http` or `https` URI without user information; `None` for all else.
    pub fn of(uri: &Uri) -> Option<Self> {
        let https = match uri.scheme_str()? {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        let authority = uri.authority()?;
        if authority.as_str().contains('@') {
            return None;
        }
        let host = authority.host();
        let bare = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')).unwrap_or(host);
        if bare.is_empty() {
            return None;
        }
        let written = authority.as_str().len() > host.len();
        let port = match authority.port_u16() {
            Some(0) => return None,
            Some(port) => port,
            None if written => return None,
            None if https => 443,
            None => 80,
        };
        Some(Self {
            https,
            host: bare.trim_end_matches('.').to_ascii_lowercase().into(),
            port,
        })
    }

    /// Whether the connection is protected by TLS.
    pub fn is_https(&self) -> bool {
        self.https
    }

    /// The host in lower case, an IPv6 address without its brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, the scheme's own one filled in.
    pub fn port(&self) -> u16 {
        self.port
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, usual) = if self.https { ("https", 443) } else { ("http", 80) };
        if self.host.contains(':') {
            write!(f, "{scheme}://[{}]", self.host)?;
        } else {
            write!(f, "{scheme}://{}", self.host)?;
        }
        if self.port == usual {
            Ok(())
        } else {
            write!(f, ":{}", self.port)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<Origin> {
        Origin::of(&text.parse().unwrap())
    }

    #[test]
    fn usual_ports_and_case_do_not_matter() {
        assert_eq!(of("https://GHCR.io/v2/"), of("https://ghcr.io:443/"));
        assert_eq!(of("http://a.b/"), of("http://a.b:80"));
        assert_ne!(of("https://a.b/"), of("http://a.b/"));
        assert_ne!(of("https://a.b/"), of("https://a.b:444/"));
        assert_eq!(of("http://[::1]:5000/x").unwrap().to_string(), "http://[::1]:5000");
        assert_eq!(of("https://ghcr.io:443/").unwrap().to_string(), "https://ghcr.io");
    }

    #[test]
    fn what_is_no_web_origin_is_none() {
        for text in [
            "/path",
            "ftp://a.b/",
            "https://user@a.b/",
            "https://user:pw@a.b/",
            "http://a:0/",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
