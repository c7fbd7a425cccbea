//! Bits of entropy-coded segments (T.81, F.2.2.5).

use crate::codec::{Fault, Result};

/// Bits that may be missing at a scan's end.
const MISSING: usize = 64;

/// Reads bits, most significant first. Behind a byte of ones stands a stuffed byte of zeros.
pub struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
    held: u64,
    count: u32,
    missing: usize,
}

impl<'a> Bits<'a> {
    /// From the first byte behind a scan header.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            at: 0,
            held: 0,
            count: 0,
            missing: 0,
        }
    }

    fn fill(&mut self) -> Result<()> {
        while self.count <= 48 {
            let byte = match (self.bytes.get(self.at), self.bytes.get(self.at + 1)) {
                (Some(0xFF), Some(0)) => {
                    self.at += 2;
                    0xFF
                }
                (Some(0xFF), _) | (None, _) => {
                    self.missing += 8;
                    if self.missing > MISSING + self.count as usize {
                        return Err(Fault::Damaged);
                    }
                    0
                }
                (Some(byte), _) => {
                    self.at += 1;
                    *byte
                }
            };
            self.held = self.held << 8 | u64::from(byte);
            self.count += 8;
        }
        Ok(())
    }

    /// The next bits, up to 16, without taking them.
    pub fn peek(&mut self, bits: u32) -> Result<u32> {
        if self.count < bits {
            self.fill()?;
        }
        Ok((self.held >> (self.count - bits)) as u32 & ((1 << bits) - 1))
    }

    /// Takes bits that were looked at.
    pub fn skip(&mut self, bits: u32) {
        self.count -= bits;
    }

    /// A number of some bits, whose first tells the sign (F.2.2.1).
    pub fn number(&mut self, bits: u32) -> Result<i32> {
        if bits == 0 {
            return Ok(0);
        }
        let raw = self.peek(bits)? as i32;
        self.skip(bits);
        let half = 1 << (bits - 1);
        Ok(if raw < half { raw - 2 * half + 1 } else { raw })
    }

    /// Goes behind the next restart marker.
    pub fn restart(&mut self) -> Result<()> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let marker = |pair: &[u8]| pair[0] == 0xFF && matches!(pair[1], 0xD0..=0xD7);
        let found = rest.windows(2).position(marker).ok_or(Fault::Damaged)?;
        *self = Self::new(&self.bytes[self.at + found + 2..]);
        Ok(())
    }
}
