//! Flags that several subcommands share, one group a file.

mod annotations;
mod attached;
mod duration;
mod evidence;
mod global;
mod registry;
mod signer;
mod signing;

pub use annotations::Annotations;
pub use attached::{Attached, media_types};
pub use evidence::Evidence;
pub use global::Global;
pub use registry::Registry;
pub use signer::Signer;
pub use signing::Signing;
