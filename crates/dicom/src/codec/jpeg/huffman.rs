//! Huffman codes (T.81, C.2 and F.2.2.3).

use super::bits::Bits;
use crate::codec::{Fault, Result};

const SHORT: u32 = 9;
const LONGEST: u32 = 16;

/// A table, ready to decode.
#[derive(Clone)]
pub struct Huffman {
    /// By the next bits: value and length of a short code; length 0 for others.
    short: Vec<(u8, u8)>,
    /// By length: the first code behind those of the length, filled up to 16 bits.
    ends: [u32; LONGEST as usize + 1],
    /// By length: what is added to a code to give the number of its value.
    offsets: [i32; LONGEST as usize + 1],
    values: Vec<u8>,
}

impl Huffman {
    /// From the numbers of codes of each length and their values; also how many bytes of
    /// `values` belong to it.
    pub fn new(counts: &[u8; 16], values: &[u8]) -> Result<(Self, usize)> {
        let all: usize = counts.iter().map(|count| usize::from(*count)).sum();
        let values = values.get(..all).ok_or(Fault::Damaged)?;
        let mut table = Self {
            short: vec![(0, 0); 1 << SHORT],
            ends: [0; 17],
            offsets: [0; 17],
            values: values.to_vec(),
        };
        let (mut code, mut at) = (0u32, 0usize);
        for (length, count) in (1..=LONGEST).zip(counts) {
            table.offsets[length as usize] = at as i32 - code as i32;
            for value in &values[at..at + usize::from(*count)] {
                if code >= 1 << length {
                    return Err(Fault::Damaged);
                }
                if length <= SHORT {
                    let from = (code << (SHORT - length)) as usize;
                    let until = from + (1 << (SHORT - length));
                    table.short[from..until].fill((*value, length as u8));
                }
                code += 1;
            }
            at += usize::from(*count);
            table.ends[length as usize] = code << (LONGEST - length);
            code <<= 1;
        }
        Ok((table, all))
    }

    /// The next value.
    pub fn decode(&self, bits: &mut Bits<'_>) -> Result<u8> {
        let next = bits.peek(LONGEST)?;
        let (value, length) = self.short[(next >> (LONGEST - SHORT)) as usize];
        if length > 0 {
            bits.skip(length.into());
            return Ok(value);
        }
        for length in SHORT + 1..=LONGEST {
            if next < self.ends[length as usize] {
                bits.skip(length);
                let code = (next >> (LONGEST - length)) as i32;
                let at = usize::try_from(code + self.offsets[length as usize]);
                let value = at.ok().and_then(|at| self.values.get(at));
                return value.copied().ok_or(Fault::Damaged);
            }
        }
        Err(Fault::Damaged)
    }
}
