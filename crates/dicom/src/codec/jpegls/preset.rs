//! Parameters of a JPEG-LS scan.

use crate::codec::{Fault, Result};

/// What a segment of preset parameters states; 0 where a default holds (C.2.4.1).
#[derive(Default)]
pub struct Stated {
    most: i32,
    thresholds: [i32; 3],
    reset: i32,
}

impl Stated {
    /// Reads a segment. Mapping tables and extended sizes are refused: DICOM has neither.
    pub fn parse(&mut self, segment: &[u8]) -> Result<()> {
        let (&kind, rest) = segment.split_first().ok_or(Fault::Damaged)?;
        if kind != 1 {
            return Err(Fault::Unsupported);
        }
        let numbers = rest.first_chunk::<10>().ok_or(Fault::Damaged)?;
        let number = |i: usize| i32::from(u16::from_be_bytes([numbers[2 * i], numbers[2 * i + 1]]));
        self.most = number(0);
        self.thresholds = [number(1), number(2), number(3)];
        self.reset = number(4);
        Ok(())
    }
}

/// The parameters that hold for a scan.
pub struct Preset {
    /// The greatest sample, `MAXVAL`.
    pub most: i32,
    /// The greatest difference between a sample and its original, `NEAR`.
    pub near: i32,
    /// The step between errors: `2 NEAR + 1`.
    pub step: i32,
    /// Bits of an error, `qbpp`.
    pub length: u8,
    /// The longest code, `LIMIT`.
    pub limit: i32,
    /// Samples after which a context's counts are halved, `RESET`.
    pub reset: i32,
    range: i32,
    thresholds: [i32; 3],
}

impl Preset {
    /// Fills in the defaults, C.2.4.1.1.
    pub fn new(precision: u8, near: i32, stated: &Stated) -> Result<Self> {
        let highest = (1 << precision) - 1;
        let most = if stated.most == 0 {
            highest
        } else {
            stated.most
        };
        if most > highest || near > (most / 2).min(255) {
            return Err(Fault::Damaged);
        }
        let step = 2 * near + 1;
        let range = (most + 2 * near) / step + 1;
        let bits = bits_of(most + 1).max(2);
        let reset = if stated.reset == 0 { 64 } else { stated.reset };
        let mut thresholds = defaults(most, near);
        for (threshold, stated) in thresholds.iter_mut().zip(stated.thresholds) {
            if stated != 0 {
                *threshold = stated;
            }
        }
        let ordered = near < thresholds[0] && thresholds.is_sorted() && thresholds[2] <= most;
        if !ordered || !(3..=highest.max(255)).contains(&reset) {
            return Err(Fault::Damaged);
        }
        Ok(Self {
            most,
            near,
            step,
            length: bits_of(range) as u8,
            limit: 2 * (bits + bits.max(8)),
            reset,
            range,
            thresholds,
        })
    }

    /// What the counts of all contexts begin with, A.8.
    pub fn start(&self) -> i32 {
        ((self.range + 32) / 64).max(2)
    }

    /// The context of a sample, 0 in a flat neighbourhood, and whether its sign is turned
    /// (A.3.3, A.3.4).
    pub fn context(&self, [a, b, c, d]: [i32; 4]) -> (usize, bool) {
        let part = |difference: i32| self.quantise(difference);
        let number = 81 * part(d - b) + 9 * part(b - c) + part(c - a);
        (number.unsigned_abs() as usize, number < 0)
    }

    fn quantise(&self, difference: i32) -> i32 {
        let size = difference.abs();
        let [low, middle, high] = self.thresholds;
        let part = if size <= self.near {
            0
        } else if size < low {
            1
        } else if size < middle {
            2
        } else if size < high {
            3
        } else {
            4
        };
        part * difference.signum()
    }

    /// A sample from its prediction and error, A.4.4 and A.4.5 backwards.
    pub fn rebuild(&self, guess: i32, error: i32) -> i32 {
        let sample = guess + error * self.step;
        let around = self.range * self.step;
        let sample = if sample < -self.near {
            sample + around
        } else if sample > self.most + self.near {
            sample - around
        } else {
            sample
        };
        sample.clamp(0, self.most)
    }
}

/// The logarithm to base 2, rounded up.
fn bits_of(number: i32) -> i32 {
    (u32::BITS - (number - 1).leading_zeros()) as i32
}

fn defaults(most: i32, near: i32) -> [i32; 3] {
    let clamp = |value: i32, least: i32| {
        if value > most || value < least {
            least
        } else {
            value
        }
    };
    let raw = if most >= 128 {
        let factor = (most.min(4095) + 128) / 256;
        [
            factor + 2 + 3 * near,
            factor * 4 + 3 + 5 * near,
            factor * 17 + 4 + 7 * near,
        ]
    } else {
        let factor = 256 / (most + 1);
        [
            (3 / factor + 3 * near).max(2),
            (7 / factor + 5 * near).max(3),
            (21 / factor + 7 * near).max(4),
        ]
    };
    let low = clamp(raw[0], near + 1);
    let middle = clamp(raw[1], low);
    [low, middle, clamp(raw[2], middle)]
}
