//! Feeds the reader with damaged copies of files, on any toolchain:
//!
//! `mutate COUNT SEED FOLDER…`
//!
//! The same arguments give the same inputs. It ends with what was met: how many inputs were
//! read and decoded, the slowest, the most memory, and where panics were caught. A promise
//! that is broken ends it at once.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "an example reads the folders that it is given and looks at the clock"
)]

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use spinemed_dicom::series::{adapted_limit, assemble, choose};
use spinemed_dicom::{DicomError, Setting, decode_native, picture, read};

static PANICS: Mutex<BTreeMap<String, u64>> = Mutex::new(BTreeMap::new());

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [count, seed, folders @ ..] = arguments.as_slice() else {
        return Err("usage: mutate COUNT SEED FOLDER…".into());
    };
    let (count, seed): (u64, u64) = (count.parse()?, seed.parse()?);
    let mut files = Vec::new();
    for folder in folders {
        let mut paths: Vec<_> = std::fs::read_dir(folder)?
            .flatten()
            .map(|e| e.path())
            .collect();
        paths.sort();
        for path in paths.iter().filter(|path| path.is_file()) {
            files.push(std::fs::read(path)?);
        }
    }
    std::panic::set_hook(Box::new(|info| {
        let place = info
            .location()
            .map_or_else(String::new, ToString::to_string);
        *PANICS
            .lock()
            .expect("no panic holds it")
            .entry(place)
            .or_default() += 1;
    }));
    let mut random = Random(seed | 1);
    let mut tally = Tally::default();
    for number in 0..count {
        let input = mutated(&files, &mut random);
        let began = Instant::now();
        tally.count(&input);
        let took = began.elapsed();
        if took > tally.slowest {
            tally.slowest = took;
            if took > Duration::from_secs(2) {
                std::fs::write(format!("slow-{seed}-{number}.dcm"), &input)?;
            }
        }
        if number % 1_000_000 == 999_999 {
            tally.tell(number + 1);
        }
    }
    tally.tell(count);
    Ok(())
}

#[derive(Default)]
struct Tally {
    read: u64,
    decoded: u64,
    shown: u64,
    slowest: Duration,
    reasons: BTreeMap<String, u64>,
}

impl Tally {
    fn count(&mut self, input: &[u8]) {
        let object = match read(input) {
            Ok(object) => object,
            Err(error) => return self.reason(&error),
        };
        self.read += 1;
        match decode_native(&object) {
            Ok(native) => {
                self.decoded += 1;
                let sides = native.rows as usize * native.columns as usize;
                let sample = usize::from(native.bits_allocated / 8);
                let samples = sides * usize::from(native.samples) * native.frames as usize;
                assert_eq!(
                    native.data.len(),
                    samples * sample,
                    "a frame of another size"
                );
            }
            Err(error) => self.reason(&error),
        }
        if let Ok(picture) = picture(&object, 1, Setting::Usual) {
            self.shown += 1;
            let sides = picture.grey.width as usize * picture.grey.height as usize;
            assert_eq!(
                picture.grey.pixels.len(),
                sides,
                "a picture of another size"
            );
        }
        let assembled = assemble(&[&object]);
        let limit = adapted_limit(&assembled.series);
        assert!(choose(&assembled.series, &[], limit).len() <= 25);
    }

    fn reason(&mut self, error: &DicomError) {
        *self.reasons.entry(kind(error)).or_default() += 1;
    }

    fn tell(&self, count: u64) {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let memory = status
            .lines()
            .find(|line| line.starts_with("VmHWM"))
            .unwrap_or("");
        println!(
            "{count} inputs: {} read, {} decoded, {} shown, slowest {} ms, {memory}",
            self.read,
            self.decoded,
            self.shown,
            self.slowest.as_millis()
        );
        for (reason, count) in &self.reasons {
            println!("  {count:9} {reason}");
        }
        for (place, count) in &*PANICS.lock().expect("no panic holds it") {
            println!("  {count:9} panics caught at {place}");
        }
    }
}

/// The error without its numbers.
fn kind(error: &DicomError) -> String {
    let text = format!("{error:?}");
    text.split([' ', '{']).next().unwrap_or_default().to_owned()
}

/// Marsaglia's xorshift.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit.max(1)
    }
}

fn mutated(files: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut bytes = files[random.below(files.len())].clone();
    for _ in 0..=random.below(4) {
        if bytes.is_empty() {
            break;
        }
        let at = random.below(bytes.len());
        match random.below(9) {
            0 => bytes[at] ^= 1 << random.below(8),
            1 => bytes[at] = random.below(256) as u8,
            2 => bytes[at] = [0, 0xFF, 0x7F, 0x80][random.below(4)],
            3 => {
                let word = [u32::MAX, 0, 0x7FFF_FFFF, 0xFFFF, 1 << 20][random.below(5)];
                for (place, byte) in bytes[at..].iter_mut().zip(word.to_le_bytes()) {
                    *place = byte;
                }
            }
            4 => bytes.truncate(at),
            5 => {
                let end = at + random.below(64.min(bytes.len() - at) + 1);
                bytes.drain(at..end);
            }
            6 => {
                let end = at + random.below(64.min(bytes.len() - at) + 1);
                let copy = bytes[at..end].to_vec();
                let to = random.below(bytes.len());
                bytes.splice(to..to, copy);
            }
            7 => {
                let other = &files[random.below(files.len())];
                let from = random.below(other.len());
                let until = (from + random.below(128)).min(other.len());
                bytes.splice(at..at, other[from..until].to_vec());
            }
            _ => {
                let other = &files[random.below(files.len())];
                let from = random.below(other.len());
                bytes.truncate(at);
                bytes.extend(&other[from..]);
            }
        }
    }
    bytes
}
