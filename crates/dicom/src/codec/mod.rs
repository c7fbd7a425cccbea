//! Decoders of one compressed frame each. They take hostile bytes: what a stream says of its
//! size is held against what the object says before memory is given.

mod jpeg;
mod jpeg2000;
mod jpegls;
mod rle;

pub use rle::decode as rle;

/// What the object says of a frame.
#[derive(Debug, Clone, Copy)]
pub struct Expect {
    /// Rows.
    pub rows: usize,
    /// Columns.
    pub columns: usize,
    /// Samples per pixel.
    pub samples: usize,
    /// Bits allocated, 8 or 16.
    pub allocated: u16,
}

impl Expect {
    /// Samples of the frame.
    pub fn len(&self) -> usize {
        self.rows * self.columns * self.samples
    }

    /// Refuses a stream whose picture is another than the object's.
    fn check(&self, rows: usize, columns: usize, samples: usize) -> Result<()> {
        let same = (rows, columns, samples) == (self.rows, self.columns, self.samples);
        if same { Ok(()) } else { Err(Fault::Size) }
    }
}

/// A decoded frame.
#[derive(Debug, PartialEq)]
pub struct Decoded {
    /// Bits of a sample.
    pub precision: u8,
    /// Whether the stream says that samples are signed; they are then in two's complement
    /// of 16 bits.
    pub signed: bool,
    /// Samples, pixel by pixel.
    pub samples: Vec<u16>,
    /// Whether `precision` is believed before the object's Bits Stored.
    pub exact: bool,
    /// Whether the samples are luma and colour differences (`true`) or primary colours, where
    /// the stream itself tells; whatever the object says.
    pub ycc: Option<bool>,
}

/// Why a frame does not decode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The stream is damaged or ends early.
    Damaged,
    /// Its picture has another size than the object says.
    Size,
    /// It needs a process that is not read.
    Unsupported,
}

/// What decoders give.
pub type Result<T> = std::result::Result<T, Fault>;

/// The transfer syntax of a stream, told by its first bytes; none where they tell nothing.
pub fn transfer_syntax(stream: &[u8]) -> Option<&'static str> {
    if jpeg2000::is(stream) {
        return Some("1.2.840.10008.1.2.4.91");
    }
    match jpeg::process(stream) {
        Some(0xC0) => Some("1.2.840.10008.1.2.4.50"),
        Some(0xC1) => Some("1.2.840.10008.1.2.4.51"),
        Some(0xC3) => Some("1.2.840.10008.1.2.4.57"),
        Some(0xF7) => Some("1.2.840.10008.1.2.4.81"),
        Some(_) => None,
        None => rle::is(stream).then_some("1.2.840.10008.1.2.5"),
    }
}

/// Decodes a frame of JPEG, JPEG-LS or JPEG 2000. The stream itself tells which: writers have
/// been met whose transfer syntax names another of the family.
pub fn jpeg_family(stream: &[u8], expect: Expect) -> Result<Decoded> {
    if jpeg2000::is(stream) {
        return jpeg2000::decode(stream, expect);
    }
    // Padding before the stream has been met.
    let start = stream.iter().position(|byte| *byte != 0).unwrap_or(0);
    let stream = &stream[start..];
    match jpeg::process(stream).ok_or(Fault::Damaged)? {
        0xF7 => jpegls::decode(stream, expect),
        process => jpeg::decode(stream, process, expect),
    }
}
