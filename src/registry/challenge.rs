//! `WWW-Authenticate` (RFC 9110, section 11.6.1; Docker token authentication).

use crate::http::HeaderMap;

/// Most bytes of one header value that are read.
const MAX_HEADER: usize = 8 << 10;
/// Most header values that are read.
const MAX_HEADERS: usize = 8;
/// Most challenges, and most parameters of one, that are read.
const MAX_ITEMS: usize = 16;

/// How a server wants to be authenticated to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Challenge {
    /// User name and password with each request.
    Basic,
    /// A token from a token service.
    Bearer {
        /// URL of the token service, as given.
        realm: String,
        /// Name of the registry at the token service.
        service: Option<String>,
        /// What the token must allow.
        scope: Option<String>,
        /// Why the token that was sent is not enough, e.g. `insufficient_scope`.
        error: Option<String>,
    },
}

/// The challenges of an answer that this client can meet. Malformed parts are left out.
pub fn parse_challenges(headers: &HeaderMap) -> Vec<Challenge> {
    let mut found = Vec::new();
    for value in headers
        .get_all(crate::http::header::WWW_AUTHENTICATE)
        .iter()
        .take(MAX_HEADERS)
    {
        if let Ok(text) = value.to_str()
            && text.len() <= MAX_HEADER
        {
            found.extend(parse(text));
        }
    }
    found.truncate(MAX_ITEMS);
    found
}

fn parse(text: &str) -> Vec<Challenge> {
    let mut challenges: Vec<(String, Vec<(String, String)>)> = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        let Some((word, after)) = token(rest) else { break };
        let after = after.trim_start_matches([' ', '\t']);
        match (after.strip_prefix('='), challenges.last_mut()) {
            (Some(value), Some((_, parameters))) => {
                let Some((value, after)) = parameter(value.trim_start_matches([' ', '\t'])) else {
                    break;
                };
                if parameters.len() >= MAX_ITEMS {
                    break;
                }
                parameters.push((word.to_ascii_lowercase(), value));
                rest = after;
            }
            (Some(_), None) => break,
            (None, _) => {
                if challenges.len() >= MAX_ITEMS {
                    break;
                }
                challenges.push((word.to_ascii_lowercase(), Vec::new()));
                rest = after;
            }
        }
    }
    challenges
        .into_iter()
        .filter_map(|(scheme, parameters)| meet(&scheme, parameters))
        .collect()
}

fn meet(scheme: &str, parameters: Vec<(String, String)>) -> Option<Challenge> {
    let take = |name: &str| {
        let mut values = parameters.iter().filter(|(key, _)| key == name);
        let value = values.next().map(|(_, value)| value.clone());
        // Two values would be read in two ways.
        if values.next().is_some() { None } else { value }
    };
    match scheme {
        "basic" => Some(Challenge::Basic),
        "bearer" => Some(Challenge::Bearer {
            realm: take("realm")?,
            service: take("service"),
            scope: take("scope"),
            error: take("error"),
        }),
        _ => None,
    }
}

/// A token (RFC 9110, section 5.6.2) and what follows it.
fn token(text: &str) -> Option<(&str, &str)> {
    let end = text
        .find(|c: char| !(c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c)))
        .unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

/// A token or quoted string, unescaped, and what follows it. Unquoted values may hold anything up to a comma or space,
/// as some registries write URLs so.
fn parameter(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([',', ' ', '\t']).unwrap_or(text.len());
        let (value, rest) = text.split_at(end);
        return Some((value.to_owned(), rest));
    };
    let mut value = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, c)) = characters.next() {
        match c {
            '"' => return quoted.get(at + 1..).map(|rest| (value, rest)),
            '\\' => value.push(characters.next()?.1),
            other => value.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bearer(realm: &str, service: Option<&str>, scope: Option<&str>) -> Challenge {
        Challenge::Bearer {
            realm: realm.into(),
            service: service.map(Into::into),
            scope: scope.map(Into::into),
            error: None,
        }
    }

    #[test]
    fn registries_challenges_are_understood() {
        let hub = r#"Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull,push""#;
        let read = bearer(
            "https://auth.docker.io/token",
            Some("registry.docker.io"),
            Some("repository:a/b:pull,push"),
        );
        assert_eq!(parse(hub), [read]);
        assert_eq!(parse("Basic realm=\"x\""), [Challenge::Basic]);
        assert_eq!(parse("basic"), [Challenge::Basic]);
        assert_eq!(
            parse("Bearer realm=https://a/b?c=d"),
            [bearer("https://a/b?c=d", None, None)]
        );
        assert_eq!(
            parse("Negotiate, BEARER Realm = \"https://a\\\"b\" , Basic realm=\"y\""),
            [bearer("https://a\"b", None, None), Challenge::Basic]
        );
    }

    #[test]
    fn what_is_ambiguous_or_broken_is_left_out() {
        assert_eq!(parse("Bearer service=\"x\""), []);
        assert_eq!(parse("Bearer realm=\"a\",realm=\"b\""), []);
        assert_eq!(parse("Bearer realm=\"unterminated"), []);
        assert_eq!(parse("Digest realm=\"x\",nonce=\"y\""), []);
        assert_eq!(parse("=x"), []);
    }

    #[test]
    fn limits_hold() {
        let many = "Basic, ".repeat(500);
        assert!(parse(&many).len() <= MAX_ITEMS);
        let mut headers = HeaderMap::new();
        let long = format!("Bearer realm=\"{}\"", "x".repeat(MAX_HEADER));
        headers.insert("www-authenticate", long.parse().unwrap());
        assert_eq!(parse_challenges(&headers), []);
    }

    proptest! {
        #[test]
        fn no_text_panics(text: String) {
            let _ = parse(&text);
        }

        #[test]
        fn no_bytes_panic(bytes: Vec<u8>) {
            let mut headers = HeaderMap::new();
            if let Ok(value) = crate::http::HeaderValue::from_bytes(&bytes) {
                headers.append(crate::http::header::WWW_AUTHENTICATE, value);
            }
            let _ = parse_challenges(&headers);
        }
    }
}
