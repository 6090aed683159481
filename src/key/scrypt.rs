//! The key derivation of key files: scrypt (RFC 7914), which is nearly all the time that signing takes.
//!
//! Salsa20/8 in plain words rather than in vectors: its four chains run side by side in an ordinary processor, and a
//! word rotates in one instruction. That is half as fast again as the `scrypt` crate (docs/performance.md), which the
//! tests compare with.

use std::hint::black_box;
use std::io;

use memmap2::MmapMut;
use pbkdf2::pbkdf2_hmac;
use sha2::Sha256;
use zeroize::{Zeroize as _, Zeroizing};

/// 64 bytes, as little-endian words.
type Block = [u32; 16];
/// Bytes of a [`Block`].
const BLOCK: usize = 64;

/// How much work a derivation is (RFC 7914, section 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Params {
    /// Binary logarithm of N, the cost in time and memory.
    log_n: u8,
    /// r, the block size in units of 128 bytes.
    r: u32,
    /// p, how often all is done.
    p: u32,
}

impl Params {
    /// Most bytes of memory (N·r·128) that are ever asked for, a second line behind the limit of the caller.
    const MAX_MEMORY: u64 = 1 << 31;

    /// `None` for parameters that RFC 7914 does not define, or for 2 GiB of memory and more.
    pub(super) fn new(log_n: u8, r: u32, p: u32) -> Option<Self> {
        let n = 1_u64.checked_shl(log_n.into()).filter(|n| *n > 1)?;
        let memory = n.checked_mul(128)?.checked_mul(r.into())?;
        let parallel = u64::from(r).checked_mul(p.into())?;
        (r > 0 && p > 0 && memory < Self::MAX_MEMORY && parallel < 1 << 24).then_some(Self { log_n, r, p })
    }
}

/// Derives `output` from a password (RFC 7914, section 6).
///
/// # Errors
/// There is no memory.
pub(super) fn scrypt(password: &[u8], salt: &[u8], params: Params, output: &mut [u8]) -> io::Result<()> {
    let width = 2 * params.r as usize;
    let n = 1_usize << params.log_n;
    let mut bytes = Zeroizing::new(vec![0_u8; width * BLOCK * params.p as usize]);
    pbkdf2_hmac::<Sha256>(password, salt, 1, &mut bytes);
    // The vector goes back to the system as it is: 64 MiB of which no one part is of use.
    let mut memory = memory(n * width * BLOCK)?;
    let vector: &mut [Block] =
        bytemuck::try_cast_slice_mut(&mut memory).map_err(|error| io::Error::other(error.to_string()))?;
    for part in bytes.chunks_exact_mut(width * BLOCK) {
        ro_mix(part, vector, width);
    }
    pbkdf2_hmac::<Sha256>(password, &bytes, 1, output);
    Ok(())
}

/// `size` bytes of memory, in huge pages where there are such: 16,000 page faults would be a third of the time.
fn memory(size: usize) -> io::Result<MmapMut> {
    let memory = MmapMut::map_anon(size)?;
    #[cfg(target_os = "linux")]
    // Only advice: small pages will do.
    let _ = memory.advise(memmap2::Advice::HugePage);
    Ok(memory)
}

/// scryptROMix (RFC 7914, section 5) of `part`, `width` blocks; `vector` has room for N times as many, N a power of two.
fn ro_mix(part: &mut [u8], vector: &mut [Block], width: usize) {
    let n = vector.len() / width;
    let mut state: Vec<Block> = part.as_chunks().0.iter().map(read).collect();
    let mut next = state.clone();
    vector[..width].copy_from_slice(&state);
    for i in 1..n {
        let (filled, rest) = vector[(i - 1) * width..].split_at_mut(width);
        block_mix(filled, &mut rest[..width]);
    }
    block_mix(&vector[(n - 1) * width..], &mut state);
    for _ in 0..n {
        // Integerify: the last block as a little-endian number, modulo N.
        let low = u64::from(state[width - 1][0]) | u64::from(state[width - 1][1]) << 32;
        let j = (low % n as u64) as usize;
        let chosen = &vector[j * width..][..width];
        // Touching each cache line at once has them all fetched at once.
        for block in chosen {
            black_box(block[0]);
        }
        for (a, b) in state.iter_mut().zip(chosen) {
            xor(a, b);
        }
        block_mix(&state, &mut next);
        std::mem::swap(&mut state, &mut next);
    }
    for (bytes, block) in part.as_chunks_mut().0.iter_mut().zip(&state) {
        write(block, bytes);
    }
    state.zeroize();
    next.zeroize();
}

/// scryptBlockMix (RFC 7914, section 4).
fn block_mix(input: &[Block], output: &mut [Block]) {
    let (even, odd) = output.split_at_mut(input.len() / 2);
    let mut x = input[input.len() - 1];
    for ((pair, even), odd) in input.as_chunks::<2>().0.iter().zip(even).zip(odd) {
        salsa20_8(&mut x, &pair[0]);
        *even = x;
        salsa20_8(&mut x, &pair[1]);
        *odd = x;
    }
}

/// `$body` for each word of a block, written out: the release is built for size, and loops over words stay loops there.
macro_rules! for_each_word {
    ($i:ident => $body:expr) => {
        for_each_word!($i => $body; 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15)
    };
    ($i:ident => $body:expr; $($index:literal)*) => {
        $({
            const $i: usize = $index;
            $body;
        })*
    };
}

macro_rules! quarter_round {
    ($a:ident, $b:ident, $c:ident, $d:ident) => {
        $b ^= $a.wrapping_add($d).rotate_left(7);
        $c ^= $b.wrapping_add($a).rotate_left(9);
        $d ^= $c.wrapping_add($b).rotate_left(13);
        $a ^= $d.wrapping_add($c).rotate_left(18);
    };
}

#[inline(always)]
fn xor(a: &mut Block, b: &Block) {
    for_each_word!(I => a[I] ^= b[I]);
}

/// `x` = Salsa20/8 (RFC 7914, section 3) of `x` xor `b`.
#[inline(always)]
fn salsa20_8(x: &mut Block, b: &Block) {
    xor(x, b);
    // Variables, so that they stay in registers.
    let [
        mut x0,
        mut x1,
        mut x2,
        mut x3,
        mut x4,
        mut x5,
        mut x6,
        mut x7,
        mut x8,
        mut x9,
        mut x10,
        mut x11,
        mut x12,
        mut x13,
        mut x14,
        mut x15,
    ] = *x;
    for _ in 0..4 {
        quarter_round!(x0, x4, x8, x12);
        quarter_round!(x5, x9, x13, x1);
        quarter_round!(x10, x14, x2, x6);
        quarter_round!(x15, x3, x7, x11);
        quarter_round!(x0, x1, x2, x3);
        quarter_round!(x5, x6, x7, x4);
        quarter_round!(x10, x11, x8, x9);
        quarter_round!(x15, x12, x13, x14);
    }
    let mixed = [x0, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15];
    for_each_word!(I => x[I] = x[I].wrapping_add(mixed[I]));
}

fn read(bytes: &[u8; BLOCK]) -> Block {
    let words = bytes.as_chunks::<4>().0;
    std::array::from_fn(|i| u32::from_le_bytes(words[i]))
}

fn write(block: &Block, bytes: &mut [u8; BLOCK]) {
    for (word, bytes) in block.iter().zip(bytes.as_chunks_mut::<4>().0) {
        *bytes = word.to_le_bytes();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// RFC 7914, section 12.
    #[test]
    fn the_vectors_of_the_specification() {
        for (password, salt, (log_n, r, p), expected) in [
            (
                "",
                "",
                (4, 1, 1),
                "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442\
                 fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906",
            ),
            (
                "password",
                "NaCl",
                (10, 8, 16),
                "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162\
                 2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640",
            ),
            (
                "pleaseletmein",
                "SodiumChloride",
                (14, 8, 1),
                "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2\
                 d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887",
            ),
        ] {
            let mut output = [0; 64];
            let params = Params::new(log_n, r, p).unwrap();
            scrypt(password.as_bytes(), salt.as_bytes(), params, &mut output).unwrap();
            let hex: String = output.iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(hex, expected);
        }
    }

    #[test]
    fn parameters_outside_the_specification_are_refused() {
        for (log_n, r, p) in [
            (0, 8, 1),
            (16, 0, 1),
            (16, 8, 0),
            (64, 1, 1),
            (21, 8, 1),
            (1, 1, 1 << 24),
            (255, u32::MAX, u32::MAX),
        ] {
            assert_eq!(Params::new(log_n, r, p), None, "{log_n} {r} {p}");
        }
    }

    proptest! {
        #[test]
        fn equal_to_the_scrypt_crate(
            password: Vec<u8>,
            salt: Vec<u8>,
            log_n in 1_u8..9,
            r in 1_u32..10,
            p in 1_u32..4,
            length in 1_usize..80,
        ) {
            let (mut ours, mut theirs) = (vec![0; length], vec![0; length]);
            scrypt(&password, &salt, Params::new(log_n, r, p).unwrap(), &mut ours).unwrap();
            let params = ::scrypt::Params::new(log_n, r, p).unwrap();
            ::scrypt::scrypt(&password, &salt, &params, &mut theirs).unwrap();
            prop_assert_eq!(ours, theirs);
        }
    }
}
