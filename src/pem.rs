//! PEM blocks (RFC 7468), read as tolerantly as Go's `encoding/pem` does: text around blocks, any line width.
//!
//! Pure: bytes in, blocks out. Contents are kept in zeroizing buffers, since a block may be a private key.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

/// Longest PEM text that is read, in bytes: chains of certificates stay far below it.
pub const MAX_PEM: usize = 1 << 20;
/// Most blocks of one text that are read.
pub const MAX_BLOCKS: usize = 256;
/// Columns of base64 in what is written (RFC 7468, section 2).
const LINE: usize = 64;

/// One block: its label, its headers (RFC 1421) and its decoded contents.
pub struct Block {
    /// The text between `-----BEGIN ` and `-----`, such as `PUBLIC KEY`.
    pub label: String,
    /// Whether RFC 1421 headers preceded the base64; encrypted keys of old OpenSSL have them.
    pub has_headers: bool,
    /// The decoded bytes.
    pub contents: Zeroizing<Vec<u8>>,
}

/// Why a text is not PEM.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum PemError {
    /// There is no `-----BEGIN …-----` line.
    #[error("no PEM block found: expected a line that begins with -----BEGIN")]
    Missing,
    /// A block begins and has no matching end.
    #[error("PEM block {label:?} has no matching -----END line")]
    Unterminated {
        /// The label of the block.
        label: String,
    },
    /// The contents are not base64.
    #[error("PEM block {label:?} is not valid base64")]
    Base64 {
        /// The label of the block.
        label: String,
    },
    /// A label is too long or has characters that RFC 7468 does not allow.
    #[error("PEM label is not valid")]
    Label,
    /// The text is longer than [`MAX_PEM`] or has more than [`MAX_BLOCKS`] blocks.
    #[error("PEM text is too large: at most {MAX_PEM} bytes and {MAX_BLOCKS} blocks are read")]
    TooLarge,
}

const BEGIN: &str = "-----BEGIN ";
const DASHES: &str = "-----";

/// The first block of `text`.
pub fn first(text: &[u8]) -> Result<Block, PemError> {
    Blocks::new(text)?.next().unwrap_or(Err(PemError::Missing))
}

/// All blocks of `text`, in order; at least one.
pub fn all(text: &[u8]) -> Result<Vec<Block>, PemError> {
    let mut blocks = Vec::new();
    for block in Blocks::new(text)? {
        if blocks.len() == MAX_BLOCKS {
            return Err(PemError::TooLarge);
        }
        blocks.push(block?);
    }
    if blocks.is_empty() {
        Err(PemError::Missing)
    } else {
        Ok(blocks)
    }
}

/// `contents` as one block, with a final newline. The result zeroizes since it may hold a private key.
pub fn encode(label: &str, contents: &[u8]) -> Zeroizing<String> {
    let base64 = Zeroizing::new(STANDARD.encode(contents));
    // Reserved once, so that no copy of a secret is left behind by growing.
    let mut text = Zeroizing::new(String::with_capacity(
        base64.len() + base64.len() / LINE + 2 * label.len() + 64,
    ));
    text.push_str(BEGIN);
    text.push_str(label);
    text.push_str("-----\n");
    let mut rest: &str = &base64;
    while !rest.is_empty() {
        let (line, tail) = rest.split_at(rest.len().min(LINE));
        text.push_str(line);
        text.push('\n');
        rest = tail;
    }
    text.push_str("-----END ");
    text.push_str(label);
    text.push_str("-----\n");
    text
}

struct Blocks<'a> {
    rest: &'a [u8],
}

impl<'a> Blocks<'a> {
    fn new(text: &'a [u8]) -> Result<Self, PemError> {
        if text.len() > MAX_PEM {
            Err(PemError::TooLarge)
        } else {
            Ok(Self { rest: text })
        }
    }
}

impl Iterator for Blocks<'_> {
    type Item = Result<Block, PemError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut rest = self.rest;
        let label = loop {
            let (line, tail) = split_line(rest)?;
            rest = tail;
            if let Some(label) = line
                .strip_prefix(BEGIN.as_bytes())
                .and_then(|l| l.strip_suffix(DASHES.as_bytes()))
            {
                break label;
            }
        };
        self.rest = &[];
        let Some(label) = valid_label(label) else {
            return Some(Err(PemError::Label));
        };
        let end = format!("-----END {label}-----");
        let mut base64 = Zeroizing::new(Vec::with_capacity(rest.len()));
        let mut has_headers = false;
        loop {
            let Some((line, tail)) = split_line(rest) else {
                return Some(Err(PemError::Unterminated { label }));
            };
            rest = tail;
            if line == end.as_bytes() {
                break;
            }
            // A new BEGIN before the END means that the end is missing: never join two blocks.
            if line.starts_with(DASHES.as_bytes()) {
                return Some(Err(PemError::Unterminated { label }));
            }
            if base64.is_empty() && line.contains(&b':') {
                has_headers = true;
                continue;
            }
            base64.extend(line.iter().filter(|b| !b.is_ascii_whitespace()));
        }
        self.rest = rest;
        let mut contents = Zeroizing::new(vec![0; base64.len() / 4 * 3 + 3]);
        let Ok(length) = STANDARD.decode_slice(base64.as_slice(), contents.as_mut_slice()) else {
            return Some(Err(PemError::Base64 { label }));
        };
        contents.truncate(length);
        Some(Ok(Block {
            label,
            has_headers,
            contents,
        }))
    }
}

/// The first line without its end and blanks around it, and what follows; `None` at the end of the text.
fn split_line(text: &[u8]) -> Option<(&[u8], &[u8])> {
    if text.is_empty() {
        return None;
    }
    let (line, rest) = match text.iter().position(|&b| b == b'\n') {
        Some(end) => (text.get(..end)?, text.get(end + 1..)?),
        None => (text, &[][..]),
    };
    Some((line.trim_ascii(), rest))
}

fn valid_label(label: &[u8]) -> Option<String> {
    let printable = label.iter().all(|b| b.is_ascii_graphic() || *b == b' ');
    (printable && label.len() <= 64).then(|| String::from_utf8_lossy(label).into_owned())
}

/// Any bytes: reading never panics.
pub fn fuzz_pem(data: &[u8]) {
    let _ = all(data);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_what_it_writes_at_each_line_boundary() {
        for length in [0, 1, 47, 48, 49, 96, 1000] {
            let bytes = vec![0xa5; length];
            let text = encode("PUBLIC KEY", &bytes);
            assert!(text.lines().all(|l| l.len() <= LINE));
            let block = first(text.as_bytes()).unwrap();
            assert_eq!(
                (block.label.as_str(), block.contents.as_slice()),
                ("PUBLIC KEY", bytes.as_slice())
            );
        }
    }

    #[test]
    fn text_around_blocks_other_widths_and_crlf_are_read() {
        let text = b"Bag Attributes\r\n\r\n-----BEGIN A-----\r\nAAE\r\n  CAw==\r\n-----END A-----\r\nmore\n-----BEGIN B-----\n\n-----END B-----";
        let blocks = all(text).unwrap();
        assert_eq!(blocks.len(), 2);
        assert_eq!(blocks[0].contents.as_slice(), [0, 1, 2, 3]);
        assert!(blocks[1].contents.is_empty());
    }

    #[test]
    fn headers_are_skipped_and_reported() {
        let block =
            first(b"-----BEGIN A-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: X\n\nAAEC\n-----END A-----\n").unwrap();
        assert!(block.has_headers);
        assert_eq!(block.contents.as_slice(), [0, 1, 2]);
    }

    #[test]
    fn refuses_what_is_not_a_block() {
        assert_eq!(first(b"hello").err(), Some(PemError::Missing));
        assert_eq!(all(b"").err(), Some(PemError::Missing));
        assert!(matches!(
            first(b"-----BEGIN A-----\nAAEC\n").err(),
            Some(PemError::Unterminated { .. })
        ));
        assert!(matches!(
            first(b"-----BEGIN A-----\nAAEC\n-----BEGIN A-----\nAAEC\n-----END A-----").err(),
            Some(PemError::Unterminated { .. })
        ));
        assert!(matches!(
            first(b"-----BEGIN A-----\n?\n-----END A-----\n").err(),
            Some(PemError::Base64 { .. })
        ));
        assert_eq!(
            first(b"-----BEGIN \x1b[31m-----\n-----END A-----\n").err(),
            Some(PemError::Label)
        );
        assert_eq!(first(&vec![b'a'; MAX_PEM + 1]).err(), Some(PemError::TooLarge));
    }

    proptest! {
        #[test]
        fn no_bytes_panic(data in proptest::collection::vec(any::<u8>(), 0..2000)) {
            fuzz_pem(&data);
        }

        #[test]
        fn any_contents_survive(data in proptest::collection::vec(any::<u8>(), 0..500)) {
            prop_assert_eq!(&*first(encode("X", &data).as_bytes()).unwrap().contents, &data);
        }
    }
}
