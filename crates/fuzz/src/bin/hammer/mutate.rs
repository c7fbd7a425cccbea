//! Damaged inputs from sound ones, by number.

/// The largest input, in bytes.
const LARGEST: usize = 1 << 20;
/// Bytes that readers trip over.
const BYTES: &[u8] = b"\x00\x01\x7f\x80\xff\n\r\t \"'\\,;:.-+=<>&[](){}%#/";
/// Numbers that counters and lengths trip over.
const NUMBERS: &[u64] = &[
    0,
    1,
    2,
    3,
    0x7f,
    0x80,
    0xff,
    0x100,
    0x7fff,
    0x8000,
    0xfffe,
    0xffff,
    0x1_0000,
    0xff_ffff,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_fffe,
    0xffff_ffff,
];
/// Numbers as text.
const WORDS: &[&str] = &[
    "0",
    "-1",
    "1e308",
    "-0",
    "NaN",
    "9007199254740993",
    "18446744073709551616",
    "1e-400",
    "0.1e",
    "65536",
    "4294967296",
    "true",
    "null",
    "\u{feff}",
    "\u{202e}",
    "\u{0}",
    "腰",
];

/// SplitMix64: the same numbers everywhere, and good enough to choose damage by.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`; 0 where that is 0.
    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.roll() % (end.max(1) as u64)).unwrap_or(0)
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// A range of at most `most` bytes.
    fn range(&mut self, length: usize, most: usize) -> std::ops::Range<usize> {
        let from = self.below(length + 1);
        let size = self.below(most.min(length - from) + 1);
        from..from + size
    }
}

/// Input number `number` of a target.
pub(crate) fn input(name: &str, seeds: &[Vec<u8>], number: u64) -> Vec<u8> {
    let salt = name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let mut dice = Dice(salt ^ number);
    let mut bytes = seeds[dice.below(seeds.len())].clone();
    // Most inputs are hurt a little, since readers give up at the first fault they see.
    let rounds = 1 << dice.below(5);
    for _ in 0..1 + dice.below(rounds) {
        hurt(&mut dice, &mut bytes, seeds);
        bytes.truncate(LARGEST);
    }
    bytes
}

fn hurt(dice: &mut Dice, bytes: &mut Vec<u8>, seeds: &[Vec<u8>]) {
    let length = bytes.len();
    match dice.below(11) {
        0 => flip(dice, bytes),
        1 => {
            let at = dice.below(length);
            let byte = dice.one(BYTES);
            bytes.splice(at..(at + 1).min(length), [byte]);
        }
        2 => drop(bytes.drain(dice.range(length, 64))),
        3 => {
            let range = dice.range(length, 256);
            let copy = bytes[range].to_vec();
            let at = dice.below(length + 1);
            bytes.splice(at..at, copy);
        }
        4 => splice(dice, bytes, seeds),
        5 => bytes.truncate(dice.below(length + 1)),
        6 | 7 => number(dice, bytes),
        8 => digits(dice, bytes),
        9 => repeat(dice, bytes),
        _ => {
            let at = dice.below(length + 1);
            let word = dice.one(WORDS);
            bytes.splice(at..at, word.bytes());
        }
    }
}

fn flip(dice: &mut Dice, bytes: &mut [u8]) {
    let at = dice.below(bytes.len());
    if let Some(byte) = bytes.get_mut(at) {
        *byte ^= 1 << dice.below(8);
    }
}

/// A part of another seed in place of a part of this one.
fn splice(dice: &mut Dice, bytes: &mut Vec<u8>, seeds: &[Vec<u8>]) {
    let other = &seeds[dice.below(seeds.len())];
    let taken = dice.range(other.len(), other.len());
    let gone = dice.range(bytes.len(), bytes.len());
    bytes.splice(gone, other[taken].iter().copied());
}

/// A length or counter of 1, 2, 4 or 8 bytes, of either byte order, set or moved a little.
fn number(dice: &mut Dice, bytes: &mut [u8]) {
    let size = 1 << dice.below(4);
    if bytes.len() < size {
        return;
    }
    let at = dice.below(bytes.len() - size + 1);
    let field = &mut bytes[at..at + size];
    let big = dice.below(2) == 0;
    let value = match dice.below(3) {
        0 => {
            let mut wide = [0; 8];
            wide[..size].copy_from_slice(field);
            let near = u64::from_le_bytes(wide);
            near.wrapping_add(dice.below(9) as u64).wrapping_sub(4)
        }
        _ => dice.one(NUMBERS),
    };
    if big {
        field.copy_from_slice(&value.to_be_bytes()[8 - size..]);
    } else {
        field.copy_from_slice(&value.to_le_bytes()[..size]);
    }
}

/// A run of decimal digits replaced by a number that is larger, negative or none.
fn digits(dice: &mut Dice, bytes: &mut Vec<u8>) {
    let start = dice.below(bytes.len());
    let Some(from) = (start..bytes.len()).find(|&at| bytes[at].is_ascii_digit()) else {
        return;
    };
    let to = (from..bytes.len())
        .find(|&at| !bytes[at].is_ascii_digit())
        .unwrap_or(bytes.len());
    let word = if dice.below(2) == 0 {
        dice.one(NUMBERS).to_string()
    } else {
        dice.one(WORDS).to_owned()
    };
    bytes.splice(from..to, word.bytes());
}

/// A short part many times over: depth of nesting, number of rows.
fn repeat(dice: &mut Dice, bytes: &mut Vec<u8>) {
    let range = dice.range(bytes.len(), 32);
    let part = bytes[range.clone()].to_vec();
    let times = 1 << dice.below(13);
    bytes.splice(range.end..range.end, part.repeat(times));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_are_the_same_again_and_differ_from_each_other() {
        let seeds = [b"rows: 12,13".to_vec(), Vec::new()];
        let all: Vec<_> = (0..500).map(|n| input("case", &seeds, n)).collect();
        let again: Vec<_> = (0..500).map(|n| input("case", &seeds, n)).collect();
        assert_eq!(all, again);
        let distinct: std::collections::BTreeSet<_> = all.iter().collect();
        assert!(distinct.len() > 300, "{} distinct", distinct.len());
        assert!(all.iter().all(|bytes| bytes.len() <= LARGEST));
        assert_ne!(input("fhir", &seeds, 7), input("case", &seeds, 7));
    }
}
