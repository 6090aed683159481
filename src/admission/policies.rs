//! The policies in force: an immutable set that is replaced as a whole when its source changes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use crate::digest::Digest;
use crate::policy::parse;
use crate::policy::resource::{ClusterImagePolicy, Resolved};

/// Largest policy file, in bytes.
const MAX_FILE: u64 = 4 << 20;
/// Most files of a directory.
const MAX_FILES: usize = 10_000;

/// The policies in force.
#[derive(Clone, Debug, Default)]
pub struct Set {
    /// Those that can be used.
    pub policies: Vec<Arc<ClusterImagePolicy>>,
    /// Those that can't, or only in part, by name, and why.
    pub broken: Vec<Broken>,
}

/// A policy that can't be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Its name, or the file.
    pub name: String,
    /// Why.
    pub reason: String,
    /// Whether it is in force all the same, and what it misses denies.
    pub in_force: bool,
}

impl Set {
    /// Whether no policy was left out.
    pub fn is_whole(&self) -> bool {
        self.broken.iter().all(|b| b.in_force)
    }
}

/// Where the policies in force are looked up.
#[derive(Default)]
pub struct Policies(RwLock<Arc<Set>>);

impl Policies {
    /// The set in force now.
    pub fn get(&self) -> Arc<Set> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts another set in force.
    pub fn replace(&self, set: Set) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(set);
    }
}

/// Reads policies from files and directories (files `*.yaml`, `*.yml` and `*.json`, not below).
pub fn load(paths: &[PathBuf]) -> Set {
    let mut set = Set::default();
    let mut names = BTreeMap::new();
    for path in paths {
        let files = match list(path) {
            Ok(files) => files,
            Err(reason) => {
                set.broken.push(Broken {
                    name: path.display().to_string(),
                    reason,
                    in_force: false,
                });
                continue;
            }
        };
        for file in files {
            load_file(&file, &mut set, &mut names);
        }
    }
    set
}

fn load_file(file: &Path, set: &mut Set, names: &mut BTreeMap<String, String>) {
    let shown = file.display().to_string();
    let broken = |reason: String| Broken {
        name: shown.clone(),
        reason,
        in_force: false,
    };
    let bytes = match read(file) {
        Ok(bytes) => bytes,
        Err(reason) => return set.broken.push(broken(reason)),
    };
    let parsed = match parse::read(&bytes) {
        Ok((parsed, _)) => parsed,
        Err(error) => return set.broken.push(broken(error.to_string())),
    };
    for one in parsed {
        let reason = one.reason();
        let Some(mut policy) = one.policy else {
            set.broken.push(Broken {
                name: if one.name.is_empty() { shown.clone() } else { one.name },
                reason,
                in_force: false,
            });
            continue;
        };
        if let Some(other) = names.insert(policy.name.clone(), shown.clone()) {
            let reason = format!("another policy in {other} has the same name; rename one");
            set.broken.push(Broken {
                name: policy.name,
                reason,
                in_force: false,
            });
            continue;
        }
        let name = policy.name.clone();
        // One whose secret or config map is missing stays in force: its authorities say so, and nothing satisfies them.
        if let Err(error) = policy.resolve(&Resolved::new()) {
            let reason = error.to_string();
            set.broken.push(Broken {
                name,
                reason,
                in_force: true,
            });
        }
        set.policies.push(Arc::new(policy));
    }
}

/// The files at `path`, in order.
fn list(path: &Path) -> Result<Vec<PathBuf>, String> {
    let metadata = std::fs::metadata(path).map_err(|e| format!("can't be read: {e}"))?;
    if !metadata.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path).map_err(|e| format!("can't be read: {e}"))? {
        let file = entry.map_err(|e| format!("can't be read: {e}"))?.path();
        let policy = file
            .extension()
            .and_then(|e| e.to_str())
            .is_some_and(|e| matches!(e, "yaml" | "yml" | "json"));
        if policy && file.is_file() {
            files.push(file);
        }
        if files.len() > MAX_FILES {
            return Err(format!("has more than {MAX_FILES} files"));
        }
    }
    files.sort();
    Ok(files)
}

fn read(file: &Path) -> Result<Vec<u8>, String> {
    use std::io::Read as _;
    let failed = |e: std::io::Error| format!("can't be read: {e}");
    let mut bytes = Vec::new();
    let limited = std::fs::File::open(file).map_err(failed)?.take(MAX_FILE + 1);
    std::io::BufReader::new(limited)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(format!("has more than {MAX_FILE} bytes"));
    }
    Ok(bytes)
}

/// A digest of all that [`load`] reads at `paths`: it changes when a policy may have changed.
pub fn fingerprint(paths: &[PathBuf]) -> Digest {
    let mut all = Vec::new();
    for path in paths {
        match list(path) {
            Ok(files) => {
                for file in files {
                    all.extend_from_slice(file.as_os_str().as_encoded_bytes());
                    match read(&file) {
                        Ok(bytes) => all.extend_from_slice(Digest::sha256(&bytes).hex().as_bytes()),
                        Err(reason) => all.extend_from_slice(reason.as_bytes()),
                    }
                }
            }
            Err(reason) => all.extend_from_slice(reason.as_bytes()),
        }
    }
    Digest::sha256(&all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(name: &str) -> String {
        format!(
            "apiVersion: policy.sigstore.dev/v1beta1\nkind: ClusterImagePolicy\nmetadata: {{name: {name}}}\nspec: {{images: [{{glob: '**'}}], authorities: [{{static: {{action: pass}}}}]}}\n"
        )
    }

    #[test]
    fn a_directory_is_read_and_what_is_broken_is_told() {
        let directory = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| std::fs::write(directory.path().join(name), text).unwrap();
        write("a.yaml", &format!("{}---\n{}", policy("a"), policy("b")));
        write("b.yml", &policy("a"));
        write("c.json", "{");
        write("d.txt", "not read");
        write("e.yaml", &policy("e").replace("pass", "maybe"));
        let paths = [directory.path().to_owned()];
        let set = load(&paths);
        let names: Vec<_> = set.policies.iter().map(|p| p.name.as_str()).collect();
        assert_eq!(names, ["a", "b"]);
        assert_eq!(set.broken.len(), 3, "{:?}", set.broken);
        assert!(!set.is_whole());
        assert!(
            set.broken
                .iter()
                .any(|b| b.name == "e" && b.reason.contains("unsupported action"))
        );
        // The second policy of a name is left out, although one of that name is there.
        for broken in ["c.json", "e.yaml"] {
            std::fs::remove_file(directory.path().join(broken)).unwrap();
        }
        assert!(!load(&paths).is_whole());
        let before = fingerprint(&paths);
        write("a.yaml", &policy("c"));
        assert_ne!(before, fingerprint(&paths));
        assert!(load(&paths).is_whole());
        assert_ne!(load(&paths).policies[0].fingerprint, set.policies[0].fingerprint);
    }
}
