use std::path::Path;

use super::*;
use crate::store::signature_manifest::{MediaTypes, SIGNATURE};
use crate::store::{Attachment, NewLayer, Place, Store, append, signatures};

fn recorded() -> Layout {
    Layout::open(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/cosign/saved-layout")).unwrap()
}

/// A copy of the recorded layout that may be written to.
fn copied(directory: &Path) -> Layout {
    let from = recorded();
    let to = Layout::create(directory).unwrap();
    for entry in fs::read_dir(from.directory.join("blobs/sha256")).unwrap() {
        to.put_blob(&fs::read(entry.unwrap().path()).unwrap()).unwrap();
    }
    fs::write(directory.join(INDEX), fs::read(from.directory.join(INDEX)).unwrap()).unwrap();
    to
}

fn is(bytes: &[u8]) -> Expected {
    Expected::Is {
        digest: Digest::sha256(bytes),
        etag: None,
    }
}

fn manifest(n: u8) -> Vec<u8> {
    let config = Descriptor::of("application/vnd.oci.image.config.v1+json", b"{}");
    let config = serde_json::to_string(&config).unwrap();
    format!(r#"{{"schemaVersion":2,"config":{config},"layers":[],"annotations":{{"n":"{n}"}}}}"#).into_bytes()
}

const TYPE: &str = media_type::OCI_MANIFEST;

#[test]
fn a_layout_that_cosign_saved_has_its_image_and_signatures() {
    let layout = recorded();
    let image = layout.image().unwrap();
    assert!(image.digest.hex().starts_with("b14754b7"));
    let tag = Tag::attached(&image.digest, Some("sig"));
    let found = layout.manifest(&Target::Tag(tag.clone())).unwrap().unwrap();
    assert!(String::from_utf8(found.bytes).unwrap().contains(SIGNATURE));
    assert_eq!(layout.tags().unwrap(), [tag]);
    assert!(
        layout
            .manifest(&Target::Tag("latest".parse().unwrap()))
            .unwrap()
            .is_none()
    );
    assert!(layout.referrers(&image.digest).unwrap().is_empty());
}

#[tokio::test]
async fn a_signature_added_to_a_saved_layout_joins_those_that_are_there() {
    let directory = tempfile::tempdir().unwrap();
    let layout = copied(directory.path());
    let image = layout.image().unwrap().digest;
    let place = Place::beside(Store::Layout(layout.clone()));
    let layers = [NewLayer::signature(b"payload".to_vec(), "c2ln")];
    let change = append::Change::add(&layers, MediaTypes::Oci);
    let done = append::append(&place, &image, Attachment::Signatures, &change)
        .await
        .unwrap();
    assert!(done.written);
    let read = signatures::read(&place, &image, Attachment::Signatures)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(read.entries().len(), done.entries);
    let kinds: Vec<_> = layout
        .entries()
        .unwrap()
        .into_iter()
        .filter_map(|d| d.annotations.get(KIND).cloned())
        .collect();
    assert_eq!(
        kinds,
        ["dev.cosignproject.cosign/image", "dev.cosignproject.cosign/sigs"]
    );
    let again = append::append(&place, &image, Attachment::Signatures, &change)
        .await
        .unwrap();
    assert_eq!((again.written, again.digest), (false, done.digest));
}

#[test]
fn writers_of_one_layout_lose_nothing() {
    let directory = tempfile::tempdir().unwrap();
    Layout::create(directory.path()).unwrap();
    let image = Digest::sha256(b"image");
    let threads: Vec<_> = (0..16)
        .map(|n| {
            let (directory, image) = (directory.path().to_owned(), image.clone());
            std::thread::spawn(move || {
                let place = Place::beside(Store::Layout(Layout::open(directory).unwrap()));
                let layers = [NewLayer::signature(b"payload".to_vec(), &format!("sig{n}"))];
                let change = append::Change::add(&layers, MediaTypes::Oci);
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()
                    .unwrap();
                runtime
                    .block_on(append::append(&place, &image, Attachment::Signatures, &change))
                    .unwrap();
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    let layout = Layout::open(directory.path()).unwrap();
    let found = layout
        .manifest(&Target::Tag(Tag::attached(&image, Some("sig"))))
        .unwrap()
        .unwrap();
    let read = crate::store::SignatureManifest::parse(&found.bytes, None).unwrap();
    assert_eq!(read.entries().len(), 16);
}

#[test]
fn a_tag_moves_only_when_it_is_where_it_was_expected() {
    let directory = tempfile::tempdir().unwrap();
    let layout = Layout::create(directory.path()).unwrap();
    let tag = Target::Tag("v1".parse().unwrap());
    let (one, two) = (manifest(1), manifest(2));
    assert!(layout.put_manifest(&tag, TYPE, &one, &Expected::Absent).unwrap());
    assert!(!layout.put_manifest(&tag, TYPE, &two, &Expected::Absent).unwrap());
    assert!(!layout.put_manifest(&tag, TYPE, &two, &is(&two)).unwrap());
    assert!(layout.put_manifest(&tag, TYPE, &two, &is(&one)).unwrap());
    assert_eq!(layout.manifest(&tag).unwrap().unwrap().bytes, two);
    assert_eq!(layout.image().unwrap().digest, Digest::sha256(&two));
    assert!(layout.delete(&tag).unwrap());
    assert!(!layout.delete(&tag).unwrap());
    assert!(matches!(layout.image(), Err(LayoutError::NoImage { .. })));
}

#[test]
fn several_images_ask_for_a_choice_by_name() {
    let directory = tempfile::tempdir().unwrap();
    let layout = Layout::create(directory.path()).unwrap();
    for n in 1..3 {
        let tag = Target::Tag(format!("v{n}").parse().unwrap());
        layout.put_manifest(&tag, TYPE, &manifest(n), &Expected::Any).unwrap();
    }
    let text = layout.image().unwrap_err().to_string();
    assert!(text.contains("v1, v2") && text.contains("oci:"), "{text}");
}

#[test]
fn changed_content_is_an_error() {
    let directory = tempfile::tempdir().unwrap();
    let layout = copied(directory.path());
    let digest = layout.image().unwrap().digest;
    fs::write(layout.blob_path(&digest), b"{}").unwrap();
    assert!(matches!(
        layout.manifest(&Target::Digest(digest)),
        Err(LayoutError::Corrupt { .. })
    ));
}

#[test]
fn what_is_no_layout_is_said_to_be_none() {
    let directory = tempfile::tempdir().unwrap();
    let text = Layout::open(directory.path()).unwrap_err().to_string();
    assert!(
        text.contains("is not an OCI layout") && text.contains("oci-layout"),
        "{text}"
    );
    fs::write(directory.path().join(MARKER), r#"{"imageLayoutVersion":"2.0.0"}"#).unwrap();
    assert!(
        Layout::open(directory.path())
            .unwrap_err()
            .to_string()
            .contains("2.0.0")
    );
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link() {
    let (directory, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let layout = Layout::create(directory.path()).unwrap();
    fs::remove_dir(directory.path().join("blobs/sha256")).unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), directory.path().join("blobs/sha256")).unwrap();
    assert!(matches!(layout.put_blob(b"x"), Err(LayoutError::NotPlain { .. })));
    assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
}

#[cfg(unix)]
#[test]
fn a_device_among_the_blobs_is_not_read() {
    let directory = tempfile::tempdir().unwrap();
    let layout = Layout::create(directory.path()).unwrap();
    let digest = Digest::sha256(b"x");
    std::os::unix::fs::symlink("/dev/zero", layout.blob_path(&digest)).unwrap();
    assert!(matches!(
        layout.read_blob(&digest, 10),
        Err(LayoutError::NotPlain { .. })
    ));
}

proptest::proptest! {
    #[test]
    fn no_bytes_panic(bytes: Vec<u8>) {
        fuzz_layout_index(&bytes);
    }
}
