//! Tables, and what a scan header says (T.81, B.2.3 and B.2.4).

use super::bits::Bits;
use super::frame::Frame;
use super::huffman::Huffman;
use crate::codec::{Fault, Result};

/// Tables that hold until others take their place.
#[derive(Default)]
pub struct Tables {
    /// Huffman tables of class 0 (DC, lossless) and 1 (AC).
    huffman: [[Option<Huffman>; 4]; 2],
    /// Quantisation steps, in zigzag order.
    quantisation: [Option<[u16; 64]>; 4],
    restart: usize,
}

impl Tables {
    /// Reads Huffman tables.
    pub fn huffman(&mut self, mut segment: &[u8]) -> Result<()> {
        while let Some((place, rest)) = segment.split_first() {
            let (counts, rest) = rest.split_first_chunk::<16>().ok_or(Fault::Damaged)?;
            let (table, taken) = Huffman::new(counts, rest)?;
            let class = usize::from(place >> 4);
            let class = self.huffman.get_mut(class).ok_or(Fault::Damaged)?;
            *class
                .get_mut(usize::from(place & 15))
                .ok_or(Fault::Damaged)? = Some(table);
            segment = &rest[taken..];
        }
        Ok(())
    }

    /// Reads quantisation tables.
    pub fn quantisation(&mut self, mut segment: &[u8]) -> Result<()> {
        while let Some((place, rest)) = segment.split_first() {
            let wide = place >> 4 != 0;
            let size = if wide { 128 } else { 64 };
            let (steps, rest) = rest.split_at_checked(size).ok_or(Fault::Damaged)?;
            let mut table = [0; 64];
            for (at, step) in table.iter_mut().enumerate() {
                *step = if wide {
                    u16::from_be_bytes([steps[2 * at], steps[2 * at + 1]])
                } else {
                    u16::from(steps[at])
                };
            }
            let place = self.quantisation.get_mut(usize::from(place & 15));
            *place.ok_or(Fault::Damaged)? = Some(table);
            segment = rest;
        }
        Ok(())
    }

    /// Reads the restart interval.
    pub fn restart(&mut self, segment: &[u8]) -> Result<()> {
        let bytes = segment.first_chunk::<2>().ok_or(Fault::Damaged)?;
        self.restart = u16::from_be_bytes(*bytes).into();
        Ok(())
    }

    /// A component's quantisation steps.
    fn steps(&self, at: usize) -> Option<&[u16; 64]> {
        self.quantisation.get(at)?.as_ref()
    }
}

/// A component in a scan.
pub struct Part<'a> {
    /// Its place among the frame's.
    pub component: usize,
    /// The table of DC coefficients, or of differences.
    pub first: &'a Huffman,
    /// The table of AC coefficients; none of lossless processes.
    pub others: Option<&'a Huffman>,
    /// Quantisation steps; none of lossless processes.
    pub steps: Option<&'a [u16; 64]>,
}

/// A scan, ready to decode.
pub struct Scan<'a> {
    /// Its components.
    pub components: Vec<Part<'a>>,
    /// Start of spectral selection, or the predictor.
    pub selection: u8,
    /// Successive approximation, or the point transform.
    pub transform: u8,
    /// Units between restarts; 0 for none.
    pub restart: usize,
    entropy: &'a [u8],
}

impl<'a> Scan<'a> {
    /// Reads the header; `entropy` is what follows it.
    pub fn parse(
        segment: &[u8],
        frame: &Frame,
        tables: &'a Tables,
        entropy: &'a [u8],
    ) -> Result<Self> {
        let (&count, rest) = segment.split_first().ok_or(Fault::Damaged)?;
        let (parts, last) = rest
            .split_at_checked(2 * usize::from(count))
            .ok_or(Fault::Damaged)?;
        let &[selection, _, approximation] = last.first_chunk::<3>().ok_or(Fault::Damaged)?;
        let table = |class: usize, at: u8| tables.huffman[class].get(usize::from(at))?.as_ref();
        let mut components = Vec::new();
        for [id, places] in parts.as_chunks::<2>().0 {
            let component = frame.components.iter().position(|c| c.id == *id);
            let component = component.ok_or(Fault::Damaged)?;
            components.push(Part {
                component,
                first: table(0, places >> 4).ok_or(Fault::Damaged)?,
                others: table(1, places & 15),
                steps: tables.steps(frame.components[component].table),
            });
        }
        if components.is_empty() {
            return Err(Fault::Damaged);
        }
        Ok(Self {
            components,
            selection,
            transform: approximation & 15,
            restart: tables.restart,
            entropy,
        })
    }

    /// The bits behind the header.
    pub fn bits(&self) -> Bits<'a> {
        Bits::new(self.entropy)
    }
}
