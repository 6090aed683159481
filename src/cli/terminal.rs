//! The terminal, or what stands in its place on standard input: asking without echo, and never waiting for nobody.

use std::io::{self, Write as _};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::FileType;
use rustix::stdio::stdin;
use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};
use tokio::signal::unix::{SignalKind, signal};
use zeroize::Zeroizing;

/// Longest password or answer, in bytes.
const MAX_INPUT: usize = 64 << 10;

/// What standard input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// A terminal: someone can be asked.
    Terminal,
    /// A pipe, a socket or a file: may hold an answer.
    Piped,
    /// `/dev/null` or the like: nobody answers.
    Nobody,
}

/// What standard input is.
pub fn input() -> Input {
    if rustix::termios::isatty(stdin()) {
        return Input::Terminal;
    }
    match rustix::fs::fstat(stdin()).map(|stat| FileType::from_raw_mode(stat.st_mode)) {
        Ok(FileType::Fifo | FileType::Socket | FileType::RegularFile) => Input::Piped,
        _ => Input::Nobody,
    }
}

/// Asks `prompt` on standard error and reads a line from the terminal without echo. `None` is Ctrl-C.
///
/// The terminal is as before when this returns, and when a signal ends the program meanwhile.
pub async fn read_secret(prompt: &str) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
    restore_on_signals()?;
    let prompt = prompt.to_owned();
    let silence = Silence::begin()?;
    tell(&prompt);
    // Blocking, so that signals are heard meanwhile.
    let line = tokio::task::spawn_blocking(edit_line).await.map_err(io::Error::other)?;
    drop(silence);
    tell("\n");
    line
}

/// Asks `prompt` on standard error and reads a line: from the terminal for as long as it takes, from a pipe what it
/// holds within `patience`. `None` is the end of the input, or nobody to ask.
pub async fn read_answer(prompt: &str, patience: Duration) -> io::Result<Option<String>> {
    tell(prompt);
    let deadline = match input() {
        Input::Terminal => None,
        Input::Piped => Some(Instant::now() + patience),
        Input::Nobody => return Ok(None),
    };
    tokio::task::spawn_blocking(move || {
        let mut line = Vec::new();
        while line.len() < MAX_INPUT {
            match read_byte(deadline)? {
                Some(b'\n') => return Ok(Some(String::from_utf8_lossy(&line).into_owned())),
                Some(byte) => line.push(byte),
                None if line.is_empty() => return Ok(None),
                None => break,
            }
        }
        Ok(Some(String::from_utf8_lossy(&line).into_owned()))
    })
    .await
    .map_err(io::Error::other)?
}

/// All of what is piped in. `None` when nothing comes for `patience`.
pub async fn read_piped_secret(patience: Duration) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
    tokio::task::spawn_blocking(move || {
        if !readable(Some(Instant::now() + patience))? {
            return Ok(None);
        }
        // Reserved once, so that no copy is left behind by growing.
        let mut secret = Zeroizing::new(Vec::with_capacity(MAX_INPUT));
        while let Some(byte) = read_byte(None)? {
            if secret.len() == MAX_INPUT {
                return Err(io::Error::other("the password on standard input is too long"));
            }
            secret.push(byte);
        }
        Ok(Some(secret))
    })
    .await
    .map_err(io::Error::other)?
}

/// Writes to standard error; where that is closed, nobody reads the prompt, and the answer is awaited all the same.
fn tell(text: &str) {
    let mut err = io::stderr().lock();
    let _ = err.write_all(text.as_bytes()).and_then(|()| err.flush());
}

/// A line with the editing that a terminal does itself unless echo is off: one byte at a time.
fn edit_line() -> io::Result<Option<Zeroizing<Vec<u8>>>> {
    const CTRL_C: u8 = 3;
    const CTRL_D: u8 = 4;
    const CTRL_U: u8 = 21;
    const CTRL_Z: u8 = 26;
    const CTRL_BACKSLASH: u8 = 28;
    let mut line = Zeroizing::new(Vec::with_capacity(MAX_INPUT));
    loop {
        match read_byte(None)? {
            Some(b'\n' | b'\r') => return Ok(Some(line)),
            Some(CTRL_C | CTRL_BACKSLASH) => return Ok(None),
            None | Some(CTRL_D) if line.is_empty() => {
                return Err(io::Error::new(
                    io::ErrorKind::UnexpectedEof,
                    "the terminal gave no password",
                ));
            }
            None | Some(CTRL_D) => return Ok(Some(line)),
            Some(CTRL_U) => line.clear(),
            Some(0x7f | 0x08) => remove_character(&mut line),
            Some(CTRL_Z | 0) => {}
            Some(byte) if line.len() < MAX_INPUT => line.push(byte),
            Some(_) => return Err(io::Error::other("the password is too long")),
        }
    }
}

/// Removes the last UTF-8 character, however many bytes it has.
fn remove_character(line: &mut Vec<u8>) {
    while let Some(byte) = line.pop() {
        if byte & 0xc0 != 0x80 {
            break;
        }
    }
}

/// The next byte; `None` at the end of the input, or when none comes before `deadline`.
fn read_byte(deadline: Option<Instant>) -> io::Result<Option<u8>> {
    let mut byte = Zeroizing::new([0_u8; 1]);
    loop {
        if deadline.is_some() && !readable(deadline)? {
            return Ok(None);
        }
        match rustix::io::read(stdin(), byte.as_mut_slice()) {
            Ok(0) => return Ok(None),
            Ok(_) => return Ok(Some(byte[0])),
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Whether there is something to read, or the end, before `deadline`.
fn readable(deadline: Option<Instant>) -> io::Result<bool> {
    loop {
        let timeout = match deadline {
            Some(deadline) => {
                let left = deadline.saturating_duration_since(Instant::now());
                Some(Timespec::try_from(left).map_err(io::Error::other)?)
            }
            None => None,
        };
        let input = stdin();
        match poll(&mut [PollFd::new(&input, PollFlags::IN)], timeout.as_ref()) {
            Ok(ready) => return Ok(ready > 0),
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// The terminal's settings as they were, while echo is off.
static SAVED: Mutex<Option<Termios>> = Mutex::new(None);

/// Echo is off for as long as this lives.
struct Silence;

impl Silence {
    fn begin() -> io::Result<Self> {
        let saved = tcgetattr(stdin())?;
        let mut silent = saved.clone();
        // Without signals too: Ctrl-C has to put the echo back first. And byte by byte, so that it is seen at once.
        silent.local_modes -=
            LocalModes::ECHO | LocalModes::ECHONL | LocalModes::ICANON | LocalModes::ISIG | LocalModes::IEXTEN;
        silent.special_codes[SpecialCodeIndex::VMIN] = 1;
        silent.special_codes[SpecialCodeIndex::VTIME] = 0;
        if let Ok(mut slot) = SAVED.lock() {
            *slot = Some(saved);
        }
        let silence = Self;
        // What was typed already is kept, as scripts that drive a terminal expect.
        tcsetattr(stdin(), OptionalActions::Now, &silent)?;
        Ok(silence)
    }
}

impl Drop for Silence {
    fn drop(&mut self) {
        restore();
    }
}

fn restore() {
    if let Some(saved) = SAVED.lock().ok().and_then(|mut slot| slot.take()) {
        let _ = tcsetattr(stdin(), OptionalActions::Now, &saved);
    }
}

/// Ends the program as the signal would have, but with the terminal's echo back on.
///
/// Handlers stay for the rest of the run, since the runtime cannot take them back; they end the program as before.
fn restore_on_signals() -> io::Result<()> {
    static WATCHED: Mutex<bool> = Mutex::new(false);
    let Ok(mut watched) = WATCHED.lock() else { return Ok(()) };
    if *watched {
        return Ok(());
    }
    let (mut interrupt, mut terminate, mut hangup) = (
        signal(SignalKind::interrupt())?,
        signal(SignalKind::terminate())?,
        signal(SignalKind::hangup())?,
    );
    tokio::spawn(async move {
        let number = tokio::select! {
            _ = interrupt.recv() => SignalKind::interrupt(),
            _ = terminate.recv() => SignalKind::terminate(),
            _ = hangup.recv() => SignalKind::hangup(),
        };
        restore();
        std::process::exit(128 + number.as_raw_value());
    });
    *watched = true;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backspace_removes_a_whole_character() {
        let mut line = "aé☃".as_bytes().to_vec();
        remove_character(&mut line);
        assert_eq!(line, "aé".as_bytes());
        remove_character(&mut line);
        remove_character(&mut line);
        remove_character(&mut line);
        assert!(line.is_empty());
    }
}
