//! The `policy` of an attestation and of a whole ClusterImagePolicy.

use super::super::fields::{Object, Problems, shown};
use super::super::rego;
use super::super::resource::Code;
use super::at;

/// The fields of the policy of an attestation.
pub const FIELDS: [&str; 4] = ["type", "data", "remote", "configMapRef"];
/// The fields of `spec.policy`.
pub const FIELDS_WITHIN_SPEC: [&str; 8] = [
    "type",
    "data",
    "remote",
    "configMapRef",
    "fetchConfigFile",
    "includeSpec",
    "includeObjectMeta",
    "includeTypeMeta",
];

/// Reads a policy; `object` was opened with its known fields.
pub fn read(object: &Object<'_>, problems: &mut Problems) -> Option<Code> {
    let kind = object.required_text("type", problems);
    if let Some(kind) = kind {
        let message = match kind {
            "rego" => None,
            "cue" => Some(
                "policies in CUE are not evaluated here; write the same rule in rego (docs/policy.md, \"From CUE to rego\")"
                    .to_owned(),
            ),
            other => Some(format!("invalid value: {}: write rego", shown(other))),
        };
        if let Some(message) = message {
            problems.error(object.path_of("type"), at(object, "type"), message);
        }
    }
    match object.exactly_one(&["data", "configMapRef", "remote"], problems)? {
        "data" => {
            let text = object.required_text("data", problems)?;
            if kind == Some("rego")
                && let Err(error) = rego::check(text)
            {
                problems.error(object.path_of("data"), at(object, "data"), error.to_string());
            }
            Some(Code::Inline(text.to_owned()))
        }
        "configMapRef" => {
            let field = object.field("configMapRef")?;
            let reference = field.object(&["name", "namespace", "key"], problems)?;
            Some(Code::ConfigMap {
                namespace: reference.text("namespace", problems).map(str::to_owned),
                name: reference.required_text("name", problems)?.to_owned(),
                key: reference.required_text("key", problems)?.to_owned(),
            })
        }
        _ => {
            let field = object.field("remote")?;
            let remote = field.object(&["url", "sha256sum"], problems)?;
            let url = remote.required_text("url", problems);
            let sum = remote.required_text("sha256sum", problems);
            let https = |url: &str| {
                url.parse::<http::Uri>()
                    .is_ok_and(|u| u.scheme_str() == Some("https") && u.host().is_some_and(|h| !h.is_empty()))
            };
            if let Some(url) = url.filter(|u| !https(u)) {
                let message = format!("invalid value: {}: host and https scheme are expected", shown(url));
                problems.error(remote.path_of("url"), at(&remote, "url"), message);
            }
            let hex = |sum: &str| sum.len() == 64 && sum.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
            if let Some(sum) = sum.filter(|s| !hex(s)) {
                let message = format!(
                    "invalid value: {}: 64 lower-case hexadecimal digits are expected",
                    shown(sum)
                );
                problems.error(remote.path_of("sha256sum"), at(&remote, "sha256sum"), message);
            }
            Some(Code::Remote {
                url: url?.to_owned(),
                sha256: sum?.to_owned(),
            })
        }
    }
}
