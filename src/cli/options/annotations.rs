use countersign::annotations::{Annotations as Parsed, InvalidAnnotation};

/// Annotations of a signature.
#[derive(clap::Args, Clone, Default)]
pub struct Annotations {
    /// KEY=VALUE that is signed with the image; several in one value are separated by commas, and quoted as in CSV
    #[arg(long = "annotations", short = 'a', value_name = "KEY=VALUE")]
    annotations: Vec<String>,
}

impl Annotations {
    /// The annotations.
    ///
    /// # Errors
    /// Which value is none.
    pub fn parse(&self) -> Result<Parsed, InvalidAnnotation> {
        Parsed::parse(self.annotations.iter().map(String::as_str))
    }
}
