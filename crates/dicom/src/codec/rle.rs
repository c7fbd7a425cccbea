//! RLE Lossless (DICOM PS3.5, annex G).

use super::{Expect, Fault, Result};

/// Bytes of a header: the number of segments, and 15 offsets.
const HEADER: usize = 64;

/// Whether these bytes begin as a frame does: with the number of segments and where they are.
pub fn is(stream: &[u8]) -> bool {
    let Some(header) = stream.get(..HEADER) else {
        return false;
    };
    let (words, _) = header.as_chunks::<4>();
    let word = |at: usize| u32::from_le_bytes(words[at]) as usize;
    let places: Vec<usize> = (1..words.len()).map(word).take(word(0)).collect();
    (1..words.len()).contains(&word(0))
        && places[0] == HEADER
        && places.is_sorted()
        && places.iter().all(|place| *place < stream.len())
}

/// Decodes one frame to little-endian samples, pixel by pixel.
pub fn decode(stream: &[u8], expect: Expect) -> Result<Vec<u8>> {
    let (words, _) = stream.get(..HEADER).ok_or(Fault::Damaged)?.as_chunks::<4>();
    let word = |at: usize| u32::from_le_bytes(words[at]) as usize;
    let bytes = usize::from(expect.allocated / 8);
    let segments = expect.samples * bytes;
    if word(0) != segments || segments >= words.len() {
        return Err(Fault::Size);
    }
    let pixels = expect.rows * expect.columns;
    // Two bytes give 128 at most.
    if pixels * segments > stream.len() * 64 {
        return Err(Fault::Damaged);
    }
    let mut out = vec![0; pixels * segments];
    for segment in 0..segments {
        let end = if segment + 1 < segments {
            word(segment + 2)
        } else {
            stream.len()
        };
        let packed = stream.get(word(segment + 1)..end).ok_or(Fault::Damaged)?;
        // Segments go from the most to the least significant byte of each sample.
        let (sample, byte) = (segment / bytes, bytes - 1 - segment % bytes);
        let places = out.iter_mut().skip(sample * bytes + byte).step_by(segments);
        unpack(packed, places, pixels)?;
    }
    Ok(out)
}

/// Unpacks bytes as PackBits does (G.3.2). What is beyond the frame is padding.
fn unpack<'a>(
    packed: &[u8],
    mut places: impl Iterator<Item = &'a mut u8>,
    mut left: usize,
) -> Result<()> {
    let mut at = 0;
    while left > 0 {
        let code = *packed.get(at).ok_or(Fault::Damaged)?;
        at += 1;
        match code {
            0..=127 => {
                let run = packed.get(at..).ok_or(Fault::Damaged)?;
                let length = usize::from(code) + 1;
                let length = length.min(left);
                let run = run.get(..length).ok_or(Fault::Damaged)?;
                places
                    .by_ref()
                    .zip(run)
                    .take(length)
                    .for_each(|(place, byte)| *place = *byte);
                at += usize::from(code) + 1;
                left -= length;
            }
            128 => {}
            129.. => {
                let byte = *packed.get(at).ok_or(Fault::Damaged)?;
                let length = (257 - usize::from(code)).min(left);
                places.by_ref().take(length).for_each(|place| *place = byte);
                at += 1;
                left -= length;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(stream: &[u8], samples: usize, allocated: u16, expect: Result<&[u8]>) {
        let frame = Expect {
            rows: 1,
            columns: 3,
            samples,
            allocated,
        };
        assert_eq!(
            decode(stream, frame).as_deref(),
            expect.as_ref().map(|b| *b)
        );
    }

    fn framed(segments: &[&[u8]]) -> Vec<u8> {
        let mut out = (segments.len() as u32).to_le_bytes().to_vec();
        let mut at = 64u32;
        for segment in segments {
            out.extend(at.to_le_bytes());
            at += segment.len() as u32;
        }
        out.resize(64, 0);
        [out, segments.concat()].concat()
    }

    #[test]
    fn bytes_find_their_places() {
        check(&framed(&[&[2, 1, 2, 3]]), 1, 8, Ok(&[1, 2, 3]));
        check(&framed(&[&[254, 7]]), 1, 8, Ok(&[7, 7, 7]));
        check(&framed(&[&[128, 0, 9, 255, 4, 0]]), 1, 8, Ok(&[9, 4, 4]));
        let high_low: [&[u8]; 2] = [&[254, 1], &[2, 10, 11, 12]];
        check(&framed(&high_low), 1, 16, Ok(&[10, 1, 11, 1, 12, 1]));
        let colours: [&[u8]; 3] = [&[254, 1], &[254, 2], &[254, 3]];
        check(&framed(&colours), 3, 8, Ok(&[1, 2, 3, 1, 2, 3, 1, 2, 3]));
    }

    #[test]
    fn damage_is_told() {
        check(&[0; 10], 1, 8, Err(Fault::Damaged));
        check(&framed(&[&[1, 1, 2]]), 1, 8, Err(Fault::Damaged));
        check(&framed(&[&[254]]), 1, 8, Err(Fault::Damaged));
        check(&framed(&[&[254, 1]]), 1, 16, Err(Fault::Size));
        let mut beyond = framed(&[&[254, 1]]);
        beyond[4] = 200;
        check(&beyond, 1, 8, Err(Fault::Damaged));
    }
}
