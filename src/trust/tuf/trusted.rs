//! The metadata that is trusted, and the rules by which newer metadata is (section 5). Pure: time and bytes come in.

use super::TufError;
use super::delegation::Delegations;
use super::metadata::{MetaFile, Root, Signed, Snapshot, Targets, Timestamp};

/// Trusted metadata: each is signed as the one before says, and not older than what was known.
pub struct TrustedSet {
    root: Signed<Root>,
    timestamp: Option<Signed<Timestamp>>,
    snapshot: Option<Signed<Snapshot>>,
    targets: Option<Signed<Targets>>,
}

impl TrustedSet {
    /// Starts from a root that is trusted by the caller; it must be signed by its own keys all the same.
    pub fn new(root: &[u8]) -> Result<Self, TufError> {
        let root = Signed::<Root>::parse(root, "root")?;
        root.verify("root", root.body.role("root")?, &root.body.keys)?;
        Ok(Self {
            root,
            timestamp: None,
            snapshot: None,
            targets: None,
        })
    }

    /// The version of the trusted root.
    pub fn root_version(&self) -> u64 {
        self.root.version
    }

    /// Whether names of files have versions and hashes.
    pub fn consistent_snapshot(&self) -> bool {
        self.root.body.consistent_snapshot
    }

    /// Takes the next root: signed by the keys of the current one and by its own, and exactly one version newer
    /// (section 5.3.4 and 5.3.5). It may be expired, since a newer one may follow.
    pub fn update_root(&mut self, bytes: &[u8]) -> Result<(), TufError> {
        let new = Signed::<Root>::parse(bytes, "root")?;
        new.verify("root", self.root.body.role("root")?, &self.root.body.keys)?;
        new.verify("root", new.body.role("root")?, &new.body.keys)?;
        let expected = self.root.version.saturating_add(1);
        if new.version != expected {
            return Err(version("root", new.version, expected.to_string()));
        }
        self.root = new;
        Ok(())
    }

    /// Fails when the trusted root is past its time (section 5.3.10).
    pub fn check_root(&self, now: i64) -> Result<(), TufError> {
        self.root.check_time("root", now)
    }

    /// Takes a timestamp that is newer than the trusted one; `false` when it has the same version and is left alone
    /// (section 5.4). Its time is checked by [`TrustedSet::check_timestamp`], since an old one still bars older ones.
    pub fn update_timestamp(&mut self, bytes: &[u8]) -> Result<bool, TufError> {
        let new = Signed::<Timestamp>::parse(bytes, "timestamp")?;
        new.verify("timestamp", self.root.body.role("timestamp")?, &self.root.body.keys)?;
        if let Some(trusted) = &self.timestamp {
            not_older("timestamp", new.version, trusted.version)?;
            if new.version == trusted.version {
                return Ok(false);
            }
            not_older("snapshot", new.body.snapshot.version, trusted.body.snapshot.version)?;
        }
        self.timestamp = Some(new);
        Ok(true)
    }

    /// Fails when the trusted timestamp is past its time (section 5.4.4).
    pub fn check_timestamp(&self, now: i64) -> Result<(), TufError> {
        self.trusted_timestamp()?.check_time("timestamp", now)
    }

    /// What the trusted timestamp says of the snapshot.
    pub fn snapshot_file(&self) -> Result<&MetaFile, TufError> {
        Ok(&self.trusted_timestamp()?.body.snapshot)
    }

    /// Takes a snapshot (section 5.5). One of the cache (`local`) may be older than announced: it then only bars older
    /// ones, and [`TrustedSet::check_snapshot`] fails.
    pub fn update_snapshot(&mut self, bytes: &[u8], local: bool) -> Result<(), TufError> {
        let announced = self.snapshot_file()?;
        if !local {
            announced.check("TUF snapshot metadata", bytes)?;
        }
        let expected = announced.version;
        let new = Signed::<Snapshot>::parse(bytes, "snapshot")?;
        new.verify("snapshot", self.root.body.role("snapshot")?, &self.root.body.keys)?;
        if !local && new.version != expected {
            return Err(version("snapshot", new.version, expected.to_string()));
        }
        if let Some(trusted) = &self.snapshot {
            for (name, old) in &trusted.body.meta {
                let file = new
                    .body
                    .meta
                    .get(name)
                    .ok_or_else(|| TufError::Removed(crate::http::shown(name, 100)))?;
                not_older(name, file.version, old.version)?;
            }
        }
        self.snapshot = Some(new);
        Ok(())
    }

    /// Fails unless the trusted snapshot is the announced one and not past its time.
    pub fn check_snapshot(&self, now: i64) -> Result<(), TufError> {
        let expected = self.snapshot_file()?.version;
        let snapshot = self.trusted_snapshot()?;
        if snapshot.version != expected {
            return Err(version("snapshot", snapshot.version, expected.to_string()));
        }
        snapshot.check_time("snapshot", now)
    }

    /// What the trusted snapshot says of the targets metadata of `role`.
    pub fn targets_file(&self, role: &str) -> Result<&MetaFile, TufError> {
        let snapshot = self.trusted_snapshot()?;
        snapshot
            .body
            .meta
            .get(&format!("{role}.json"))
            .ok_or_else(|| TufError::Unlisted(crate::http::shown(role, 100)))
    }

    /// Takes the top-level targets metadata (section 5.6), which must be the one that the snapshot announces.
    pub fn update_targets(&mut self, bytes: &[u8], now: i64) -> Result<(), TufError> {
        let new = self.announced_targets("targets", bytes)?;
        new.verify("targets", self.root.body.role("targets")?, &self.root.body.keys)?;
        new.check_time("targets", now)?;
        self.targets = Some(new);
        Ok(())
    }

    /// The top-level targets metadata.
    pub fn targets(&self) -> Result<&Targets, TufError> {
        let targets = self
            .targets
            .as_ref()
            .ok_or_else(|| TufError::Unlisted("targets".into()))?;
        Ok(&targets.body)
    }

    /// Reads the targets metadata of a delegated `role`, as `delegations` of its delegator say. It is not kept: each
    /// path to a role has its own keys, so that what one delegator vouches for is nothing to another.
    pub fn delegated_targets(
        &self,
        role: &super::delegation::Delegation<'_>,
        delegations: &Delegations,
        bytes: &[u8],
        now: i64,
    ) -> Result<Targets, TufError> {
        let new = self.announced_targets(&role.name, bytes)?;
        new.verify(&role.name, role.role, delegations.keys())?;
        new.check_time(&role.name, now)?;
        Ok(new.body)
    }

    fn announced_targets(&self, role: &str, bytes: &[u8]) -> Result<Signed<Targets>, TufError> {
        let announced = self.targets_file(role)?;
        announced.check(&format!("TUF {role} metadata"), bytes)?;
        let new = Signed::<Targets>::parse(bytes, role)?;
        if new.version != announced.version {
            return Err(version(role, new.version, announced.version.to_string()));
        }
        Ok(new)
    }

    fn trusted_timestamp(&self) -> Result<&Signed<Timestamp>, TufError> {
        self.timestamp
            .as_ref()
            .ok_or_else(|| TufError::Unlisted("timestamp".into()))
    }

    fn trusted_snapshot(&self) -> Result<&Signed<Snapshot>, TufError> {
        self.snapshot
            .as_ref()
            .ok_or_else(|| TufError::Unlisted("snapshot".into()))
    }
}

fn not_older(role: &str, found: u64, known: u64) -> Result<(), TufError> {
    if found < known {
        Err(version(role, found, format!("at least {known}")))
    } else {
        Ok(())
    }
}

fn version(role: &str, found: u64, expected: String) -> TufError {
    TufError::Version {
        role: crate::http::shown(role, 100),
        found,
        expected,
    }
}
