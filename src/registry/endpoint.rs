//! Where a registry is reached: its host, and http or https.

use crate::http::{self, Origin, StatusCode, Uri};
use crate::reference::Registry;

/// Docker Hub's API is not at the host that names use.
const DOCKER_HUB_API: &str = "registry-1.docker.io";

/// The origins to try for `registry`, in order.
///
/// Loopback names are tried by http first, as nearly all of them are; with a CA or client certificate given, by https
/// first. Any other name is reached by https, and by http only when that is allowed, as it is for `*.local` and private
/// addresses, and there is no TLS.
pub fn candidates(registry: &Registry, allow_http: bool, tls: &http::TlsOptions) -> Vec<Origin> {
    let authority = if registry.is_docker_hub() {
        DOCKER_HUB_API
    } else {
        registry.as_str()
    };
    let wants_tls = tls.ca_file.is_some() || tls.client.is_some() || tls.server_name.is_some();
    let schemes: &[&str] = if registry.is_loopback() && !wants_tls {
        &["http", "https"]
    } else if registry.is_local() || allow_http {
        &["https", "http"]
    } else {
        &["https"]
    };
    schemes
        .iter()
        .filter_map(|scheme| Origin::of(&format!("{scheme}://{authority}/").parse::<Uri>().ok()?))
        .collect()
}

/// Whether the outcome of a first request says that the server speaks the other scheme.
pub fn is_other_scheme(outcome: &Result<http::Response, http::Error>, tried: &Origin, next: &Origin) -> bool {
    match outcome {
        // What Go's and nginx's servers say to http on a TLS port.
        Ok(response) => {
            !tried.is_https()
                && response.status == StatusCode::BAD_REQUEST
                && String::from_utf8_lossy(&response.body).contains("HTTPS")
        }
        Err(http::Error::Tls { not_tls, .. }) => *not_tls,
        Err(http::Error::Interrupted {
            not_http, unanswered, ..
        }) => !tried.is_https() && (*not_http || *unanswered),
        Err(http::Error::Connect { .. }) => tried.port() != next.port(),
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(registry: &str, allow_http: bool) -> Vec<String> {
        let candidates = candidates(&registry.parse().unwrap(), allow_http, &http::TlsOptions::default());
        candidates.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn http_is_only_for_loopback_and_on_request() {
        assert_eq!(
            of("localhost:5000", false),
            ["http://localhost:5000", "https://localhost:5000"]
        );
        assert_eq!(of("[::1]:5000", false), ["http://[::1]:5000", "https://[::1]:5000"]);
        // Credentials would travel in the clear between hosts.
        assert_eq!(
            of("registry.local", false),
            ["https://registry.local", "http://registry.local"]
        );
        assert_eq!(of("ghcr.io", false), ["https://ghcr.io"]);
        assert_eq!(
            of("10.0.0.1:5000", false),
            ["https://10.0.0.1:5000", "http://10.0.0.1:5000"]
        );
        assert_eq!(of("11.0.0.1:5000", false), ["https://11.0.0.1:5000"]);
        assert_eq!(
            of("11.0.0.1:5000", true),
            ["https://11.0.0.1:5000", "http://11.0.0.1:5000"]
        );
        assert_eq!(of("docker.io", false), ["https://registry-1.docker.io"]);
    }
}
