//! The client workflow (section 5): fetches what is new, keeps what is trusted, finds and fetches targets.

use std::collections::{BTreeMap, BTreeSet};

use super::cache::Cache;
use super::metadata::TargetFile;
use super::mirror::Mirror;
use super::trusted::TrustedSet;
use super::{
    MAX_DELEGATIONS, MAX_ROOT, MAX_ROOT_ROTATIONS, MAX_SNAPSHOT, MAX_TARGET, MAX_TARGETS, MAX_TIMESTAMP, TufError,
};
use crate::http::encode;

/// How long the repository is not asked again while the cached metadata is valid, in seconds: a day.
const FRESH: i64 = 24 * 3600;

/// When the repository is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refresh {
    /// Always: as the specification has it.
    Always,
    /// Unless the cache is complete, not past its time, and less than a day old.
    WhenStale,
    /// Never: only the cache counts, past its time or not. Signatures are checked all the same.
    Never,
}

/// A repository whose top-level metadata is trusted and current.
pub struct Updater {
    set: TrustedSet,
    mirror: Mirror,
    cache: Option<Cache>,
    offline: bool,
    now: i64,
    /// Metadata of delegated roles by file name, unverified.
    delegated: BTreeMap<String, Vec<u8>>,
}

impl Updater {
    /// Brings the metadata up to date as `refresh` says, starting from the trusted `root`; `now` is in seconds since
    /// 1970. Without a cache everything is fetched and kept in memory.
    pub async fn start(
        root: &[u8],
        mirror: Mirror,
        cache: Option<Cache>,
        refresh: Refresh,
        now: i64,
    ) -> Result<Self, TufError> {
        if refresh != Refresh::Always {
            match local(root, cache.as_ref(), refresh, now) {
                Ok(set) => {
                    return Ok(Self {
                        set,
                        mirror,
                        cache,
                        offline: refresh == Refresh::Never,
                        now: if refresh == Refresh::Never { i64::MIN } else { now },
                        delegated: BTreeMap::new(),
                    });
                }
                Err(source) if refresh == Refresh::Never => {
                    return Err(TufError::Offline {
                        mirror: mirror.address().into(),
                        source: Box::new(source),
                    });
                }
                Err(_) => {}
            }
        }
        let mut download = Download::new(root, &mirror, cache.as_ref())?;
        let outcome = download.run(now).await;
        let set = download.keep();
        outcome?;
        if let Some(cache) = &cache {
            cache.set_last_update(now);
        }
        Ok(Self {
            set,
            mirror,
            cache,
            offline: false,
            now,
            delegated: BTreeMap::new(),
        })
    }

    /// The version of the trusted root.
    pub fn root_version(&self) -> u64 {
        self.set.root_version()
    }

    /// The target `name`: from the cache when that has it, else fetched. What is returned has the stated hashes.
    pub async fn target(&mut self, name: &str) -> Result<Vec<u8>, TufError> {
        let file = self.find(name).await?;
        if file.length > MAX_TARGET {
            return Err(TufError::TargetSize {
                name: name.into(),
                length: file.length,
            });
        }
        let limit = usize::try_from(file.length).unwrap_or(usize::MAX);
        let cached = format!("targets/{}", encode(name));
        if let Some(bytes) = self.cache.as_ref().and_then(|cache| cache.read(&cached, limit))
            && file.check(name, &bytes).is_ok()
        {
            return Ok(bytes);
        }
        if self.offline {
            let missing = TufError::NoTarget {
                name: name.into(),
                mirror: "the cache".into(),
            };
            return Err(TufError::Offline {
                mirror: self.mirror.address().into(),
                source: Box::new(missing),
            });
        }
        let bytes = self
            .mirror
            .target(&target_path(name, &file, self.set.consistent_snapshot())?, limit)
            .await?;
        file.check(name, &bytes)?;
        if let Some(cache) = &self.cache {
            cache.write(&[(cached, bytes.clone())], || false);
        }
        Ok(bytes)
    }

    /// The targets that the top-level metadata lists.
    pub(super) fn listed(&self) -> Result<impl Iterator<Item = (&str, &TargetFile)>, TufError> {
        Ok(self
            .set
            .targets()?
            .targets
            .iter()
            .map(|(name, file)| (name.as_str(), file)))
    }

    /// What the roles that may speak for `name` say of it (section 5.6.7): depth first, in the order of delegation.
    pub async fn find(&mut self, name: &str) -> Result<TargetFile, TufError> {
        check_target_name(name)?;
        let top = self.set.targets()?;
        if let Some(file) = top.targets.get(name) {
            return Ok(file.clone());
        }
        // Each entry is a role that is still to be asked, and the metadata that delegates to it.
        let mut loaded: Vec<super::metadata::Targets> = Vec::new();
        let mut visited = BTreeSet::new();
        let mut stack: Vec<(Option<usize>, String)> = Vec::new();
        push(&mut stack, None, top.delegations.matching(name));
        while let Some((parent, role)) = stack.pop() {
            if !visited.insert(role.clone()) {
                continue;
            }
            if visited.len() > MAX_DELEGATIONS {
                return Err(TufError::TooManyDelegations(name.into()));
            }
            let bytes = self.delegated_bytes(&role).await?;
            let delegator = match parent {
                Some(index) => loaded.get(index).ok_or_else(|| TufError::Unlisted(role.clone()))?,
                None => self.set.targets()?,
            };
            let delegation = delegator
                .delegations
                .matching(name)
                .into_iter()
                .find(|d| d.name == role);
            let delegation = delegation.ok_or_else(|| TufError::Unlisted(role.clone()))?;
            let targets = self
                .set
                .delegated_targets(&delegation, &delegator.delegations, &bytes, self.now)?;
            self.remember(&role, bytes);
            if let Some(file) = targets.targets.get(name) {
                return Ok(file.clone());
            }
            if push(&mut stack, Some(loaded.len()), targets.delegations.matching(name)) {
                loaded.push(targets);
            }
        }
        Err(TufError::NoTarget {
            name: name.into(),
            mirror: self.mirror.address().into(),
        })
    }

    /// The metadata of a delegated role, unverified.
    async fn delegated_bytes(&self, role: &str) -> Result<Vec<u8>, TufError> {
        let name = format!("{}.json", encode(role));
        if let Some(bytes) = self.delegated.get(&name) {
            return Ok(bytes.clone());
        }
        let announced = self.set.targets_file(role)?;
        let limit = limit(announced.length, MAX_TARGETS);
        // The cached one serves if it is the announced version: hashes are optional, so the version is looked at.
        if let Some(bytes) = self.cache.as_ref().and_then(|cache| cache.read(&name, limit))
            && (self.offline || version_of(&bytes) == Some(announced.version) && announced.check(role, &bytes).is_ok())
        {
            return Ok(bytes);
        }
        if self.offline {
            return Err(TufError::Unlisted(role.into()));
        }
        let versioned = if self.set.consistent_snapshot() {
            format!("{}.{name}", announced.version)
        } else {
            name
        };
        self.mirror.metadata(&versioned, limit).await
    }

    /// Keeps the metadata of a delegated role, which has been verified.
    fn remember(&mut self, role: &str, bytes: Vec<u8>) {
        let name = format!("{}.json", encode(role));
        if self.delegated.contains_key(&name) {
            return;
        }
        if let Some(cache) = &self.cache
            && cache.read(&name, MAX_TARGETS).as_ref() != Some(&bytes)
        {
            cache.write(&[(name.clone(), bytes.clone())], || false);
        }
        self.delegated.insert(name, bytes);
    }
}

/// Puts `delegations` on the stack so that the first is asked first; a terminating one ends the search after it. Says
/// whether there are any.
fn push(
    stack: &mut Vec<(Option<usize>, String)>,
    parent: Option<usize>,
    delegations: Vec<super::delegation::Delegation<'_>>,
) -> bool {
    let mut children = Vec::new();
    for delegation in delegations {
        children.push((parent, delegation.name));
        if delegation.terminating {
            stack.clear();
            break;
        }
    }
    children.reverse();
    let any = !children.is_empty();
    stack.append(&mut children);
    any
}

/// All of the top-level metadata from the cache.
fn local(root: &[u8], cache: Option<&Cache>, refresh: Refresh, now: i64) -> Result<TrustedSet, TufError> {
    let missing = |name: &str| TufError::Unlisted(format!("a cached {name}"));
    let cache = cache.ok_or_else(|| missing("directory"))?;
    let asked = cache.last_update();
    let fresh = asked.is_some_and(|asked| asked <= now && now < asked.saturating_add(FRESH));
    if refresh == Refresh::WhenStale && !fresh {
        return Err(missing("time of the last update within a day"));
    }
    let _lock = cache.reading();
    let read = |name: &str, limit| cache.read(name, limit).ok_or_else(|| missing(name));
    let mut set = TrustedSet::new(root)?;
    local_roots(&mut set, cache);
    set.update_timestamp(&read("timestamp.json", MAX_TIMESTAMP)?)?;
    set.update_snapshot(&read("snapshot.json", MAX_SNAPSHOT)?, true)?;
    let now = if refresh == Refresh::Never { i64::MIN } else { now };
    set.check_root(now)?;
    set.check_timestamp(now)?;
    set.check_snapshot(now)?;
    set.update_targets(&read("targets.json", MAX_TARGETS)?, now)?;
    Ok(set)
}

/// Follows the chain of cached roots as far as it holds; each is checked as one that comes from the repository.
fn local_roots(set: &mut TrustedSet, cache: &Cache) {
    for _ in 0..MAX_ROOT_ROTATIONS {
        let next = set.root_version().saturating_add(1);
        let Some(bytes) = cache.read(&root_history(next), MAX_ROOT) else {
            break;
        };
        if set.update_root(&bytes).is_err() {
            return;
        }
    }
    // Cosign keeps only the newest.
    if let Some(bytes) = cache.read("root.json", MAX_ROOT) {
        let _ = set.update_root(&bytes);
    }
}

/// An update over the network.
struct Download<'a> {
    set: TrustedSet,
    mirror: &'a Mirror,
    cache: Option<&'a Cache>,
    /// Files that are trusted and not in the cache yet.
    accepted: Vec<(String, Vec<u8>)>,
    /// The cached timestamp at the beginning.
    cached_timestamp: Option<Vec<u8>>,
}

impl<'a> Download<'a> {
    fn new(root: &[u8], mirror: &'a Mirror, cache: Option<&'a Cache>) -> Result<Self, TufError> {
        let mut set = TrustedSet::new(root)?;
        let mut accepted = Vec::new();
        if let Some(cache) = cache {
            let _lock = cache.reading();
            local_roots(&mut set, cache);
            if cache.read("root.json", MAX_ROOT).is_none() {
                accepted.push(("root.json".into(), root.to_vec()));
            }
        }
        let cached_timestamp = cache.and_then(|cache| cache.read("timestamp.json", MAX_TIMESTAMP));
        Ok(Self {
            set,
            mirror,
            cache,
            accepted,
            cached_timestamp,
        })
    }

    async fn run(&mut self, now: i64) -> Result<(), TufError> {
        self.roots().await?;
        self.set.check_root(now)?;
        self.timestamp(now).await?;
        self.snapshot(now).await?;
        self.targets(now).await
    }

    /// Section 5.3.
    async fn roots(&mut self) -> Result<(), TufError> {
        for _ in 0..MAX_ROOT_ROTATIONS {
            let next = self.set.root_version().saturating_add(1);
            let bytes = match self.mirror.metadata(&format!("{next}.root.json"), MAX_ROOT).await {
                Err(error) if error.is_absent() => return Ok(()),
                other => other?,
            };
            self.set.update_root(&bytes)?;
            self.accept(&root_history(next), bytes.clone());
            self.accept("root.json", bytes);
        }
        Err(TufError::TooManyRoots)
    }

    /// Section 5.4.
    async fn timestamp(&mut self, now: i64) -> Result<(), TufError> {
        if let Some(bytes) = &self.cached_timestamp {
            // Past its time or not, an older one must not follow. With keys that were replaced it does not count.
            let _ = self.set.update_timestamp(bytes);
        }
        let bytes = self.mirror.metadata("timestamp.json", MAX_TIMESTAMP).await?;
        let new = self.set.update_timestamp(&bytes)?;
        self.set.check_timestamp(now)?;
        if new {
            self.accept("timestamp.json", bytes);
        }
        Ok(())
    }

    /// Section 5.5.
    async fn snapshot(&mut self, now: i64) -> Result<(), TufError> {
        if let Some(bytes) = self.cached("snapshot.json", MAX_SNAPSHOT)
            && self.set.update_snapshot(&bytes, true).is_ok()
            && self.set.check_snapshot(now).is_ok()
        {
            return Ok(());
        }
        let announced = self.set.snapshot_file()?;
        let name = self.versioned(announced.version, "snapshot.json");
        let bytes = self
            .mirror
            .metadata(&name, limit(announced.length, MAX_SNAPSHOT))
            .await?;
        self.set.update_snapshot(&bytes, false)?;
        self.set.check_snapshot(now)?;
        self.accept("snapshot.json", bytes);
        Ok(())
    }

    /// Section 5.6.
    async fn targets(&mut self, now: i64) -> Result<(), TufError> {
        if let Some(bytes) = self.cached("targets.json", MAX_TARGETS)
            && self.set.update_targets(&bytes, now).is_ok()
        {
            return Ok(());
        }
        let announced = self.set.targets_file("targets")?;
        let name = self.versioned(announced.version, "targets.json");
        let bytes = self
            .mirror
            .metadata(&name, limit(announced.length, MAX_TARGETS))
            .await?;
        self.set.update_targets(&bytes, now)?;
        self.accept("targets.json", bytes);
        Ok(())
    }

    fn cached(&self, name: &str, limit: usize) -> Option<Vec<u8>> {
        self.cache?.read(name, limit)
    }

    fn versioned(&self, version: u64, name: &str) -> String {
        if self.set.consistent_snapshot() {
            format!("{version}.{name}")
        } else {
            name.to_owned()
        }
    }

    fn accept(&mut self, name: &str, bytes: Vec<u8>) {
        self.accepted.retain(|(other, _)| other != name);
        self.accepted.push((name.into(), bytes));
    }

    /// Writes what was accepted to the cache, also after a failure: what is trusted stays trusted.
    fn keep(self) -> TrustedSet {
        let Some(cache) = self.cache else { return self.set };
        let ours = self
            .accepted
            .iter()
            .find(|(name, _)| name == "timestamp.json")
            .map(|(_, bytes)| bytes);
        let quicker = || {
            // Another run has written since, and knows more.
            let now = cache.read("timestamp.json", MAX_TIMESTAMP);
            now != self.cached_timestamp && now.as_deref().and_then(version_of) > ours.and_then(|b| version_of(b))
        };
        cache.write(&self.accepted, quicker);
        self.set
    }
}

fn root_history(version: u64) -> String {
    format!("root_history/{version}.root.json")
}

fn limit(stated: Option<u64>, most: usize) -> usize {
    stated
        .and_then(|length| usize::try_from(length).ok())
        .map_or(most, |length| length.min(most))
}

/// The version in a metadata file, unverified.
fn version_of(bytes: &[u8]) -> Option<u64> {
    let document: serde_json::Value = serde_json::from_slice(bytes).ok()?;
    document.get("signed")?.get("version")?.as_u64()
}

/// The URL path of a target below the targets' base, each component encoded.
fn target_path(name: &str, file: &TargetFile, consistent: bool) -> Result<String, TufError> {
    let (directory, base) = name
        .rsplit_once('/')
        .map_or((None, name), |(directory, base)| (Some(directory), base));
    let mut path: String = directory
        .map(|directory| directory.split('/').map(|part| encode(part) + "/").collect())
        .unwrap_or_default();
    if consistent {
        let prefix = file
            .prefix()
            .ok_or_else(|| TufError::malformed("targets", "a target has no known hash"))?;
        path.push_str(&prefix);
        path.push('.');
    }
    path.push_str(&encode(base));
    Ok(path)
}

fn check_target_name(name: &str) -> Result<(), TufError> {
    let component = |part: &str| !part.is_empty() && part != "." && part != "..";
    let fine = name.len() <= 512
        && name.split('/').all(component)
        && !name.contains('\\')
        && !name.chars().any(char::is_control);
    if fine {
        Ok(())
    } else {
        Err(TufError::TargetName(crate::http::shown(name, 200)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn target_names_cannot_lead_out_of_their_directory() {
        for name in ["trusted_root.json", "a/b.json", "..a", "a b"] {
            assert!(check_target_name(name).is_ok(), "{name}");
        }
        for name in [
            "",
            "/etc/passwd",
            "../a",
            "a/../b",
            "a//b",
            "a/",
            ".",
            "a\\b",
            "a\nb",
            &"a".repeat(600),
        ] {
            assert!(check_target_name(name).is_err(), "{name}");
        }
    }
}
