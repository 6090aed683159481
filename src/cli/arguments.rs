//! What makes clap read a Go program's command line: booleans with optional values, flags given twice, of which the last
//! counts, `COSIGN_<FLAG>` variables, long flags written with one dash, and empty values, which are none.

use std::any::TypeId;
use std::ffi::{OsStr, OsString};

use clap::builder::TypedValueParser;
use clap::{Arg, ArgAction, Command};

/// Gives every flag of `command` and its subcommands Go's semantics.
pub fn adapt(command: Command) -> Command {
    command
        .args_override_self(true)
        .mut_args(adapt_flag)
        .mut_subcommands(adapt)
}

fn adapt_flag(arg: Arg) -> Arg {
    let Some(long) = arg.get_long() else { return arg };
    let variable = format!("COSIGN_{}", long.to_uppercase().replace('-', "_"));
    let arg = if is_boolean(&arg) { adapt_boolean(arg) } else { arg };
    // COSIGN_YES is consent to signing; nobody means a private key to be overwritten by it.
    if arg.get_id() == "overwrite" {
        return arg;
    }
    // An empty variable is as good as none: clap would take it for a value.
    if !cfg!(test) && std::env::var_os(&variable).is_some_and(|value| !value.is_empty()) {
        return arg.env(variable).hide_env(true);
    }
    arg
}

fn is_boolean(arg: &Arg) -> bool {
    match arg.get_action() {
        ArgAction::SetTrue => true,
        ArgAction::Set => arg.get_value_parser().type_id() == TypeId::of::<bool>(),
        _ => false,
    }
}

/// `--flag`, `--flag=false` and the other spellings of Go's `strconv.ParseBool`.
fn adapt_boolean(arg: Arg) -> Arg {
    let arg = if matches!(arg.get_action(), ArgAction::SetTrue) {
        arg.default_value("false")
    } else {
        arg
    };
    arg.action(ArgAction::Set)
        .num_args(0..=1)
        .require_equals(true)
        .default_missing_value("true")
        .value_name("true|false")
        .hide_possible_values(true)
        .value_parser(clap::builder::StringValueParser::new().try_map(|text| parse_boolean(&text)))
}

fn parse_boolean(text: &str) -> Result<bool, String> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
        _ => Err("write true or false".to_owned()),
    }
}

/// Rewrites long flags with one dash (`-key`), which cosign still accepts, and returns a warning for each.
///
/// `command` is built only when such an argument is seen.
pub fn modernise(
    arguments: impl Iterator<Item = OsString>,
    command: &dyn Fn() -> Command,
) -> (Vec<OsString>, Vec<String>) {
    let mut known: Option<Vec<String>> = None;
    let mut warnings = Vec::new();
    let mut flags_end = false;
    let arguments = arguments
        .map(|argument| {
            flags_end |= argument == *OsStr::new("--");
            let Some(text) = argument.to_str() else { return argument };
            let name = text.split('=').next().unwrap_or(text);
            if flags_end || !name.starts_with('-') || name.starts_with("--") || name.len() < 4 {
                return argument;
            }
            if name == "-version" {
                warnings.push("WARNING: -version is deprecated; write version".to_owned());
                return "version".into();
            }
            let known = known.get_or_insert_with(|| {
                let mut flags = Vec::new();
                long_flags(&command(), &mut flags);
                flags
            });
            if !known.iter().any(|flag| flag == &name[1..]) {
                return argument;
            }
            warnings.push(format!("WARNING: {name} is deprecated; write -{name}"));
            format!("-{text}").into()
        })
        .collect();
    (arguments, warnings)
}

fn long_flags(command: &Command, flags: &mut Vec<String>) {
    flags.extend(command.get_arguments().filter_map(Arg::get_long).map(str::to_owned));
    command.get_subcommands().for_each(|sub| long_flags(sub, flags));
}

/// Leaves out flags with an empty value, `--flag=` and `--flag ""`: scripts write them with variables that are not set,
/// and to Go they are flags that are not given.
///
/// `command` is built only when there may be one.
pub fn without_empty(arguments: Vec<OsString>, command: &dyn Fn() -> Command) -> Vec<OsString> {
    let long = |argument: &OsString| argument.to_str()?.strip_prefix("--").map(str::to_owned);
    let suspicious =
        |argument: &OsString| argument.is_empty() || long(argument).is_some_and(|text| text.ends_with('='));
    if !arguments.iter().any(suspicious) {
        return arguments;
    }
    let mut flags = (Vec::new(), Vec::new());
    valued_flags(&command(), &mut flags);
    let (valued, booleans) = flags;
    let takes_value = |name: &str| valued.iter().any(|flag| flag == name) && booleans.iter().all(|flag| flag != name);
    let mut left = Vec::with_capacity(arguments.len());
    let mut rest = arguments.into_iter().peekable();
    while let Some(argument) = rest.next() {
        if argument == *OsStr::new("--") {
            left.push(argument);
            left.extend(rest);
            break;
        }
        match long(&argument) {
            Some(text) if text.strip_suffix('=').is_some_and(&takes_value) => {}
            Some(name) if takes_value(&name) && rest.next_if(|value| value.is_empty()).is_some() => {}
            Some(name) if takes_value(&name) => {
                left.push(argument);
                left.extend(rest.next());
            }
            _ => left.push(argument),
        }
    }
    left
}

/// The long flags that take a value, and those that are booleans.
fn valued_flags(command: &Command, flags: &mut (Vec<String>, Vec<String>)) {
    for arg in command.get_arguments() {
        let names = arg.get_long_and_visible_aliases().unwrap_or_default();
        let names = names.into_iter().map(str::to_owned);
        if arg.is_require_equals_set() || !arg.get_action().takes_values() {
            flags.1.extend(names);
        } else {
            flags.0.extend(names);
        }
    }
    command.get_subcommands().for_each(|sub| valued_flags(sub, flags));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Command {
        adapt(
            Command::new("x")
                .arg(Arg::new("key").long("key").short('k'))
                .arg(Arg::new("yes").long("yes").short('y').action(ArgAction::SetTrue))
                .arg(
                    Arg::new("upload")
                        .long("upload")
                        .action(ArgAction::Set)
                        .default_value("true")
                        .value_parser(clap::value_parser!(bool)),
                )
                .arg(Arg::new("rest").num_args(0..)),
        )
    }

    fn boolean(arguments: &[&str], flag: &str) -> bool {
        *sample()
            .try_get_matches_from(arguments)
            .unwrap()
            .get_one::<bool>(flag)
            .unwrap()
    }

    #[test]
    fn booleans_are_gos() {
        assert!(!boolean(&["x"], "yes"));
        assert!(boolean(&["x", "-y"], "yes"));
        assert!(boolean(&["x", "--yes"], "yes"));
        assert!(
            boolean(&["x", "--yes", "false"], "yes"),
            "a word after a boolean is an argument"
        );
        assert!(!boolean(&["x", "--yes=false"], "yes"));
        assert!(boolean(&["x"], "upload"));
        assert!(!boolean(&["x", "--upload=0"], "upload"));
        assert!(sample().try_get_matches_from(["x", "--upload=maybe"]).is_err());
        assert!(boolean(&["x", "--upload=0", "--upload"], "upload"));
    }

    #[test]
    fn an_empty_value_is_none() {
        let left = |arguments: &[&str]| without_empty(arguments.iter().map(OsString::from).collect(), &sample);
        assert_eq!(left(&["x", "--key=", "a"]), ["x", "a"]);
        assert_eq!(left(&["x", "--key", "", "a", ""]), ["x", "a", ""]);
        assert_eq!(left(&["x", "--yes", "", "--yes="]), ["x", "--yes", "", "--yes="]);
        assert_eq!(
            left(&["x", "--key", "--key=", "--other="]),
            ["x", "--key", "--key=", "--other="]
        );
        assert_eq!(left(&["x", "--", "--key="]), ["x", "--", "--key="]);
        assert_eq!(left(&["x", "--key", "k", "--key="]), ["x", "--key", "k"]);
    }

    #[test]
    fn one_dash_before_a_long_flag_is_mended_with_a_warning() {
        let arguments = ["x", "-key=a", "-", "-y", "-kfile", "--", "-key"].map(OsString::from);
        let (arguments, warnings) = modernise(arguments.into_iter(), &sample);
        assert_eq!(arguments, ["x", "--key=a", "-", "-y", "-kfile", "--", "-key"]);
        assert_eq!(warnings, ["WARNING: -key is deprecated; write --key"]);
    }
}
