//! `policy check`: would these images, or these manifests, be admitted?

use std::path::{Path, PathBuf};

use countersign::policy::decision::{ImageVerdict, Outcome};
use countersign::policy::document::{self, Node};
use countersign::policy::evaluate::{self, NoMatch, Tags};
use countersign::policy::images::Images;
use countersign::policy::report::{self, Item};
use countersign::policy::run::Fetched;
use countersign::policy::workload::{self, ImageUse, Workload};

use super::super::options::Registry;
use super::super::{Context, Failure};
use super::sources::{self, Trust, UNDECIDED};

/// Check images and manifests against policies, as admission does
///
/// Takes images, or manifests with -f: Pods and every kind that makes pods, Lists, several documents, and compose files.
/// Tags are resolved once, and the report says so. Exits 0 when all are admitted (policies in mode warn only warn), 1
/// when one is denied, and 2 when it could not be decided, such as when a registry does not answer.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    countersign policy check -p policy.yaml ghcr.io/me/app:1.0\n  \
    kustomize build . | countersign policy check -p policies/ -f -\n  \
    countersign policy check -p policy.yaml -f deploy.yaml -o sarif > check.sarif")]
pub struct Args {
    /// File or directory with policies
    #[arg(short, long, value_name = "FILE", required = true)]
    policy: Vec<PathBuf>,
    /// Manifest or compose file; - is standard input
    #[arg(short, long, value_name = "FILE", required_unless_present = "images")]
    filename: Vec<PathBuf>,
    /// Images
    #[arg(value_name = "IMAGE")]
    images: Vec<String>,
    /// How to report
    #[arg(short, long, value_enum, default_value = "text", value_name = "FORMAT")]
    output: Format,
    /// What happens to an image that no policy matches
    #[arg(long, value_enum, default_value = "deny", value_name = "WHAT")]
    no_match_policy: NoMatchFlag,
    #[command(flatten)]
    trust: Trust,
    #[command(flatten)]
    registry: Registry,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// For people
    Text,
    /// One JSON document
    Json,
    /// SARIF 2.1.0, for code hosts
    Sarif,
    /// JUnit XML, for CI systems
    Junit,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum NoMatchFlag {
    /// It is admitted
    Allow,
    /// It is admitted with a warning
    Warn,
    /// It is denied
    Deny,
}

impl From<NoMatchFlag> for NoMatch {
    fn from(flag: NoMatchFlag) -> Self {
        match flag {
            NoMatchFlag::Allow => Self::Allow,
            NoMatchFlag::Warn => Self::Warn,
            NoMatchFlag::Deny => Self::Deny,
        }
    }
}

/// Something to check and where it is from.
pub(super) struct Source {
    pub file: String,
    pub workload: Workload,
    pub node: Option<Node>,
}

pub async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let policies = sources::policies(&args.policy, context)?;
    let roots = args.trust.load_for(&policies, context).await?;
    let mut subjects = Vec::new();
    if !args.images.is_empty() {
        subjects.push(Source {
            file: String::new(),
            workload: bare(&args.images),
            node: None,
        });
    }
    for path in &args.filename {
        let before = subjects.len();
        subjects.extend(manifest(path)?);
        if subjects.len() == before {
            context.note(&format!("{}: nothing in it runs an image", path.display()));
        }
    }
    let images = Images::Registries(args.registry.client(context)?);
    let now = jiff::Timestamp::now().as_second();
    let evidence = Fetched::new(images, roots, now);
    let mut items = Vec::new();
    for subject in subjects {
        let verdicts = evaluate::workload(
            &evidence,
            &policies,
            args.no_match_policy.into(),
            Tags::Resolve,
            &subject.workload,
        )
        .await;
        items.extend(verdicts.into_iter().map(|verdict| item(&subject, verdict)));
    }
    context.print(&rendered(&items, args.output)?)?;
    conclude(&items)
}

fn rendered(items: &[Item], format: Format) -> Result<String, serde_json::Error> {
    Ok(match format {
        Format::Text => report::text(items),
        Format::Json => format!("{}\n", serde_json::to_string_pretty(&report::json(items))?),
        Format::Sarif => format!("{}\n", serde_json::to_string_pretty(&report::sarif(items))?),
        Format::Junit => report::junit(items),
    })
}

fn conclude(items: &[Item]) -> Result<(), Failure> {
    let count = |outcome| items.iter().filter(|i| i.verdict.outcome == outcome).count();
    let (denied, undecided) = (count(Outcome::Denied), count(Outcome::Undecided));
    match (denied, undecided) {
        (0, 0) => Ok(()),
        // What is denied stays so, whatever else could not be found out.
        (0, _) => {
            Err(Failure::new(format!("{undecided} of {} images could not be decided", items.len())).coded(UNDECIDED))
        }
        _ => Err(Failure::new(format!("{denied} of {} images denied", items.len()))),
    }
}

/// Images given by themselves, as one workload of no kind: what a policy limits to resources still counts.
pub(super) fn bare(images: &[String]) -> Workload {
    Workload {
        images: images
            .iter()
            .map(|image| ImageUse {
                path: String::new(),
                container: String::new(),
                image: image.clone(),
            })
            .collect(),
        ..Workload::default()
    }
}

/// The workloads of a manifest.
pub(super) fn manifest(path: &Path) -> Result<Vec<Source>, Failure> {
    let failed = |e: document::DocumentError| Failure::new(format!("{}: {e}", path.display())).coded(UNDECIDED);
    let documents = document::read(&sources::file(path)?).map_err(failed)?;
    let found = documents.iter().flat_map(workload::of_document);
    Ok(found
        .map(|(workload, node)| Source {
            file: path.display().to_string(),
            workload,
            node: Some(node),
        })
        .collect())
}

pub(super) fn item(source: &Source, verdict: ImageVerdict) -> Item {
    let line = source.node.as_ref().map_or(0, |node| {
        let at = node.at(&verdict.path).unwrap_or(node);
        at.position.line
    });
    let workload = match source.workload.kind.as_str() {
        "" => String::new(),
        "compose" => "compose service".to_owned(),
        _ => source.workload.title(),
    };
    Item {
        file: source.file.clone(),
        line,
        workload,
        verdict,
    }
}
