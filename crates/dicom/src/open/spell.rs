//! Data sets that mix encodings, written again in one.
//!
//! A sequence of unknown value representation and undefined length holds elements without
//! representations, whatever the encoding around it (PS3.5, 6.2.2). The library reads them as
//! their surroundings.

use dicom_core::VR;
use dicom_object::Tag;

use super::walk::{by_dictionary, is_short};

/// Sequences inside of each other.
const MAX_DEPTH: usize = 64;
const UNDEFINED: u32 = u32::MAX;
const PIXEL_DATA: Tag = Tag(0x7FE0, 0x0010);

/// An Explicit VR Little Endian data set, with such sequences as those that they are. None
/// where the structure is not one; [`super::walk::walk`] was content with it.
pub fn explicit(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut speller = Speller {
        bytes,
        at: 0,
        out: Vec::with_capacity(bytes.len() + bytes.len() / 4),
    };
    speller.elements(Some(bytes.len()), false, 0)?;
    Some(speller.out)
}

struct Speller<'a> {
    bytes: &'a [u8],
    at: usize,
    out: Vec<u8>,
}

impl Speller<'_> {
    /// Elements up to a place, or to an item's delimiter.
    fn elements(&mut self, end: Option<usize>, implicit: bool, depth: usize) -> Option<()> {
        if depth > MAX_DEPTH {
            return None;
        }
        while end.is_none_or(|end| self.at < end) {
            let tag = self.tag()?;
            if tag == Tag(0xFFFE, 0xE00D) {
                self.word()?;
                return Some(());
            }
            let (vr, length) = self.header(tag, implicit)?;
            match length {
                UNDEFINED if tag == PIXEL_DATA => {
                    self.begin(tag, vr, UNDEFINED);
                    self.fragments()?;
                }
                UNDEFINED => {
                    let inner = implicit || (vr == VR::UN && !self.explicit_follows());
                    self.sequence(tag, None, inner, depth)?;
                }
                length if vr == VR::SQ => {
                    let end = self.at + length as usize;
                    self.sequence(tag, Some(end), implicit, depth)?;
                }
                length => {
                    self.begin(tag, vr, length);
                    self.copy(length as usize)?;
                }
            }
        }
        Some(())
    }

    /// Items up to a place or to the sequence's delimiter, all of undefined length.
    fn sequence(
        &mut self,
        tag: Tag,
        end: Option<usize>,
        implicit: bool,
        depth: usize,
    ) -> Option<()> {
        self.begin(tag, VR::SQ, UNDEFINED);
        while end.is_none_or(|end| self.at < end) {
            let tag = self.tag()?;
            let length = self.word()?;
            match tag {
                Tag(0xFFFE, 0xE000) => {
                    self.put(tag, UNDEFINED);
                    let end = (length != UNDEFINED).then(|| self.at + length as usize);
                    self.elements(end, implicit, depth + 1)?;
                    self.put(Tag(0xFFFE, 0xE00D), 0);
                }
                Tag(0xFFFE, 0xE0DD) => break,
                _ => return None,
            }
        }
        self.put(Tag(0xFFFE, 0xE0DD), 0);
        Some(())
    }

    fn fragments(&mut self) -> Option<()> {
        loop {
            let tag = self.tag()?;
            let length = self.word()?;
            self.put(tag, length);
            match tag {
                Tag(0xFFFE, 0xE000) => self.copy(length as usize)?,
                _ => return Some(()),
            }
        }
    }

    fn header(&mut self, tag: Tag, implicit: bool) -> Option<(VR, u32)> {
        if implicit {
            let vr = by_dictionary(tag).unwrap_or(VR::UN);
            return Some((vr, self.word()?));
        }
        let vr = VR::from_binary(self.take::<2>()?).unwrap_or(VR::UN);
        let short = self.take::<2>()?;
        if is_short(vr) {
            return Some((vr, u16::from_le_bytes(short).into()));
        }
        Some((vr, self.word()?))
    }

    /// An element's header. Values too long for their representation become unknown ones.
    fn begin(&mut self, tag: Tag, vr: VR, length: u32) {
        let short = u16::try_from(length).ok().filter(|_| is_short(vr));
        let vr = if is_short(vr) && short.is_none() {
            VR::UN
        } else {
            vr
        };
        self.out.extend(tag.0.to_le_bytes());
        self.out.extend(tag.1.to_le_bytes());
        self.out.extend(vr.to_bytes());
        match short {
            Some(length) => self.out.extend(length.to_le_bytes()),
            None => {
                self.out.extend([0, 0]);
                self.out.extend(length.to_le_bytes());
            }
        }
    }

    fn put(&mut self, tag: Tag, length: u32) {
        self.out.extend(tag.0.to_le_bytes());
        self.out.extend(tag.1.to_le_bytes());
        self.out.extend(length.to_le_bytes());
    }

    fn copy(&mut self, length: usize) -> Option<()> {
        let value = self.bytes.get(self.at..self.at.checked_add(length)?)?;
        self.out.extend(value);
        self.at += length;
        Some(())
    }

    fn explicit_follows(&self) -> bool {
        let letters = self.bytes.get(self.at + 12..self.at + 14);
        letters.is_some_and(|l| l.iter().all(u8::is_ascii_uppercase))
    }

    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let taken = *self.bytes.get(self.at..)?.first_chunk::<N>()?;
        self.at += N;
        Some(taken)
    }

    fn word(&mut self) -> Option<u32> {
        self.take::<4>().map(u32::from_le_bytes)
    }

    fn tag(&mut self) -> Option<Tag> {
        let [a, b, c, d] = self.take::<4>()?;
        Some(Tag(u16::from_le_bytes([a, b]), u16::from_le_bytes([c, d])))
    }
}
