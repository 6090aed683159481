//! The command line as a whole.

use super::*;

#[test]
fn the_command_line_is_consistent() {
    command().debug_assert();
}

#[test]
fn every_flag_and_subcommand_is_described() {
    fn walk(command: &clap::Command, path: &str, missing: &mut Vec<String>) {
        if command.get_about().is_none() {
            missing.push(path.to_owned());
        }
        for arg in command.get_arguments().filter(|arg| arg.get_help().is_none()) {
            missing.push(format!("{path} {}", arg.get_id()));
        }
        for sub in command.get_subcommands() {
            walk(sub, &format!("{path} {}", sub.get_name()), missing);
        }
    }
    let mut missing = Vec::new();
    walk(&command(), "countersign", &mut missing);
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn a_command_that_only_cosign_has_is_answered_with_what_serves_instead() {
    for (asked, instead) in [("upload", "oras push"), ("piv-tool", "--key"), ("pkcs11-tool", "--key")] {
        let error = parse(&["countersign".into(), asked.into(), "x".into()]).err().unwrap();
        assert!(left_out(&error).unwrap().line().contains(instead), "{asked}");
    }
    let error = parse(&["countersign".into(), "uplod".into()]).err().unwrap();
    assert!(left_out(&error).is_none());
}
