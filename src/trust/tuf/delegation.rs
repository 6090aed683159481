//! Who may speak for which targets (section 4.5): delegated roles by path pattern or hash, and hash bins (TAP 15).

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::MAX_ENTRIES;
use super::metadata::{Keys, Role, parse_keys};
use crate::digest::Digest;

/// The delegations of one targets metadata file, in their order.
#[derive(Default)]
pub struct Delegations {
    keys: Keys,
    roles: Vec<DelegatedRole>,
    bins: Option<Bins>,
}

/// A delegated role that may speak for a target.
pub struct Delegation<'a> {
    /// Its name.
    pub name: String,
    /// What it is signed by.
    pub role: &'a Role,
    /// Whether no later role is asked when this one has no answer.
    pub terminating: bool,
}

#[derive(Deserialize)]
struct DelegatedRole {
    name: String,
    #[serde(flatten)]
    role: Role,
    #[serde(default)]
    terminating: bool,
    paths: Option<Vec<String>>,
    path_hash_prefixes: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Bins {
    #[serde(flatten)]
    role: Role,
    bit_length: u32,
    name_prefix: String,
}

impl Delegations {
    /// Reads the member `delegations`.
    pub fn parse(value: &Value) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct Document {
            #[serde(default)]
            keys: BTreeMap<String, Value>,
            roles: Option<Vec<DelegatedRole>>,
            succinct_roles: Option<Bins>,
        }
        let document = Document::deserialize(value).map_err(|error| format!("delegations: {error}"))?;
        let roles = document.roles.unwrap_or_default();
        if roles.len() > MAX_ENTRIES {
            return Err("it delegates to too many roles".into());
        }
        for role in &roles {
            role.role.check()?;
            if ["root", "timestamp", "snapshot", "targets", ""].contains(&role.name.as_str()) {
                return Err(format!("it delegates to a role named {:?}", role.name));
            }
            if role.paths.is_some() == role.path_hash_prefixes.is_some() {
                return Err("a delegation needs paths or path_hash_prefixes".into());
            }
        }
        if let Some(bins) = &document.succinct_roles {
            bins.role.check()?;
            if !(1..=32).contains(&bins.bit_length) {
                return Err("succinct_roles must have 1 to 32 bits".into());
            }
        }
        Ok(Self {
            keys: parse_keys(&document.keys)?,
            roles,
            bins: document.succinct_roles,
        })
    }

    /// The keys of all delegated roles.
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// The roles that may speak for `target`, in the order in which they are asked.
    pub fn matching(&self, target: &str) -> Vec<Delegation<'_>> {
        let hash = Digest::sha256(target.as_bytes());
        let mut found: Vec<_> = self
            .roles
            .iter()
            .filter(|role| {
                let by_path = role.paths.iter().flatten().any(|pattern| matches_path(pattern, target));
                by_path
                    || role
                        .path_hash_prefixes
                        .iter()
                        .flatten()
                        .any(|prefix| hash.hex().starts_with(prefix))
            })
            .map(|role| Delegation {
                name: role.name.clone(),
                role: &role.role,
                terminating: role.terminating,
            })
            .collect();
        if let Some(bins) = &self.bins {
            found.extend(bins.name(hash.hex()).map(|name| Delegation {
                name,
                role: &bins.role,
                terminating: true,
            }));
        }
        found
    }
}

impl Bins {
    /// The name of the bin of a target with this hash: the leading bits, in as many digits as the last bin needs.
    fn name(&self, hash: &str) -> Option<String> {
        let leading = u64::from_str_radix(hash.get(..8)?, 16).ok()?;
        let bin = leading >> 32_u32.checked_sub(self.bit_length)?;
        let digits = usize::try_from(self.bit_length.div_ceil(4)).ok()?;
        Some(format!("{}-{bin:0digits$x}", self.name_prefix))
    }
}

/// Whether a shell pattern matches `path`; no wildcard matches a `/`.
fn matches_path(pattern: &str, path: &str) -> bool {
    pattern.split('/').count() == path.split('/').count()
        && pattern.split('/').zip(path.split('/')).all(|(pattern, part)| {
            matches_part(&pattern.chars().collect::<Vec<_>>(), &part.chars().collect::<Vec<_>>())
        })
}

/// Matches one path component, remembering only the last `*`, so that the time is bounded by the product of lengths.
fn matches_part(pattern: &[char], text: &[char]) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        if pattern.get(p) == Some(&'*') {
            star = Some((p, t));
            p += 1;
            continue;
        }
        if let (Some(rest), Some(&c)) = (pattern.get(p..), text.get(t))
            && let Some(length) = matches_one(rest, c)
        {
            p += length;
            t += 1;
            continue;
        }
        let Some((star_p, star_t)) = star else { return false };
        star = Some((star_p, star_t + 1));
        (p, t) = (star_p + 1, star_t + 1);
    }
    pattern.get(p..).is_some_and(|rest| rest.iter().all(|c| *c == '*'))
}

/// How many characters of the pattern match `c`, if they do: itself, `?`, or a set such as `[a-z]` or `[!x]`.
fn matches_one(pattern: &[char], c: char) -> Option<usize> {
    match pattern.first()? {
        '?' => Some(1),
        '[' => {
            // A set that does not end is a plain bracket, as in fnmatch(3). A ] right at its start belongs to it.
            let negated = usize::from(matches!(pattern.get(1), Some('!' | '^')));
            let start = 1 + negated;
            let Some(end) = pattern
                .iter()
                .skip(start + 1)
                .position(|c| *c == ']')
                .map(|i| i + start + 1)
            else {
                return (c == '[').then_some(1);
            };
            let set = pattern.get(start..end)?;
            let mut found = false;
            let mut index = 0;
            while let Some(&low) = set.get(index) {
                match (set.get(index + 1), set.get(index + 2)) {
                    (Some('-'), Some(&high)) => {
                        found |= (low..=high).contains(&c);
                        index += 3;
                    }
                    _ => {
                        found |= low == c;
                        index += 1;
                    }
                }
            }
            (found != (negated == 1)).then_some(end + 1)
        }
        literal => (*literal == c).then_some(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_within_a_path_component() {
        for (pattern, path, expected) in [
            ("*", "a", true),
            ("*", "a/b", false),
            ("*.py", "x.py", true),
            ("*.py", "x.pyc", false),
            ("a*b*c", "aXbYbZc", true),
            ("a*b*c", "aXbYbZ", false),
            ("foo-?.tgz", "foo-1.tgz", true),
            ("foo-?.tgz", "foo-12.tgz", false),
            ("releases/*/*", "releases/x/y", true),
            ("releases/*", "releases/x/y", false),
            ("[a-c]x", "bx", true),
            ("[!a-c]x", "bx", false),
            ("[!a-c]x", "dx", true),
            ("[]x]", "]", true),
            ("[a", "[a", true),
            ("", "", true),
            ("**", "abc", true),
            ("README.md", "README.MD", false),
        ] {
            assert_eq!(matches_path(pattern, path), expected, "{pattern} {path}");
        }
    }

    #[test]
    fn a_pattern_of_many_stars_is_quick() {
        assert!(!matches_path(&"*a".repeat(200), &"a".repeat(4000).replace("aa", "ab")));
    }

    #[test]
    fn bins_are_named_by_the_leading_bits() {
        let bins = |bit_length| {
            let value = serde_json::json!({
                "keys": {},
                "succinct_roles": {"keyids": ["a"], "threshold": 1, "bit_length": bit_length, "name_prefix": "bin"},
            });
            // SHA-256 of "a" begins with ca978112.
            Delegations::parse(&value).map(|d| d.matching("a").iter().map(|d| d.name.clone()).collect::<Vec<_>>())
        };
        assert_eq!(bins(8).unwrap(), ["bin-ca"]);
        assert_eq!(bins(1).unwrap(), ["bin-1"]);
        assert_eq!(bins(6).unwrap(), ["bin-32"]);
        assert_eq!(bins(32).unwrap(), ["bin-ca978112"]);
        assert!(bins(0).is_err() && bins(33).is_err());
    }

    #[test]
    fn delegations_that_could_stand_for_top_level_roles_are_refused() {
        for name in ["root", "targets", ""] {
            let role = serde_json::json!({"name": name, "keyids": [], "threshold": 1, "paths": ["*"]});
            assert!(Delegations::parse(&serde_json::json!({"keys": {}, "roles": [role]})).is_err());
        }
    }
}
