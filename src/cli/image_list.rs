//! Lists of images: arguments, files, standard input; plain text, Kubernetes manifests, compose files.

use std::collections::HashSet;
use std::io::Read;
use std::path::{Path, PathBuf};

use countersign::policy::{compose, document, workload};

use super::Failure;

/// Largest list that is read, in bytes: some hundred thousand images.
const MAX_LIST: u64 = 16 << 20;

/// Names of images in the order in which they were given.
pub struct ImageList(Vec<String>);

impl ImageList {
    /// `arguments`, then what `files` list; `-` is standard input.
    ///
    /// # Errors
    /// No image at all, or a file that cannot be read.
    pub fn read(arguments: &[String], files: &[PathBuf]) -> Result<Self, Failure> {
        let mut names = arguments.to_vec();
        for file in files {
            let text = text(file).map_err(|error| Failure::new(format!("--file {}: {error}", file.display())))?;
            names.extend(listed(&text).map_err(|error| Failure::new(format!("--file {}: {error}", file.display())))?);
        }
        if names.is_empty() {
            return Err(Failure::new(
                "requires at least 1 arg(s), only received 0: name an image, or a list of images with --file",
            ));
        }
        Ok(Self(names))
    }

    /// The names.
    pub fn names(&self) -> &[String] {
        &self.0
    }
}

fn text(file: &Path) -> std::io::Result<String> {
    let mut text = String::new();
    let source: Box<dyn Read> = if file.as_os_str() == "-" {
        Box::new(std::io::stdin().lock())
    } else {
        Box::new(std::fs::File::open(file)?)
    };
    source.take(MAX_LIST).read_to_string(&mut text)?;
    if text.len() as u64 >= MAX_LIST {
        return Err(std::io::Error::other("it is too large for a list of images"));
    }
    Ok(text)
}

/// The images that `text` lists, each once in the order of their first mention: one a line, where `#` begins a comment;
/// or those of Kubernetes objects or of a compose file.
fn listed(text: &str) -> Result<Vec<String>, String> {
    let lines = || {
        let lines = text
            .lines()
            .map(|line| line.split('#').next().unwrap_or_default().trim());
        lines.filter(|line| !line.is_empty())
    };
    let mut names: Vec<String> = if lines().next().is_some_and(is_document) {
        from_documents(text)?
    } else {
        lines().map(str::to_owned).collect()
    };
    if names.is_empty() {
        return Err("it names no images: expected one a line, Kubernetes objects or a compose file".to_owned());
    }
    let mut seen = HashSet::new();
    names.retain(|name| seen.insert(name.clone()));
    Ok(names)
}

/// Whether a text that begins with `line` is YAML or JSON: no name of an image has a space or ends with a colon.
fn is_document(line: &str) -> bool {
    line.contains(": ") || line.ends_with(':') || line.starts_with(['{', '[']) || matches!(line, "---")
}

fn from_documents(text: &str) -> Result<Vec<String>, String> {
    let documents = document::read(text.as_bytes()).map_err(|error| error.to_string())?;
    let workloads = documents.iter().flat_map(|document| {
        let objects = workload::of_document(document)
            .into_iter()
            .map(|(workload, _)| workload);
        let services = document
            .get("kind")
            .is_none()
            .then(|| compose::workload(document))
            .flatten();
        objects.chain(services)
    });
    let images = workloads.flat_map(|workload| workload.images);
    Ok(images
        .map(|image| image.image)
        .filter(|image| !image.is_empty())
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_has_one_image_a_line_and_comments() {
        assert_eq!(
            listed("# release\nlocalhost:5000/a:1\n\nb@sha256:00 # why\nlocalhost:5000/a:1\n").unwrap(),
            ["localhost:5000/a:1", "b@sha256:00"]
        );
    }

    #[test]
    fn the_images_of_kubernetes_objects_and_compose_files_are_found() {
        let objects = "apiVersion: apps/v1\nkind: Deployment\nspec: {template: {spec: {initContainers: [{image: a}], \
                       containers: [{image: b}, {image: a}]}}}\n---\napiVersion: v1\nkind: Pod\nspec:\n  \
                       containers:\n  - image: c\n";
        assert_eq!(listed(objects).unwrap(), ["a", "b", "c"]);
        let compose = "services:\n  web:\n    image: web:${TAG:-1}\n  built: {build: .}\n";
        assert_eq!(listed(compose).unwrap(), ["web:1"]);
        let custom = "apiVersion: v1\nkind: Pod\nspec: {containers: [{image: a}]}\n---\napiVersion: argoproj.io/v1alpha1\n\
                      kind: Rollout\nspec: {template: {spec: {containers: [{image: b}]}}}\n";
        assert_eq!(listed(custom).unwrap(), ["a", "b"]);
    }

    #[test]
    fn a_list_without_images_is_an_error() {
        for text in ["", "\n \n", "# none yet\n", "kind: ConfigMap\napiVersion: v1\n"] {
            assert!(listed(text).unwrap_err().contains("names no images"), "{text:?}");
        }
    }
}
