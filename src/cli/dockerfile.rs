mod lines;

use std::collections::{HashMap, HashSet};

use self::lines::Instruction;
use super::{Context, Failure, verify};

/// Verify the images that a Dockerfile builds on
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    Verify(Box<Verify>),
}

/// Verify the signatures of the images that a Dockerfile builds on
///
/// Those of its FROM lines, of COPY --from and of RUN --mount=from, but none that stands in a heredoc. Variables have
/// their value from the environment, else from the ARG lines before the first FROM.
#[derive(clap::Args)]
#[command(
    mut_arg("images", |arg| arg.value_name("DOCKERFILE").help("Dockerfiles")),
    after_help = "Examples:\n  countersign dockerfile verify --key cosign.pub Dockerfile\n  \
                  TAG=1.2 countersign dockerfile verify --key cosign.pub --base-image-only Dockerfile"
)]
struct Verify {
    /// Verify only the image that the last stage builds on
    #[arg(long)]
    base_image_only: bool,
    #[command(flatten)]
    verify: verify::Args,
}

pub async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let Command::Verify(args) = args.command;
    let Verify {
        base_image_only,
        mut verify,
    } = *args;
    let files = verify.take_arguments();
    if files.is_empty() {
        return Err(Failure::new(
            "requires at least 1 arg(s), only received 0: name a Dockerfile",
        ));
    }
    let mut images = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).map_err(|error| Failure::new(format!("{file}: {error}")))?;
        let found = base_images(&text, base_image_only, &|name| std::env::var(name).ok())
            .map_err(|error| Failure::new(format!("{file}: {error}")))?;
        images.extend(found);
    }
    verify.add(images, []);
    verify::run(verify, context).await
}

/// The images that a Dockerfile takes from registries, each once; with `base_only` the one its last stage builds on.
fn base_images(
    text: &str,
    base_only: bool,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Vec<String>, String> {
    let mut images = Vec::new();
    for instructions in lines::readings(text)? {
        images.extend(images_of(&instructions, base_only, environment)?);
    }
    let mut seen = HashSet::new();
    images.retain(|image| image != "scratch" && seen.insert(image.clone()));
    if images.is_empty() {
        return Err("it builds on no image of a registry: there is nothing to verify".to_owned());
    }
    Ok(images)
}

fn images_of(
    instructions: &[Instruction],
    base_only: bool,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Vec<String>, String> {
    let mut defaults = HashMap::new();
    // Each stage's name and the image that it comes from in the end.
    let mut stages: Vec<(Option<String>, String)> = Vec::new();
    let mut images: Vec<String> = Vec::new();
    for instruction in instructions {
        let mut words = instruction.rest.split_whitespace();
        let mut other = |from: &str| -> Result<(), String> {
            let image = expand(from, environment, &defaults)?;
            // A mount cannot name a stage by its number.
            let is_stage = instruction.name != "RUN" && image.parse::<usize>().is_ok()
                || stages
                    .iter()
                    .any(|(stage, _)| stage.as_deref() == Some(&*image.to_lowercase()));
            if !is_stage && !base_only {
                images.push(image);
            }
            Ok(())
        };
        let flags = instruction.flags.iter();
        match instruction.name.as_str() {
            "ARG" if stages.is_empty() => {
                for (name, value) in words.filter_map(|word| word.split_once('=')) {
                    let value = expand(value.trim_matches('"'), environment, &defaults)?;
                    defaults.insert(name.to_owned(), value);
                }
            }
            "FROM" => {
                let image = words.next().ok_or("a FROM line names no image")?;
                if instruction.later {
                    other(image)?;
                    continue;
                }
                let image = expand(image, environment, &defaults)?;
                let name = words
                    .next()
                    .filter(|word| word.eq_ignore_ascii_case("as"))
                    .and_then(|_| words.next());
                let base = stages
                    .iter()
                    .rev()
                    .find(|(stage, _)| stage.as_deref() == Some(&*image.to_lowercase()));
                let base = base.map_or_else(|| image.clone(), |(_, base)| base.clone());
                images.push(base.clone());
                stages.push((name.map(str::to_lowercase), base));
            }
            "COPY" | "ADD" => {
                flags
                    .filter_map(|flag| flag.strip_prefix("--from="))
                    .try_for_each(other)?;
            }
            "RUN" => {
                flags
                    .filter_map(|flag| flag.strip_prefix("--mount="))
                    .flat_map(|mount| mount.split(','))
                    .filter_map(|field| field.trim_matches('"').split_once('='))
                    .filter(|(key, _)| key.eq_ignore_ascii_case("from"))
                    .try_for_each(|(_, from)| other(from))?;
            }
            _ => {}
        }
    }
    let last = stages.pop().ok_or("it has no FROM line")?.1;
    Ok(if base_only { vec![last] } else { images })
}

/// Replaces `$NAME`, `${NAME}` and `${NAME:-default}`. A name without a value is an error: another image would be
/// verified than is built on.
fn expand(
    text: &str,
    environment: &dyn Fn(&str) -> Option<String>,
    defaults: &HashMap<String, String>,
) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        let (name, default, tail) = match after.strip_prefix('{') {
            Some(braced) => {
                let (inside, tail) = braced
                    .split_once('}')
                    .ok_or_else(|| format!("{text:?} has a ${{ without }}"))?;
                let (name, default) = inside.split_once(":-").map_or((inside, None), |(n, d)| (n, Some(d)));
                (name, default, tail)
            }
            None => {
                let end = after
                    .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                    .unwrap_or(after.len());
                let (name, tail) = after.split_at(end);
                (name, None, tail)
            }
        };
        let value = environment(name)
            .or_else(|| defaults.get(name).cloned())
            .or_else(|| default.map(str::to_owned));
        out.push_str(&value.ok_or_else(|| format!("{text:?}: {name} has no value; set it in the environment"))?);
        rest = tail;
    }
    out.push_str(rest);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCKERFILE: &str = "# syntax=docker/dockerfile:1\nARG TAG=1.0 BASE=\"debian\"\nFROM --platform=linux/amd64 \
                              golang:${TAG} AS Build\nRUN make \\\n  # why\n  all\nFROM build as test\nFROM \
                              $BASE:${VERSION:-12}\nCOPY --from=build /a /a\nCOPY --from=0 /b /b\nCOPY \
                              --from=tools:3 /c /c\nFROM scratch\n";

    fn images(text: &str, base_only: bool) -> Result<Vec<String>, String> {
        base_images(text, base_only, &|name| (name == "TAG").then(|| "1.2".to_owned()))
    }

    #[test]
    fn images_of_from_and_copy_are_found_and_stages_are_not() {
        assert_eq!(
            images(DOCKERFILE, false).unwrap(),
            ["golang:1.2", "debian:12", "tools:3"]
        );
    }

    #[test]
    fn images_of_mounts_and_of_later_builds_are_found() {
        let text = "FROM a AS build\nRUN --network=none --mount=type=cache,target=/c \\\n  \
                    --mount=type=bind,FROM=b:1,target=/x make --mount=type=bind,from=word\nRUN \
                    --mount=type=bind,from=build x\nONBUILD COPY --from=c / /\nONBUILD RUN --mount=from=d x\nONBUILD \
                    FROM e\n";
        assert_eq!(images(text, false).unwrap(), ["a", "b:1", "c", "d", "e"]);
        assert_eq!(images(text, true).unwrap(), ["a"]);
    }

    /// Quotes and escapes in flags, as BuildKit takes them off.
    #[test]
    fn no_flag_hides_an_image() {
        let text = "FROM --platform='linux/ amd64' a\nRUN --mount=type=bind,target='/x y',from=b z\nRUN \
                    --mount=type=bind,\\\"from=c\\\" z\nCOPY --\"from\"=d --chown='a b' / /\nADD --fr\\om=e / /\nRUN \
                    --mount=from=0 z\nCOPY --from=0 --from='f' / /\nRUN --mount=type=cache,target=/\u{e0}--mount=from=g \
                    z\nONBUILD COPY --chown='x y' --from=h / /\n";
        assert_eq!(
            images(text, false).unwrap(),
            ["a", "b", "c", "d", "e", "0", "f", "g", "h"]
        );
    }

    #[test]
    fn the_escape_directive_says_what_continues_a_line() {
        // Else the second FROM would count as a part of the RUN line.
        let windows = "# Syntax = docker/dockerfile:1\n# escape=`\nFROM a\nRUN dir C:\\\nFROM `\n\n  b\n";
        assert_eq!(images(windows, false).unwrap(), ["a", "b"]);
        // It counts only before all else.
        for text in [
            "# why\n# escape=`\nFROM a \\\n as x\n",
            "\n# escape=`\nFROM a \\\n as x\n",
        ] {
            assert_eq!(images(text, false).unwrap(), ["a"], "{text:?}");
        }
        // An escaped escape continues nothing.
        assert_eq!(images("FROM a\nRUN dir C:\\\\\nFROM b\n", false).unwrap(), ["a", "b"]);
        assert!(images("# escape=x\nFROM a\n", false).is_err());
    }

    #[test]
    fn a_byte_order_mark_hides_nothing() {
        assert_eq!(images("\u{feff}FROM a\nFROM b\n", false).unwrap(), ["a", "b"]);
        assert_eq!(
            images("\u{feff}# escape=`\nFROM a `\n\nFROM b\n", false).unwrap(),
            ["a"]
        );
    }

    #[test]
    fn what_stands_in_a_heredoc_is_no_instruction() {
        let text = "FROM a\nRUN <<EOF\nFROM b\n  EOF\nFROM c \\\nEOF\nCOPY <<-'X' <<\"Y\" /x\nFROM d AS e\n\t\tX\nX\n\
                    Y\nONBUILD RUN <<Z\nFROM f\nZ\nFROM e\nUSER <<EOF\nFROM g\n";
        assert_eq!(images(text, false).unwrap(), ["a", "e", "g"]);
        assert_eq!(images(text, true).unwrap(), ["g"]);
        for lost in ["FROM a\nRUN <<EOF\nFROM b\n", "FROM a\nCOPY <<A <<B /x\nA\nFROM b\n"] {
            assert!(images(lost, false).unwrap_err().contains("heredoc"), "{lost:?}");
        }
    }

    /// docker's own builder knows no heredocs, older ones none with a blank: what they would build on counts as well.
    #[test]
    fn what_a_builder_without_heredocs_would_build_on_is_verified_too() {
        let hidden = "FROM a\nRUN <<CMD\nFROM b\nCMD\n";
        assert_eq!(images(hidden, false).unwrap(), ["a", "b"]);
        assert_eq!(images(hidden, true).unwrap(), ["a", "b"]);
        let joined = "FROM a\nRUN <<EOF\nFROM b\nRUN x \\\nEOF\n";
        assert_eq!(images(joined, false).unwrap(), ["a", "b"]);
        let commented = "FROM a\nRUN <<'# end'\nFROM b\n# end\n";
        assert_eq!(images(commented, false).unwrap(), ["a", "b"]);
        let blank = "FROM a\nRUN <<EOF\necho\nEOF\nRUN << 'USER b'\nFROM c\nUSER b\n";
        assert_eq!(images(blank, false).unwrap(), ["a", "c"]);
    }

    #[test]
    fn the_base_image_is_that_of_the_last_stage() {
        assert_eq!(
            images("FROM a AS x\nFROM b\nCOPY --from=c / /\nFROM x\n", true).unwrap(),
            ["a"]
        );
        assert!(images(DOCKERFILE, true).unwrap_err().contains("nothing to verify"));
    }

    #[test]
    fn what_cannot_be_known_is_an_error() {
        assert!(
            images("FROM a:$UNSET\n", false)
                .unwrap_err()
                .contains("UNSET has no value")
        );
        assert!(images("FROM ${A\n", false).is_err());
        assert!(images("RUN x\n", false).is_err());
        assert!(images("FROM\n", false).is_err());
    }
}
