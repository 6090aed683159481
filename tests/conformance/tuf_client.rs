//! A TUF client for the public conformance suite (theupdateframework/tuf-conformance, CLIENT-CLI.md):
//! `tests/conformance/tuf.sh` runs it.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use countersign::http;
use countersign::trust::tuf::{Cache, Mirror, Refresh, Updater};

type Failure = Box<dyn std::error::Error>;

#[derive(Default)]
struct Arguments {
    metadata_dir: PathBuf,
    metadata_url: String,
    target_names: Vec<String>,
    target_base_url: String,
    target_dir: PathBuf,
    command: Vec<String>,
}

fn arguments() -> Result<Arguments, Failure> {
    let mut parsed = Arguments::default();
    let mut rest = std::env::args().skip(1);
    while let Some(argument) = rest.next() {
        let mut value = || rest.next().ok_or(format!("{argument} needs a value"));
        match argument.as_str() {
            "--metadata-dir" => parsed.metadata_dir = value()?.into(),
            "--metadata-url" => parsed.metadata_url = value()?,
            "--target-name" => {
                let name = value()?;
                parsed.target_names.push(name);
            }
            "--target-base-url" => parsed.target_base_url = value()?,
            "--target-dir" => parsed.target_dir = value()?.into(),
            _ => parsed.command.push(argument),
        }
    }
    Ok(parsed)
}

async fn update(arguments: &Arguments) -> Result<(), Failure> {
    let client = http::Client::new(http::Config {
        retries: 0,
        ..http::Config::default()
    });
    let mirror = Mirror::with_targets(&arguments.metadata_url, &arguments.target_base_url, client)?;
    let root = std::fs::read(arguments.metadata_dir.join("root.json"))?;
    let cache = Cache::at(&arguments.metadata_dir);
    let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs())?;
    let mut updater = Updater::start(&root, mirror, Some(cache), Refresh::Always, now).await?;
    for name in &arguments.target_names {
        let bytes = updater.target(name).await?;
        let path = arguments.target_dir.join(http::encode(name));
        // The suite tells what was fetched by the time of the files.
        if std::fs::read(&path).ok().as_ref() != Some(&bytes) {
            std::fs::write(path, bytes)?;
        }
    }
    Ok(())
}

fn run() -> Result<(), Failure> {
    let mut arguments = arguments()?;
    match arguments.command.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["init", root] => {
            std::fs::copy(Path::new(root), arguments.metadata_dir.join("root.json"))?;
            Ok(())
        }
        ["refresh"] | ["download"] => {
            if arguments.target_base_url.is_empty() {
                arguments.target_base_url.clone_from(&arguments.metadata_url);
            }
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?
                .block_on(update(&arguments))
        }
        _ => Err("expected init ROOT, refresh or download".into()),
    }
}

fn main() {
    if let Err(error) = run() {
        eprintln!("{error}");
        std::process::exit(1);
    }
}
