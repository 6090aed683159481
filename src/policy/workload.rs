//! The images of a Kubernetes object: pods and everything that makes pods.
//!
//! What is extracted is every image that the kubelet would pull for the object: initContainers, containers,
//! ephemeralContainers and image volumes. Of a kind that is not known, the places count where pods lie in known ones: one
//! of a custom resource, or of a misspelled kind, is not passed over.

use std::collections::BTreeMap;

use serde_json::Value;

use super::document::Node;
use super::matching::ResourceKind;

/// A kind that carries a pod spec, and where.
struct Kind {
    kind: &'static str,
    group: &'static str,
    resource: &'static str,
    pod_spec: &'static str,
}

const POD: &str = "spec";
const TEMPLATE: &str = "spec.template.spec";
const JOB_TEMPLATE: &str = "spec.jobTemplate.spec.template.spec";
const BARE_TEMPLATE: &str = "template.spec";
/// Where pods lie.
const PLACES: [&str; 4] = [POD, TEMPLATE, JOB_TEMPLATE, BARE_TEMPLATE];

const KINDS: [Kind; 9] = [
    kind("Pod", "", "pods", POD),
    kind("ReplicationController", "", "replicationcontrollers", TEMPLATE),
    kind("PodTemplate", "", "podtemplates", BARE_TEMPLATE),
    kind("ReplicaSet", "apps", "replicasets", TEMPLATE),
    kind("Deployment", "apps", "deployments", TEMPLATE),
    kind("StatefulSet", "apps", "statefulsets", TEMPLATE),
    kind("DaemonSet", "apps", "daemonsets", TEMPLATE),
    kind("Job", "batch", "jobs", TEMPLATE),
    kind("CronJob", "batch", "cronjobs", JOB_TEMPLATE),
];

const fn kind(kind: &'static str, group: &'static str, resource: &'static str, pod_spec: &'static str) -> Kind {
    Kind {
        kind,
        group,
        resource,
        pod_spec,
    }
}

/// An object that runs images.
#[derive(Clone, Debug, Default)]
pub struct Workload {
    /// The kind, e.g. `Deployment`; `compose` for a compose service.
    pub kind: String,
    /// API group, empty for the core group.
    pub group: String,
    /// API version, e.g. `v1`.
    pub version: String,
    /// Resource, e.g. `deployments`; empty for compose.
    pub resource: String,
    /// The name, or `generateName`.
    pub name: String,
    /// The namespace, empty when none is written.
    pub namespace: String,
    /// The labels of the object.
    pub labels: BTreeMap<String, String>,
    /// `spec` of the object.
    pub spec: Value,
    /// `metadata` of the object.
    pub metadata: Value,
    /// `apiVersion` and `kind`.
    pub type_meta: Value,
    /// The service account of its pods; empty is `default`.
    pub service_account: String,
    /// The pull secrets of its pods.
    pub pull_secrets: Vec<String>,
    /// Its images.
    pub images: Vec<ImageUse>,
}

/// One place where an object names an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageUse {
    /// The field of the image, e.g. `spec.template.spec.containers[0].image`.
    pub path: String,
    /// The container or volume, when it is named.
    pub container: String,
    /// The image as written; empty when the field is missing or no text.
    pub image: String,
}

impl Workload {
    /// What [`super::matching`] needs to know.
    pub fn resource_kind(&self) -> ResourceKind<'_> {
        ResourceKind {
            group: &self.group,
            version: &self.version,
            resource: &self.resource,
        }
    }

    /// `Deployment web`, `Deployment shop/web`.
    pub fn title(&self) -> String {
        let name = super::fields::shown(&self.name);
        match self.namespace.as_str() {
            "" => format!("{} {name}", self.kind),
            namespace => format!("{} {}/{name}", self.kind, super::fields::shown(namespace)),
        }
    }
}

/// The workload that an object is, or `None` for one that runs no images.
pub fn of_object(object: &Value) -> Option<Workload> {
    of_kind(text(object, "/apiVersion"), text(object, "/kind"), object)
}

/// As [`of_object`], for an object of this version and kind, whatever it says itself.
pub fn of_kind(api_version: &str, name: &str, object: &Value) -> Option<Workload> {
    let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
    // An old API group, such as extensions/v1beta1, still names the same kind.
    let kind = KINDS
        .iter()
        .find(|k| k.kind == name && (k.group == group || matches!(group, "extensions" | "apps" | "batch")));
    let known = kind.map(|k| [k.pod_spec]);
    let places = known.as_ref().map_or(PLACES.as_slice(), |k| k.as_slice());
    let pod_specs: Vec<_> = places
        .iter()
        .filter_map(|place| Some((*place, object.pointer(&pointer(place))?)))
        .collect();
    let images: Vec<_> = pod_specs.iter().flat_map(|(place, spec)| images(spec, place)).collect();
    if kind.is_none() && images.is_empty() {
        return None;
    }
    let account = pod_specs.iter().map(|(_, spec)| text(spec, "/serviceAccountName"));
    let generated = text(object, "/metadata/generateName");
    Some(Workload {
        kind: name.to_owned(),
        group: group.to_owned(),
        version: version.to_owned(),
        resource: kind.map_or("", |k| k.resource).to_owned(),
        name: Some(text(object, "/metadata/name"))
            .filter(|n| !n.is_empty())
            .unwrap_or(generated)
            .to_owned(),
        namespace: text(object, "/metadata/namespace").to_owned(),
        labels: labels(object),
        spec: object.get("spec").cloned().unwrap_or_default(),
        metadata: object.get("metadata").cloned().unwrap_or_default(),
        type_meta: serde_json::json!({ "apiVersion": api_version, "kind": name }),
        service_account: account
            .into_iter()
            .find(|a| !a.is_empty())
            .unwrap_or_default()
            .to_owned(),
        pull_secrets: pod_specs
            .iter()
            .flat_map(|(_, spec)| list(spec, "imagePullSecrets"))
            .map(|s| text(s, "/name").to_owned())
            .filter(|n| !n.is_empty())
            .collect(),
        images,
    })
}

/// The images of a pod spec that lies at `path` of its object.
pub fn images(pod_spec: &Value, path: &str) -> Vec<ImageUse> {
    let mut images = Vec::new();
    for field in ["initContainers", "containers", "ephemeralContainers"] {
        for (index, container) in list(pod_spec, field).enumerate() {
            images.push(ImageUse {
                path: format!("{path}.{field}[{index}].image"),
                container: text(container, "/name").to_owned(),
                image: text(container, "/image").to_owned(),
            });
        }
    }
    for (index, volume) in list(pod_spec, "volumes").enumerate() {
        let image = text(volume, "/image/reference");
        // An image volume may leave its reference out in a template.
        if !image.is_empty() {
            images.push(ImageUse {
                path: format!("{path}.volumes[{index}].image"),
                container: text(volume, "/name").to_owned(),
                image: image.to_owned(),
            });
        }
    }
    images
}

/// The workloads of one document of a manifest with their node, which positions are looked up in: an object, the items
/// of a List, or the services of a compose file.
pub fn of_document(node: &Node) -> Vec<(Workload, Node)> {
    of_typed("", "", node)
}

/// As [`of_document`], where a node may leave out its version and kind: in a PodList they are the list's.
fn of_typed(api_version: &str, kind: &str, node: &Node) -> Vec<(Workload, Node)> {
    let own = |name: &str| node.get(name).and_then(Node::as_str);
    let (api_version, kind) = match own("kind") {
        Some(kind) => (own("apiVersion").unwrap_or_default(), kind),
        None => (own("apiVersion").unwrap_or(api_version), kind),
    };
    if let (Some(of), Some(items)) = (kind.strip_suffix("List"), node.get("items")) {
        return items
            .items()
            .iter()
            .flat_map(|item| of_typed(api_version, of, item))
            .collect();
    }
    if kind.is_empty() && node.get("services").is_some() {
        return super::compose::workload(node)
            .map(|w| (w, node.clone()))
            .into_iter()
            .collect();
    }
    of_kind(api_version, kind, &node.to_value())
        .map(|w| (w, node.clone()))
        .into_iter()
        .collect()
}

fn pointer(path: &str) -> String {
    format!("/{}", path.replace('.', "/"))
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

fn list<'a>(value: &'a Value, field: &str) -> impl Iterator<Item = &'a Value> {
    value.get(field).and_then(Value::as_array).into_iter().flatten()
}

fn labels(object: &Value) -> BTreeMap<String, String> {
    let labels = object.pointer("/metadata/labels").and_then(Value::as_object);
    labels
        .into_iter()
        .flatten()
        .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::document;
    use super::*;

    fn all(text: &str) -> Vec<Workload> {
        let documents = document::read(text.as_bytes()).unwrap();
        documents.iter().flat_map(of_document).map(|(w, _)| w).collect()
    }

    fn paths(workload: &Workload) -> Vec<(&str, &str)> {
        workload
            .images
            .iter()
            .map(|i| (i.path.as_str(), i.image.as_str()))
            .collect()
    }

    #[test]
    fn every_image_of_a_pod_is_found() {
        let pods = all(
            "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: n, labels: {a: b}}\nspec:\n  serviceAccountName: sa\n  \
             imagePullSecrets: [{name: s}]\n  initContainers: [{name: i, image: a}]\n  containers: [{name: c, image: b}]\n  \
             ephemeralContainers: [{name: e, image: c}]\n  volumes: [{name: x, emptyDir: {}}, {name: v, image: {reference: d}}]\n",
        );
        assert_eq!(
            paths(&pods[0]),
            [
                ("spec.initContainers[0].image", "a"),
                ("spec.containers[0].image", "b"),
                ("spec.ephemeralContainers[0].image", "c"),
                ("spec.volumes[1].image", "d"),
            ]
        );
        assert_eq!(pods[0].title(), "Pod n/p");
        assert_eq!(pods[0].service_account, "sa");
        assert_eq!(pods[0].pull_secrets, ["s"]);
        assert_eq!(pods[0].labels.get("a").map(String::as_str), Some("b"));
    }

    #[test]
    fn every_kind_is_found_where_it_keeps_its_pods() {
        let spec = "{containers: [{image: x}]}";
        let template = format!("{{template: {{spec: {spec}}}}}");
        for (api, kind, body, path) in [
            ("v1", "Pod", spec.to_owned(), "spec"),
            ("v1", "ReplicationController", template.clone(), "spec.template.spec"),
            ("apps/v1", "ReplicaSet", template.clone(), "spec.template.spec"),
            ("apps/v1", "Deployment", template.clone(), "spec.template.spec"),
            (
                "extensions/v1beta1",
                "Deployment",
                template.clone(),
                "spec.template.spec",
            ),
            ("apps/v1", "StatefulSet", template.clone(), "spec.template.spec"),
            ("apps/v1", "DaemonSet", template.clone(), "spec.template.spec"),
            ("batch/v1", "Job", template.clone(), "spec.template.spec"),
            (
                "batch/v1",
                "CronJob",
                format!("{{jobTemplate: {{spec: {template}}}}}"),
                "spec.jobTemplate.spec.template.spec",
            ),
        ] {
            let found = all(&format!(
                "apiVersion: {api}\nkind: {kind}\nmetadata: {{name: x}}\nspec: {body}"
            ));
            assert_eq!(
                paths(&found[0]),
                [(format!("{path}.containers[0].image").as_str(), "x")],
                "{kind}"
            );
        }
        assert!(all("apiVersion: v1\nkind: Service\nspec: {ports: [{port: 80}]}").is_empty());
    }

    #[test]
    fn pods_of_other_and_misspelled_kinds_are_found() {
        let spec = "{containers: [{image: x}]}";
        let template = format!("{{template: {{spec: {spec}}}}}");
        for (head, body, path) in [
            (
                "apiVersion: argoproj.io/v1alpha1\nkind: Rollout",
                template.clone(),
                "spec.template.spec",
            ),
            (
                "apiVersion: serving.knative.dev/v1\nkind: Service",
                template.clone(),
                "spec.template.spec",
            ),
            (
                "apiVersion: apps/v1\nkind: deployment",
                template.clone(),
                "spec.template.spec",
            ),
            ("kind: Deployment", template.clone(), "spec.template.spec"),
            ("apiVersion: v1\nkind: pod", spec.to_owned(), "spec"),
            ("apiVersion: v1", spec.to_owned(), "spec"),
            (
                "apiVersion: batch/v1\nkind: Cronjob",
                format!("{{jobTemplate: {{spec: {template}}}}}"),
                "spec.jobTemplate.spec.template.spec",
            ),
        ] {
            let found = all(&format!("{head}\nmetadata: {{name: x}}\nspec: {body}"));
            assert_eq!(found.len(), 1, "{head}");
            assert_eq!(
                paths(&found[0]),
                [(format!("{path}.containers[0].image").as_str(), "x")],
                "{head}"
            );
        }
    }

    #[test]
    fn lists_and_documents_are_walked() {
        let text = "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, spec: {containers: [{image: a}]}}\n\
                    - {apiVersion: v1, kind: ConfigMap}\n---\napiVersion: v1\nkind: PodList\nitems:\n\
                    - {apiVersion: v1, kind: Pod, spec: {containers: [{image: b}]}}\n\
                    - {metadata: {name: c}, spec: {containers: [{image: c}]}}\n";
        let images: Vec<_> = all(text)
            .iter()
            .flat_map(|w| w.images.clone())
            .map(|i| i.image)
            .collect();
        assert_eq!(images, ["a", "b", "c"]);
        assert_eq!(all(text)[2].resource, "pods");
    }

    #[test]
    fn a_missing_image_is_kept_as_empty_so_that_it_is_not_passed_over() {
        let pods = all("apiVersion: v1\nkind: Pod\nspec: {containers: [{name: a}, {image: [x]}, {image: 5}]}");
        assert_eq!(pods[0].images.len(), 3);
        assert!(pods[0].images.iter().all(|i| i.image.is_empty()));
    }
}
