//! Resolving of a `Location`, `Link` or `realm` against the URI it came from, and URIs fit to be shown.

use ::http::Uri;

use super::untrusted::shown;

/// Longest URI that is followed, in bytes: beyond real signed URLs, which reach 2 KiB.
const MAX_URI: usize = 8 << 10;

/// Resolves `reference` against the absolute `base` (RFC 3986, section 5.2); the fragment is dropped.
///
/// `None` when the result is not an absolute URI that this client can request.
pub fn resolve(base: &Uri, reference: &str) -> Option<Uri> {
    let reference = reference.split('#').next().unwrap_or_default();
    if reference.is_empty() || reference.len() > MAX_URI {
        return None;
    }
    let (scheme, authority) = (base.scheme_str()?, base.authority()?.as_str());
    let text = if has_scheme(reference) {
        reference.to_owned()
    } else if let Some(rest) = reference.strip_prefix("//") {
        format!("{scheme}://{rest}")
    } else if reference.starts_with('/') {
        format!("{scheme}://{authority}{}", without_dots(reference))
    } else if reference.starts_with('?') {
        format!("{scheme}://{authority}{}{reference}", base.path())
    } else {
        let directory = base.path().rsplit_once('/').map_or("", |(directory, _)| directory);
        format!(
            "{scheme}://{authority}{}",
            without_dots(&format!("{directory}/{reference}"))
        )
    };
    let uri: Uri = text.parse().ok()?;
    (uri.scheme().is_some() && uri.authority().is_some()).then_some(uri)
}

fn has_scheme(reference: &str) -> bool {
    let head = reference.split(['/', '?']).next().unwrap_or_default();
    head.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
    })
}

/// Removes `.` and `..` segments of an absolute path (RFC 3986, section 5.2.4).
fn without_dots(path_and_query: &str) -> String {
    let (path, query) = match path_and_query.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (path_and_query, None),
    };
    let mut kept: Vec<&str> = Vec::new();
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    for (i, segment) in segments.iter().enumerate() {
        let last = i + 1 == segments.len();
        match *segment {
            "." if last => kept.push(""),
            "." => {}
            ".." => {
                kept.pop();
                if last {
                    kept.push("");
                }
            }
            other => kept.push(other),
        }
    }
    let mut out = String::with_capacity(path_and_query.len());
    for segment in kept {
        out.push('/');
        out.push_str(segment);
    }
    if let Some(query) = query {
        out.push('?');
        out.push_str(query);
    }
    out
}

/// The URI without what may be secret: user information and the values of unknown query parameters.
pub fn redacted(uri: &Uri) -> String {
    const PUBLIC: [&str; 11] = [
        "artifactType",
        "digest",
        "from",
        "last",
        "mount",
        "n",
        "scope",
        "service",
        "tag",
        "offline_token",
        "logIndex",
    ];
    let mut out = String::new();
    if let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) {
        let host = authority.as_str().rsplit('@').next().unwrap_or_default();
        out = format!("{scheme}://{host}");
    }
    out.push_str(uri.path());
    if let Some(query) = uri.query() {
        let mut separator = '?';
        for pair in query.split('&') {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            out.push(separator);
            separator = '&';
            out.push_str(key);
            if PUBLIC.contains(&key) {
                out.push('=');
                out.push_str(value);
            } else if !value.is_empty() {
                out.push_str("=…");
            }
        }
    }
    shown(&out, 400)
}

/// Percent-encodes all but unreserved characters (RFC 3986, section 2.3), for a query value.
pub fn encode(text: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for nibble in [byte >> 4, byte & 15] {
                out.push(char::from(HEX.get(usize::from(nibble)).copied().unwrap_or(b'0')));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn from(reference: &str) -> Option<String> {
        resolve(&"https://r.example:5000/v2/a/b?x=1".parse().unwrap(), reference).map(|u| u.to_string())
    }

    #[test]
    fn references_resolve_as_rfc_3986_says() {
        for (reference, expected) in [
            ("https://other/x", "https://other/x"),
            ("//other/x", "https://other/x"),
            ("/x/../y?z=..", "https://r.example:5000/y?z=.."),
            ("?n=2", "https://r.example:5000/v2/a/b?n=2"),
            ("c", "https://r.example:5000/v2/a/c"),
            ("../c", "https://r.example:5000/v2/c"),
            ("../../../c/.", "https://r.example:5000/c/"),
            ("/x#fragment", "https://r.example:5000/x"),
        ] {
            assert_eq!(from(reference).as_deref(), Some(expected), "{reference}");
        }
    }

    #[test]
    fn what_is_no_uri_is_none() {
        for reference in ["", "#x", "/a b", "http://", "/\u{e9}\n", "mailto:x@y"] {
            assert_eq!(from(reference), None, "{reference:?}");
        }
        assert_eq!(from(&"a".repeat(MAX_URI + 1)), None);
    }

    #[test]
    fn secrets_are_not_shown() {
        let uri = "https://u:p@h/v2/x?X-Amz-Signature=abc&digest=sha256:1&token=t"
            .parse()
            .unwrap();
        assert_eq!(
            redacted(&uri),
            "https://h/v2/x?X-Amz-Signature=…&digest=sha256:1&token=…"
        );
    }

    #[test]
    fn encoding_keeps_only_unreserved() {
        assert_eq!(
            encode("repository:a/b:pull,push é"),
            "repository%3Aa%2Fb%3Apull%2Cpush%20%C3%A9"
        );
    }

    proptest! {
        #[test]
        fn no_reference_panics(text: String) {
            let _ = from(&text);
        }
    }
}
