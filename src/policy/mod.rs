//! ClusterImagePolicy: which images may run where, and who must have signed them.
//!
//! [`parse`] makes a [`resource::ClusterImagePolicy`] of a document; [`workload`] finds the images of a manifest;
//! [`evaluate`] judges them over whatever [`evaluate::Evidence`] is given, and [`decision`] has the words. None of these
//! modules does I/O or reads a clock.

pub mod budget;
mod builtins;
pub mod cache;
pub mod compose;
pub mod decision;
pub mod document;
pub mod evaluate;
pub mod expect;
pub mod fields;
pub mod glob;
pub mod images;
pub mod matching;
pub mod parse;
pub mod rego;
mod rego_shape;
pub mod report;
pub mod resource;
pub mod run;
pub mod trust;
pub mod workload;

/// Fuzz target: a manifest or policy of any bytes is read without a panic.
pub fn fuzz_policy(data: &[u8]) {
    let _ = parse::read(data);
    if let Ok(documents) = document::read(data) {
        for node in &documents {
            let _ = parse::policy(node);
            for (workload, node) in workload::of_document(node) {
                for image in &workload.images {
                    let _ = node.at(&image.path);
                }
            }
        }
    }
}
