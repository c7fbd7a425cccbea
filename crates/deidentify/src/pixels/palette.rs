//! The colours of a palette (DICOM PS3.3, C.7.6.3.1.5 and C.7.6.3.1.6).

use dicom_core::Tag;
use dicom_object::InMemDicomObject;

const DESCRIPTORS: [Tag; 3] = [
    Tag(0x0028, 0x1101),
    Tag(0x0028, 0x1102),
    Tag(0x0028, 0x1103),
];
const TABLES: [Tag; 3] = [
    Tag(0x0028, 0x1201),
    Tag(0x0028, 0x1202),
    Tag(0x0028, 0x1203),
];

/// Red, green and blue by index.
pub(super) struct Palette {
    first: i32,
    colours: Vec<[u8; 3]>,
}

impl Palette {
    /// The palette of an object; nothing where it is missing, segmented or damaged.
    pub fn of(object: &InMemDicomObject) -> Option<Self> {
        let descriptor = |tag: Tag| {
            let values = object.get(tag)?.to_multi_int::<i32>().ok()?;
            match values.as_slice() {
                // The number of entries has 16 bits, of which 0 stands for 65,536.
                [entries, first, bits] => {
                    let entries = usize::from(*entries as u16);
                    let entries = if entries == 0 { 1 << 16 } else { entries };
                    Some((entries, *first, *bits))
                }
                _ => None,
            }
        };
        let (entries, first, bits) = descriptor(DESCRIPTORS[0])?;
        let [red, green, blue] = TABLES.map(|tag| table(object, tag, entries, bits));
        let (red, green, blue) = (red?, green?, blue?);
        let colours = (0..entries).map(|at| [red[at], green[at], blue[at]]);
        Some(Self {
            first,
            colours: colours.collect(),
        })
    }

    /// The colour of an index; those below and above the table have its first and last.
    pub fn colour(&self, index: i32) -> [u8; 3] {
        let last = self.colours.len().saturating_sub(1);
        let at = usize::try_from(i64::from(index) - i64::from(self.first)).unwrap_or(0);
        self.colours.get(at.min(last)).copied().unwrap_or_default()
    }

    /// The first of the indices whose colours are darkest.
    pub fn darkest(&self) -> i32 {
        let light = |colour: &[u8; 3]| colour.map(u32::from).iter().sum::<u32>();
        let place = (0..self.colours.len()).min_by_key(|at| light(&self.colours[*at]));
        self.first.saturating_add(place.unwrap_or(0) as i32)
    }
}

/// One table in 8 bits.
fn table(object: &InMemDicomObject, tag: Tag, entries: usize, bits: i32) -> Option<Vec<u8>> {
    let bytes = object.get(tag)?.to_bytes().ok()?;
    if bytes.len() >= 2 * entries {
        // Entries of 8 bits in words fill the lower half; writers scale them up or not.
        let words: Vec<u16> = bytes
            .chunks_exact(2)
            .take(entries)
            .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
            .collect();
        let small = bits <= 8 || words.iter().all(|word| *word < 256);
        let scaled = |word: &u16| {
            if small {
                *word as u8
            } else {
                (word >> 8) as u8
            }
        };
        return Some(words.iter().map(scaled).collect());
    }
    (bits <= 8 && bytes.len() >= entries).then(|| bytes[..entries].to_vec())
}
