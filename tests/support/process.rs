//! Programs run in a clean environment, with their output captured.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A program to run in a clean environment: nothing is inherited but PATH; HOME, DOCKER_CONFIG and TUF_ROOT lie in a
/// temporary directory of its own, which is also the working directory unless [`Program::directory`] says otherwise.
pub struct Program {
    command: Command,
    home: tempfile::TempDir,
    stdin: Vec<u8>,
}

/// What a program did.
#[derive(Debug)]
pub struct Run {
    /// The exit code; -1 when a signal ended it.
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

/// Our program.
pub fn countersign() -> Program {
    Program::new(env!("CARGO_BIN_EXE_countersign"))
}

impl Program {
    pub fn new(path: impl AsRef<OsStr>) -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut command = Command::new(path);
        command.env_clear().current_dir(home.path());
        command.env("HOME", home.path());
        command.env("DOCKER_CONFIG", home.path().join(".docker"));
        command.env("TUF_ROOT", home.path().join(".sigstore"));
        for name in ["PATH", "SYSTEMROOT", "LLVM_PROFILE_FILE"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        Self {
            command,
            home,
            stdin: Vec::new(),
        }
    }

    /// The services that signing uses, and the keys by which their answers are trusted.
    pub fn services(self, signing_config: impl AsRef<OsStr>, trusted_root: impl AsRef<OsStr>) -> Self {
        self.arg("--signing-config")
            .arg(signing_config)
            .arg("--trusted-root")
            .arg(trusted_root)
    }

    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.command.arg(arg);
        self
    }

    pub fn args<S: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.command.args(args);
        self
    }

    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Runs in `directory` instead of the temporary home.
    pub fn directory(mut self, directory: impl AsRef<Path>) -> Self {
        self.command.current_dir(directory);
        self
    }

    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = bytes.into();
        self
    }

    /// The temporary home.
    pub fn home(&self) -> PathBuf {
        self.home.path().to_owned()
    }

    /// Runs to the end. Stdin is a pipe with the given bytes, never the terminal.
    pub fn run(mut self) -> Run {
        self.command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = self.command.spawn().unwrap();
        let mut pipe = child.stdin.take().unwrap();
        let bytes = std::mem::take(&mut self.stdin);
        let writer = std::thread::spawn(move || {
            let _ = pipe.write_all(&bytes);
        });
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        Run {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Starts it without waiting; output is discarded. Killed when dropped.
    pub fn start(mut self) -> Running {
        self.command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let child = self.command.spawn().unwrap();
        Running {
            child,
            _home: self.home,
        }
    }
}

impl Run {
    /// The run, if it ended with `code`; else a panic that shows all of it.
    #[track_caller]
    pub fn expect_code(self, code: i32) -> Self {
        assert_eq!(
            self.code, code,
            "exit code\n--- stdout\n{}\n--- stderr\n{}",
            self.stdout, self.stderr
        );
        self
    }

    #[track_caller]
    pub fn success(self) -> Self {
        self.expect_code(0)
    }

    /// Standard output as JSON documents.
    #[track_caller]
    pub fn json(&self) -> Vec<serde_json::Value> {
        serde_json::Deserializer::from_str(&self.stdout)
            .into_iter()
            .collect::<Result<_, _>>()
            .unwrap_or_else(|e| panic!("stdout is not JSON: {e}\n{}\n{}", self.stdout, self.stderr))
    }
}

/// A started program; killed when dropped.
pub struct Running {
    child: Child,
    _home: tempfile::TempDir,
}

impl Running {
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Waits for the end; the exit code, -1 when a signal ended it.
    pub fn wait(&mut self) -> i32 {
        self.child.wait().unwrap().code().unwrap_or(-1)
    }

    /// The exit code, if it has ended.
    pub fn try_wait(&mut self) -> Option<i32> {
        self.child.try_wait().unwrap().map(|status| status.code().unwrap_or(-1))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
    }
}
