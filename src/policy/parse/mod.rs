//! Makes a [`ClusterImagePolicy`] of a document, with every rule that policy-controller's validating webhook has.
//!
//! Both `policy.sigstore.dev/v1beta1` and `v1alpha1` are read. Unknown fields are errors: a misspelled authority must not
//! read as no authority.

mod authority;
mod code;

use super::document::{self, Node, Position};
use super::fields::{Object, Problem, Problems, Severity, shown};
use super::glob::Glob;
use super::matching::{MatchResource, Operator, Requirement, Selector};
use super::resource::{ClusterImagePolicy, Mode, ResultPolicy, THRESHOLD_ANNOTATION};
use crate::digest::Digest;

/// The API group of policies.
pub const GROUP: &str = "policy.sigstore.dev";
/// The kind of policies.
pub const KIND: &str = "ClusterImagePolicy";
/// Another kind of the group, which is not read: trusted roots are files here.
const TRUST_ROOT: &str = "TrustRoot";
const VERSIONS: [&str; 2] = ["policy.sigstore.dev/v1beta1", "policy.sigstore.dev/v1alpha1"];
/// Resources that carry pods.
const RESOURCES: [&str; 9] = [
    "pods",
    "replicasets",
    "deployments",
    "statefulsets",
    "daemonsets",
    "jobs",
    "cronjobs",
    "replicationcontrollers",
    "podtemplates",
];
/// Most globs, authorities, entries of `match` and identities; a policy has a few.
const MAX_ITEMS: usize = 1000;

/// A policy and what was noticed on it.
#[derive(Debug)]
pub struct Parsed {
    /// The policy, unless a problem is an error.
    pub policy: Option<ClusterImagePolicy>,
    /// `metadata.name`, when it could be read.
    pub name: String,
    /// Errors and warnings, in the order of the document.
    pub problems: Vec<Problem>,
}

impl Parsed {
    /// Why there is no policy: every error, in one line.
    pub fn reason(&self) -> String {
        let errors = self.problems.iter().filter(|p| p.severity == Severity::Error);
        let reasons: Vec<_> = errors
            .map(|p| match p.position.line {
                0 => p.to_string(),
                line => format!("line {line}: {p}"),
            })
            .collect();
        reasons.join("; ")
    }
}

/// Whether a document is a ClusterImagePolicy, going by its kind.
pub fn is_policy(node: &Node) -> bool {
    node.get("kind").and_then(Node::as_str) == Some(KIND)
}

/// Reads all policies in `bytes`: several documents, and the items of Lists.
///
/// Documents of another kind, but not those of the API group, are passed over and returned as the number left out.
///
/// # Errors
/// [`document::DocumentError`] when the input can't be read at all; what is wrong with a policy is in its [`Parsed`].
pub fn read(bytes: &[u8]) -> Result<(Vec<Parsed>, usize), document::DocumentError> {
    let mut parsed = Vec::new();
    let mut others = 0;
    for node in document::read(bytes)? {
        sort_out(&node, &mut parsed, &mut others);
    }
    Ok((parsed, others))
}

/// The same for one document: Lists may hold Lists, as deep as a document may be.
fn sort_out(node: &Node, parsed: &mut Vec<Parsed>, others: &mut usize) {
    let kind = node.get("kind").and_then(Node::as_str).unwrap_or_default();
    let items = node.get("items").map(Node::items).unwrap_or_default();
    if kind == "ClusterImagePolicyList" {
        parsed.extend(items.iter().map(policy));
    } else if is_meant(node) {
        parsed.push(policy(node));
    } else if kind.ends_with("List") {
        items.iter().for_each(|item| sort_out(item, parsed, others));
    } else {
        *others += 1;
    }
}

/// Whether a document is meant to be a policy: one, or something of the API group whose kind is misspelled.
fn is_meant(node: &Node) -> bool {
    let text = |name: &str| node.get(name).and_then(Node::as_str).unwrap_or_default();
    let (version, kind) = (text("apiVersion"), text("kind"));
    let of_group = version.split('/').next().is_some_and(|group| group == GROUP);
    kind.eq_ignore_ascii_case(KIND) || (of_group && kind != TRUST_ROOT)
}

/// Makes a policy of one document.
pub fn policy(node: &Node) -> Parsed {
    let mut problems = Problems::default();
    let policy = top(node, &mut problems).filter(|_| !problems.has_errors());
    Parsed {
        policy,
        name: node
            .at("metadata.name")
            .and_then(Node::as_str)
            .unwrap_or_default()
            .to_owned(),
        problems: problems.into_sorted(),
    }
}

fn top(node: &Node, problems: &mut Problems) -> Option<ClusterImagePolicy> {
    let top = Object::new(
        node,
        "",
        &["apiVersion", "kind", "metadata", "spec", "status"],
        problems,
    )?;
    if let Some(kind) = top.field("kind").filter(|_| !is_policy(node)) {
        let message = format!(
            "invalid value: {}: write {KIND}",
            shown(kind.node.as_str().unwrap_or_default())
        );
        problems.error("kind", kind.position(), message);
    }
    let version = top.required_text("apiVersion", problems).unwrap_or_default();
    if !version.is_empty() && !VERSIONS.contains(&version) {
        let message = format!(
            "invalid value: {}: write {} or {}",
            shown(version),
            VERSIONS[0],
            VERSIONS[1]
        );
        problems.error("apiVersion", at(&top, "apiVersion"), message);
    }
    let mut policy = ClusterImagePolicy {
        name: String::new(),
        fingerprint: fingerprint(node),
        images: Vec::new(),
        matches: Vec::new(),
        mode: Mode::Enforce,
        authorities: Vec::new(),
        policy: None,
        invalid: None,
        required_signers: 1,
        position: node.position,
    };
    match top.field("metadata") {
        Some(field) => {
            if let Some(metadata) = Object::open(field.node, &field.path, problems) {
                read_metadata(&metadata, &mut policy, problems);
            }
        }
        None => problems.error("metadata.name", node.position, "missing field; it is required"),
    }
    let Some(field) = top.field("spec") else {
        top.missing("spec", problems);
        return None;
    };
    let spec = field.object(&["images", "authorities", "policy", "mode", "match"], problems)?;
    read_spec(&spec, &mut policy, problems);
    check_threshold(&policy, &top, problems);
    Some(policy)
}

/// What is in force for a policy that is not valid and of which no valid version is known: it denies every image that
/// the policy is for, and every image at all when its globs can't be read.
pub fn stand_in(node: &Node, reason: &str) -> ClusterImagePolicy {
    let images = node.at("spec.images").map(Node::items).unwrap_or_default();
    let globs: Option<Vec<Glob>> = images
        .iter()
        .map(|image| image.get("glob")?.as_str()?.parse().ok())
        .collect();
    let name = node.at("metadata.name").and_then(Node::as_str).unwrap_or_default();
    ClusterImagePolicy {
        name: name.to_owned(),
        fingerprint: Digest::sha256(format!("not valid: {name}: {reason}").as_bytes()),
        images: globs.filter(|g| !g.is_empty()).unwrap_or_else(|| vec![Glob::every()]),
        matches: Vec::new(),
        mode: Mode::Enforce,
        authorities: Vec::new(),
        policy: None,
        invalid: Some(reason.to_owned()),
        required_signers: 1,
        position: node.position,
    }
}

/// See [`ClusterImagePolicy::fingerprint`]. A uid or a generation is no part of it: files may leave them out or keep
/// them, and a cluster counts no change of annotations.
fn fingerprint(node: &Node) -> Digest {
    let part = |node: Option<&Node>| node.map(Node::to_value);
    let annotations = node.at("metadata.annotations");
    let counts = serde_json::json!([
        part(node.at("metadata.name")),
        part(node.get("spec")),
        part(annotations.and_then(|a| a.get(THRESHOLD_ANNOTATION))),
    ]);
    Digest::sha256(counts.to_string().as_bytes())
}

fn read_metadata(metadata: &Object<'_>, policy: &mut ClusterImagePolicy, problems: &mut Problems) {
    policy.name = metadata.required_text("name", problems).unwrap_or_default().to_owned();
    let name = policy.name.as_bytes();
    let allowed = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.');
    if name.len() > 253 || !name.iter().all(allowed) {
        let message = "invalid value: a name is at most 253 lower-case letters, digits, - and .";
        problems.error(metadata.path_of("name"), at(metadata, "name"), message);
    }
    let Some(annotations) = metadata.field("annotations") else {
        return;
    };
    if let Some(annotation) = annotations.node.get(THRESHOLD_ANNOTATION) {
        match annotation
            .as_str()
            .and_then(|t| t.parse::<u32>().ok())
            .filter(|n| *n >= 1)
        {
            Some(number) => policy.required_signers = number,
            None => problems.error(
                format!("metadata.annotations[{THRESHOLD_ANNOTATION}]"),
                annotation.position,
                "invalid value: write how many distinct signers are needed as quoted text, e.g. \"2\"",
            ),
        }
    }
}

fn read_spec(spec: &Object<'_>, policy: &mut ClusterImagePolicy, problems: &mut Problems) {
    let images = limited(spec, "images", problems);
    if images.is_empty() {
        spec.missing("images", problems);
    }
    for image in images {
        let Some(object) = image.object(&["glob"], problems) else {
            continue;
        };
        let Some(glob) = object.required_text("glob", problems) else {
            continue;
        };
        let position = at(&object, "glob");
        match glob.parse() {
            Ok(parsed) => policy.images.push(parsed),
            Err(error) => problems.error(
                object.path_of("glob"),
                position,
                format!("invalid value: {}: glob is invalid: {error}", shown(glob)),
            ),
        }
        let meaning = match glob {
            "*" => "index.docker.io/library/*",
            "*/*" => "index.docker.io/*/*",
            _ => continue,
        };
        problems.warning(
            object.path_of("glob"),
            position,
            format!("{glob} means {meaning} only; write that, or ** for every image"),
        );
    }
    if let Some(mode) = spec.text("mode", problems) {
        match mode {
            "enforce" => policy.mode = Mode::Enforce,
            "warn" => policy.mode = Mode::Warn,
            other => problems.error(
                spec.path_of("mode"),
                at(spec, "mode"),
                format!(
                    "invalid value: {}: unsupported mode; write enforce or warn",
                    shown(other)
                ),
            ),
        }
    }
    for item in limited(spec, "match", problems) {
        policy.matches.extend(match_resource(&item.path, item.node, problems));
    }
    let authorities = limited(spec, "authorities", problems);
    if authorities.is_empty() {
        problems.error(
            spec.path_of("authorities"),
            spec.position(),
            "missing field: without an authority no image can satisfy this policy; write at least one",
        );
    }
    for (index, item) in authorities.iter().enumerate() {
        let authority = authority::read(item, index, problems);
        if let Some(authority) = authority {
            if policy.authorities.iter().any(|a| a.name == authority.name) {
                problems.error(
                    format!("{}.name", item.path),
                    item.position(),
                    format!(
                        "duplicate value: another authority is called {}",
                        shown(&authority.name)
                    ),
                );
            }
            policy.authorities.push(authority);
        }
    }
    policy.policy = spec.field("policy").and_then(|field| {
        let object = field.object(&code::FIELDS_WITHIN_SPEC, problems)?;
        let flag = |name, problems: &mut Problems| object.boolean(name, problems).unwrap_or(false);
        Some(ResultPolicy {
            fetch_config_file: flag("fetchConfigFile", problems),
            include_spec: flag("includeSpec", problems),
            include_object_meta: flag("includeObjectMeta", problems),
            include_type_meta: flag("includeTypeMeta", problems),
            code: code::read(&object, problems)?,
        })
    });
}

fn check_threshold(policy: &ClusterImagePolicy, top: &Object<'_>, problems: &mut Problems) {
    let signers = policy
        .authorities
        .iter()
        .filter(|a| !matches!(a.kind, super::resource::AuthorityKind::Static { .. }))
        .count();
    let open_ended = policy
        .authorities
        .iter()
        .any(|a| !matches!(&a.kind, super::resource::AuthorityKind::Key { key: super::resource::KeySource::Keys(keys), .. } if keys.len() == 1));
    if policy.required_signers > 1 && !open_ended && usize::try_from(policy.required_signers).is_ok_and(|n| n > signers)
    {
        problems.error(
            format!("metadata.annotations[{THRESHOLD_ANNOTATION}]"),
            top.position(),
            format!(
                "invalid value: {} distinct signers are asked for, but the policy has {signers}",
                policy.required_signers
            ),
        );
    }
}

fn match_resource(path: &str, node: &Node, problems: &mut Problems) -> Option<MatchResource> {
    let object = Object::new(node, path, &["group", "version", "resource", "selector"], problems)?;
    let owned = |name, problems: &mut Problems| object.text(name, problems).map(str::to_owned);
    let entry = MatchResource {
        group: owned("group", problems),
        version: owned("version", problems),
        resource: owned("resource", problems),
        selector: object
            .field("selector")
            .and_then(|field| selector(&field.path, field.node, problems)),
    };
    if let Some(resource) = entry
        .resource
        .as_deref()
        .filter(|r| *r != "*" && !RESOURCES.contains(r))
    {
        let message = format!(
            "invalid value: {}: unsupported resource name; write one of {}",
            shown(resource),
            RESOURCES.join(", ")
        );
        problems.error(object.path_of("resource"), at(&object, "resource"), message);
    }
    let unnamed = entry.resource.is_none() && entry.version.is_none() && entry.group.is_none();
    if object.has("selector") && unnamed {
        let message = "selector requires a resource type to match the labels; write group, version and resource";
        problems.error(object.path_of("selector"), at(&object, "selector"), message);
    }
    Some(entry)
}

fn selector(path: &str, node: &Node, problems: &mut Problems) -> Option<Selector> {
    let object = Object::new(node, path, &["matchLabels", "matchExpressions"], problems)?;
    let mut selector = Selector::default();
    if let Some(labels) = object.field("matchLabels")
        && let Some(labels) = Object::open(labels.node, &labels.path, problems)
    {
        for entry in object
            .field("matchLabels")
            .map(|f| f.node.entries())
            .unwrap_or_default()
        {
            let value = labels.field(&entry.key).and_then(|f| f.node.as_str()).or_else(|| {
                problems.error(
                    labels.path_of(&shown(&entry.key)),
                    entry.position,
                    "must be text; put it in quotes",
                );
                None
            });
            if let Some(value) = value {
                selector.match_labels.insert(entry.key.clone(), value.to_owned());
            }
        }
    }
    for item in object.list("matchExpressions", problems) {
        let Some(expression) = item.object(&["key", "operator", "values"], problems) else {
            continue;
        };
        let key = expression.required_text("key", problems);
        let operator = expression.required_text("operator", problems);
        let mut values = Vec::new();
        for value in expression.list("values", problems) {
            match value.node.as_str() {
                Some(text) => values.push(text.to_owned()),
                None => problems.error(value.path.clone(), value.position(), "must be text; put it in quotes"),
            }
        }
        let (Some(key), Some(operator)) = (key, operator) else {
            continue;
        };
        let empty = values.is_empty();
        let operator = match operator {
            "In" if !empty => Operator::In(values),
            "NotIn" if !empty => Operator::NotIn(values),
            "Exists" if empty => Operator::Exists,
            "DoesNotExist" if empty => Operator::DoesNotExist,
            other => {
                let message = format!(
                    "invalid value: {}: write In or NotIn with values, or Exists or DoesNotExist without",
                    shown(other)
                );
                problems.error(expression.path_of("operator"), at(&expression, "operator"), message);
                continue;
            }
        };
        selector.expressions.push(Requirement {
            key: key.to_owned(),
            operator,
        });
    }
    Some(selector)
}

/// Where the field `name` of an object is; where the object is, when the field is absent.
fn at(object: &Object<'_>, name: &str) -> Position {
    object.field(name).map_or(object.position(), |f| f.position())
}

fn limited<'a>(object: &Object<'a>, name: &str, problems: &mut Problems) -> Vec<super::fields::Field<'a>> {
    let mut items = object.list(name, problems);
    if items.len() > MAX_ITEMS {
        let message = format!("has {} items, more than the {MAX_ITEMS} that are read", items.len());
        problems.error(object.path_of(name), at(object, name), message);
        items.truncate(MAX_ITEMS);
    }
    items
}

#[cfg(test)]
mod tests;
