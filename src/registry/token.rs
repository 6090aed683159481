//! The exchange of a credential for a bearer token (Docker token authentication; OAuth2 for identity tokens).

use std::time::{Duration, Instant};

use serde::Deserialize;
use zeroize::{Zeroize as _, Zeroizing};

use super::credentials::{self, Credential};
use super::error::detail;
use crate::http::{self, HeaderValue, Origin, Request, Response, StatusCode, Uri, encode};

/// Longest answer of a token service, in bytes: tokens reach some KiB.
const MAX_ANSWER: usize = 128 << 10;
/// How long a token holds when its service does not say.
const USUAL_LIFE: Duration = Duration::from_secs(60);
/// How long before its end a token is no longer used.
const MARGIN: Duration = Duration::from_secs(10);
/// Longest life that is believed.
const LONGEST_LIFE: Duration = Duration::from_secs(24 * 3600);

/// A bearer token, as the header that carries it.
#[derive(Clone)]
pub struct Token {
    pub header: HeaderValue,
    pub until: Instant,
}

/// What a token is asked for.
pub struct Ask<'a> {
    pub realm: Uri,
    pub registry: &'a Origin,
    pub service: Option<&'a str>,
    pub scopes: &'a [String],
    pub credential: Option<&'a Credential>,
}

/// Why there is no token.
pub enum Failure {
    Http(http::Error),
    /// The service refuses: its status and text.
    Refused(StatusCode, String),
    Status(Box<Response>),
    Malformed(&'static str),
}

/// The two fields under which a token is given; both are wiped.
#[derive(Deserialize)]
struct Answer {
    token: Option<String>,
    access_token: Option<String>,
    expires_in: Option<serde_json::Number>,
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.token.zeroize();
        self.access_token.zeroize();
    }
}

/// Asks the token service.
pub async fn exchange(http: &http::Client, ask: Ask<'_>) -> Result<Token, Failure> {
    let send = async |mut request: Request| {
        request.chosen_by = Some(ask.registry.clone());
        http.send(request).await.map_err(Failure::Http)
    };
    let response = match ask.credential {
        Some(Credential::IdentityToken(token)) => {
            let response = send(refresh(&ask, token)?).await?;
            // Not all token services know OAuth2; then it is a password, as for cosign.
            if response.status == StatusCode::NOT_FOUND {
                let password = Credential::Basic {
                    username: "<token>".to_owned(),
                    password: token.clone(),
                };
                send(get(&ask, Some(&password))?).await?
            } else {
                response
            }
        }
        credential => send(get(&ask, credential)?).await?,
    };
    match response.status {
        StatusCode::OK => read(&response),
        status @ (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::BAD_REQUEST) => {
            Err(Failure::Refused(status, detail(&response)))
        }
        _ => Err(Failure::Status(Box::new(response))),
    }
}

fn get(ask: &Ask<'_>, credential: Option<&Credential>) -> Result<Request, Failure> {
    let mut query: Vec<String> = Vec::new();
    query.extend(ask.service.map(|service| format!("service={}", encode(service))));
    query.extend(ask.scopes.iter().map(|scope| format!("scope={}", encode(scope))));
    let mut authorization = None;
    if let Some(Credential::Basic { username, password }) = credential {
        query.push(format!("account={}", encode(username)));
        authorization = Some(credentials::basic(username, password).ok_or(Failure::Malformed("the credential"))?);
    }
    let separator = if ask.realm.query().is_some() { '&' } else { '?' };
    let uri = if query.is_empty() {
        ask.realm.clone()
    } else {
        format!("{}{separator}{}", ask.realm, query.join("&"))
            .parse()
            .map_err(|_| Failure::Malformed("the realm"))?
    };
    let mut request = Request::get(uri, MAX_ANSWER);
    if let Some(authorization) = authorization {
        request.headers.insert(http::header::AUTHORIZATION, authorization);
    }
    Ok(request)
}

fn refresh(ask: &Ask<'_>, token: &str) -> Result<Request, Failure> {
    let body = Zeroizing::new(format!(
        "grant_type=refresh_token&client_id=countersign&service={}&scope={}&refresh_token={}",
        encode(ask.service.unwrap_or_default()),
        encode(&ask.scopes.join(" ")),
        encode(token)
    ));
    let form = HeaderValue::from_static("application/x-www-form-urlencoded");
    let mut request = Request::post(ask.realm.clone(), form, body.as_bytes().to_vec(), MAX_ANSWER);
    request.secret_body = true;
    Ok(request)
}

fn read(response: &Response) -> Result<Token, Failure> {
    let answer: Answer =
        serde_json::from_slice(&response.body).map_err(|_| Failure::Malformed("it is not JSON with a token"))?;
    let token = answer.token.as_deref().filter(|token| !token.is_empty());
    let token = token
        .or(answer.access_token.as_deref().filter(|token| !token.is_empty()))
        .ok_or(Failure::Malformed("it holds no token"))?;
    let header = credentials::bearer(token).ok_or(Failure::Malformed("the token has characters no header may have"))?;
    let life = answer
        .expires_in
        .as_ref()
        .and_then(serde_json::Number::as_u64)
        .map_or(USUAL_LIFE, Duration::from_secs)
        .clamp(USUAL_LIFE, LONGEST_LIFE);
    Ok(Token {
        header,
        until: Instant::now() + life - MARGIN,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(body: &[u8]) -> Result<Token, &'static str> {
        let response = Response {
            status: StatusCode::OK,
            headers: http::HeaderMap::new(),
            body: body.to_vec().into(),
            uri: Uri::from_static("https://r.example/"),
            attempts: 1,
        };
        read(&response).map_err(|failure| match failure {
            Failure::Malformed(reason) => reason,
            _ => "another failure",
        })
    }

    #[test]
    fn both_names_of_a_token_are_read() {
        assert_eq!(of(br#"{"token":"t"}"#).unwrap().header, "Bearer t");
        assert_eq!(of(br#"{"access_token":"a","token":""}"#).unwrap().header, "Bearer a");
        assert!(of(br#"{"token":"t"}"#).unwrap().header.is_sensitive());
    }

    #[test]
    fn lives_are_bounded() {
        let left = |body: &str| of(body.as_bytes()).unwrap().until - Instant::now();
        assert!(left(r#"{"token":"t"}"#) > Duration::from_secs(45));
        assert!(left(r#"{"token":"t","expires_in":0}"#) > Duration::from_secs(45));
        assert!(left(r#"{"token":"t","expires_in":-1}"#) > Duration::from_secs(45));
        assert!(left(r#"{"token":"t","expires_in":18446744073709551615}"#) <= LONGEST_LIFE);
    }

    #[test]
    fn what_is_no_token_is_refused() {
        for body in [
            &b"{}"[..],
            b"",
            b"[]",
            br#"{"token":7}"#,
            br#"{"token":"a
Host: x"}"#,
        ] {
            assert!(of(body).is_err());
        }
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes: Vec<u8>) {
            let _ = of(&bytes);
        }
    }
}
