//! Image globs of a policy, with policy-controller's meaning.

use crate::reference::{Reference, Tag, Target, split_tag};

/// Longest glob, in characters: longer than any image name.
const MAX_GLOB: usize = 1024;

/// A well-formed image glob: `*` stands for anything but `/`, `**` for anything, everything else for itself.
///
/// A lone `*` means `index.docker.io/library/*` and `*/*` means `index.docker.io/*/*`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glob {
    written: Box<str>,
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    /// This text.
    Text(Box<str>),
    /// Any characters but `/`.
    Star,
    /// Any characters.
    DoubleStar,
}

/// The names by which globs know an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names(Vec<String>);

impl Names {
    /// The names of the image that is `written` in a manifest and means `image`: the full one
    /// (`index.docker.io/library/foo:latest` for `foo`), the one as written and, where a tag stands beside a digest, also
    /// those by the tag. What is written by tag keeps all its names when a digest is put beside it.
    pub fn of(image: &Reference, written: &str) -> Self {
        let mut names = vec![image.to_string(), written.to_owned()];
        if let Some((name, _)) = written.split_once('@')
            && let (bare, Some(tag)) = split_tag(name)
            && let Ok(tag) = tag.parse::<Tag>()
        {
            if tag.as_str() == "latest" {
                names.push(bare.to_owned());
            }
            names.push(image.repository().with_tag(tag).to_string());
            names.push(name.to_owned());
        }
        Self(names)
    }
}

/// Why a text is not a glob.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum InvalidGlob {
    /// Nothing.
    #[error("a glob must not be empty; ** matches every image")]
    Empty,
    /// Longer than any image name.
    #[error("a glob has at most {MAX_GLOB} characters")]
    TooLong,
    /// A character that can't be in an image name.
    #[error("a glob is made of letters, digits and - _ : / * . @, not {0:?}")]
    Character(char),
}

impl std::str::FromStr for Glob {
    type Err = InvalidGlob;

    fn from_str(written: &str) -> Result<Self, InvalidGlob> {
        if written.is_empty() {
            return Err(InvalidGlob::Empty);
        }
        if written.len() > MAX_GLOB {
            return Err(InvalidGlob::TooLong);
        }
        let allowed = |c: &char| c.is_ascii_alphanumeric() || "-_:/*.@".contains(*c);
        if let Some(bad) = written.chars().find(|c| !allowed(c)) {
            return Err(InvalidGlob::Character(bad));
        }
        let expanded = match written {
            "*" => "index.docker.io/library/*",
            "*/*" => "index.docker.io/*/*",
            other => other,
        };
        Ok(Self {
            written: written.into(),
            parts: parts(expanded),
        })
    }
}

/// Splits a glob at its stars. Of a run of stars, pairs from the left are `**`, and a lone last one is `*`; both in a
/// run together match what `**` alone does.
fn parts(glob: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = glob;
    while !rest.is_empty() {
        let text = rest.find('*').unwrap_or(rest.len());
        let (literal, stars) = rest.split_at(text);
        if !literal.is_empty() {
            parts.push(Part::Text(literal.into()));
        }
        let after = stars.trim_start_matches('*');
        match stars.len() - after.len() {
            0 => {}
            1 => parts.push(Part::Star),
            _ => parts.push(Part::DoubleStar),
        }
        rest = after;
    }
    parts
}

impl Glob {
    /// The glob that matches every image.
    pub fn every() -> Self {
        Self {
            written: "**".into(),
            parts: vec![Part::DoubleStar],
        }
    }

    /// The glob as written.
    pub fn as_str(&self) -> &str {
        &self.written
    }

    /// Whether the glob matches one of the names of an image.
    pub fn matches(&self, names: &Names) -> bool {
        names.0.iter().any(|name| self.matches_text(name))
    }

    /// Whether the glob may match the image that is `written` by a tag and means `image`, once its digest is known.
    pub fn may_match_digest(&self, image: &Reference, written: &str) -> bool {
        let Target::Tag(tag) = image.target() else {
            return false;
        };
        let repository = image.repository();
        let written_tag = match split_tag(written) {
            (_, Some(_)) => format!("{written}@"),
            (name, None) => format!("{name}:{tag}@"),
        };
        [format!("{repository}@"), format!("{image}@"), written_tag]
            .iter()
            .any(|start| self.walk(start).1)
    }

    /// Whether the glob matches the whole of `text`, in time linear in the text for each star.
    pub fn matches_text(&self, text: &str) -> bool {
        self.walk(text).0
    }

    /// Whether the glob matches the whole of `text`, and whether it may match a longer one that begins with it.
    fn walk(&self, text: &str) -> (bool, bool) {
        // The set of offsets at which the parts so far can end.
        let mut longer = false;
        let length = text.len();
        let mut ends = vec![false; length.saturating_add(1)];
        if let Some(first) = ends.first_mut() {
            *first = true;
        }
        for part in &self.parts {
            let mut next = vec![false; length.saturating_add(1)];
            let mut running = false;
            for (offset, reached) in ends.iter().enumerate() {
                match part {
                    Part::Text(literal) => {
                        let rest = text.as_bytes().get(offset..).filter(|_| *reached);
                        longer |= rest.is_some_and(|r| r.len() < literal.len() && literal.as_bytes().starts_with(r));
                        if rest.is_some_and(|r| r.starts_with(literal.as_bytes()))
                            && let Some(end) = next.get_mut(offset.saturating_add(literal.len()))
                        {
                            *end = true;
                        }
                    }
                    Part::Star | Part::DoubleStar => {
                        running |= *reached;
                        if let Some(end) = next.get_mut(offset) {
                            *end = running;
                        }
                        longer |= running && offset == length;
                        if *part == Part::Star && text.as_bytes().get(offset) == Some(&b'/') {
                            running = false;
                        }
                    }
                }
            }
            ends = next;
        }
        (ends.last().copied().unwrap_or(false), longer)
    }
}

impl std::fmt::Display for Glob {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::pinned;
    use proptest::prelude::*;

    const D: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn globs_match_as_policy_controllers_do() {
        let at = |name: &str| format!("{name}@{D}");
        let cases: Vec<(&str, String, bool)> = vec![
            // Names without a registry: the full name, then the name as written.
            ("foo", "foo".into(), true),
            ("*", "foo".into(), true),
            ("*", "foo:1".into(), true),
            ("*", at("foo"), true),
            ("*", "me/foo".into(), false),
            ("*", "ghcr.io/foo".into(), false),
            ("*", "docker.io/library/foo".into(), true),
            ("*", "docker.io/me/foo".into(), false),
            ("*/*", "me/foo".into(), true),
            ("*/*", "foo".into(), true),
            ("*/*", "ghcr.io/foo".into(), false),
            ("*/*", "ghcr.io/me/foo".into(), false),
            ("*/*", "docker.io/me/foo:1".into(), true),
            ("index.docker.io/library/foo", "foo".into(), false),
            ("index.docker.io/library/foo:*", "foo".into(), true),
            ("index.docker.io/library/foo:latest", "foo".into(), true),
            ("index.docker.io/library/*", "foo".into(), true),
            ("index.docker.io/me/*", "me/foo".into(), true),
            ("docker.io/me/*", "docker.io/me/foo".into(), true),
            ("docker.io/me/*", "me/foo".into(), false),
            ("foo:latest", "foo".into(), false),
            ("foo*", "foo:1".into(), true),
            // A dot is a dot, the whole name counts.
            ("ghcr.io/me/*", "ghcr.io/me/foo".into(), true),
            ("ghcr.io/me/*", "ghcrxio/me/foo".into(), false),
            ("ghcr.io/me", "ghcr.io/me/foo".into(), false),
            ("cr.io/me/*", "ghcr.io/me/foo".into(), false),
            ("ghcr.io/me/fo", "ghcr.io/me/foo".into(), false),
            // * stops at a slash, ** does not.
            ("ghcr.io/*", "ghcr.io/me/foo".into(), false),
            ("ghcr.io/*", "ghcr.io/foo:1.2".into(), true),
            ("ghcr.io/*/*", "ghcr.io/me/foo".into(), true),
            ("ghcr.io/*/*", "ghcr.io/me/a/foo".into(), false),
            ("ghcr.io/**", "ghcr.io/me/a/foo".into(), true),
            ("ghcr.io/**", "ghcr.io/foo".into(), true),
            ("ghcr.io/**/foo:*", "ghcr.io/a/b/foo:1".into(), true),
            ("ghcr.io/**/foo:*", "ghcr.io/foo:1".into(), false),
            ("**", "foo".into(), true),
            ("**", at("localhost:5000/a/b/c"), true),
            ("***", "ghcr.io/a/b".into(), true),
            ("****", "ghcr.io/a/b".into(), true),
            ("**demo**", "ghcr.io/a/demo:1".into(), true),
            ("**demo**", "ghcr.io/a/dem:1".into(), false),
            // Tags and digests; a colon is nothing special to *.
            ("ghcr.io/me/foo:*", "ghcr.io/me/foo".into(), true),
            ("ghcr.io/me/foo:*", at("ghcr.io/me/foo"), false),
            ("ghcr.io/me/foo@*", at("ghcr.io/me/foo"), true),
            ("ghcr.io/me/foo*", at("ghcr.io/me/foo"), true),
            ("ghcr.io/me/foo@sha256:*", at("ghcr.io/me/foo"), true),
            ("ghcr.io/me/foo", "ghcr.io/me/foo".into(), true),
            ("ghcr.io/me/foo:1.0", "ghcr.io/me/foo:1.0".into(), true),
            ("ghcr.io/me/foo:1.0", "ghcr.io/me/foo:1x0".into(), false),
            ("ghcr.io/me/foo:v1.*", "ghcr.io/me/foo:v1.2.3".into(), true),
            ("localhost:5000/*", "localhost:5000/foo".into(), true),
            ("localhost:5000/*", "localhost:5001/foo".into(), false),
            ("*.example.com/*", "r.example.com/foo:1".into(), true),
            ("*.example.com/*", "example.com/foo:1".into(), false),
            ("*.example.com/**", "evil.com/r.example.com/foo:1".into(), false),
            ("**.example.com/**", "evil.com/r.example.com/foo:1".into(), true),
            ("ghcr.io/me/*-prod:*", "ghcr.io/me/app-prod:1".into(), true),
            ("ghcr.io/me/*-prod:*", "ghcr.io/me/app-test:1".into(), false),
        ];
        assert!(cases.len() >= 40);
        for (glob, image, expected) in cases {
            let reference: Reference = image.parse().unwrap();
            let got = glob.parse::<Glob>().unwrap().matches(&Names::of(&reference, &image));
            assert_eq!(got, expected, "{glob} against {image}");
        }
    }

    #[test]
    fn an_image_keeps_its_names_when_a_digest_is_put_beside_its_tag() {
        let digest: crate::digest::Digest = D.parse().unwrap();
        for (glob, written) in [
            ("foo", "foo"),
            ("foo:1.0", "foo:1.0"),
            ("index.docker.io/library/foo:*", "foo"),
            ("ghcr.io/me/foo:1.0", "ghcr.io/me/foo:1.0"),
            ("ghcr.io/me/foo:v1.*", "ghcr.io/me/foo:v1.2"),
            ("ghcr.io/me/*", "ghcr.io/me/foo"),
        ] {
            let glob: Glob = glob.parse().unwrap();
            let image: Reference = written.parse().unwrap();
            let text = pinned(written, &digest);
            let by_digest: Reference = text.parse().unwrap();
            assert_eq!(by_digest, image.repository().with_digest(digest.clone()));
            assert!(glob.matches(&Names::of(&image, written)), "{glob} {written}");
            assert!(glob.matches(&Names::of(&by_digest, &text)), "{glob} {text}");
        }
        let digests: Glob = "ghcr.io/me/foo@sha256:*".parse().unwrap();
        let text = pinned("ghcr.io/me/foo:1.0", &digest);
        assert!(digests.matches(&Names::of(&text.parse().unwrap(), &text)));
    }

    #[test]
    fn globs_that_may_match_a_digest_are_told_before_it_is_known() {
        let may = |glob: &str, image: &str| {
            let glob: Glob = glob.parse().unwrap();
            glob.may_match_digest(&image.parse().unwrap(), image)
        };
        for glob in [
            "r.io/app@sha256:*",
            "r.io/app@*",
            "r.io/app*",
            "**",
            "r.io/*@sha256:0*",
            "r.io/app:1@sha256:*",
            "**:1@**",
        ] {
            assert!(may(glob, "r.io/app:1"), "{glob}");
        }
        for glob in [
            "r.io/app:1",
            "r.io/app:2*",
            "r.io/other@sha256:*",
            "r.io/app",
            "*",
            "r.io/ap@sha256:*",
        ] {
            assert!(!may(glob, "r.io/app:1"), "{glob}");
        }
        assert!(may("foo:latest@sha256:*", "foo"));
        assert!(may("index.docker.io/library/foo@*", "foo"));
    }

    #[test]
    fn malformed_globs_are_refused() {
        for bad in [
            "", "a b", "a[b]", "a?b", "a{b,c}", "\\*", "a#b", "é", "a\n", "^a$", "a+b",
        ] {
            assert!(bad.parse::<Glob>().is_err(), "{bad:?} was accepted");
        }
        assert!("a".repeat(2000).parse::<Glob>().is_err());
    }

    #[test]
    fn many_stars_take_no_exponential_time() {
        let glob: Glob = "*a".repeat(300).parse().unwrap();
        assert!(!glob.matches_text(&"a".repeat(299)));
        assert!(glob.matches_text(&"a".repeat(300)));
    }

    proptest! {
        #[test]
        fn a_glob_without_stars_matches_itself_only(text in "[a-z./:@-]{1,20}", other in "[a-z./:@-]{1,20}") {
            let glob: Glob = text.parse().unwrap();
            prop_assert!(glob.matches_text(&text));
            prop_assert_eq!(glob.matches_text(&other), text == other);
        }

        #[test]
        fn no_text_panics(glob in ".{0,20}", text in ".{0,40}") {
            if let Ok(glob) = glob.parse::<Glob>() {
                let _ = glob.matches_text(&text);
            }
        }
    }
}
