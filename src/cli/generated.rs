//! The files that are generated from the command line: man pages, completions and the migration table.
//! `UPDATE_GENERATED=1 cargo test --bin countersign generated` writes them; without it they are compared.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap_complete::Shell;

use super::{LEFT_OUT, command, completion};

/// The flags of cosign 2.5.0 and 3.1.1, read off their `--help`.
const COSIGN_FLAGS: &str = include_str!("../../tests/vectors/cosign-flags.json");

/// What the help of a flag starts with that is read only to be refused with an explanation.
const REFUSED: &str = "Not supported: ";

struct Known {
    versions: Vec<String>,
    flags: BTreeMap<String, Flag>,
}

struct Flag {
    versions: Vec<String>,
    short: Option<char>,
}

fn strings(value: &serde_json::Value) -> Vec<String> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|v| v.as_str())
        .map(str::to_owned)
        .collect()
}

fn cosign() -> BTreeMap<String, Known> {
    let data: serde_json::Value = serde_json::from_str(COSIGN_FLAGS).unwrap();
    let flag = |(name, flag): (&String, &serde_json::Value)| {
        let short = flag["short"].as_str().and_then(|short| short.chars().next());
        (
            name.clone(),
            Flag {
                versions: strings(&flag["cosign"]),
                short,
            },
        )
    };
    let known = |(path, known): (&String, &serde_json::Value)| {
        let flags = known["flags"].as_object().unwrap().iter().map(flag).collect();
        (
            path.clone(),
            Known {
                versions: strings(&known["cosign"]),
                flags,
            },
        )
    };
    data.as_object().unwrap().iter().map(known).collect()
}

fn find<'a>(root: &'a clap::Command, path: &str) -> Option<&'a clap::Command> {
    path.split(' ')
        .try_fold(root, |command, name| command.find_subcommand(name))
}

fn find_flag<'a>(root: &'a clap::Command, sub: &'a clap::Command, name: &str) -> Option<&'a clap::Arg> {
    let spelled =
        |arg: &&clap::Arg| arg.get_long() == Some(name) || arg.get_all_aliases().unwrap_or_default().contains(&name);
    sub.get_arguments().chain(root.get_arguments()).find(spelled)
}

fn has_short(arg: &clap::Arg, short: char) -> bool {
    arg.get_short() == Some(short) || arg.get_all_short_aliases().unwrap_or_default().contains(&short)
}

#[test]
fn every_command_and_flag_of_cosign_is_accepted() {
    let root = command();
    let mut missing = Vec::new();
    for (path, known) in cosign() {
        if LEFT_OUT.iter().any(|(left_out, _)| *left_out == path) {
            continue;
        }
        let Some(sub) = find(&root, &path) else {
            missing.push(path);
            continue;
        };
        for (name, flag) in known.flags {
            match (find_flag(&root, sub, &name), flag.short) {
                (None, _) => missing.push(format!("{path} --{name}")),
                (Some(arg), Some(short)) if !has_short(arg, short) => {
                    missing.push(format!("{path} -{short} (--{name})"))
                }
                _ => {}
            }
        }
    }
    assert!(missing.is_empty(), "not accepted:\n{}", missing.join("\n"));
}

fn migration() -> String {
    let root = command();
    let mut page = String::from(
        "# From cosign\n\nA link named `cosign` is all that a script needs. This page is generated from the command \
         line: each command and\nflag of cosign 2.5.0 and 3.1.1, and its status here.\n\n\
         `yes` has its effect; `refused` is read and answered with an error that says what to use. Nothing is \
         ignored. Where the verdict on a signature differs on purpose is in\n[verification.md](verification.md).\n",
    );
    for (path, known) in cosign() {
        let _ = write!(page, "\n## {path}\n\ncosign {}\n", known.versions.join(", "));
        if let Some((_, instead)) = LEFT_OUT.iter().find(|(left_out, _)| *left_out == path) {
            let _ = write!(page, "\nLeft out; use {instead}.\n");
            continue;
        }
        let Some(sub) = find(&root, &path) else { continue };
        let (mut all, mut some, mut refused) = (Vec::new(), Vec::new(), Vec::new());
        for (name, flag) in &known.flags {
            let help = find_flag(&root, sub, name)
                .and_then(|arg| arg.get_help())
                .map(ToString::to_string);
            let help = help.unwrap_or_default();
            if let Some(why) = help.strip_prefix(REFUSED) {
                refused.push(format!("`--{name}` ({why})"));
            } else if flag.versions.len() == known.versions.len() {
                all.push(format!("`--{name}`"));
            } else {
                some.push(format!("`--{name}` ({})", flag.versions.join(", ")));
            }
        }
        for (title, names) in [("yes", all), ("yes, of one version", some), ("refused", refused)] {
            if !names.is_empty() {
                let _ = write!(page, "\n- {title}: {}\n", names.join(", "));
            }
        }
        let own = sub.get_arguments().filter_map(clap::Arg::get_long).filter(|name| {
            !known.flags.contains_key(*name)
                && *name != "help"
                && !root.get_arguments().any(|a| a.get_long() == Some(name))
        });
        let own: Vec<_> = own.map(|name| format!("`--{name}`")).collect();
        if !own.is_empty() {
            let _ = write!(page, "\n- only here: {}\n", own.join(", "));
        }
    }
    page
}

fn man_pages(command: &clap::Command, name: &str, pages: &mut Vec<(PathBuf, String)>) {
    let mut page = Vec::new();
    let titled = command.clone().name(name.to_owned()).bin_name(name.replace('-', " "));
    clap_mangen::Man::new(titled).date("").render(&mut page).unwrap();
    pages.push((
        Path::new("docs/man").join(format!("{name}.1")),
        String::from_utf8(page).unwrap(),
    ));
    for sub in command
        .get_subcommands()
        .filter(|sub| sub.get_name() != "help" && !sub.is_hide_set())
    {
        man_pages(sub, &format!("{name}-{}", sub.get_name()), pages);
    }
}

#[test]
fn the_generated_files_are_those_of_this_command_line() {
    let mut root = command();
    root.build();
    let mut files = vec![(PathBuf::from("docs/migration.md"), migration())];
    man_pages(&root, "countersign", &mut files);
    for (shell, name) in [
        (Shell::Bash, "countersign.bash"),
        (Shell::Zsh, "_countersign"),
        (Shell::Fish, "countersign.fish"),
        (Shell::PowerShell, "_countersign.ps1"),
    ] {
        files.push((
            Path::new("completions").join(name),
            completion::script(shell, "countersign"),
        ));
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let update = std::env::var_os("UPDATE_GENERATED").is_some();
    let mut stale = Vec::new();
    for (path, text) in &files {
        let full = root.join(path);
        if std::fs::read_to_string(&full).is_ok_and(|old| old == *text) {
            continue;
        }
        if update {
            std::fs::create_dir_all(full.parent().unwrap()).unwrap();
            std::fs::write(full, text).unwrap();
        }
        stale.push(path.display().to_string());
    }
    for left in std::fs::read_dir(root.join("docs/man")).into_iter().flatten().flatten() {
        if !files.iter().any(|(path, _)| root.join(path) == left.path()) {
            stale.push(format!("{} (of no command)", left.path().display()));
            if update {
                std::fs::remove_file(left.path()).unwrap();
            }
        }
    }
    assert!(
        update || stale.is_empty(),
        "run UPDATE_GENERATED=1 cargo test --bin countersign generated; stale: {}",
        stale.join(", ")
    );
}
