//! Names of images: `host/repository:tag`, `host/repository@sha256:…` and `oci:DIRECTORY[:TAG]`.
//!
//! The rules are those of docker and of go-containerregistry's weak validation, which cosign uses: Docker Hub is the
//! default registry (`index.docker.io`), its official images lie under `library/`, `latest` is the default tag, and a
//! tag beside a digest is dropped.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use crate::digest::Digest;

const DOCKER_HUB: &str = "index.docker.io";
/// Longest repository path, in characters (go-containerregistry's limit).
const MAX_REPOSITORY: usize = 255;
/// Longest tag, in characters (OCI distribution-spec v1.1, "Pulling manifests").
const MAX_TAG: usize = 128;

/// Why a text is not an image reference.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{text:?} is not an image reference: {reason}")]
pub struct InvalidReference {
    text: String,
    reason: String,
}

fn invalid(text: &str, reason: impl Into<String>) -> InvalidReference {
    InvalidReference {
        text: text.chars().take(300).collect(),
        reason: reason.into(),
    }
}

/// A registry's host and optional port, e.g. `ghcr.io` or `localhost:5000`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Registry(Box<str>);

impl Registry {
    /// Host and port as written, Docker Hub's names folded into `index.docker.io`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is Docker Hub.
    pub fn is_docker_hub(&self) -> bool {
        &*self.0 == DOCKER_HUB
    }

    /// The host alone, an IPv6 address without its brackets.
    pub fn host(&self) -> &str {
        let (host, _) = split_port(&self.0);
        host.trim_start_matches('[').trim_end_matches(']')
    }

    /// The port, when one is written.
    pub fn port(&self) -> Option<u16> {
        split_port(&self.0).1.and_then(|port| port.parse().ok())
    }

    /// Whether plain http is used without being asked for, as cosign does: loopback names, `*.local`, and the private
    /// IPv4 addresses of RFC 1918.
    pub fn is_local(&self) -> bool {
        let private = |address: std::net::Ipv4Addr| address.is_private();
        self.is_loopback() || self.host().ends_with(".local") || self.host().parse().is_ok_and(private)
    }

    /// Whether the name is one of this host. `*.local` and private addresses are other hosts of the same network.
    pub fn is_loopback(&self) -> bool {
        let host = self.host();
        host == "localhost"
            || host.ends_with(".localhost")
            || host
                .parse::<std::net::IpAddr>()
                .is_ok_and(|address| address.is_loopback())
    }
}

fn split_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') || host.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    }
}

impl FromStr for Registry {
    type Err = InvalidReference;

    fn from_str(text: &str) -> Result<Self, InvalidReference> {
        let (host, port) = split_port(text);
        let ipv6 = host.strip_prefix('[').and_then(|h| h.strip_suffix(']'));
        let well_formed = match ipv6 {
            Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
            None => {
                !host.is_empty()
                    && host.len() <= 253
                    && !host.starts_with(['-', '.'])
                    && host
                        .bytes()
                        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'))
            }
        };
        if !well_formed {
            return Err(invalid(
                text,
                "the registry is not a host name or address with an optional port",
            ));
        }
        if port.is_some_and(|port| port.parse::<u16>().is_err()) {
            return Err(invalid(text, "the port is not a number up to 65535"));
        }
        Ok(match text {
            "docker.io" | "registry-1.docker.io" | DOCKER_HUB => Self(DOCKER_HUB.into()),
            _ => Self(text.into()),
        })
    }
}

impl fmt::Display for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A repository: a registry and a path in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Repository {
    registry: Registry,
    path: Box<str>,
}

impl Repository {
    /// The registry.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// The path in the registry, e.g. `library/alpine`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The image with `digest` in this repository.
    pub fn with_digest(&self, digest: Digest) -> Reference {
        Reference {
            repository: self.clone(),
            target: Target::Digest(digest),
        }
    }

    /// The image that `tag` names in this repository.
    pub fn with_tag(&self, tag: Tag) -> Reference {
        Reference {
            repository: self.clone(),
            target: Target::Tag(tag),
        }
    }
}

impl FromStr for Repository {
    type Err = InvalidReference;

    fn from_str(text: &str) -> Result<Self, InvalidReference> {
        let (registry, path) = match text.split_once('/') {
            Some((first, rest)) if first.contains(['.', ':']) || first == "localhost" => (first.parse()?, rest),
            _ => (Registry(DOCKER_HUB.into()), text),
        };
        if path.is_empty() || path.len() > MAX_REPOSITORY {
            return Err(invalid(
                text,
                format!("a repository has 1 to {MAX_REPOSITORY} characters"),
            ));
        }
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-' | b'.' | b'/');
        if let Some(bad) = path.chars().find(|c| !u8::try_from(*c).is_ok_and(allowed)) {
            return Err(invalid(
                text,
                format!("a repository is lower-case letters, digits and _ - . /, not {bad:?}"),
            ));
        }
        if path
            .split('/')
            .any(|part| part.is_empty() || part == "." || part == "..")
        {
            return Err(invalid(text, "a part of the repository is empty, . or .."));
        }
        let path = if registry == Registry(DOCKER_HUB.into()) && !path.contains('/') {
            format!("library/{path}").into()
        } else {
            path.into()
        };
        Ok(Self { registry, path })
    }
}

impl fmt::Display for Repository {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.registry, self.path)
    }
}

/// A well-formed tag: 1 to 128 of `[A-Za-z0-9_.-]`, not starting with `.` or `-`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tag(Box<str>);

impl Tag {
    /// The tag as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The tag under which cosign keeps what belongs to an image: `sha256-<hex>.<suffix>`, suffix `sig`, `att` or
    /// `sbom`; without suffix the referrers fallback tag `sha256-<hex>`.
    pub fn attached(image: &Digest, suffix: Option<&str>) -> Self {
        Self::attached_with_prefix("", image, suffix)
    }

    /// As [`Tag::attached`], with a prefix before `sha256-` (`--attachment-tag-prefix`, a policy's `tagPrefix`).
    /// The prefix must be made of characters allowed in a tag.
    pub fn attached_with_prefix(prefix: &str, image: &Digest, suffix: Option<&str>) -> Self {
        match suffix {
            Some(suffix) => Self(format!("{prefix}{}.{suffix}", image.tag_prefix()).into()),
            None => Self(format!("{prefix}{}", image.tag_prefix()).into()),
        }
    }
}

impl FromStr for Tag {
    type Err = InvalidReference;

    fn from_str(text: &str) -> Result<Self, InvalidReference> {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
        if text.is_empty() || text.len() > MAX_TAG || !text.bytes().all(allowed) || text.starts_with(['.', '-']) {
            return Err(invalid(
                text,
                format!("a tag is 1 to {MAX_TAG} letters, digits and _ - ."),
            ));
        }
        Ok(Self(text.into()))
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What names a manifest in a repository.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Target {
    /// A name that can move.
    Tag(Tag),
    /// The content itself.
    Digest(Digest),
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tag(tag) => tag.fmt(f),
            Self::Digest(digest) => digest.fmt(f),
        }
    }
}

/// An image in a registry.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reference {
    repository: Repository,
    target: Target,
}

impl Reference {
    /// The repository.
    pub fn repository(&self) -> &Repository {
        &self.repository
    }

    /// Tag or digest; a tag written beside a digest is dropped.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// The digest, when the reference names one.
    pub fn digest(&self) -> Option<&Digest> {
        match &self.target {
            Target::Digest(digest) => Some(digest),
            Target::Tag(_) => None,
        }
    }
}

impl FromStr for Reference {
    type Err = InvalidReference;

    fn from_str(text: &str) -> Result<Self, InvalidReference> {
        if let Some((name, digest)) = text.split_once('@') {
            let digest = digest.parse::<Digest>().map_err(|e| invalid(text, e.to_string()))?;
            let (repository, tag) = split_tag(name);
            if let Some(tag) = tag {
                tag.parse::<Tag>().map_err(|e| invalid(text, e.reason))?;
            }
            return Ok(repository.parse::<Repository>()?.with_digest(digest));
        }
        let (repository, tag) = split_tag(text);
        let tag = tag
            .unwrap_or("latest")
            .parse::<Tag>()
            .map_err(|e| invalid(text, e.reason))?;
        Ok(repository.parse::<Repository>()?.with_tag(tag))
    }
}

/// `written`, which names an image by tag, with the digest that the tag has: what was written stays to be read.
pub fn pinned(written: &str, digest: &Digest) -> String {
    let (name, tag) = split_tag(written);
    format!("{name}:{}@{digest}", tag.unwrap_or("latest"))
}

/// Splits a tag off: the last colon counts only behind the last slash, where it can't be a port's.
pub(crate) fn split_tag(name: &str) -> (&str, Option<&str>) {
    match name.rsplit_once(':') {
        Some((repository, tag)) if !tag.contains('/') => (repository, Some(tag)),
        _ => (name, None),
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.target {
            Target::Tag(tag) => write!(f, "{}:{tag}", self.repository),
            Target::Digest(digest) => write!(f, "{}@{digest}", self.repository),
        }
    }
}

/// An image in an OCI layout directory: `oci:DIRECTORY`, `oci:DIRECTORY:TAG` or `oci:DIRECTORY@sha256:…`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LayoutReference {
    /// The directory that holds `oci-layout` and `index.json`.
    pub directory: PathBuf,
    /// Which manifest of the layout; `None` is its only image.
    pub target: Option<Target>,
}

/// An image, wherever it lies.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ImageReference {
    /// In a registry.
    Registry(Reference),
    /// In a directory.
    Layout(LayoutReference),
}

impl FromStr for ImageReference {
    type Err = InvalidReference;

    fn from_str(text: &str) -> Result<Self, InvalidReference> {
        let Some(rest) = text.strip_prefix("oci:") else {
            return text.parse().map(Self::Registry);
        };
        let (directory, target) = if let Some((directory, digest)) = rest.rsplit_once('@') {
            let digest = digest.parse::<Digest>().map_err(|e| invalid(text, e.to_string()))?;
            (directory, Some(Target::Digest(digest)))
        } else {
            match split_tag(rest) {
                (directory, Some(tag)) => (directory, Some(Target::Tag(tag.parse()?))),
                (directory, None) => (directory, None),
            }
        };
        if directory.is_empty() {
            return Err(invalid(
                text,
                "it names no directory; write oci:DIRECTORY or oci:DIRECTORY:TAG",
            ));
        }
        Ok(Self::Layout(LayoutReference {
            directory: directory.into(),
            target,
        }))
    }
}

impl fmt::Display for ImageReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Registry(reference) => reference.fmt(f),
            Self::Layout(layout) => {
                write!(f, "oci:{}", layout.directory.display())?;
                match &layout.target {
                    None => Ok(()),
                    Some(Target::Tag(tag)) => write!(f, ":{tag}"),
                    Some(Target::Digest(digest)) => write!(f, "@{digest}"),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HEX: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn names_get_dockers_defaults() {
        let cases = [
            ("alpine", "index.docker.io/library/alpine:latest"),
            ("alpine:3", "index.docker.io/library/alpine:3"),
            ("me/app", "index.docker.io/me/app:latest"),
            ("docker.io/me/app:1", "index.docker.io/me/app:1"),
            ("registry-1.docker.io/alpine", "index.docker.io/library/alpine:latest"),
            ("ghcr.io/me/app:1.0", "ghcr.io/me/app:1.0"),
            ("localhost:5000/app", "localhost:5000/app:latest"),
            ("localhost/app", "localhost/app:latest"),
            ("[::1]:5000/app:x", "[::1]:5000/app:x"),
            ("a.b/c/d.e_f-g", "a.b/c/d.e_f-g:latest"),
        ];
        for (text, full) in cases {
            assert_eq!(text.parse::<Reference>().unwrap().to_string(), full, "{text}");
        }
    }

    #[test]
    fn a_tag_beside_a_digest_is_dropped() {
        let reference: Reference = format!("ghcr.io/me/app:1.0@sha256:{HEX}").parse().unwrap();
        assert_eq!(reference.to_string(), format!("ghcr.io/me/app@sha256:{HEX}"));
        assert_eq!(reference.digest().unwrap().hex(), HEX);
    }

    #[test]
    fn malformed_references_are_refused() {
        let long = format!("a.b/{}", "a".repeat(256));
        let bad = [
            "",
            ":",
            "@",
            "/",
            "UPPER/case",
            "a.b/",
            "a.b//c",
            "a.b/../c",
            "a.b/c:",
            "a.b/c:-x",
            "a.b/c@sha256:short",
            "a.b/c@",
            "a b/c",
            "a.b:99999/c",
            "a.b:x/c",
            "http://a.b/c",
            "a.b/c?d",
            "a.b/c#d",
            "-a.b/c",
            "oci:",
            "oci::tag",
            &long,
        ];
        for text in bad {
            assert!(text.parse::<ImageReference>().is_err(), "{text:?} was accepted");
        }
    }

    #[test]
    fn layouts_name_a_directory_and_a_target() {
        let ImageReference::Layout(layout) = "oci:../my/dir:1.0".parse().unwrap() else {
            panic!("not a layout")
        };
        assert_eq!(layout.directory, PathBuf::from("../my/dir"));
        assert_eq!(layout.target, Some(Target::Tag("1.0".parse().unwrap())));
        for text in ["oci:dir", "oci:dir:tag", &format!("oci:dir@sha256:{HEX}")] {
            assert_eq!(text.parse::<ImageReference>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn only_local_names_use_http_unasked() {
        for (name, local) in [
            ("localhost", true),
            ("localhost:5000", true),
            ("127.0.0.1:80", true),
            ("[::1]:80", true),
            ("kind.local", true),
            ("ghcr.io", false),
            ("10.0.0.1:5000", true),
            ("10.255.255.255", true),
            ("172.16.0.1", true),
            ("172.31.255.255:443", true),
            ("192.168.1.1:5000", true),
            ("9.255.255.255", false),
            ("11.0.0.1:5000", false),
            ("172.15.0.1", false),
            ("172.32.0.1", false),
            ("192.169.1.1", false),
            ("169.254.1.1", false),
            ("100.64.0.1", false),
            ("[fd00::1]:5000", false),
            ("[::ffff:10.0.0.1]:5000", false),
            // Only a literal address is one: these are names that someone may hold, or that resolvers read differently.
            ("10.0.0.1.evil.com", false),
            ("010.0.0.1", false),
            ("10.1", false),
            ("10.0.0.256", false),
            ("localhost.evil.com", false),
            ("127.0.0.1.evil.com", false),
        ] {
            assert_eq!(name.parse::<Registry>().unwrap().is_local(), local, "{name}");
        }
    }

    #[test]
    fn attached_tags_are_cosigns() {
        let digest = Digest::sha256(b"");
        assert_eq!(
            Tag::attached(&digest, Some("sig")).as_str(),
            format!("sha256-{HEX}.sig")
        );
        assert_eq!(Tag::attached(&digest, None).as_str(), format!("sha256-{HEX}"));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in ".{0,80}") {
            let _ = text.parse::<ImageReference>();
        }

        #[test]
        fn what_parses_prints_and_parses_again(text in "[a-z0-9.:/@-]{1,40}") {
            if let Ok(reference) = text.parse::<Reference>() {
                prop_assert_eq!(reference.to_string().parse::<Reference>().unwrap(), reference);
            }
        }
    }
}
