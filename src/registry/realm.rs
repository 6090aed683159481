//! Which token service a registry may name, and whether it is given credentials.
//!
//! The registry that a user has credentials for could always ask for them itself (Basic), so it is not the enemy here;
//! what is to be kept from them is everyone else: whoever changes an answer on the way, and services inside this
//! network that a hostile registry would have us call. Hence:
//!
//! - From an https registry the realm must be https. Addresses are judged when the connection is made (`http`).
//! - Credentials go to the registry's own host, to a host of the same site (`auth.docker.io` for
//!   `registry-1.docker.io`), and to hosts that the user trusts by name. Any other realm is asked anonymously.

use std::net::IpAddr;

use crate::http::{Origin, Uri};

/// Longest realm, in bytes.
const MAX_REALM: usize = 2 << 10;

/// A token service that may be asked.
#[derive(Debug, PartialEq, Eq)]
pub struct Realm {
    /// Its URL.
    pub uri: Uri,
    /// Whether it may be given credentials.
    pub trusted: bool,
}

/// Judges the `realm` that the registry at `registry` names.
///
/// # Errors
/// Why it is not asked at all.
pub fn judge(registry: &Origin, realm: &str, trusted_hosts: &[String]) -> Result<Realm, &'static str> {
    if realm.len() > MAX_REALM {
        return Err("it is too long");
    }
    let uri: Uri = realm.parse().map_err(|_| "it is not a URL")?;
    let origin = Origin::of(&uri).ok_or("it is not an http or https URL without user name")?;
    if registry.is_https() && !origin.is_https() {
        return Err("the registry is reached by https, and tokens would travel by http");
    }
    let named = trusted_hosts
        .iter()
        .any(|host| host.eq_ignore_ascii_case(origin.host()));
    let trusted =
        registry.host() == origin.host() || named || same_site(registry, &origin) || both_local(registry, &origin);
    Ok(Realm { uri, trusted })
}

/// Whether both hosts are names under one registrable domain. Addresses never are.
fn same_site(registry: &Origin, realm: &Origin) -> bool {
    // Over http anyone on the way could have written the realm.
    if !realm.is_https() || !registry.is_https() {
        return false;
    }
    match (site(registry.host()), site(realm.host())) {
        (Some(a), Some(b)) => a == b,
        _ => false,
    }
}

fn both_local(registry: &Origin, realm: &Origin) -> bool {
    let local = |origin: &Origin| {
        origin.host() == "localhost"
            || origin
                .host()
                .parse::<IpAddr>()
                .is_ok_and(|address| address.is_loopback())
    };
    local(registry) && local(realm)
}

/// The last two labels of a host name, three where the last two are a country's second level such as `co.uk`.
fn site(host: &str) -> Option<String> {
    if host.parse::<IpAddr>().is_ok() {
        return None;
    }
    let labels: Vec<&str> = host.rsplit('.').collect();
    let [top, second, ..] = labels.as_slice() else {
        return None;
    };
    let country = top.len() == 2 && (second.len() <= 3 || matches!(*second, "info" | "name" | "gouv"));
    let wanted = if country { 3 } else { 2 };
    if labels.len() < wanted || labels.iter().any(|label| label.is_empty()) {
        return None;
    }
    Some(labels.get(..wanted)?.join("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trusted(registry: &str, realm: &str) -> Result<bool, &'static str> {
        let registry = Origin::of(&registry.parse().unwrap()).unwrap();
        judge(&registry, realm, &["sso.partner.example".to_owned()]).map(|realm| realm.trusted)
    }

    #[test]
    fn the_realms_of_known_registries_get_credentials() {
        for (registry, realm) in [
            ("https://registry-1.docker.io", "https://auth.docker.io/token"),
            ("https://ghcr.io", "https://ghcr.io/token"),
            ("https://quay.io", "https://quay.io/v2/auth"),
            ("https://registry.gitlab.com", "https://gitlab.com/jwt/auth"),
            ("https://eu.gcr.io", "https://eu.gcr.io/v2/token"),
            ("https://me.azurecr.io", "https://me.azurecr.io/oauth2/token"),
            (
                "https://harbor.example.co.uk:8443",
                "https://auth.example.co.uk/service/token",
            ),
            ("http://localhost:5000", "http://127.0.0.1:5001/token"),
            ("http://10.0.0.5:5000", "http://10.0.0.5:5001/token"),
            ("https://r.example", "https://sso.partner.example/token"),
        ] {
            assert_eq!(trusted(registry, realm), Ok(true), "{registry} {realm}");
        }
    }

    #[test]
    fn other_hosts_do_not() {
        for (registry, realm) in [
            ("https://r.example", "https://evil.test/token"),
            ("https://r.example.com", "https://example.com.evil.test/"),
            ("https://a.co.uk", "https://b.co.uk/token"),
            ("https://10.0.0.5", "https://10.0.0.6/token"),
            ("http://registry.example.com", "http://auth.example.com/token"),
            ("https://r.example", "https://127.0.0.1/token"),
            ("http://registry", "http://auth/token"),
        ] {
            assert_eq!(trusted(registry, realm), Ok(false), "{registry} {realm}");
        }
    }

    #[test]
    fn downgrades_and_nonsense_are_refused() {
        for realm in [
            "http://r.example/token",
            "/token",
            "",
            "file:///etc/passwd",
            "https://user:password@r.example/token",
            "https://r.example\\@evil.test/",
        ] {
            assert!(trusted("https://r.example", realm).is_err(), "{realm}");
        }
    }
}
