//! JPEG (ITU-T T.81): sequential of 8 and 12 bits, and lossless of 2 to 16 bits, with Huffman
//! coding. These are the processes that DICOM has kept; decoders at hand know neither 12 bits
//! nor lossless colours of more than 8.

use super::{Decoded, Expect, Fault, Result};
use frame::Frame;
use scan::Scan;

mod bits;
mod dct;
mod frame;
mod huffman;
mod lossless;
mod scan;

/// The first frame header's marker: it tells the process. `0xF7` is JPEG-LS.
pub fn process(stream: &[u8]) -> Option<u8> {
    Segments::new(stream)
        .map(|(code, _)| code)
        .find(|code| is_frame(*code) || *code == 0xF7)
}

fn is_frame(code: u8) -> bool {
    matches!(code, 0xC0..=0xCF) && !matches!(code, 0xC4 | 0xC8 | 0xCC)
}

/// Decodes one image to interleaved samples, without any change of colours.
pub fn decode(stream: &[u8], process: u8, expect: Expect) -> Result<Decoded> {
    let segment = Segments::new(stream).find(|(code, _)| *code == process);
    let (_, segment) = segment.ok_or(Fault::Damaged)?;
    let frame = Frame::parse(segment)?;
    expect.check(frame.rows, frame.columns, frame.components.len())?;
    let samples = match (process, frame.precision) {
        (0xC0 | 0xC1, 8 | 12) => own(stream, &frame, dct::decode)?,
        (0xC3, 2..=16) => own(stream, &frame, lossless::decode)?,
        _ => return Err(Fault::Unsupported),
    };
    let lossy = process != 0xC3;
    Ok(Decoded {
        precision: frame.precision,
        signed: false,
        samples,
        exact: false,
        ycc: if lossy && frame.components.len() == 3 {
            colours(stream, &frame)
        } else {
            None
        },
    })
}

/// Decodes the scans of a picture one after the other, into one plane per component.
fn own(
    stream: &[u8],
    frame: &Frame,
    decode: fn(&Scan<'_>, &Frame, &mut [Vec<u16>]) -> Result<()>,
) -> Result<Vec<u16>> {
    // A unit of 64 samples takes two bits at least.
    let samples = frame.rows * frame.columns * frame.components.len();
    if samples > stream.len().saturating_mul(256) {
        return Err(Fault::Damaged);
    }
    let mut planes: Vec<Vec<u16>> = frame
        .components
        .iter()
        .map(|component| vec![0; component.width * component.height])
        .collect();
    let mut tables = scan::Tables::default();
    let mut done = 0;
    let mut segments = Segments::new(stream);
    while let Some((code, segment)) = segments.next() {
        match code {
            0xC4 => tables.huffman(segment)?,
            0xDB => tables.quantisation(segment)?,
            0xDD => tables.restart(segment)?,
            0xDA => {
                let entropy = stream.get(segments.at..).unwrap_or_default();
                let scan = Scan::parse(segment, frame, &tables, entropy)?;
                decode(&scan, frame, &mut planes)?;
                done += scan.components.len();
                if done >= frame.components.len() {
                    return Ok(frame.interleave(&planes));
                }
            }
            0xCC => return Err(Fault::Unsupported),
            _ => {}
        }
    }
    Err(Fault::Damaged)
}

/// Whether a lossy stream of three components says that they are luma and colour differences
/// (T.872, 6.5.3; JFIF): by an Adobe marker, a JFIF marker, or component letters.
fn colours(stream: &[u8], frame: &Frame) -> Option<bool> {
    let ids: Vec<u8> = frame
        .components
        .iter()
        .map(|component| component.id)
        .collect();
    let mut jfif = None;
    for (code, segment) in Segments::new(stream).take_while(|(code, _)| *code != 0xDA) {
        match code {
            0xEE if segment.starts_with(b"Adobe") => {
                return segment.get(11).map(|transform| *transform != 0);
            }
            0xE0 if segment.starts_with(b"JFIF\0") => jfif = Some(true),
            _ => {}
        }
    }
    if ids == *b"RGB" { Some(false) } else { jfif }
}

/// The marker segments of a stream, in order. Entropy-coded bytes are passed over.
struct Segments<'a> {
    stream: &'a [u8],
    at: usize,
}

impl<'a> Segments<'a> {
    fn new(stream: &'a [u8]) -> Self {
        let at = if stream.starts_with(&[0xFF, 0xD8]) {
            2
        } else {
            stream.len()
        };
        Self { stream, at }
    }
}

impl<'a> Iterator for Segments<'a> {
    type Item = (u8, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match *self.stream.get(self.at..self.at + 2)? {
                // The end.
                [0xFF, 0xD9] => return None,
                // Codes without a segment, stuffed and fill bytes.
                [0xFF, 0x00 | 0x01 | 0xD0..=0xD8] => self.at += 2,
                [0xFF, 0xFF] => self.at += 1,
                [0xFF, code] => {
                    let length = self.stream.get(self.at + 2..self.at + 4)?;
                    let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
                    let end = self.at + 2 + length.max(2);
                    let segment = self.stream.get(self.at + 4..end)?;
                    self.at = end;
                    return Some((code, segment));
                }
                _ => self.at += 1,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processes_are_told_by_the_frame_header() {
        let stream = |code: u8| {
            let mut stream = vec![0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, code, 0, 11];
            stream.extend([8, 0, 1, 0, 1, 1, 1, 0x11, 0]);
            stream
        };
        for code in [0xC0, 0xC1, 0xC3, 0xF7] {
            assert_eq!(process(&stream(code)), Some(code));
        }
        assert_eq!(process(&stream(0xC4)), None);
        assert_eq!(process(&stream(0xC0)[..12]), None);
        assert_eq!(process(b"RLE"), None);
    }
}
