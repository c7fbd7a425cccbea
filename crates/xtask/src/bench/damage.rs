//! Odd PDF files from sound ones. Damage number N of a file is the same on every machine.

use std::ops::Range;

/// The kinds of damage, in the order of their numbers.
pub const KINDS: [&str; 10] = [
    "bits flipped",
    "cut off",
    "objects swapped",
    "stream lengths that lie",
    "cross-references damaged",
    "pages repeated",
    "references bent",
    "streams damaged",
    "numbers out of range",
    "parts moved",
];
/// The largest file that is made, in bytes.
const LARGEST: usize = 32 << 20;
/// Numbers that sizes, counters and lengths trip over.
const NUMBERS: [&str; 8] = [
    "0",
    "-1",
    "1",
    "65536",
    "2147483647",
    "4294967296",
    "99999999999999999999",
    "1e38",
];

/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
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
}

/// A damaged copy of a file, and the kind of damage.
pub fn damaged(name: &str, whole: &[u8], number: usize) -> (Vec<u8>, &'static str) {
    let salt = name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let mut dice = Dice(salt ^ number as u64);
    let mut bytes = whole.to_vec();
    let kind = number % KINDS.len();
    let times = 1 + dice.below(8);
    match kind {
        0 => flip(&mut dice, &mut bytes, 0..usize::MAX, 1 << times),
        1 => bytes.truncate(dice.below(whole.len() + 1)),
        2 => (0..times).for_each(|_| swap(&mut dice, &mut bytes)),
        3 => (0..times).for_each(|_| number_after(&mut dice, &mut bytes, b"/Length")),
        4 => cross_references(&mut dice, &mut bytes),
        5 => repeat_pages(&mut dice, &mut bytes),
        6 => (0..times).for_each(|_| bend(&mut dice, &mut bytes)),
        7 => (0..times).for_each(|_| stream(&mut dice, &mut bytes)),
        8 => {
            let keys: [&[u8]; 6] = [
                b"/Count",
                b"/Width",
                b"/BBox",
                b"/MediaBox",
                b"/N",
                b"/First",
            ];
            for _ in 0..times {
                let key = keys[dice.below(keys.len())];
                number_after(&mut dice, &mut bytes, key);
            }
        }
        _ => (0..times).for_each(|_| shift(&mut dice, &mut bytes)),
    }
    bytes.truncate(LARGEST);
    (bytes, KINDS[kind])
}

/// Where a word stands.
fn places(bytes: &[u8], word: &[u8]) -> Vec<usize> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = bytes[from..].windows(word.len()).position(|w| w == word) {
        found.push(from + at);
        from += at + word.len();
    }
    found
}

fn flip(dice: &mut Dice, bytes: &mut [u8], range: Range<usize>, times: usize) {
    let range = range.start..range.end.min(bytes.len());
    for _ in 0..times {
        let at = range.start + dice.below(range.len());
        if let Some(byte) = bytes.get_mut(at) {
            *byte ^= 1 << dice.below(8);
        }
    }
}

/// The bodies of objects, from behind `obj` to before `endobj` (ISO 32000-1, 7.3.10).
fn bodies(bytes: &[u8]) -> Vec<Range<usize>> {
    let ends = places(bytes, b"endobj");
    let mut from = 0;
    let mut found = Vec::new();
    for end in ends {
        if let Some(at) = bytes[from..end]
            .windows(5)
            .position(|w| w == b" obj\n" || w == b" obj\r")
        {
            found.push(from + at + 4..end);
        }
        from = end + 6;
    }
    found
}

fn swap(dice: &mut Dice, bytes: &mut Vec<u8>) {
    let bodies = bodies(bytes);
    let (one, two) = (dice.below(bodies.len()), dice.below(bodies.len()));
    let (Some(one), Some(two)) = (bodies.get(one.min(two)), bodies.get(one.max(two))) else {
        return;
    };
    if one == two {
        return;
    }
    let (a, b) = (bytes[one.clone()].to_vec(), bytes[two.clone()].to_vec());
    bytes.splice(two.clone(), a);
    bytes.splice(one.clone(), b);
}

/// Another number in place of the first one behind a key.
fn number_after(dice: &mut Dice, bytes: &mut Vec<u8>, key: &[u8]) {
    let places = places(bytes, key);
    let Some(&at) = places.get(dice.below(places.len())) else {
        return flip(dice, bytes, 0..usize::MAX, 4);
    };
    let start = at + key.len();
    let is_digit = |i: &usize| bytes[*i].is_ascii_digit();
    let near = start..(start + 24).min(bytes.len());
    let Some(from) = near.clone().find(is_digit) else {
        return;
    };
    let to = (from..bytes.len()).find(|i| !is_digit(i)).unwrap_or(from);
    let number = NUMBERS[dice.below(NUMBERS.len())];
    bytes.splice(from..to, number.bytes());
}

/// Digits of the cross-reference table and of the offset to it.
fn cross_references(dice: &mut Dice, bytes: &mut Vec<u8>) {
    let Some(&table) = places(bytes, b"xref").first() else {
        return;
    };
    if dice.below(3) == 0 {
        return number_after(dice, bytes, b"startxref");
    }
    for _ in 0..1 + dice.below(64) {
        let from = table + dice.below((bytes.len() - table).min(40_000));
        let Some(at) = (from..bytes.len()).find(|&i| bytes[i].is_ascii_digit()) else {
            return;
        };
        bytes[at] = b'0' + dice.below(10) as u8;
    }
}

/// The kids of a node of the page tree, thousands of times.
fn repeat_pages(dice: &mut Dice, bytes: &mut Vec<u8>) {
    let kids = places(bytes, b"/Kids");
    let Some(&at) = kids.get(dice.below(kids.len())) else {
        return swap(dice, bytes);
    };
    let open = bytes[at..]
        .iter()
        .position(|&b| b == b'[')
        .map(|n| at + n + 1);
    let close = bytes[at..].iter().position(|&b| b == b']').map(|n| at + n);
    if let (Some(open), Some(close)) = (open, close)
        && open < close
    {
        let mut part = bytes[open..close].to_vec();
        part.push(b' ');
        let times = 1 << dice.below(12);
        bytes.splice(close..close, part.repeat(times));
    }
}

/// A reference to another object, the root of a cycle as likely as not.
fn bend(dice: &mut Dice, bytes: &mut Vec<u8>) {
    let all = places(bytes, b" 0 R");
    let Some(&at) = all.get(dice.below(all.len())) else {
        return flip(dice, bytes, 0..usize::MAX, 4);
    };
    let digits = bytes[..at].iter().rev().take_while(|b| b.is_ascii_digit());
    let from = at - digits.count();
    let other = dice.below(all.len() + 2).to_string();
    bytes.splice(from..at, other.bytes());
}

fn stream(dice: &mut Dice, bytes: &mut [u8]) {
    let starts = places(bytes, b"stream");
    let Some(&at) = starts.get(dice.below(starts.len())) else {
        return;
    };
    let range = at + 8..(at + 8 + 400).min(bytes.len());
    if range.start < range.end {
        let times = 1 + dice.below(24);
        flip(dice, bytes, range, times);
    }
}

/// A part is taken out here and put in there.
fn shift(dice: &mut Dice, bytes: &mut Vec<u8>) {
    let from = dice.below(bytes.len());
    let to = (from + dice.below(4_096)).min(bytes.len());
    let part: Vec<u8> = bytes.drain(from..to).collect();
    let at = dice.below(bytes.len() + 1);
    bytes.splice(at..at, part);
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &[u8] = b"%PDF-1.4\n1 0 obj\n<< /Kids [2 0 R] /Count 1 >>\nendobj\n\
        2 0 obj\n<< /Length 30 >>\nstream\n0123456789012345678901234567890123\nendstream\nendobj\n\
        xref\n0 3\n0000000000 65535 f\n0000000009 00000 n\ntrailer\nstartxref\n151\n%%EOF\n";

    #[test]
    fn damage_is_the_same_again_and_of_every_kind() {
        for number in 0..200 {
            let (bytes, kind) = damaged("a.pdf", SOUND, number);
            assert_eq!(damaged("a.pdf", SOUND, number).0, bytes);
            assert_eq!(kind, KINDS[number % 10]);
        }
        for (kind, name) in KINDS.iter().enumerate() {
            let changed = (0..20).any(|n| damaged("a.pdf", SOUND, kind + 10 * n).0 != SOUND);
            assert!(changed, "{name} changes nothing");
        }
    }

    #[test]
    fn files_that_are_none_are_no_trouble() {
        for file in [
            &b""[..],
            b"/Kids",
            b" 0 R",
            b"stream",
            b"xref",
            b"/Length 5",
        ] {
            (0..100).for_each(|n| drop(damaged("a.pdf", file, n)));
        }
    }
}
