#![forbid(unsafe_code)]
//! Container-image signing that reads and writes what `cosign` does.
//!
//! Clients and stores are asynchronous and at the edge; formats and checks are pure functions over bytes. A good
//! signature is a [`verify::VerifiedSignature`], which only [`verify::check`] makes.
//!
//! Sign an image in a directory and verify it; [`store::Store::Registry`] does the same with a registry:
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let directory = tempfile::tempdir()?;
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//! # runtime.block_on(async {
//! use countersign::annotations::Annotations;
//! use countersign::key::{HashAlgorithm, PrivateKey};
//! use countersign::oci::media_type::OCI_MANIFEST;
//! use countersign::reference::Target;
//! use countersign::sign::{self, Format, Options, Prepared, Reach, Services, Signer};
//! use countersign::store::{Expected, Layout, MediaTypes, Place, Store};
//! use countersign::verify::{self, Claims, LogPolicy, Policy, Search, TimestampPolicy, Workflow};
//!
//! let store = Store::Layout(Layout::create(directory.path())?);
//! # let manifest = format!(r#"{{"schemaVersion":2,"mediaType":"{OCI_MANIFEST}","config":{{"mediaType":"x","size":2,
//! #     "digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"}},"layers":[]}}"#);
//! # store.put_blob(b"{}".as_slice().into()).await?;
//! let image = Target::Tag("1.0".parse()?);
//! # store.put_manifest(&image, OCI_MANIFEST, manifest.into_bytes().into(), &Expected::Any).await?;
//! let place = Place::beside(store.clone());
//!
//! // Sign what the tag names now, for a key, without a transparency log.
//! let signer = Signer::new(PrivateKey::generate()?);
//! let options = Options {
//!     annotations: Annotations::parse(["commit=1a2b3c"])?,
//!     identity: None,
//!     payload: None,
//!     format: Format::Layer { media_types: MediaTypes::Oci, created: None },
//!     upload: true,
//!     now: "2026-01-01T00:00:00Z".to_owned(),
//! };
//! for subject in sign::subjects(&store, &image, "registry.example.com/app", Reach::Named).await? {
//!     sign::sign(&subject, &place, &signer, &Services::default(), &options, &Prepared::default()).await?;
//! }
//!
//! // Verify it: the key is all that is trusted.
//! let workflow = Workflow {
//!     policy: Policy {
//!         signer: verify::Signer::Key { key: signer.key().public_key().clone(), hash: HashAlgorithm::Sha256 },
//!         claims: Claims::signature(),
//!         log: LogPolicy::Ignore,
//!         timestamps: TimestampPolicy::default(),
//!     },
//!     check_claims: true,
//!     search: Search::default(),
//!     log: None,
//!     now: 1_767_225_600,
//! };
//! let verified = workflow
//!     .verify(&verify::Image {
//!         name: "app:1.0".to_owned(),
//!         store,
//!         target: image,
//!         place,
//!         identity: "registry.example.com/app".to_owned(),
//!     })
//!     .await?;
//! assert_eq!(verified.signatures().len(), 1);
//! assert!(verified.signatures()[0].checks().key);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })
//! # }
//! ```

pub mod admission;
pub mod annotations;
pub mod bundle;
pub mod certificate;
pub mod digest;
pub mod dsse;
pub mod file;
pub mod http;
pub mod inspect;
pub mod json;
pub mod key;
pub mod oci;
pub mod payload;
pub mod pem;
pub mod policy;
pub mod proto_json;
pub mod reference;
pub mod registry;
pub mod rekor;
pub mod sign;
pub mod statement;
pub mod store;
pub mod timestamp;
pub mod trust;
pub mod verify;
