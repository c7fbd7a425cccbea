//! Bits of a JPEG-LS scan, and the codes made of them.

use crate::codec::{Fault, Result};

/// Bits that may be missing at a scan's end: encoders leave out trailing ones at most.
const MISSING: usize = 64;

/// Reads bits, most significant first. Behind a byte of ones follows a stuffed zero (A.1).
pub struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
    held: u64,
    count: u32,
    after_ones: bool,
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
            after_ones: false,
            missing: 0,
        }
    }

    /// Bytes up to the marker that ends the scan, as far as they were read.
    pub fn taken(&self) -> usize {
        self.at
    }

    fn fill(&mut self) -> Result<()> {
        while self.count <= 48 {
            let next = self.bytes.get(self.at).copied();
            let marker = self.after_ones && next.is_none_or(|byte| byte >= 0x80);
            match next {
                // A byte of ones before a marker belongs to the marker.
                Some(0xFF) if self.bytes.get(self.at + 1).is_none_or(|byte| *byte >= 0x80) => {
                    self.pad()?;
                }
                Some(byte) if !marker => {
                    let bits = if self.after_ones { 7 } else { 8 };
                    self.held = self.held << bits | u64::from(byte);
                    self.count += bits;
                    self.after_ones = byte == 0xFF;
                    self.at += 1;
                }
                _ => self.pad()?,
            }
        }
        Ok(())
    }

    /// Zeros where the bytes have ended, for as long as they are not taken.
    fn pad(&mut self) -> Result<()> {
        self.missing += 8;
        self.held <<= 8;
        self.count += 8;
        if self.missing > MISSING + self.count as usize {
            return Err(Fault::Damaged);
        }
        Ok(())
    }

    /// One bit.
    pub fn bit(&mut self) -> Result<bool> {
        Ok(self.many(1)? == 1)
    }

    /// Up to 32 bits.
    pub fn many(&mut self, bits: u8) -> Result<u32> {
        let bits = u32::from(bits);
        if self.count < bits {
            self.fill()?;
        }
        self.count -= bits;
        let mask = (1u64 << bits) - 1;
        Ok((self.held >> self.count & mask) as u32)
    }

    /// A Golomb code of limited length, A.5.3.
    pub fn golomb(&mut self, k: u8, limit: i32, length: u8) -> Result<i32> {
        let most = limit - i32::from(length) - 1;
        let mut zeros = 0;
        while !self.bit()? {
            zeros += 1;
            if zeros > most {
                return Err(Fault::Damaged);
            }
        }
        if k > 24 {
            return Err(Fault::Damaged);
        }
        let value = if zeros < most {
            i64::from(zeros) << k | i64::from(self.many(k)?)
        } else {
            i64::from(self.many(length)?) + 1
        };
        i32::try_from(value)
            .ok()
            .filter(|value| *value < 1 << 18)
            .ok_or(Fault::Damaged)
    }
}
