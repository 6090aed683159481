//! Every fuzz target over its seeds and a bounded number of mutations of them, on a stable toolchain.
//!
//! Reproducible: the mutations follow from the target's name and FUZZ_SEED. `FUZZ_ITERATIONS=1000000 cargo test
//! --release --test fuzz_smoke` looks longer; real fuzzing is cargo-fuzz over tests/fuzz/.

#[path = "fuzz/targets.rs"]
mod targets;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use targets::{TARGETS, Target};

/// Mutations per target unless FUZZ_ITERATIONS says otherwise.
const ITERATIONS: u64 = 2_000;
/// No input grows beyond this.
const MAX_INPUT: usize = 64 << 10;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(default)
}

#[test]
fn no_bytes_from_outside_make_a_parser_panic() {
    let mut failures = Vec::new();
    for target in TARGETS {
        if let Err(failure) = fuzz(target) {
            failures.push(failure);
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn the_cargo_fuzz_side_has_every_target() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut manifest = std::fs::read_to_string(root().join("tests/fuzz/Cargo.toml")).unwrap();
    let mut missing = Vec::new();
    for target in TARGETS {
        let path = root().join(format!("tests/fuzz/fuzz_targets/{}.rs", target.name));
        let source = format!(
            "#![no_main]\n\n#[path = \"../targets.rs\"]\n#[allow(dead_code)]\nmod targets;\n\n\
             libfuzzer_sys::fuzz_target!(|data: &[u8]| targets::run(\"{}\", data));\n",
            target.name
        );
        let entry = format!(
            "\n[[bin]]\nname = \"{0}\"\npath = \"fuzz_targets/{0}.rs\"\ntest = false\ndoc = false\nbench = false\n",
            target.name
        );
        if std::fs::read_to_string(&path).ok().as_ref() == Some(&source) && manifest.contains(&entry) {
            continue;
        }
        missing.push(target.name);
        if bless {
            std::fs::write(&path, source).unwrap();
            if !manifest.contains(&entry) {
                manifest.push_str(&entry);
            }
        }
    }
    if bless {
        std::fs::write(root().join("tests/fuzz/Cargo.toml"), manifest).unwrap();
        TARGETS.iter().for_each(write_corpus);
    } else {
        assert!(
            missing.is_empty(),
            "BLESS=1 cargo test --test fuzz_smoke writes what is missing for {missing:?}"
        );
    }
}

fn fuzz(target: &Target) -> Result<(), String> {
    let seeds = seeds(target);
    assert!(
        !seeds.is_empty(),
        "{} has no seeds; add some to tests/fuzz/seeds/{0}/",
        target.name
    );
    for seed in &seeds {
        run(target, seed)?;
    }
    let mut random = Random::new(target.name, number("FUZZ_SEED", 0));
    for _ in 0..number("FUZZ_ITERATIONS", ITERATIONS) {
        let mut input = random.pick(&seeds).clone();
        for _ in 0..=random.below(4) {
            mutate(&mut input, &seeds, &mut random);
        }
        input.truncate(MAX_INPUT);
        run(target, &input)?;
    }
    Ok(())
}

fn run(target: &Target, input: &[u8]) -> Result<(), String> {
    catch_unwind(AssertUnwindSafe(|| (target.run)(input))).map_err(|_| {
        let directory = root().join("tests/fuzz/artifacts").join(target.name);
        let name = countersign::digest::Digest::sha256(input).hex()[..16].to_owned();
        let _ = std::fs::create_dir_all(&directory);
        let _ = std::fs::write(directory.join(&name), input);
        format!("{} panics on tests/fuzz/artifacts/{0}/{name}", target.name)
    })
}

/// Lays the seeds where cargo-fuzz looks for them and adds what it finds.
fn write_corpus(target: &Target) {
    let directory = root().join("tests/fuzz/corpus").join(target.name);
    std::fs::create_dir_all(&directory).unwrap();
    for seed in seeds(target) {
        let name = countersign::digest::Digest::sha256(&seed).hex()[..16].to_owned();
        std::fs::write(directory.join(name), seed).unwrap();
    }
}

/// The target's own seeds, those it takes from the recorded vectors, and past failures.
fn seeds(target: &Target) -> Vec<Vec<u8>> {
    let mut files = Vec::new();
    walk(&root().join("tests/fuzz/seeds").join(target.name), &mut files);
    walk(&root().join("tests/fuzz/artifacts").join(target.name), &mut files);
    for vector in target.vectors {
        let path = root().join("tests/vectors").join(vector);
        assert!(path.exists(), "{}: no {vector} under tests/vectors", target.name);
        walk(&path, &mut files);
    }
    files.sort();
    files
        .iter()
        .map(|path| std::fs::read(path).unwrap())
        .filter(|bytes| bytes.len() <= MAX_INPUT)
        .collect()
}

fn walk(path: &Path, files: &mut Vec<PathBuf>) {
    if path.is_file() {
        files.push(path.to_owned());
    } else if let Ok(entries) = std::fs::read_dir(path) {
        for entry in entries {
            walk(&entry.unwrap().path(), files);
        }
    }
}

/// Tokens that parsers of our formats care about.
const TOKENS: &[&[u8]] = &[
    b"\"",
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b",",
    b"null",
    b"true",
    b"-1",
    b"0",
    b"1e999",
    b"18446744073709551616",
    b"\\u0000",
    b"\\ud800",
    b"\n",
    b"\n\n",
    b"\r\n",
    b"\0",
    b"\xff",
    b"=",
    b"-----BEGIN ",
    b"-----END ",
    b"sha256:",
    b"../",
    b"@",
    b"\xe2\x80\x94 ",
    b"\x30\x80",
    b"\x30\x84\xff\xff\xff\xff",
    b"\x02\x01\x00",
    b"\x05\x00",
    b"\xa0\x03",
];

fn mutate(input: &mut Vec<u8>, seeds: &[Vec<u8>], random: &mut Random) {
    let at = random.below(input.len() + 1);
    match random.below(10) {
        0 if at < input.len() => input[at] ^= 1 << random.below(8),
        1 if at < input.len() => input[at] = random.next() as u8,
        2 => input.truncate(at),
        3 => drop(input.drain(at..(at + 1 + random.below(16)).min(input.len()).max(at))),
        4 => insert(input, at, random.pick::<&[u8]>(TOKENS)),
        5 => {
            let end = (at + 1 + random.below(64)).min(input.len()).max(at);
            let chunk = input[at..end].to_vec();
            insert(input, random.below(input.len() + 1), &chunk);
        }
        6 => {
            let other = random.pick(seeds);
            let from = random.below(other.len() + 1);
            input.truncate(at);
            input.extend_from_slice(&other[from..]);
        }
        7 => insert(input, at, &random.pick::<&[u8]>(TOKENS).repeat(1 + random.below(300))),
        // A digit, letter or length byte off by one.
        8 if at < input.len() => input[at] = input[at].wrapping_add(if random.below(2) == 0 { 1 } else { 255 }),
        _ => insert(input, at, &random.next().to_le_bytes()[..1 + random.below(8)]),
    }
}

fn insert(input: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    input.splice(at..at, bytes.iter().copied());
}

/// splitmix64: small, and the same everywhere.
struct Random(u64);

impl Random {
    fn new(name: &str, seed: u64) -> Self {
        Self(name.bytes().fold(seed ^ 0xcbf2_9ce4_8422_2325, |h, b| {
            (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3)
        }))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}
