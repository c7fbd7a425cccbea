//! A walk over a data set's structure, before anything is built from it.
//!
//! It takes no memory for values and does not recurse. It refuses what would make the reading
//! proper take more memory than the bytes deserve, and tells encodings apart by what they
//! would mean.

use dicom_core::VR;
use dicom_core::dictionary::{DataDictionary, DataDictionaryEntry};
use dicom_object::{StandardDataDictionary, Tag};

use super::charset::{CHARACTER_SET, Places};
use crate::DicomError;

/// The library builds sequences recursively; real files nest fewer than ten deep.
const MAX_DEPTH: usize = 32;
/// Elements and items of all depths: each takes a hundred bytes, whatever is in it. The
/// largest real objects have some hundred thousand.
const MAX_ELEMENTS: usize = 4 << 20;
/// Bytes of texts of several values: each value takes many bytes more than it has.
const MAX_TEXT: usize = 64 << 20;

const UNDEFINED: u32 = u32::MAX;
const PIXEL_DATA: Tag = Tag(0x7FE0, 0x0010);
const ITEM: Tag = Tag(0xFFFE, 0xE000);
const ITEM_END: Tag = Tag(0xFFFE, 0xE00D);
const SEQUENCE_END: Tag = Tag(0xFFFE, 0xE0DD);

/// How elements are encoded (PS3.5, 7.1 and annex A).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Implicit VR Little Endian.
    Implicit,
    /// Explicit VR Little Endian.
    Explicit,
    /// Explicit VR Big Endian.
    Big,
}

/// What a walk met.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Shape {
    /// Bytes of the data set: what is behind is padding.
    pub bytes: usize,
    /// Elements at the top level.
    pub elements: usize,
    /// Those of groups that the standard fills, and of these those in its dictionary.
    standard: usize,
    known: usize,
    /// Whether tags go up, as they must.
    ascending: bool,
    /// The first group.
    first: u16,
    /// Whether a sequence of unknown representation holds elements without representation
    /// amid others that have one.
    pub mixed: bool,
    /// Where character sets are stated.
    pub charsets: Places,
}

impl Shape {
    /// Whether this is what a data set looks like to one who was not told that it is one.
    pub fn is_plausible(&self) -> bool {
        self.ascending && self.first <= 0x0010 && self.known > 0 && self.known * 2 >= self.standard
    }
}

/// Where a walk is.
enum Level {
    /// Between items; up to a place, or to a delimiter.
    Sequence { end: Option<usize>, implicit: bool },
    /// Between elements of an item.
    Item { end: Option<usize>, implicit: bool },
    /// Between fragments of pixel data.
    Fragments,
}

/// Walks a data set.
///
/// # Errors
/// [`DicomError::Truncated`] where a value goes beyond the end, or the end is inside of a
/// sequence; [`DicomError::Damaged`] where the bytes make no sense in this encoding;
/// [`DicomError::TooDeep`] and [`DicomError::TooLarge`] beyond the limits.
pub fn walk(bytes: &[u8], encoding: Encoding) -> Result<Shape, DicomError> {
    let mut walk = Walk {
        bytes,
        encoding,
        at: 0,
        levels: Vec::new(),
        all: 0,
        text: 0,
        last: None,
        zeros: 0,
        shape: Shape {
            ascending: true,
            ..Shape::default()
        },
    };
    while walk.step()? {}
    walk.shape.bytes = walk.at;
    Ok(walk.shape)
}

struct Walk<'a> {
    bytes: &'a [u8],
    encoding: Encoding,
    at: usize,
    levels: Vec<Level>,
    all: usize,
    text: usize,
    last: Option<Tag>,
    /// Where the zeros end that were looked through last.
    zeros: usize,
    shape: Shape,
}

const DAMAGED: DicomError = DicomError::Damaged { part: "data set" };

impl Walk<'_> {
    /// Takes an element, an item or a delimiter; false at the end.
    fn step(&mut self) -> Result<bool, DicomError> {
        self.leave_ended();
        if self.levels.is_empty() && self.is_over() {
            return Ok(false);
        }
        self.all += 1;
        if self.all > MAX_ELEMENTS {
            return Err(DicomError::TooMany {
                limit: MAX_ELEMENTS,
            });
        }
        if self.levels.len() > 2 * MAX_DEPTH {
            return Err(DicomError::TooDeep { limit: MAX_DEPTH });
        }
        let tag = self.tag()?;
        match self.levels.last() {
            Some(Level::Sequence { implicit, .. }) => {
                let implicit = *implicit;
                self.item(tag, implicit)?;
            }
            Some(Level::Fragments) => self.fragment(tag)?,
            Some(Level::Item { .. }) if tag == ITEM_END => {
                self.word()?;
                self.levels.pop();
            }
            Some(Level::Item { implicit, .. }) => {
                let implicit = *implicit;
                self.element(tag, implicit)?;
            }
            None => {
                self.count(tag);
                self.element(tag, self.encoding == Encoding::Implicit)?;
            }
        }
        Ok(true)
    }

    /// Leaves sequences and items of stated length that are over.
    fn leave_ended(&mut self) {
        while let Some(
            Level::Sequence { end: Some(end), .. } | Level::Item { end: Some(end), .. },
        ) = self.levels.last()
        {
            if self.at < *end {
                return;
            }
            self.levels.pop();
        }
    }

    /// The end, or zeros up to it: some media fill up sectors. A run of zeros is looked through
    /// once, for it can be read as elements as well, and each of them asks.
    fn is_over(&mut self) -> bool {
        let rest = &self.bytes[self.at..];
        match rest.first() {
            None => true,
            Some(0) => {
                if self.zeros <= self.at {
                    let run = rest.iter().position(|byte| *byte != 0);
                    self.zeros = self.at + run.unwrap_or(rest.len());
                }
                self.zeros == self.bytes.len()
            }
            Some(_) => false,
        }
    }

    /// A sequence's item, or its end.
    fn item(&mut self, tag: Tag, implicit: bool) -> Result<(), DicomError> {
        let length = self.word()?;
        match tag {
            ITEM => {
                let end = self.end(length)?;
                self.levels.push(Level::Item { end, implicit });
                Ok(())
            }
            SEQUENCE_END => {
                self.levels.pop();
                Ok(())
            }
            _ => Err(DAMAGED),
        }
    }

    fn fragment(&mut self, tag: Tag) -> Result<(), DicomError> {
        let length = self.word()?;
        match tag {
            ITEM if length != UNDEFINED => self.skip(length),
            SEQUENCE_END => {
                self.levels.pop();
                Ok(())
            }
            _ => Err(DAMAGED),
        }
    }

    fn element(&mut self, tag: Tag, implicit: bool) -> Result<(), DicomError> {
        if tag.0 == 0xFFFE {
            return Err(DAMAGED);
        }
        let (vr, length) = self.header(tag, implicit)?;
        if length == UNDEFINED {
            if tag == PIXEL_DATA {
                self.levels.push(Level::Fragments);
                return Ok(());
            }
            // Elements of unknown representation came out of an implicit encoding, and went
            // on as they were (PS3.5, 6.2.2).
            let inner = implicit || (vr == Some(VR::UN) && !self.explicit_follows());
            self.shape.mixed |= inner != implicit;
            self.levels.push(Level::Sequence {
                end: None,
                implicit: inner,
            });
            return Ok(());
        }
        if vr == Some(VR::SQ) {
            let end = self.end(length)?;
            self.levels.push(Level::Sequence { end, implicit });
            return Ok(());
        }
        // The library reads whole numbers, and goes on wherever it is then.
        if vr.is_some_and(|vr| !length.is_multiple_of(unit(vr))) {
            return Err(DAMAGED);
        }
        if tag == CHARACTER_SET {
            let places = &mut self.shape.charsets;
            places.values.push((self.at, length as usize));
            places.nested |= !self.levels.is_empty();
        }
        if vr.is_some_and(is_divided) {
            self.text += length as usize;
            if self.text > MAX_TEXT {
                return Err(DicomError::TooLarge {
                    bytes: self.text,
                    limit: MAX_TEXT,
                });
            }
        }
        self.skip(length)
    }

    /// Value representation and length.
    fn header(&mut self, tag: Tag, implicit: bool) -> Result<(Option<VR>, u32), DicomError> {
        if implicit {
            return Ok((by_dictionary(tag), self.word()?));
        }
        let letters = self.take::<2>()?;
        if !letters.iter().all(u8::is_ascii_uppercase) {
            return Err(DAMAGED);
        }
        let vr = VR::from_binary(letters);
        if vr.is_some_and(is_short) {
            let length = self.take::<2>()?;
            let length = match self.encoding {
                Encoding::Big => u16::from_be_bytes(length),
                _ => u16::from_le_bytes(length),
            };
            return Ok((vr, length.into()));
        }
        self.take::<2>()?;
        // The library takes representations that it does not know for unknown ones.
        Ok((vr.or(Some(VR::UN)), self.word()?))
    }

    /// Whether the first element of a sequence's first item states a representation.
    fn explicit_follows(&self) -> bool {
        let letters = self.bytes.get(self.at + 12..self.at + 14);
        letters.is_some_and(|l| l.iter().all(u8::is_ascii_uppercase))
    }

    fn count(&mut self, tag: Tag) {
        let shape = &mut self.shape;
        if shape.elements == 0 {
            shape.first = tag.0;
        }
        shape.elements += 1;
        shape.ascending &= self.last.is_none_or(|last| last < tag);
        self.last = Some(tag);
        if tag.0.is_multiple_of(2) && tag.1 != 0 {
            shape.standard += 1;
            shape.known += usize::from(StandardDataDictionary.by_tag(tag).is_some());
        }
    }

    fn end(&self, length: u32) -> Result<Option<usize>, DicomError> {
        if length == UNDEFINED {
            return Ok(None);
        }
        let end = self.at + length as usize;
        if end > self.bytes.len() {
            Err(DicomError::Truncated)
        } else {
            Ok(Some(end))
        }
    }

    fn skip(&mut self, length: u32) -> Result<(), DicomError> {
        let end = self.at.saturating_add(length as usize);
        if end > self.bytes.len() {
            return Err(DicomError::Truncated);
        }
        self.at = end;
        Ok(())
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], DicomError> {
        let taken = self
            .bytes
            .get(self.at..)
            .and_then(|rest| rest.first_chunk::<N>());
        self.at += N;
        taken.copied().ok_or(DicomError::Truncated)
    }

    fn word(&mut self) -> Result<u32, DicomError> {
        let bytes = self.take::<4>()?;
        Ok(match self.encoding {
            Encoding::Big => u32::from_be_bytes(bytes),
            _ => u32::from_le_bytes(bytes),
        })
    }

    fn tag(&mut self) -> Result<Tag, DicomError> {
        let [a, b, c, d] = self.take::<4>()?;
        Ok(match self.encoding {
            Encoding::Big => Tag(u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d])),
            _ => Tag(u16::from_le_bytes([a, b]), u16::from_le_bytes([c, d])),
        })
    }
}

/// Representations whose length takes 16 bits (PS3.5, 7.1.2).
pub fn is_short(vr: VR) -> bool {
    use VR::*;
    matches!(
        vr,
        AE | AS
            | AT
            | CS
            | DA
            | DS
            | DT
            | FL
            | FD
            | IS
            | LO
            | LT
            | PN
            | SH
            | SL
            | SS
            | ST
            | TM
            | UI
            | UL
            | US
    )
}

/// Bytes of a number.
fn unit(vr: VR) -> u32 {
    use VR::*;
    match vr {
        OW | SS | US => 2,
        AT | FL | OF | OL | SL | UL => 4,
        FD | OD | OV | SV | UV => 8,
        _ => 1,
    }
}

/// Representations whose text holds several values.
fn is_divided(vr: VR) -> bool {
    use VR::*;
    matches!(
        vr,
        AE | AS | CS | DA | DS | DT | IS | LO | PN | SH | TM | UC | UI
    )
}

/// The representation that the standard gives an element.
pub fn by_dictionary(tag: Tag) -> Option<VR> {
    Some(StandardDataDictionary.by_tag(tag)?.vr().relaxed())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An element of the standard, Implicit VR Little Endian.
    const CLASS: &[u8] = b"\x08\x00\x16\x00\x02\x00\x00\x00AB";

    #[test]
    fn zeros_are_padding_at_the_end_alone() {
        let check = |parts: &[&[u8]], elements: usize, bytes: usize| {
            let shape = walk(&parts.concat(), Encoding::Implicit).expect("a data set");
            assert_eq!((shape.elements, shape.bytes), (elements, bytes));
        };
        check(&[CLASS], 1, 10);
        check(&[CLASS, &[0; 512]], 1, 10);
        // Read as elements without a value, because something follows.
        check(&[CLASS, &[0; 512], CLASS], 66, 532);
        check(&[&[0; 64], CLASS, &[0; 64], CLASS, &[0; 64]], 18, 148);
    }

    #[test]
    fn a_megabyte_of_elements_that_are_zeros_is_walked_once() {
        let mut bytes = vec![0; 1 << 20];
        bytes.extend(CLASS);
        let shape = walk(&bytes, Encoding::Implicit).expect("a data set");
        assert_eq!(shape.elements, (1 << 17) + 1);
    }
}
