//! The Kubernetes API, as far as the webhook needs it: policies listed, watched and given a status; secrets, config maps
//! and service accounts read.
//!
//! This is a client of five requests over [`crate::http`] in place of kube and k8s-openapi: those bring the types of
//! every Kubernetes resource, a second HTTP stack and minutes of compilation for them (docs/dependencies.md).

mod watch;

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::http::{self, Client, HeaderValue, Method, Request, StatusCode, Uri, header};

pub use watch::{Change, Watch};

/// Largest object that is read, in bytes: more than etcd takes.
const MAX_OBJECT: usize = 4 << 20;
/// Largest page of a list, in bytes.
const MAX_LIST: usize = 64 << 20;
/// Most objects of a page.
const PAGE: usize = 250;
/// Most pages of a list.
const MAX_PAGES: usize = 400;
/// Where a pod finds its own credentials.
const SERVICE_ACCOUNT: &str = "/var/run/secrets/kubernetes.io/serviceaccount";
/// How long a watch lasts, in seconds: shorter than the silence that the HTTP client takes for a broken connection.
const WATCH: u32 = 25;
/// Where policies are.
const POLICIES: &str = "/apis/policy.sigstore.dev/v1beta1/clusterimagepolicies";

/// Why the API server did not give what was asked.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ApiError {
    /// Not in a cluster.
    #[error("not in a cluster: {0}; run it as a pod, or give policies with --policy")]
    NotInCluster(String),
    /// No such object.
    #[error("it does not exist")]
    NotFound,
    /// Not allowed.
    #[error("the API server does not allow it ({0}); check the role of the webhook's service account")]
    Forbidden(StatusCode),
    /// Another answer.
    #[error("the API server answered {status}: {text}")]
    Status {
        /// The status.
        status: StatusCode,
        /// What it says, cut.
        text: String,
    },
    /// No answer.
    #[error("the API server can't be asked: {0}")]
    Http(#[from] http::Error),
    /// An answer that is not understood.
    #[error("the API server's answer is not understood: {0}")]
    Malformed(String),
}

impl ApiError {
    /// Whether this says how things are, and not only that it could not be found out.
    pub fn is_answer(&self) -> bool {
        match self {
            Self::NotFound => true,
            Self::Forbidden(status) => *status == StatusCode::FORBIDDEN,
            _ => false,
        }
    }
}

/// The API of one cluster.
pub struct Api {
    http: Client,
    base: String,
    token: Option<PathBuf>,
    namespace: String,
}

impl Api {
    /// The API of the cluster that this process is a pod of.
    ///
    /// # Errors
    /// [`ApiError::NotInCluster`].
    pub fn in_cluster(variable: impl Fn(&str) -> Option<String>) -> Result<Self, ApiError> {
        let get = |name: &str| variable(name).ok_or_else(|| ApiError::NotInCluster(format!("{name} is not set")));
        let host = get("KUBERNETES_SERVICE_HOST")?;
        let port = get("KUBERNETES_SERVICE_PORT")?;
        let host = if host.contains(':') { format!("[{host}]") } else { host };
        let directory = Path::new(SERVICE_ACCOUNT);
        let namespace = std::fs::read_to_string(directory.join("namespace"))
            .map_err(|e| ApiError::NotInCluster(format!("{SERVICE_ACCOUNT}/namespace: {e}")))?;
        let http = Client::new(http::Config {
            tls: http::TlsOptions {
                ca_file: Some(directory.join("ca.crt")),
                ..http::TlsOptions::default()
            },
            proxies: false,
            ..http::Config::default()
        });
        Ok(Self::at(
            http,
            format!("https://{host}:{port}"),
            Some(directory.join("token")),
            namespace.trim(),
        ))
    }

    /// The API at `base` (scheme and authority), asked with the token in a file, which is read again for each request:
    /// it is renewed. `namespace` is the webhook's own.
    pub fn at(http: Client, base: String, token: Option<PathBuf>, namespace: &str) -> Self {
        Self {
            http,
            base,
            token,
            namespace: namespace.to_owned(),
        }
    }

    /// The namespace of the webhook itself, where secrets and config maps of policies are looked for.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    fn request(&self, method: Method, path: &str, limit: usize) -> Result<Request, ApiError> {
        let uri: Uri = format!("{}{path}", self.base)
            .parse()
            .map_err(|_| ApiError::Malformed(format!("{path:?} is no path")))?;
        let mut request = Request::new(method, uri, limit);
        request.follow = false;
        request
            .headers
            .insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        if let Some(path) = &self.token {
            let token = Zeroizing::new(
                std::fs::read_to_string(path)
                    .map_err(|e| ApiError::NotInCluster(format!("{}: {e}", path.display())))?,
            );
            let text = Zeroizing::new(format!("Bearer {}", token.trim()));
            let mut value = HeaderValue::from_str(&text)
                .map_err(|_| ApiError::NotInCluster(format!("{} is no token", path.display())))?;
            value.set_sensitive(true);
            request.headers.insert(header::AUTHORIZATION, value);
        }
        Ok(request)
    }

    async fn get(&self, path: &str, limit: usize) -> Result<Value, ApiError> {
        let response = self.http.send(self.request(Method::GET, path, limit)?).await?;
        check(response.status, &response.body)?;
        serde_json::from_slice(&response.body).map_err(|e| ApiError::Malformed(e.to_string()))
    }

    /// All policies, and the resource version to watch from.
    ///
    /// # Errors
    /// [`ApiError`].
    pub async fn list_policies(&self) -> Result<(Vec<Value>, String), ApiError> {
        let mut items = Vec::new();
        let mut token = String::new();
        for _ in 0..MAX_PAGES {
            let page = self.get(&format!("{POLICIES}?limit={PAGE}{token}"), MAX_LIST).await?;
            items.extend(
                page.get("items")
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten()
                    .cloned(),
            );
            let text = |field: &str| page.pointer(field).and_then(Value::as_str).unwrap_or_default();
            let next = text("/metadata/continue");
            if next.is_empty() {
                return Ok((items, text("/metadata/resourceVersion").to_owned()));
            }
            token = format!("&continue={}", escape(next));
        }
        Err(ApiError::Malformed(format!("more than {MAX_PAGES} pages of policies")))
    }

    /// Watches the policies from a resource version on.
    ///
    /// # Errors
    /// [`ApiError`] when the watch can't be opened.
    pub async fn watch_policies(&self, from: &str) -> Result<Watch, ApiError> {
        let path = format!(
            "{POLICIES}?watch=true&allowWatchBookmarks=true&timeoutSeconds={WATCH}&resourceVersion={}",
            escape(from)
        );
        let answer = self.http.open(self.request(Method::GET, &path, usize::MAX)?).await?;
        if !answer.status.is_success() {
            let response = answer.cut(http::MAX_ERROR_BODY).await?;
            check(response.status, &response.body)?;
            return Err(ApiError::Malformed(format!("the watch answered {}", response.status)));
        }
        Ok(Watch::new(answer.body))
    }

    /// Writes the conditions of a policy.
    ///
    /// # Errors
    /// [`ApiError`].
    pub async fn write_status(&self, name: &str, status: Value) -> Result<(), ApiError> {
        let path = format!("{POLICIES}/{}/status", escape(name));
        let mut request = self.request(Method::PATCH, &path, MAX_OBJECT)?;
        let body = json!({ "status": status });
        request.headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/merge-patch+json"),
        );
        request.body = body.to_string().into();
        let response = self.http.send(request).await?;
        check(response.status, &response.body)
    }

    /// The values of a secret, by key.
    ///
    /// # Errors
    /// [`ApiError`].
    pub async fn secret(&self, namespace: &str, name: &str) -> Result<Vec<(String, Zeroizing<Vec<u8>>)>, ApiError> {
        let secret = self.get(&object(namespace, "secrets", name), MAX_OBJECT).await?;
        let mut values = Vec::new();
        for (key, value) in secret.get("data").and_then(Value::as_object).into_iter().flatten() {
            let bytes = value.as_str().and_then(|text| STANDARD.decode(text).ok());
            let bytes = bytes.ok_or_else(|| ApiError::Malformed(format!("the value of {key:?} is not base64")))?;
            values.push((key.clone(), Zeroizing::new(bytes)));
        }
        Ok(values)
    }

    /// The docker configuration in a pull secret.
    ///
    /// # Errors
    /// [`ApiError`], also when the secret is of another kind.
    pub async fn docker_config(&self, namespace: &str, name: &str) -> Result<Zeroizing<Vec<u8>>, ApiError> {
        let values = self.secret(namespace, name).await?;
        let of = |wanted: &str| {
            values
                .iter()
                .find(|(key, _)| key == wanted)
                .map(|(_, value)| value.clone())
        };
        if let Some(config) = of(".dockerconfigjson") {
            return Ok(config);
        }
        // The older kind has the inner mapping only.
        let older = of(".dockercfg")
            .ok_or_else(|| ApiError::Malformed("it has no .dockerconfigjson, so it is no pull secret".to_owned()))?;
        let mut config = Zeroizing::new(br#"{"auths":"#.to_vec());
        config.extend_from_slice(&older);
        config.push(b'}');
        Ok(config)
    }

    /// The names of the pull secrets of a service account.
    ///
    /// # Errors
    /// [`ApiError`]; a service account that does not exist has none.
    pub async fn pull_secrets_of(&self, namespace: &str, account: &str) -> Result<Vec<String>, ApiError> {
        let account = match self
            .get(&object(namespace, "serviceaccounts", account), MAX_OBJECT)
            .await
        {
            Ok(account) => account,
            Err(ApiError::NotFound) => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let secrets = account.get("imagePullSecrets").and_then(Value::as_array);
        Ok(secrets
            .into_iter()
            .flatten()
            .filter_map(|s| Some(s.get("name")?.as_str()?.to_owned()))
            .collect())
    }

    /// A value of a config map.
    ///
    /// # Errors
    /// [`ApiError`], also when the key is missing.
    pub async fn config_map(&self, namespace: &str, name: &str, key: &str) -> Result<Vec<u8>, ApiError> {
        let map = self.get(&object(namespace, "configmaps", name), MAX_OBJECT).await?;
        let value = map.get("data").and_then(|d| d.get(key)).and_then(Value::as_str);
        value
            .map(|text| text.as_bytes().to_vec())
            .ok_or_else(|| ApiError::Malformed(format!("it has no key {key:?}")))
    }

    /// The text at an address, for policies that lie elsewhere.
    ///
    /// # Errors
    /// [`ApiError`].
    pub async fn remote(http: &Client, url: &str) -> Result<Vec<u8>, ApiError> {
        const MAX_POLICY: usize = 1 << 20;
        let uri: Uri = url
            .parse()
            .map_err(|_| ApiError::Malformed(format!("{url:?} is no address")))?;
        let response = http.send(Request::get(uri, MAX_POLICY)).await?;
        if !response.status.is_success() {
            return Err(ApiError::Malformed(format!("{url} answered {}", response.status)));
        }
        Ok(response.body.to_vec())
    }
}

fn check(status: StatusCode, body: &[u8]) -> Result<(), ApiError> {
    match status {
        status if status.is_success() => Ok(()),
        StatusCode::NOT_FOUND => Err(ApiError::NotFound),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(ApiError::Forbidden(status)),
        status => {
            let message = serde_json::from_slice::<Value>(body)
                .ok()
                .and_then(|v| Some(v.get("message")?.as_str()?.to_owned()))
                .unwrap_or_default();
            Err(ApiError::Status {
                status,
                text: crate::policy::fields::shown(&message),
            })
        }
    }
}

fn object(namespace: &str, resource: &str, name: &str) -> String {
    format!("/api/v1/namespaces/{}/{resource}/{}", escape(namespace), escape(name))
}

/// A part of a path or query with all but unreserved characters escaped (RFC 3986, section 2.3): a name out of a
/// workload must not leave its place in the path.
fn escape(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric()
            || matches!(byte, b'-' | b'_' | b'~')
            || (byte == b'.' && text != "." && text != "..")
        {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_in_their_place() {
        assert_eq!(
            object("a", "secrets", "../../b?c"),
            "/api/v1/namespaces/a/secrets/..%2F..%2Fb%3Fc"
        );
        assert_eq!(escape(".."), "%2E%2E");
        assert_eq!(escape("my.name-1"), "my.name-1");
    }
}
