//! An authority in a trusted root (`CertificateAuthority`).

use serde::{Deserialize, Serialize};

use super::{AuthorityProblem, MAX_ENTRIES};
use crate::proto_json::{Bytes, bounded, null_as_default};
use crate::trust::Authority;
use crate::trust::time::TimeRange;

#[derive(Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Ca {
    subject: Option<Subject>,
    #[serde(deserialize_with = "null_as_default", skip_serializing_if = "String::is_empty")]
    pub uri: String,
    #[serde(alias = "cert_chain")]
    cert_chain: CertChain,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[serde(alias = "valid_for")]
    valid_for: Option<TimeRange>,
}

#[derive(Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
struct Subject {
    #[serde(deserialize_with = "null_as_default", skip_serializing_if = "String::is_empty")]
    organization: String,
    #[serde(deserialize_with = "null_as_default", skip_serializing_if = "String::is_empty")]
    #[serde(alias = "common_name")]
    common_name: String,
}

#[derive(Default, Deserialize, Serialize)]
#[serde(default)]
struct CertChain {
    #[serde(deserialize_with = "bounded::<_, _, MAX_ENTRIES>")]
    certificates: Vec<RawCertificate>,
}

#[derive(Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
struct RawCertificate {
    #[serde(alias = "raw_bytes")]
    raw_bytes: Bytes,
}

impl Ca {
    pub fn of(authority: &Authority) -> Self {
        let subject = crate::trust::summary(authority.root()).ok();
        Self {
            subject: subject.map(|subject| Subject {
                organization: subject.organization,
                common_name: subject.common_name,
            }),
            uri: authority.uri().to_owned(),
            cert_chain: CertChain {
                certificates: authority
                    .certificates()
                    .iter()
                    .map(|der| RawCertificate {
                        raw_bytes: Bytes(der.clone()),
                    })
                    .collect(),
            },
            valid_for: TimeRange::of(authority.validity()),
        }
    }

    /// From when the authority is valid, as text.
    pub fn start(&self) -> Option<&str> {
        self.valid_for.as_ref()?.start.as_deref()
    }

    pub fn authority(self) -> Result<Authority, AuthorityProblem> {
        let validity = TimeRange::validity(self.valid_for.as_ref())?;
        let certificates = self
            .cert_chain
            .certificates
            .into_iter()
            .map(|c| c.raw_bytes.0)
            .collect();
        Ok(Authority::new(self.uri, certificates, validity)?)
    }
}
