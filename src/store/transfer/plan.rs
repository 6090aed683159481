//! What belongs to a manifest, and which manifest of an index is meant.

use crate::digest::Digest;
use crate::oci::{Descriptor, Manifest, Parsed, Platform};

/// The blobs of a manifest: configuration and layers, each once. Layers that may not be distributed and lie elsewhere
/// (Windows base layers) stay there.
pub(super) fn blobs(manifest: &Manifest) -> Vec<Descriptor> {
    let mut blobs: Vec<Descriptor> = Vec::new();
    for blob in std::iter::once(&manifest.config).chain(&manifest.layers) {
        let elsewhere = blob.media_type.contains("nondistributable") || blob.media_type.contains("foreign");
        let known = blobs.iter().any(|known| known.digest == blob.digest);
        if !known && (!elsewhere || blob.urls.is_empty()) {
            blobs.push(blob.clone());
        }
    }
    blobs
}

/// A platform as it is asked for: `os/architecture[/variant][:os-version]`. What is not said matches anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlatformFilter {
    os: String,
    architecture: String,
    variant: Option<String>,
    os_version: Option<String>,
}

/// Why no manifest could be chosen by platform.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum PlatformError {
    /// Not of the form.
    #[error("{0:?} is not a platform; write os/architecture or os/architecture/variant, such as linux/arm64/v8")]
    Invalid(String),
    /// The image is one manifest.
    #[error("specified reference is not a multiarch image")]
    NotAnIndex,
    /// No manifest fits.
    #[error("unable to find an entity for {wanted}; the image has {}", available.join(", "))]
    None {
        /// What was asked for.
        wanted: String,
        /// What there is.
        available: Vec<String>,
    },
    /// Several fit.
    #[error("platform spec matches more than one image architecture: {}", matching.join(", "))]
    Several {
        /// What fits.
        matching: Vec<String>,
    },
}

impl std::str::FromStr for PlatformFilter {
    type Err = PlatformError;

    fn from_str(text: &str) -> Result<Self, PlatformError> {
        let invalid = || PlatformError::Invalid(text.chars().take(100).collect());
        let (platform, os_version) = match text.split_once(':') {
            Some((platform, version)) => (platform, Some(version.to_owned())),
            None => (text, None),
        };
        let mut parts = platform.split('/');
        let (os, architecture) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let variant = parts.next().map(str::to_owned);
        if os.is_empty() || architecture.is_empty() || parts.next().is_some() {
            return Err(invalid());
        }
        Ok(Self {
            os: os.to_owned(),
            architecture: architecture.to_owned(),
            variant,
            os_version,
        })
    }
}

impl std::fmt::Display for PlatformFilter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.os, self.architecture)?;
        if let Some(variant) = &self.variant {
            write!(f, "/{variant}")?;
        }
        match &self.os_version {
            Some(version) => write!(f, ":{version}"),
            None => Ok(()),
        }
    }
}

impl PlatformFilter {
    fn fits(&self, platform: &Platform) -> bool {
        let same = |asked: &Option<String>, there: &Option<String>| asked.is_none() || asked == there;
        self.os == platform.os
            && self.architecture == platform.architecture
            && same(&self.variant, &platform.variant)
            && same(&self.os_version, &platform.os_version)
    }

    /// The only manifest of an index that is for this platform.
    ///
    /// # Errors
    /// [`PlatformError`]: no index, none or several.
    pub fn choose(&self, parsed: &Parsed) -> Result<Digest, PlatformError> {
        let Parsed::Index(index) = parsed else {
            return Err(PlatformError::NotAnIndex);
        };
        let named = |d: &Descriptor| d.platform.as_ref().map(name);
        let fitting: Vec<&Descriptor> = index
            .manifests
            .iter()
            .filter(|d| d.platform.as_ref().is_some_and(|p| self.fits(p)))
            .collect();
        match fitting.as_slice() {
            [only] => Ok(only.digest.clone()),
            [] => Err(PlatformError::None {
                wanted: self.to_string(),
                available: index.manifests.iter().filter_map(named).collect(),
            }),
            several => Err(PlatformError::Several {
                matching: several.iter().filter_map(|d| named(d)).collect(),
            }),
        }
    }
}

/// `os/architecture[/variant]`, control characters removed.
pub fn name(platform: &Platform) -> String {
    let variant = platform.variant.as_ref().map(|v| format!("/{v}")).unwrap_or_default();
    let text = format!("{}/{}{variant}", platform.os, platform.architecture);
    text.chars().filter(|c| !c.is_control()).take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oci::{Index, media_type};

    fn index(platforms: &[(&str, &str, Option<&str>)]) -> Parsed {
        let manifests = platforms.iter().map(|(os, architecture, variant)| Descriptor {
            platform: Some(Platform {
                architecture: (*architecture).to_owned(),
                os: (*os).to_owned(),
                os_version: None,
                os_features: Vec::new(),
                variant: variant.map(str::to_owned),
            }),
            ..Descriptor::of(
                media_type::OCI_MANIFEST,
                format!("{os}{architecture}{variant:?}").as_bytes(),
            )
        });
        Parsed::Index(Index {
            schema_version: 2,
            media_type: None,
            manifests: manifests.collect(),
            annotations: Default::default(),
            subject: None,
            artifact_type: None,
        })
    }

    #[test]
    fn a_platform_chooses_the_one_manifest_that_fits() {
        let index = index(&[
            ("linux", "amd64", None),
            ("linux", "arm", Some("v6")),
            ("linux", "arm", Some("v7")),
        ]);
        let choose = |text: &str| text.parse::<PlatformFilter>().unwrap().choose(&index);
        assert!(choose("linux/amd64").is_ok());
        assert!(choose("linux/arm/v7").is_ok());
        assert!(matches!(choose("linux/arm"), Err(PlatformError::Several { .. })));
        let none = choose("windows/amd64").unwrap_err().to_string();
        assert!(
            none.contains("windows/amd64") && none.contains("linux/arm/v6"),
            "{none}"
        );
    }

    #[test]
    fn what_is_no_platform_is_refused() {
        for text in ["", "linux", "linux/", "/amd64", "a/b/c/d"] {
            assert!(text.parse::<PlatformFilter>().is_err(), "{text:?}");
        }
    }
}
