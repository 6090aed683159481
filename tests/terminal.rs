//! What a person sees on a real terminal: prompts, no echo, and a terminal that works after Ctrl-C.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[allow(unused)]
mod support;

use std::fs::File;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, tcgetattr};

/// Long enough for a slow machine; nothing waits that long when all is well.
const PATIENCE: Duration = Duration::from_secs(60);

/// A program on a pseudo-terminal.
struct Session {
    master: OwnedFd,
    slave: File,
    child: Child,
    seen: String,
}

impl Session {
    fn start(directory: &Path, arguments: &[&str]) -> Self {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let name = ptsname(&master, Vec::new()).unwrap().into_string().unwrap();
        let slave = File::options().read(true).write(true).open(name).unwrap();
        let stdio = || Stdio::from(slave.try_clone().unwrap());
        let child = Command::new(env!("CARGO_BIN_EXE_countersign"))
            .args(arguments)
            .env_clear()
            .current_dir(directory)
            .stdin(stdio())
            .stdout(stdio())
            .stderr(stdio())
            .spawn()
            .unwrap();
        Self {
            master,
            slave,
            child,
            seen: String::new(),
        }
    }

    /// Reads until `text` has appeared.
    fn expect(&mut self, text: &str) {
        let end = Instant::now() + PATIENCE;
        while !self.seen.contains(text) {
            assert!(Instant::now() < end, "{text:?} did not come: {:?}", self.seen);
            self.read(Duration::from_millis(200));
        }
    }

    fn read(&mut self, wait: Duration) -> bool {
        let fd = self.master.as_fd();
        let timeout = Timespec::try_from(wait).unwrap();
        if poll(&mut [PollFd::new(&fd, PollFlags::IN)], Some(&timeout)).unwrap() == 0 {
            return false;
        }
        let mut buffer = [0; 4096];
        let length = rustix::io::read(&self.master, &mut buffer).unwrap();
        self.seen.push_str(&String::from_utf8_lossy(&buffer[..length]));
        length > 0
    }

    /// Types `text`, once the program listens with echo off.
    fn type_secret(&mut self, text: &[u8]) {
        let end = Instant::now() + PATIENCE;
        while self.echoes() {
            assert!(Instant::now() < end, "echo stays on: {:?}", self.seen);
            std::thread::sleep(Duration::from_millis(5));
        }
        self.type_in(text);
    }

    fn type_in(&mut self, text: &[u8]) {
        assert_eq!(rustix::io::write(&self.master, text).unwrap(), text.len());
    }

    fn echoes(&self) -> bool {
        tcgetattr(&self.slave).unwrap().local_modes.contains(LocalModes::ECHO)
    }

    /// Waits for the end: the exit code, and all that was shown.
    fn end(mut self) -> (i32, String) {
        let end = Instant::now() + PATIENCE;
        let status = loop {
            self.read(Duration::from_millis(50));
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(Instant::now() < end, "it does not end: {:?}", self.seen);
        };
        while self.read(Duration::from_millis(50)) {}
        let modes = tcgetattr(&self.slave).unwrap().local_modes;
        let usual = LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG;
        assert!(modes.contains(usual), "the terminal is left with {modes:?}");
        (status.code().unwrap_or(-1), std::mem::take(&mut self.seen))
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn files(directory: &Path) -> Vec<String> {
    let mut names: Vec<_> = std::fs::read_dir(directory)
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn make_key(directory: &Path, password: &str) {
    support::countersign()
        .args(["generate-key-pair"])
        .env("COSIGN_PASSWORD", password)
        .directory(directory)
        .run()
        .success();
}

#[test]
fn a_new_password_is_asked_for_twice_and_never_shown() {
    let directory = tempfile::tempdir().unwrap();
    let mut session = Session::start(directory.path(), &["generate-key-pair"]);
    session.expect("Enter password for private key: ");
    session.type_secret(b"hunter2\r");
    session.expect("again: ");
    session.type_secret(b"hunter2\n");
    let (code, seen) = session.end();
    assert_eq!(
        (code, seen.as_str()),
        (
            0,
            "Enter password for private key: \r\nEnter password for private key again: \r\n\
             Private key written to cosign.key\r\nPublic key written to cosign.pub\r\n"
        )
    );
    let run = support::countersign()
        .args(["public-key", "--key", "cosign.key"])
        .env("COSIGN_PASSWORD", "hunter2")
        .directory(directory.path())
        .run()
        .success();
    assert_eq!(
        run.stdout,
        std::fs::read_to_string(directory.path().join("cosign.pub")).unwrap()
    );
}

#[test]
fn two_different_passwords_write_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let mut session = Session::start(directory.path(), &["generate-key-pair"]);
    session.expect("private key: ");
    session.type_secret(b"one\n");
    session.expect("again: ");
    session.type_secret(b"two\n");
    let (code, seen) = session.end();
    assert_eq!(code, 1);
    assert!(seen.ends_with("Error: passwords do not match\r\n"), "{seen:?}");
    assert!(files(directory.path()).is_empty());
}

#[test]
fn ctrl_c_at_either_prompt_leaves_no_file_and_a_terminal_that_echoes() {
    for at_the_second in [false, true] {
        let directory = tempfile::tempdir().unwrap();
        let mut session = Session::start(directory.path(), &["generate-key-pair"]);
        session.expect("private key: ");
        if at_the_second {
            session.type_secret(b"secret\n");
            session.expect("again: ");
        }
        session.type_secret(b"half\x03");
        let (code, seen) = session.end();
        assert_eq!(code, 130, "{seen:?}");
        assert!(files(directory.path()).is_empty());
    }
}

#[test]
fn a_signal_at_the_prompt_leaves_no_file_and_a_terminal_that_echoes() {
    for (signal, expected) in [(Signal::TERM, 143), (Signal::INT, 130), (Signal::HUP, 129)] {
        let directory = tempfile::tempdir().unwrap();
        let mut session = Session::start(directory.path(), &["generate-key-pair"]);
        session.expect("private key: ");
        session.type_secret(b"half");
        kill_process(Pid::from_child(&session.child), signal).unwrap();
        assert_eq!(session.end().0, expected);
        assert!(files(directory.path()).is_empty());
    }
}

#[test]
fn mistyped_characters_can_be_taken_back() {
    let directory = tempfile::tempdir().unwrap();
    make_key(directory.path(), "pässwörd");
    let mut session = Session::start(directory.path(), &["public-key", "--key", "cosign.key"]);
    session.expect("private key: ");
    session.type_secret("wrong\x15pässwörö\x7fd☃\x7f\n".as_bytes());
    let (code, seen) = session.end();
    assert_eq!(code, 0, "{seen:?}");
    assert!(seen.contains("BEGIN PUBLIC KEY") && !seen.contains("pä"), "{seen:?}");
}

#[test]
fn an_existing_key_is_kept_unless_the_answer_is_yes() {
    for (answer, kept) in [(&b"n\n"[..], true), (b"\n", true), (b"\x04", true), (b"y\n", false)] {
        let directory = tempfile::tempdir().unwrap();
        make_key(directory.path(), "old");
        let before = std::fs::read(directory.path().join("cosign.key")).unwrap();
        let mut session = Session::start(directory.path(), &["generate-key-pair"]);
        session.expect("WARNING: File cosign.key already exists. Overwrite?\r\n");
        session.expect("Are you sure you would like to continue? [y/N] ");
        session.type_in(answer);
        if !kept {
            session.expect("private key: ");
            session.type_secret(b"new\n");
            session.expect("again: ");
            session.type_secret(b"new\n");
        }
        let (code, seen) = session.end();
        assert_eq!(code, i32::from(kept), "{seen:?}");
        assert_eq!(
            std::fs::read(directory.path().join("cosign.key")).unwrap() == before,
            kept
        );
        assert_eq!(files(directory.path()), ["cosign.key", "cosign.pub"]);
    }
}

#[test]
fn a_file_that_is_no_key_is_refused_before_a_password_is_asked_for() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(
        directory.path().join("x.pem"),
        support::vectors::read("cosign/keys/source-rsa1024-weak.pem"),
    )
    .unwrap();
    let (code, seen) = Session::start(directory.path(), &["import-key-pair", "--key", "x.pem"]).end();
    assert_eq!(code, 1);
    assert!(seen.starts_with("Error: RSA key of 1024 bits"), "{seen:?}");
}
