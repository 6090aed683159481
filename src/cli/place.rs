//! An image as `sign` and `verify` need it, from an argument.

use countersign::payload::docker_reference;
use countersign::reference::LayoutReference;
use countersign::registry::Client;
use countersign::store::{Layout, Place, Store};
use countersign::verify::Image;

use super::Failure;
use super::options::Attached;

/// The image that `name` names: `host/repository:tag`, `…@sha256:…` or `oci:DIRECTORY[:TAG]`.
pub fn image(name: &str, client: &Client, attached: &Attached) -> Result<Image, Failure> {
    let located = attached
        .locate(client, name)
        .map_err(|failure| failure.context("parsing reference"))?;
    Ok(Image {
        name: name.to_owned(),
        identity: identity(&located.images),
        store: located.images,
        target: located.target,
        place: located.attached,
    })
}

/// The only image in the directory that `save` wrote (`--local-image`).
pub fn local_image(directory: &str) -> Result<Image, Failure> {
    let reference = LayoutReference {
        directory: directory.into(),
        target: None,
    };
    let layout = Layout::open(&reference.directory)?;
    let target = countersign::reference::Target::Digest(layout.image()?.digest);
    let store = Store::Layout(layout);
    Ok(Image {
        name: directory.to_owned(),
        target,
        identity: identity(&store),
        place: Place::beside(store.clone()),
        store,
    })
}

/// What `docker-reference` is signed for the images of `store`; a directory is no name for others than its owner.
fn identity(store: &Store) -> String {
    match store {
        Store::Registry { repository, .. } => docker_reference(repository),
        Store::Layout(layout) => {
            let name = layout.directory().file_name().unwrap_or_default();
            name.to_string_lossy().into_owned()
        }
    }
}
