//! `countersign registry serve`: the registry that a user starts to try things out.
#![cfg(unix)]

mod support;

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use support::{countersign, image, wire};

/// A registry as a process of its own, and the address that it printed.
struct Serving {
    child: Child,
    address: String,
}

impl Serving {
    fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_countersign"))
            .args(["registry", "serve", "--addr", "127.0.0.1:0"])
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut address = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut address)
            .unwrap();
        Self {
            child,
            address: address.trim().to_owned(),
        }
    }

    /// Sends a signal by its name and waits; the exit code.
    fn signal(mut self, name: &str) -> Option<i32> {
        Command::new("kill")
            .args([&format!("-{name}"), &self.child.id().to_string()])
            .status()
            .unwrap();
        self.child.wait().unwrap().code()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn it_prints_its_address_and_ends_well_on_ctrl_c_and_on_a_request_to_end() {
    for signal in ["INT", "TERM"] {
        let serving = Serving::start(&[]);
        assert_eq!(wire::get(&serving.address, "/v2/").status, 200);
        assert_eq!(serving.signal(signal), Some(0));
    }
}

#[test]
fn what_was_pushed_into_a_directory_survives_even_a_kill() {
    let directory = tempfile::tempdir().unwrap();
    let arguments = ["--dir", directory.path().to_str().unwrap()];
    let serving = Serving::start(&arguments);
    let pushed = image::push(&serving.address, "acme/app", "1.0");
    // An upload under way when it is killed leaves nothing behind.
    wire::request(&serving.address, "POST", "/v2/acme/app/blobs/uploads/", &[], &[]);
    serving.signal("KILL");
    let serving = Serving::start(&arguments);
    let got = wire::get(&serving.address, "/v2/acme/app/manifests/1.0");
    assert_eq!(got.header("docker-content-digest"), Some(pushed.digest.as_str()));
    assert_eq!(
        std::fs::read_dir(directory.path().join("temporary")).unwrap().count(),
        0
    );
}

#[test]
fn in_memory_nothing_stays() {
    let serving = Serving::start(&[]);
    image::push(&serving.address, "acme/app", "1.0");
    serving.signal("INT");
    let serving = Serving::start(&[]);
    assert_eq!(wire::get(&serving.address, "/v2/acme/app/manifests/1.0").status, 404);
}

#[test]
fn it_says_that_it_is_not_for_production_and_refuses_other_addresses() {
    let help = countersign().args(["registry", "serve", "--help"]).run().success();
    assert!(help.stdout.contains("Not for production"), "{}", help.stdout);
    let refused = countersign()
        .args(["registry", "serve", "--addr", "0.0.0.0:0"])
        .run()
        .expect_code(1);
    assert!(refused.stderr.contains("not a loopback address"), "{}", refused.stderr);
    countersign()
        .args(["registry", "serve", "--addr", "example.com:5000"])
        .run()
        .expect_code(1);
}
