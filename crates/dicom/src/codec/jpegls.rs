//! JPEG-LS, lossless and near-lossless (ITU-T T.87, ISO/IEC 14495-1).
//!
//! The letters of contexts and neighbours are those of the recommendation: `a` left, `b`
//! above, `c` above left, `d` above right.

use super::{Decoded, Expect, Fault, Result};
use bits::Bits;
use preset::Preset;

mod bits;
mod preset;

/// Orders of run lengths, A.7.1.1.
const ORDERS: [u8; 32] = [
    0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13,
    14, 15,
];
/// Contexts of regular mode, A.3.4.
const CONTEXTS: usize = 365;

/// Decodes one image to interleaved samples.
pub fn decode(stream: &[u8], expect: Expect) -> Result<Decoded> {
    let mut reader = Markers { stream, at: 0 };
    if reader.marker()? != 0xD8 {
        return Err(Fault::Damaged);
    }
    let mut frame = None;
    let mut stated = preset::Stated::default();
    let mut out: Vec<u16> = Vec::new();
    let mut done = 0usize;
    loop {
        match reader.marker()? {
            0xF7 => {
                let found = Frame::parse(reader.segment()?)?;
                expect.check(found.rows, found.columns, found.components.len())?;
                out = vec![0; found.rows * found.columns * found.components.len()];
                frame = Some(found);
            }
            0xF8 => stated.parse(reader.segment()?)?,
            0xDA => {
                let frame = frame.as_ref().ok_or(Fault::Damaged)?;
                let scan = Scan::parse(reader.segment()?, frame)?;
                let preset = Preset::new(frame.precision, scan.near, &stated)?;
                let bits = Bits::new(&stream[reader.at..]);
                reader.at += Coder::new(&preset, bits).scan(frame, &scan, &mut out)?;
                done += scan.components.len();
                if done >= frame.components.len() {
                    return Ok(Decoded {
                        precision: frame.precision,
                        signed: false,
                        samples: out,
                        exact: false,
                        ycc: None,
                    });
                }
            }
            0xD9 => return Err(Fault::Damaged),
            // Application data and comments.
            0xE0..=0xEF | 0xFE => {
                reader.segment()?;
            }
            // Restart intervals, 8-bit mapping and the processes of other standards.
            _ => return Err(Fault::Unsupported),
        }
    }
}

struct Markers<'a> {
    stream: &'a [u8],
    at: usize,
}

impl<'a> Markers<'a> {
    /// The next marker code; bytes before it are fill.
    fn marker(&mut self) -> Result<u8> {
        loop {
            match *self
                .stream
                .get(self.at..self.at + 2)
                .ok_or(Fault::Damaged)?
            {
                [0xFF, code] if code >= 0x80 && code != 0xFF => {
                    self.at += 2;
                    return Ok(code);
                }
                _ => self.at += 1,
            }
        }
    }

    fn segment(&mut self) -> Result<&'a [u8]> {
        let rest = self.stream.get(self.at..).ok_or(Fault::Damaged)?;
        let &[high, low, ..] = rest else {
            return Err(Fault::Damaged);
        };
        let length = usize::from(u16::from_be_bytes([high, low]));
        let segment = rest.get(2..length).ok_or(Fault::Damaged)?;
        self.at += length;
        Ok(segment)
    }
}

struct Frame {
    precision: u8,
    rows: usize,
    columns: usize,
    components: Vec<u8>,
}

impl Frame {
    /// A frame header, C.2.2. Sampling factors other than 1 are refused: DICOM has none.
    fn parse(segment: &[u8]) -> Result<Self> {
        let &[precision, y1, y0, x1, x0, count, ref rest @ ..] = segment else {
            return Err(Fault::Damaged);
        };
        let (parts, _) = rest.as_chunks::<3>();
        let parts = parts.get(..count.into()).ok_or(Fault::Damaged)?;
        if !(2..=16).contains(&precision) || parts.iter().any(|part| part[1] != 0x11) {
            return Err(Fault::Unsupported);
        }
        Ok(Self {
            precision,
            rows: u16::from_be_bytes([y1, y0]).into(),
            columns: u16::from_be_bytes([x1, x0]).into(),
            components: parts.iter().map(|part| part[0]).collect(),
        })
    }
}

struct Scan {
    /// Positions in the frame.
    components: Vec<usize>,
    near: i32,
    by_sample: bool,
}

impl Scan {
    /// A scan header, C.2.3.
    fn parse(segment: &[u8], frame: &Frame) -> Result<Self> {
        let (&count, rest) = segment.split_first().ok_or(Fault::Damaged)?;
        let count = usize::from(count);
        let (parts, [near, mode, transform]) = rest
            .split_at_checked(2 * count)
            .and_then(|(parts, last)| Some((parts, last.first_chunk::<3>()?)))
            .ok_or(Fault::Damaged)?;
        let mut components = Vec::new();
        for part in parts.as_chunks::<2>().0 {
            let at = frame.components.iter().position(|id| *id == part[0]);
            components.push(at.ok_or(Fault::Damaged)?);
            // A mapping table.
            if part[1] != 0 {
                return Err(Fault::Unsupported);
            }
        }
        if *transform != 0 || components.is_empty() || (*mode == 0 && components.len() > 1) {
            return Err(Fault::Unsupported);
        }
        Ok(Self {
            components,
            near: i32::from(*near),
            by_sample: match mode {
                0 | 1 => false,
                2 => count > 1,
                _ => return Err(Fault::Unsupported),
            },
        })
    }
}

/// The lines above and at the current one, each with a sample before and one behind.
struct Lines {
    above: Vec<i32>,
    here: Vec<i32>,
    run: usize,
}

impl Lines {
    /// Neighbours beyond the edges, A.2.1.
    fn begin(&mut self, width: usize) {
        std::mem::swap(&mut self.above, &mut self.here);
        self.above[width + 1] = self.above[width];
        self.here[0] = self.above[1];
    }

    fn around(&self, at: usize) -> [i32; 4] {
        let (a, c, b) = (self.here[at - 1], self.above[at - 1], self.above[at]);
        [a, b, c, self.above[at + 1]]
    }
}

/// The variables of a context, A.2.
#[derive(Clone, Copy)]
struct Context {
    a: i32,
    b: i32,
    c: i32,
    n: i32,
}

#[derive(Clone, Copy)]
struct RunContext {
    a: i32,
    n: i32,
    negative: i32,
}

struct Coder<'a> {
    preset: &'a Preset,
    bits: Bits<'a>,
    contexts: Vec<Context>,
    runs: [RunContext; 2],
}

impl<'a> Coder<'a> {
    fn new(preset: &'a Preset, bits: Bits<'a>) -> Self {
        let a = preset.start();
        Self {
            preset,
            bits,
            contexts: vec![
                Context {
                    a,
                    b: 0,
                    c: 0,
                    n: 1
                };
                CONTEXTS
            ],
            runs: [RunContext {
                a,
                n: 1,
                negative: 0,
            }; 2],
        }
    }

    /// Decodes a scan into the frame's samples, and gives the bytes that it took.
    fn scan(mut self, frame: &Frame, scan: &Scan, out: &mut [u16]) -> Result<usize> {
        let (width, all) = (frame.columns, frame.components.len());
        let blank = || Lines {
            above: vec![0; width + 2],
            here: vec![0; width + 2],
            run: 0,
        };
        let mut lines: Vec<Lines> = scan.components.iter().map(|_| blank()).collect();
        for row in 0..frame.rows {
            lines.iter_mut().for_each(|lines| lines.begin(width));
            if scan.by_sample {
                self.mixed_line(&mut lines, width)?;
            } else {
                for lines in &mut lines {
                    self.line(lines, width)?;
                }
            }
            let start = row * width * all;
            let out = &mut out[start..start + width * all];
            for (lines, component) in lines.iter().zip(&scan.components) {
                let places = out.iter_mut().skip(*component).step_by(all);
                for (place, sample) in places.zip(&lines.here[1..=width]) {
                    *place = u16::try_from(*sample).map_err(|_| Fault::Damaged)?;
                }
            }
        }
        Ok(self.bits.taken())
    }

    fn line(&mut self, lines: &mut Lines, width: usize) -> Result<()> {
        let mut at = 1;
        while at <= width {
            let around = lines.around(at);
            let (context, flipped) = self.preset.context(around);
            if context != 0 {
                lines.here[at] = self.regular(context, flipped, around)?;
                at += 1;
                continue;
            }
            let (length, broken) = self.run(&mut lines.run, width + 1 - at)?;
            let a = around[0];
            lines.here[at..at + length].fill(a);
            at += length;
            if broken {
                let b = lines.above[at];
                lines.here[at] = self.interruption(a, b, lines.run, false)?;
                lines.run = lines.run.saturating_sub(1);
                at += 1;
            }
        }
        Ok(())
    }

    /// A line of all components, sample by sample: runs are common to all.
    fn mixed_line(&mut self, lines: &mut [Lines], width: usize) -> Result<()> {
        let mut at = 1;
        while at <= width {
            let flat = |lines: &Lines| self.preset.context(lines.around(at)).0 == 0;
            if !lines.iter().all(flat) {
                for lines in lines.iter_mut() {
                    let around = lines.around(at);
                    let (context, flipped) = self.preset.context(around);
                    lines.here[at] = self.regular(context, flipped, around)?;
                }
                at += 1;
                continue;
            }
            let mut index = lines[0].run;
            let (length, broken) = self.run(&mut index, width + 1 - at)?;
            for lines in lines.iter_mut() {
                let a = lines.here[at - 1];
                lines.here[at..at + length].fill(a);
            }
            at += length;
            if broken {
                for lines in lines.iter_mut() {
                    let (a, b) = (lines.here[at - 1], lines.above[at]);
                    lines.here[at] = self.interruption(a, b, index, true)?;
                }
                index = index.saturating_sub(1);
                at += 1;
            }
            lines[0].run = index;
        }
        Ok(())
    }

    /// A sample in regular mode, A.4 to A.6.
    fn regular(&mut self, at: usize, flipped: bool, [a, b, c, _]: [i32; 4]) -> Result<i32> {
        let preset = self.preset;
        let context = &mut self.contexts[at];
        let guess = if c >= a.max(b) {
            a.min(b)
        } else if c <= a.min(b) {
            a.max(b)
        } else {
            a + b - c
        };
        let bias = if flipped { -context.c } else { context.c };
        let guess = (guess + bias).clamp(0, preset.most);
        let k = order(context.n, context.a);
        let mapped = self.bits.golomb(k, preset.limit, preset.length)?;
        let special = k == 0 && preset.near == 0 && 2 * context.b <= -context.n;
        let error = match (mapped & 1 == 1, special) {
            (true, true) => mapped >> 1,
            (false, true) => -(mapped >> 1) - 1,
            (true, false) => -(mapped >> 1) - 1,
            (false, false) => mapped >> 1,
        };
        context.update(error, preset)?;
        let error = if flipped { -error } else { error };
        Ok(preset.rebuild(guess, error))
    }

    /// The length of a run, at most `left`, and whether it ends before the line does; A.7.1.
    fn run(&mut self, index: &mut usize, left: usize) -> Result<(usize, bool)> {
        let mut length = 0;
        while self.bits.bit()? {
            let step = 1usize << ORDERS[*index];
            if length + step <= left {
                *index = (*index + 1).min(ORDERS.len() - 1);
            }
            length = (length + step).min(left);
            if length == left {
                return Ok((length, false));
            }
        }
        length += self.bits.many(ORDERS[*index])? as usize;
        if length >= left {
            return Err(Fault::Damaged);
        }
        Ok((length, true))
    }

    /// The sample that ends a run, A.7.2.
    fn interruption(&mut self, a: i32, b: i32, index: usize, mixed: bool) -> Result<i32> {
        let preset = self.preset;
        let same = !mixed && (a - b).abs() <= preset.near;
        let kind = i32::from(same);
        let context = &mut self.runs[usize::from(same)];
        let size = context.a + if same { context.n >> 1 } else { 0 };
        let k = order(context.n, size);
        let limit = preset.limit - i32::from(ORDERS[index]) - 1;
        let mapped = self.bits.golomb(k, limit, preset.length)?;
        let turned = (mapped + kind) & 1 == 1;
        let size = (mapped + kind + i32::from(turned)) / 2;
        let error = if (k != 0 || 2 * context.negative >= context.n) == turned {
            -size
        } else {
            size
        };
        context.update(error, (mapped + 1 - kind) >> 1, preset)?;
        Ok(if same {
            preset.rebuild(a, error)
        } else {
            preset.rebuild(b, if b < a { -error } else { error })
        })
    }
}

/// The order of a Golomb code, A.5.1.
fn order(n: i32, a: i32) -> u8 {
    let mut k = 0;
    while (i64::from(n) << k) < i64::from(a) {
        k += 1;
    }
    k
}

/// No stream that an encoder wrote comes near.
const LARGEST: i32 = 1 << 28;

impl Context {
    /// A.6.
    fn update(&mut self, error: i32, preset: &Preset) -> Result<()> {
        self.b += error * preset.step;
        self.a += error.abs();
        if self.a > LARGEST || self.b.abs() > LARGEST {
            return Err(Fault::Damaged);
        }
        if self.n == preset.reset {
            self.a >>= 1;
            self.b >>= 1;
            self.n >>= 1;
        }
        self.n += 1;
        if self.b <= -self.n {
            self.b = (self.b + self.n).max(1 - self.n);
            self.c = (self.c - 1).max(-128);
        } else if self.b > 0 {
            self.b = (self.b - self.n).min(0);
            self.c = (self.c + 1).min(127);
        }
        Ok(())
    }
}

impl RunContext {
    /// A.7.2.
    fn update(&mut self, error: i32, size: i32, preset: &Preset) -> Result<()> {
        self.negative += i32::from(error < 0);
        self.a += size;
        if self.a > LARGEST {
            return Err(Fault::Damaged);
        }
        if self.n == preset.reset {
            self.a >>= 1;
            self.n >>= 1;
            self.negative >>= 1;
        }
        self.n += 1;
        Ok(())
    }
}
