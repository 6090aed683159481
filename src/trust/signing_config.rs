//! The signing configuration, `signing_config.v0.2.json` (sigstore/protobuf-specs `protos/sigstore_trustroot.proto`,
//! `SigningConfig`, in protobuf's JSON mapping): which services a signer uses, and of how many operators.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Validity;
use super::time::{InvalidTime, TimeRange};
use crate::proto_json::{EnumValue, bounded, null_as_default};

/// Longest file that is read, in bytes. The public one has 2 KiB.
pub const MAX_BYTES: usize = 1 << 20;

/// The media type that is read and written.
pub const MEDIA_TYPE: &str = "application/vnd.dev.sigstore.signingconfig.v0.2+json";

/// Most services of one kind.
const MAX_SERVICES: usize = 64;

/// The services to sign with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SigningConfig {
    /// Certificate authorities (Fulcio).
    pub certificate_authorities: Vec<Service>,
    /// Providers of identity tokens.
    pub oidc_providers: Vec<Service>,
    /// Transparency logs.
    pub logs: Vec<Service>,
    /// How many of the logs to use.
    pub log_selector: Option<Selector>,
    /// Timestamp authorities.
    pub timestamp_authorities: Vec<Service>,
    /// How many of the timestamp authorities to use.
    pub timestamp_selector: Option<Selector>,
}

/// One service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Where it is.
    pub url: String,
    /// The major version of its interface.
    pub api_version: u32,
    /// When it may be used.
    pub validity: Validity,
    /// Who runs it: at most one service of an operator is used.
    pub operator: String,
}

/// How many services of a kind to use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selector {
    /// One of them.
    Any,
    /// Each.
    All,
    /// This many, at least 1.
    Exact(u32),
}

/// Why bytes are not a signing configuration.
#[derive(Debug, thiserror::Error)]
pub enum SigningConfigError {
    /// Longer than [`MAX_BYTES`].
    #[error("the signing configuration has {0} bytes, more than the limit of {MAX_BYTES}")]
    TooLarge(usize),
    /// Not JSON of that shape.
    #[error("the signing configuration is malformed: {0}")]
    Json(#[from] serde_json::Error),
    /// Another kind or version of document.
    #[error("the signing configuration has the media type {0:?}, only version 0.2 is known: {MEDIA_TYPE}")]
    MediaType(String),
    /// A service's time is none.
    #[error("the signing configuration is malformed: service {url:?}: {reason}")]
    Time {
        /// The service.
        url: String,
        /// What is wrong.
        reason: InvalidTime,
    },
    /// A selector that is not one.
    #[error("the signing configuration is malformed: {0} is not ANY, ALL, or EXACT with a count of at least 1")]
    Selector(&'static str),
}

/// Why no service can be chosen.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum SelectionError {
    /// The configuration does not say how many.
    #[error("the signing configuration does not say how many of the {0} to use (ANY, ALL, EXACT)")]
    NoSelector(&'static str),
    /// None is valid now with an interface that is known here.
    #[error(
        "the signing configuration has none of the {kind} that is valid at {now} and has one of the API versions {known}"
    )]
    None {
        /// `transparency logs`, for one.
        kind: &'static str,
        /// The time that was asked for.
        now: String,
        /// The versions that are known here.
        known: String,
    },
    /// Fewer operators than EXACT asks for.
    #[error("the signing configuration asks for exactly {wanted} {kind} of different operators, {found} can be used")]
    TooFew {
        /// `transparency logs`, for one.
        kind: &'static str,
        /// How many are asked for.
        wanted: u32,
        /// How many there are.
        found: usize,
    },
}

/// API versions of transparency logs that are known here: Rekor v1 and Rekor v2.
pub const LOG_VERSIONS: &[u32] = &[1, 2];

/// API versions of timestamp authorities that are known here.
pub const TIMESTAMP_VERSIONS: &[u32] = &[1];

impl SigningConfig {
    /// Reads a signing configuration. Members that are not known are ignored.
    ///
    /// # Errors
    /// [`SigningConfigError`].
    pub fn parse(json: &[u8]) -> Result<Self, SigningConfigError> {
        if json.len() > MAX_BYTES {
            return Err(SigningConfigError::TooLarge(json.len()));
        }
        let document: Document = serde_json::from_slice(json)?;
        if document.media_type != MEDIA_TYPE {
            return Err(SigningConfigError::MediaType(
                document.media_type.chars().take(100).collect(),
            ));
        }
        Ok(Self {
            certificate_authorities: services(document.ca_urls)?,
            oidc_providers: services(document.oidc_urls)?,
            logs: services(document.rekor_tlog_urls)?,
            log_selector: selector(document.rekor_tlog_config, "rekorTlogConfig")?,
            timestamp_authorities: services(document.tsa_urls)?,
            timestamp_selector: selector(document.tsa_config, "tsaConfig")?,
        })
    }

    /// Writes the configuration as cosign does, on one line.
    ///
    /// # Errors
    /// [`serde_json::Error`] only in theory.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        let list = |services: &[Service]| services.iter().map(Entry::of).collect();
        serde_json::to_string(&Document {
            media_type: MEDIA_TYPE.to_owned(),
            ca_urls: list(&self.certificate_authorities),
            oidc_urls: list(&self.oidc_providers),
            rekor_tlog_urls: list(&self.logs),
            rekor_tlog_config: Some(Config::of(self.log_selector)),
            tsa_urls: list(&self.timestamp_authorities),
            tsa_config: Some(Config::of(self.timestamp_selector)),
        })
    }

    /// The transparency logs to upload to at `now`, in seconds since 1970.
    ///
    /// # Errors
    /// [`SelectionError`] when fewer can be used than the configuration asks for.
    pub fn choose_logs(&self, now: i64) -> Result<Vec<&Service>, SelectionError> {
        choose(&self.logs, self.log_selector, LOG_VERSIONS, now, "transparency logs")
    }

    /// The timestamp authorities to ask at `now`, in seconds since 1970.
    ///
    /// # Errors
    /// [`SelectionError`] when fewer can be used than the configuration asks for.
    pub fn choose_timestamp_authorities(&self, now: i64) -> Result<Vec<&Service>, SelectionError> {
        choose(
            &self.timestamp_authorities,
            self.timestamp_selector,
            TIMESTAMP_VERSIONS,
            now,
            "timestamp authorities",
        )
    }
}

/// The services that may be used at `now`: those of the highest version in `known` that any has, one of each operator
/// (its newest), the newest first (sigstore client specification, "Signing configuration").
pub fn usable<'a>(services: &'a [Service], known: &[u32], now: i64) -> Vec<&'a Service> {
    let mut valid: Vec<_> = services
        .iter()
        .filter(|service| known.contains(&service.api_version) && service.validity.contains(now))
        .collect();
    let highest = valid.iter().map(|service| service.api_version).max();
    valid.retain(|service| Some(service.api_version) == highest);
    valid.sort_by_key(|service| std::cmp::Reverse(service.validity.start.unwrap_or(i64::MIN)));
    let mut operators = BTreeSet::new();
    valid.retain(|service| operators.insert(&service.operator));
    valid
}

/// As many of the [`usable`] services as `selector` asks for.
///
/// # Errors
/// [`SelectionError`]; `kind` names the services in it.
pub fn choose<'a>(
    services: &'a [Service],
    selector: Option<Selector>,
    known: &[u32],
    now: i64,
    kind: &'static str,
) -> Result<Vec<&'a Service>, SelectionError> {
    let selector = selector.ok_or(SelectionError::NoSelector(kind))?;
    let mut usable = usable(services, known, now);
    if usable.is_empty() {
        let known: Vec<_> = known.iter().map(u32::to_string).collect();
        return Err(SelectionError::None {
            kind,
            now: super::time::write(now),
            known: known.join(", "),
        });
    }
    match selector {
        Selector::All => {}
        Selector::Any => usable.truncate(1),
        Selector::Exact(wanted) => {
            let count = usize::try_from(wanted).unwrap_or(usize::MAX);
            if usable.len() < count {
                return Err(SelectionError::TooFew {
                    kind,
                    wanted,
                    found: usable.len(),
                });
            }
            usable.truncate(count);
        }
    }
    Ok(usable)
}

fn services(entries: Vec<Entry>) -> Result<Vec<Service>, SigningConfigError> {
    let service = |entry: Entry| match TimeRange::validity(entry.valid_for.as_ref()) {
        Ok(validity) => Ok(Service {
            url: entry.url,
            api_version: entry.major_api_version,
            validity,
            operator: entry.operator,
        }),
        Err(reason) => Err(SigningConfigError::Time {
            url: entry.url.chars().take(200).collect(),
            reason,
        }),
    };
    entries.into_iter().map(service).collect()
}

fn selector(config: Option<Config>, at: &'static str) -> Result<Option<Selector>, SigningConfigError> {
    let Some(config) = config else { return Ok(None) };
    let exact = || match config.count {
        0 => Err(SigningConfigError::Selector(at)),
        count => Ok(Some(Selector::Exact(count))),
    };
    match config.selector {
        None | Some(EnumValue::Number(0)) => Ok(None),
        Some(EnumValue::Number(1)) => Ok(Some(Selector::All)),
        Some(EnumValue::Number(2)) => Ok(Some(Selector::Any)),
        Some(EnumValue::Number(3)) => exact(),
        Some(EnumValue::Number(_)) => Err(SigningConfigError::Selector(at)),
        Some(EnumValue::Name(name)) => match name.as_str() {
            "SERVICE_SELECTOR_UNDEFINED" => Ok(None),
            "ALL" => Ok(Some(Selector::All)),
            "ANY" => Ok(Some(Selector::Any)),
            "EXACT" => exact(),
            _ => Err(SigningConfigError::Selector(at)),
        },
    }
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    #[serde(alias = "media_type")]
    media_type: String,
    #[serde(
        default,
        deserialize_with = "bounded::<_, _, MAX_SERVICES>",
        skip_serializing_if = "Vec::is_empty"
    )]
    #[serde(alias = "ca_urls")]
    ca_urls: Vec<Entry>,
    #[serde(
        default,
        deserialize_with = "bounded::<_, _, MAX_SERVICES>",
        skip_serializing_if = "Vec::is_empty"
    )]
    #[serde(alias = "oidc_urls")]
    oidc_urls: Vec<Entry>,
    #[serde(
        default,
        deserialize_with = "bounded::<_, _, MAX_SERVICES>",
        skip_serializing_if = "Vec::is_empty"
    )]
    #[serde(alias = "rekor_tlog_urls")]
    rekor_tlog_urls: Vec<Entry>,
    #[serde(alias = "rekor_tlog_config")]
    rekor_tlog_config: Option<Config>,
    #[serde(
        default,
        deserialize_with = "bounded::<_, _, MAX_SERVICES>",
        skip_serializing_if = "Vec::is_empty"
    )]
    #[serde(alias = "tsa_urls")]
    tsa_urls: Vec<Entry>,
    #[serde(alias = "tsa_config")]
    tsa_config: Option<Config>,
}

#[derive(Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
struct Entry {
    #[serde(deserialize_with = "null_as_default")]
    url: String,
    #[serde(deserialize_with = "null_as_default")]
    #[serde(alias = "major_api_version")]
    major_api_version: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[serde(alias = "valid_for")]
    valid_for: Option<TimeRange>,
    #[serde(deserialize_with = "null_as_default", skip_serializing_if = "String::is_empty")]
    operator: String,
}

impl Entry {
    fn of(service: &Service) -> Self {
        Self {
            url: service.url.clone(),
            major_api_version: service.api_version,
            valid_for: TimeRange::of(service.validity),
            operator: service.operator.clone(),
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Config {
    selector: Option<EnumValue>,
    #[serde(deserialize_with = "null_as_default")]
    count: u32,
}

impl Config {
    fn of(selector: Option<Selector>) -> Self {
        let (name, count) = match selector {
            None => return Self::default(),
            Some(Selector::Any) => ("ANY", 0),
            Some(Selector::All) => ("ALL", 0),
            Some(Selector::Exact(count)) => ("EXACT", count),
        };
        Self {
            selector: Some(EnumValue::Name(name.to_owned())),
            count,
        }
    }
}

impl Serialize for Config {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap as _;
        let mut map = serializer.serialize_map(None)?;
        if let Some(EnumValue::Name(name)) = &self.selector {
            map.serialize_entry("selector", name)?;
        }
        if self.count > 0 {
            map.serialize_entry("count", &self.count)?;
        }
        map.end()
    }
}

/// Fuzz entry: no bytes panic, and what is read is written so that it is read again.
pub fn fuzz_signing_config(data: &[u8]) {
    if let Ok(config) = SigningConfig::parse(data) {
        let written = config.to_json().unwrap_or_default();
        assert!(SigningConfig::parse(written.as_bytes()).is_ok());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const COSIGNS: [&str; 2] = [
        include_str!("../../tests/vectors/tlog/trust/signing-v1.json"),
        include_str!("../../tests/vectors/tlog/trust/signing-v2.json"),
    ];

    fn service(operator: &str, api_version: u32, start: i64, end: Option<i64>) -> Service {
        Service {
            url: format!("https://{operator}.example/{start}"),
            api_version,
            validity: Validity {
                start: Some(start),
                end,
            },
            operator: operator.to_owned(),
        }
    }

    #[test]
    fn cosigns_own_files_are_read_and_written_byte_for_byte() {
        for json in COSIGNS {
            assert_eq!(
                SigningConfig::parse(json.as_bytes()).unwrap().to_json().unwrap(),
                json.trim_end()
            );
        }
        let two = SigningConfig::parse(COSIGNS[1].as_bytes()).unwrap();
        let chosen = two.choose_logs(1_800_000_000).unwrap();
        assert_eq!(
            (chosen[0].url.as_str(), chosen[0].api_version),
            ("http://127.0.0.1:3003", 2)
        );
        assert!(matches!(two.choose_logs(0), Err(SelectionError::None { .. })));
    }

    #[test]
    fn the_newest_service_of_each_operator_with_the_highest_version_is_used() {
        let services = [
            service("a", 1, 10, None),
            service("a", 2, 10, Some(50)),
            service("a", 2, 20, None),
            service("b", 2, 15, None),
            service("c", 3, 10, None),
            service("d", 2, 90, None),
        ];
        let urls = |now| {
            usable(&services, &[1, 2], now)
                .iter()
                .map(|s| s.url.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(urls(30), ["https://a.example/20", "https://b.example/15"]);
        assert_eq!(urls(12), ["https://a.example/10"]);
        assert!(urls(5).is_empty());
        let count = |selector| choose(&services, selector, &[1, 2], 30, "logs").map(|chosen| chosen.len());
        assert_eq!(count(Some(Selector::Any)), Ok(1));
        assert_eq!(count(Some(Selector::All)), Ok(2));
        assert_eq!(count(Some(Selector::Exact(2))), Ok(2));
        assert!(matches!(
            count(Some(Selector::Exact(3))),
            Err(SelectionError::TooFew { .. })
        ));
        assert_eq!(count(None), Err(SelectionError::NoSelector("logs")));
    }

    #[test]
    fn what_is_malformed_is_refused() {
        for (from, to) in [
            ("v0.2", "v0.1"),
            ("\"ANY\"", "\"SOME\""),
            ("\"ANY\"", "\"EXACT\""),
            ("\"ANY\"", "\"EXACT\",\"count\":-1"),
            ("2024-01-01T00:00:00Z", "2024"),
            ("\"majorApiVersion\":1", "\"majorApiVersion\":\"x\""),
        ] {
            assert!(
                SigningConfig::parse(COSIGNS[0].replace(from, to).as_bytes()).is_err(),
                "{to}"
            );
        }
        let exact = COSIGNS[0].replace("\"ANY\"", "\"EXACT\",\"count\":2");
        assert_eq!(
            SigningConfig::parse(exact.as_bytes()).unwrap().log_selector,
            Some(Selector::Exact(2))
        );
    }

    proptest! {
        #[test]
        fn no_bytes_panic(data in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = SigningConfig::parse(&data);
        }
    }
}
