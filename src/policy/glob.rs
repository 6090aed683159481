//! Image globs of a policy, with policy-controller's meaning.

use crate::reference::Reference;

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
    /// The glob as written.
    pub fn as_str(&self) -> &str {
        &self.written
    }

    /// Whether the glob matches the image that is `written` in a manifest and means `image`.
    ///
    /// The full name (`index.docker.io/library/foo:latest` for `foo`) is matched first and, when that differs and fails,
    /// the name as written.
    pub fn matches(&self, image: &Reference, written: &str) -> bool {
        let full = image.to_string();
        self.matches_text(&full) || (full != written && self.matches_text(written))
    }

    /// Whether the glob matches the whole of `text`, in time linear in the text for each star.
    pub fn matches_text(&self, text: &str) -> bool {
        // The set of offsets at which the parts so far can end.
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
                        if *reached
                            && text
                                .as_bytes()
                                .get(offset..)
                                .is_some_and(|t| t.starts_with(literal.as_bytes()))
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
                        if *part == Part::Star && text.as_bytes().get(offset) == Some(&b'/') {
                            running = false;
                        }
                    }
                }
            }
            ends = next;
        }
        ends.last().copied().unwrap_or(false)
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
            let got = glob.parse::<Glob>().unwrap().matches(&reference, &image);
            assert_eq!(got, expected, "{glob} against {image}");
        }
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
