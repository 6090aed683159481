//! The `Link` header of paged answers (RFC 8288; OCI distribution-spec v1.1, "Listing Referrers", "Listing Tags").

use crate::http::{HeaderMap, header};

/// Most bytes of a `Link` header that are read.
const MAX_HEADER: usize = 8 << 10;

/// The target of the `rel="next"` link, as written; `None` when there is none.
///
/// # Errors
/// A `Link` header that can't be read: the page after this one would be lost silently.
pub fn next_page(headers: &HeaderMap) -> Result<Option<String>, &'static str> {
    for value in headers.get_all(header::LINK) {
        let text = value.to_str().map_err(|_| "the Link header is not text")?;
        if text.len() > MAX_HEADER {
            return Err("the Link header is too long");
        }
        let mut rest = text.trim();
        while !rest.is_empty() {
            let Some((target, after)) = rest.strip_prefix('<').and_then(|r| r.split_once('>')) else {
                return Err("the Link header is malformed");
            };
            let (parameters, after) = split_link(after);
            if is_next(parameters) {
                return Ok(Some(target.to_owned()));
            }
            rest = after.trim();
        }
    }
    Ok(None)
}

/// Parameters of one link, and the next link behind the comma.
fn split_link(text: &str) -> (&str, &str) {
    let mut quoted = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b',' if !quoted => {
                return (
                    text.get(..at).unwrap_or_default(),
                    text.get(at + 1..).unwrap_or_default(),
                );
            }
            _ => {}
        }
    }
    (text, "")
}

fn is_next(parameters: &str) -> bool {
    parameters.split(';').any(|parameter| {
        let Some((name, value)) = parameter.split_once('=') else {
            return false;
        };
        name.trim().eq_ignore_ascii_case("rel")
            && value
                .trim()
                .trim_matches('"')
                .split_ascii_whitespace()
                .any(|rel| rel.eq_ignore_ascii_case("next"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(text: &str) -> Result<Option<String>, &'static str> {
        let mut headers = HeaderMap::new();
        headers.insert(header::LINK, text.parse().unwrap());
        next_page(&headers)
    }

    #[test]
    fn the_next_link_is_found() {
        assert_eq!(of("</v2/a?last=b>; rel=\"next\""), Ok(Some("/v2/a?last=b".into())));
        assert_eq!(
            of("<a,b>; title=\"x, y\"; rel=prev, <c>; REL=\"last next\""),
            Ok(Some("c".into()))
        );
        assert_eq!(of("</v2/a>; rel=\"prev\""), Ok(None));
        assert_eq!(next_page(&HeaderMap::new()), Ok(None));
    }

    #[test]
    fn a_broken_link_is_an_error_not_the_end() {
        assert!(of("/v2/a; rel=next").is_err());
        assert!(of("<unterminated").is_err());
        assert!(of(&format!("<{}>", "x".repeat(MAX_HEADER))).is_err());
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes: Vec<u8>) {
            let mut headers = HeaderMap::new();
            if let Ok(value) = crate::http::HeaderValue::from_bytes(&bytes) {
                headers.append(header::LINK, value);
            }
            let _ = next_page(&headers);
        }
    }
}
