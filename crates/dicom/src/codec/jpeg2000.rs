//! JPEG 2000 (ITU-T T.800) by `hayro-jpeg2000`, and its high-throughput variant (T.814) by
//! `dicom-toolkit-jpeg2000`, a fork of the former that reads nothing else differently.

use super::{Decoded, Expect, Fault, Result};

const CODESTREAM: [u8; 4] = [0xFF, 0x4F, 0xFF, 0x51];
/// The first bytes of a file format around a codestream (T.800, I.5.1).
const BOXED: [u8; 12] = *b"\0\0\0\x0CjP  \r\n\x87\n";
/// Blocks that are coded on their own: each takes memory, whatever is in it. A picture of the
/// greatest size that is read has a quarter of them in blocks of 16 by 16.
const MAX_BLOCKS: usize = 1 << 20;

/// Whether these bytes begin as JPEG 2000 does.
pub fn is(stream: &[u8]) -> bool {
    stream.starts_with(&CODESTREAM) || stream.starts_with(&BOXED)
}

/// Decodes one image to interleaved samples. Colour transforms of the codestream are undone.
pub fn decode(stream: &[u8], expect: Expect) -> Result<Decoded> {
    let stream = unboxed(stream).ok_or(Fault::Damaged)?;
    let header = Header::parse(stream)?;
    expect.check(header.rows, header.columns, header.samples)?;
    if header.blocks() > MAX_BLOCKS {
        return Err(Fault::Unsupported);
    }
    let decoded = if header.high_throughput {
        high_throughput(stream, expect)?
    } else {
        classic(stream, expect)?
    };
    let shift = if header.signed {
        1 << (header.precision - 1)
    } else {
        0
    };
    let most = (1i32 << header.precision) - 1;
    // The library lifts signed samples as if they were not.
    let sample = |value: i32| (value.clamp(0, most) - shift) as u16;
    Ok(Decoded {
        precision: header.precision,
        signed: header.signed,
        samples: decoded.into_iter().map(sample).collect(),
        exact: true,
        ycc: None,
    })
}

fn classic(stream: &[u8], expect: Expect) -> Result<Vec<i32>> {
    use hayro_jpeg2000::{DecodeSettings, DecoderContext, Image};
    let image = Image::new(stream, &DecodeSettings::default()).map_err(|_| Fault::Damaged)?;
    let mut context = DecoderContext::default();
    let decoded = image.decode(&mut context).map_err(|_| Fault::Damaged)?;
    let planes = decoded.components();
    let whole = |plane: &[f32]| plane.len() == expect.rows * expect.columns;
    if planes.len() != expect.samples || !planes.iter().all(|plane| whole(plane.samples())) {
        return Err(Fault::Damaged);
    }
    let mut out = vec![0; expect.len()];
    for (at, plane) in planes.iter().enumerate() {
        let places = out.iter_mut().skip(at).step_by(expect.samples);
        for (place, sample) in places.zip(plane.samples()) {
            *place = sample.round() as i32;
        }
    }
    Ok(out)
}

fn high_throughput(stream: &[u8], expect: Expect) -> Result<Vec<i32>> {
    use dicom_toolkit_jpeg2000::{DecodeSettings, Image};
    let image = Image::new(stream, &DecodeSettings::default()).map_err(|_| Fault::Damaged)?;
    let bitmap = image.decode_native().map_err(|_| Fault::Damaged)?;
    let samples: Vec<i32> = if bitmap.bytes_per_sample == 1 {
        bitmap.data.iter().map(|byte| i32::from(*byte)).collect()
    } else {
        let (words, _) = bitmap.data.as_chunks::<2>();
        words
            .iter()
            .map(|word| i32::from(u16::from_le_bytes(*word)))
            .collect()
    };
    if samples.len() == expect.len() {
        Ok(samples)
    } else {
        Err(Fault::Damaged)
    }
}

/// The codestream itself. DICOM has it bare (PS3.5, A.4.4); files of the file format have
/// been met.
fn unboxed(stream: &[u8]) -> Option<&[u8]> {
    if stream.starts_with(&CODESTREAM) {
        return Some(stream);
    }
    let mut rest = stream;
    loop {
        let (head, _) = rest.split_first_chunk::<8>()?;
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        if &head[4..] == b"jp2c" {
            return rest
                .get(8..)
                .filter(|stream| stream.starts_with(&CODESTREAM));
        }
        rest = rest.get(length.max(8)..)?;
    }
}

/// What the main header says (T.800, A.5 and A.6).
struct Header {
    rows: usize,
    columns: usize,
    samples: usize,
    precision: u8,
    signed: bool,
    high_throughput: bool,
    tile: (usize, usize),
    /// Width and height of the smallest blocks, as exponents of 2.
    block: (u32, u32),
}

impl Header {
    fn parse(stream: &[u8]) -> Result<Self> {
        let mut header = Self::size(segment(stream, 2).ok_or(Fault::Damaged)?)?;
        let mut at = 2;
        while let Some([0xFF, code]) = stream.get(at..at + 2) {
            // A tile begins: the main header ends.
            if *code == 0x90 {
                return Ok(header);
            }
            let segment = segment(stream, at).ok_or(Fault::Damaged)?;
            match code {
                0x50 => header.high_throughput = true,
                0x52 => header.coding(segment.get(5..).ok_or(Fault::Damaged)?, segment[0])?,
                0x53 => {
                    let style = *segment.get(1).ok_or(Fault::Damaged)?;
                    header.coding(segment.get(2..).ok_or(Fault::Damaged)?, style)?;
                }
                _ => {}
            }
            at += 4 + segment.len();
        }
        Err(Fault::Damaged)
    }

    /// Image and tile size, A.5.1.
    fn size(segment: &[u8]) -> Result<Self> {
        let fixed = segment.first_chunk::<36>().ok_or(Fault::Damaged)?;
        let word = |at: usize| {
            u32::from_be_bytes([fixed[at], fixed[at + 1], fixed[at + 2], fixed[at + 3]]) as usize
        };
        let samples = usize::from(u16::from_be_bytes([fixed[34], fixed[35]]));
        let (parts, _) = segment[36..].as_chunks::<3>();
        let parts = parts.get(..samples).ok_or(Fault::Damaged)?;
        let &[depth, ..] = parts.first().ok_or(Fault::Damaged)?;
        // Samples of one depth, and none at coarser places.
        let precision = (depth & 0x7F) + 1;
        if precision > 16 || parts.iter().any(|part| *part != [depth, 1, 1]) {
            return Err(Fault::Unsupported);
        }
        Ok(Self {
            rows: word(6).saturating_sub(word(14)),
            columns: word(2).saturating_sub(word(10)),
            samples,
            precision,
            signed: depth & 0x80 != 0,
            high_throughput: false,
            tile: (word(18).max(1), word(22).max(1)),
            block: (10, 10),
        })
    }

    /// Coding style, from the number of decompositions on; A.6.1, A.6.2.
    fn coding(&mut self, style: &[u8], flags: u8) -> Result<()> {
        let &[_, width, height, _, _, ref precincts @ ..] = style else {
            return Err(Fault::Damaged);
        };
        let (width, height) = (u32::from(width & 15) + 2, u32::from(height & 15) + 2);
        self.block = (self.block.0.min(width), self.block.1.min(height));
        if flags & 1 != 0 {
            for precinct in precincts {
                // A subband has half of a precinct's sides.
                let half = |exponent: u8| u32::from(exponent).saturating_sub(1);
                let (width, height) = (half(precinct & 15), half(precinct >> 4));
                self.block = (self.block.0.min(width), self.block.1.min(height));
            }
        }
        Ok(())
    }

    /// At most so many blocks, all tiles and subbands together.
    fn blocks(&self) -> usize {
        let parts = |whole: usize, tile: usize, block: u32| {
            let tiles = whole.div_ceil(tile);
            tiles.saturating_mul(tile.min(whole).div_ceil(1 << block) + 1)
        };
        let across = parts(self.columns, self.tile.0, self.block.0);
        let down = parts(self.rows, self.tile.1, self.block.1);
        across.saturating_mul(down).saturating_mul(self.samples)
    }
}

/// What follows a marker and its length.
fn segment(stream: &[u8], marker: usize) -> Option<&[u8]> {
    let length = stream.get(marker + 2..marker + 4)?;
    let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
    stream
        .get(marker + 4..marker + 2 + length.max(2))
        .filter(|segment| !segment.is_empty())
}
