//! The images of a compose file: `services.<name>.image`, with `${VARIABLE:-default}` filled in from defaults.

use serde_json::Value;

use super::document::Node;
use super::workload::{ImageUse, Workload};

/// The services of a compose file as one workload; a service that is built and not pulled is left out.
pub fn workload(node: &Node) -> Option<Workload> {
    let services = node.get("services")?;
    let images = services
        .entries()
        .iter()
        .filter_map(|service| {
            let image = service.value.get("image")?;
            Some(ImageUse {
                path: format!("services.{}.image", service.key),
                container: service.key.clone(),
                image: interpolate(image.as_str().unwrap_or_default()),
            })
        })
        .collect();
    Some(Workload {
        kind: "compose".to_owned(),
        name: node.get("name").and_then(Node::as_str).unwrap_or_default().to_owned(),
        spec: node.to_value(),
        metadata: Value::Null,
        images,
        ..Workload::default()
    })
}

/// Compose's interpolation, without an environment: `${A:-b}` and `${A-b}` become `b`, `$$` becomes `$`. A variable
/// without a default stays as written, so that the image is refused as malformed instead of being guessed.
fn interpolate(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        if let Some(tail) = after.strip_prefix('$') {
            out.push('$');
            rest = tail;
            continue;
        }
        let default = after.strip_prefix('{').and_then(|body| {
            let (variable, tail) = body.split_once('}')?;
            let (_, default) = variable.split_once(":-").or_else(|| variable.split_once('-'))?;
            Some((default, tail))
        });
        match default {
            Some((default, tail)) => {
                out.push_str(default);
                rest = tail;
            }
            None => {
                out.push('$');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::super::document;
    use super::*;

    #[test]
    fn services_are_found_and_built_ones_left_out() {
        let text = "name: shop\nx-base: &b {restart: always}\nservices:\n  web:\n    <<: *b\n    image: \"ghcr.io/me/web:${TAG:-1.0}\"\n  db:\n    image: postgres:16\n  app:\n    build: .\n";
        let node = document::read(text.as_bytes()).unwrap().remove(0);
        let found = workload(&node).unwrap();
        let images: Vec<_> = found
            .images
            .iter()
            .map(|i| (i.path.as_str(), i.image.as_str()))
            .collect();
        assert_eq!(
            images,
            [
                ("services.web.image", "ghcr.io/me/web:1.0"),
                ("services.db.image", "postgres:16")
            ]
        );
    }

    #[test]
    fn a_variable_without_default_is_not_guessed() {
        assert_eq!(interpolate("a:${TAG}"), "a:${TAG}");
        assert_eq!(interpolate("a:$TAG"), "a:$TAG");
        assert_eq!(interpolate("a$$b${X-c}"), "a$bc");
        assert_eq!(interpolate("a${"), "a${");
    }
}
