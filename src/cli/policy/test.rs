//! `policy test`: do policies give the verdicts that they are meant to?

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use countersign::policy::evaluate::{self, Tags};
use countersign::policy::expect::{self, Case, Judged, PolicyTest};
use countersign::policy::images::Images;
use countersign::policy::report::{self, Item};
use countersign::policy::run::Fetched;
use countersign::policy::trust::Roots;

use super::super::{Context, Failure};
use super::check::{Source, bare, item, manifest};
use super::sources::{self, UNDECIDED};

/// Test policies offline, against OCI layouts
///
/// A test file names policies, the layouts that stand for repositories, and for each image or manifest the verdict that
/// is expected. Nothing is fetched from a network. Exits 0 when every verdict is as expected, 1 when one is not, and 2
/// when a file can't be read.
#[derive(clap::Args)]
#[command(after_help = "A test file:\n  \
    apiVersion: countersign.dev/v1\n  \
    kind: PolicyTest\n  \
    policies: [policy.yaml]\n  \
    layouts:\n    \
      ghcr.io/me/app: ./layouts/app        # of `countersign save --dir ./layouts/app ghcr.io/me/app`\n  \
    tests:\n  \
    - {name: ours is signed, image: ghcr.io/me/app:1.0, expect: admitted}\n  \
    - {name: theirs is not, manifest: deploy.yaml, expect: denied, contains: no signatures found}")]
pub struct Args {
    /// Test files
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
}

pub async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let (mut passed, mut failed) = (0, 0);
    for path in &args.files {
        let test = expect::read(&sources::file(path)?)
            .map_err(|e| Failure::new(format!("{}: {e}", path.display())).coded(UNDECIDED))?;
        let bench = Bench::new(path, &test, context)?;
        for case in &test.cases {
            let items = bench.judge(case).await?;
            let outcome = report::outcome(&items);
            let text = report::text(&items);
            let missing = case.contains.as_ref().filter(|wanted| !text.contains(wanted.as_str()));
            let place = format!("{}:{}", path.display(), case.line);
            if outcome == case.expected && missing.is_none() && !items.is_empty() {
                passed += 1;
                context.print(&format!("ok      {} ({place})\n", case.name))?;
                continue;
            }
            failed += 1;
            let why = match missing {
                _ if items.is_empty() => "nothing in it runs an image".to_owned(),
                Some(wanted) if outcome == case.expected => format!("the reasons do not contain {wanted:?}"),
                _ => format!("expected {:?}, got {outcome:?}", case.expected).to_lowercase(),
            };
            let indented: String = text.lines().map(|l| format!("        {l}\n")).collect();
            context.print(&format!("FAILED  {} ({place}): {why}\n{indented}", case.name))?;
        }
    }
    context.print(&format!("{passed} passed, {failed} failed\n"))?;
    match failed {
        0 => Ok(()),
        _ => Err(Failure::new(format!(
            "{failed} of {} tests of policies failed",
            passed + failed
        ))),
    }
}

/// The policies and layouts of a test file.
struct Bench {
    directory: PathBuf,
    policies: Vec<std::sync::Arc<countersign::policy::resource::ClusterImagePolicy>>,
    evidence: Fetched,
    no_match: evaluate::NoMatch,
}

impl Bench {
    fn new(path: &Path, test: &PolicyTest, context: &Context) -> Result<Self, Failure> {
        let directory = path.parent().unwrap_or(Path::new("")).to_owned();
        let policies: Vec<_> = test.policies.iter().map(|p| directory.join(p)).collect();
        let mut roots = Roots::none("the test names no trusted root; write trustedRoot: FILE");
        if let Some(file) = &test.trusted_root {
            roots = roots.with_default(sources::trusted_root("trustedRoot", &directory.join(file))?);
        }
        let layouts: BTreeMap<_, _> = test
            .layouts
            .iter()
            .map(|(repository, layout)| (repository.clone(), directory.join(layout)))
            .collect();
        let now = jiff::Timestamp::now().as_second();
        Ok(Self {
            policies: sources::policies(&policies, context)?,
            evidence: Fetched::new(Images::Layouts(layouts), roots, now),
            no_match: test.no_match,
            directory,
        })
    }

    async fn judge(&self, case: &Case) -> Result<Vec<Item>, Failure> {
        let sources = match &case.subject {
            Judged::Image(image) => vec![Source {
                file: String::new(),
                workload: bare(std::slice::from_ref(image)),
                node: None,
            }],
            Judged::Manifest(file) => manifest(&self.directory.join(file))?,
        };
        let mut items = Vec::new();
        for source in &sources {
            let verdicts = evaluate::workload(
                &self.evidence,
                &self.policies,
                self.no_match,
                Tags::Resolve,
                &source.workload,
            )
            .await;
            items.extend(verdicts.into_iter().map(|verdict| item(source, verdict)));
        }
        Ok(items)
    }
}
