//! Texts in character sets with code extensions, and in others that the library misreads.
//!
//! The library decodes by the first value of Specific Character Set (0008,0005) alone, splits
//! values at bytes 5C before it decodes them, does not know all sets, and takes the set of an
//! item for that of all that follows. Where that matters the sets' names are hidden from it, so
//! that it reads every text as ISO 8859-1, which loses nothing; the texts are then decoded here.

use dicom_core::value::{C, PrimitiveValue, Value};
use dicom_core::{DataElement, VR};
use dicom_object::{InMemDicomObject, Tag};

use super::repertoire::{Breaks, Repertoire};

/// Specific Character Set.
pub const CHARACTER_SET: Tag = Tag(0x0008, 0x0005);

/// Sets of one value that the library reads as it should.
const READ: [&str; 4] = ["", "ISO_IR 6", "ISO_IR 100", "ISO_IR 192"];

/// Where the values of Specific Character Set lie in a data set.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Places {
    /// Start and length of each, at every depth.
    pub values: Vec<(usize, usize)>,
    /// Whether an item has its own.
    pub nested: bool,
}

/// A copy of the data set in which no name of a character set is one, if its texts have to be
/// decoded by [`decode`].
pub fn hidden(bytes: &[u8], places: &Places) -> Option<Vec<u8>> {
    let values = || {
        let values = places.values.iter();
        values.filter_map(|(start, length)| bytes.get(*start..start.checked_add(*length)?))
    };
    let read = |value: &[u8]| {
        let name = value.trim_ascii();
        let name = name.strip_suffix(b"\0").unwrap_or(name);
        READ.iter().any(|known| known.as_bytes() == name)
    };
    if !places.nested && values().all(read) {
        return None;
    }
    let mut copy = bytes.to_vec();
    for (start, length) in &places.values {
        if let Some(value) = copy.get_mut(*start..start + length) {
            // The names of the standard are in capitals.
            value.make_ascii_lowercase();
        }
    }
    Some(copy)
}

/// Decodes the texts of an object that was read from a [`hidden`] copy, items with their own
/// sets included, and states UTF-8 as its set.
pub fn decode(object: &mut InMemDicomObject) {
    within(object, &Repertoire::default());
    object.put(utf8());
}

fn utf8() -> DataElement<InMemDicomObject> {
    let name = PrimitiveValue::Strs(C::from_elem("ISO_IR 192".to_owned(), 1));
    DataElement::new(CHARACTER_SET, VR::CS, name)
}

/// Decodes the texts of an object or item. Sequences nest as deep as the reader's limit at most.
fn within(object: &mut InMemDicomObject, around: &Repertoire) {
    let stated = object.get(CHARACTER_SET).and_then(|e| e.to_str().ok());
    let own = stated.map(|names| Repertoire::of(&names));
    let repertoire = own.as_ref().unwrap_or(around);
    let tags: Vec<Tag> = object.tags().collect();
    for tag in tags {
        object.update_value(tag, |value| {
            let items = value.items_mut().into_iter().flatten();
            items.for_each(|item| within(item, repertoire));
        });
        let text = object.get(tag).and_then(|element| {
            let breaks = breaks(element.vr())?;
            let value = text(element.value(), repertoire, breaks)?;
            Some(DataElement::new(tag, element.vr(), value))
        });
        if let Some(text) = text {
            object.put(text);
        }
    }
    if own.is_some() {
        object.put(utf8());
    }
}

/// Where texts of a representation start anew; none where it is not the set's (PS3.5, 6.1.2.2).
fn breaks(vr: VR) -> Option<Breaks> {
    match vr {
        VR::SH | VR::LO | VR::UC => Some(Breaks::Values),
        VR::PN => Some(Breaks::Names),
        VR::ST | VR::LT | VR::UT => Some(Breaks::Lines),
        _ => None,
    }
}

fn text(
    value: &Value<InMemDicomObject>,
    repertoire: &Repertoire,
    breaks: Breaks,
) -> Option<PrimitiveValue> {
    let (text, several) = match value.primitive()? {
        PrimitiveValue::Str(text) => (text.clone(), false),
        PrimitiveValue::Strs(texts) => (texts.join("\\"), true),
        _ => return None,
    };
    if text.bytes().all(|byte| byte.is_ascii() && byte != 0x1B) {
        return None;
    }
    let bytes: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(c).ok()).collect();
    let text = repertoire.decode(&bytes?, breaks);
    Some(if several {
        PrimitiveValue::Strs(text.split('\\').map(str::to_owned).collect())
    } else {
        PrimitiveValue::Str(text)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::open::{EXPLICIT_BIG, EXPLICIT_LITTLE, IMPLICIT_LITTLE, parse};

    const NAME: Tag = Tag(0x0010, 0x0010);

    fn element(syntax: &str, tag: Tag, vr: &str, value: &[u8]) -> Vec<u8> {
        let mut value = value.to_vec();
        if !value.len().is_multiple_of(2) {
            value.push(b' ');
        }
        let length = u16::try_from(value.len()).unwrap();
        let number = |n: u16| match syntax {
            EXPLICIT_BIG => n.to_be_bytes(),
            _ => n.to_le_bytes(),
        };
        let mut bytes = [number(tag.0), number(tag.1)].concat();
        match syntax {
            IMPLICIT_LITTLE => bytes.extend(u32::from(length).to_le_bytes()),
            _ => bytes.extend([vr.as_bytes(), &number(length)].concat()),
        }
        bytes.extend(value);
        bytes
    }

    /// A file with a character set, an item with a name and perhaps a set of its own, and a name.
    fn file(syntax: &str, set: &str, nested: Option<&str>, name: &[u8]) -> Vec<u8> {
        let group = |bytes: &[u8]| element(EXPLICIT_LITTLE, Tag(0x0002, 0x0010), "UI", bytes);
        let mut bytes = [[0; 128].as_slice(), b"DICM", &group(syntax.as_bytes())].concat();
        bytes.extend(element(syntax, CHARACTER_SET, "CS", set.as_bytes()));
        let mut item = Vec::new();
        if let Some(nested) = nested {
            item.extend(element(syntax, CHARACTER_SET, "CS", nested.as_bytes()));
        }
        item.extend(element(syntax, NAME, "PN", name));
        let length = u32::try_from(item.len()).unwrap();
        let number = |n: u32| match syntax {
            EXPLICIT_BIG => n.to_be_bytes(),
            _ => n.to_le_bytes(),
        };
        let begin = match syntax {
            EXPLICIT_BIG => [0x00, 0x08, 0x11, 0x40],
            _ => [0x08, 0x00, 0x40, 0x11],
        };
        bytes.extend(begin);
        if syntax != IMPLICIT_LITTLE {
            bytes.extend(b"SQ\0\0");
        }
        bytes.extend(number(length + 8));
        bytes.extend(match syntax {
            EXPLICIT_BIG => [0xFF, 0xFE, 0xE0, 0x00],
            _ => [0xFE, 0xFF, 0x00, 0xE0],
        });
        bytes.extend(number(length));
        bytes.extend(item);
        bytes.extend(element(syntax, NAME, "PN", name));
        bytes
    }

    fn names(file: &[u8]) -> [String; 2] {
        let object = parse(file).unwrap();
        let name = |object: &InMemDicomObject| {
            let element = object.get(NAME).unwrap();
            element.to_str().unwrap().trim_end().to_owned()
        };
        let items = object.get(Tag(0x0008, 0x1140)).unwrap().items().unwrap();
        [name(&object), name(&items[0])]
    }

    #[test]
    fn names_are_decoded_in_every_encoding_and_at_every_depth() {
        let name = b"Qx^Ab=\x1B$B\x24\x22\x1B(B^\x1B$B\x24\x24\x1B(B";
        for syntax in [IMPLICIT_LITTLE, EXPLICIT_LITTLE, EXPLICIT_BIG] {
            let file = file(syntax, "\\ISO 2022 IR 87", None, name);
            assert_eq!(names(&file), ["Qx^Ab=あ^い", "Qx^Ab=あ^い"], "{syntax}");
            let object = parse(&file).unwrap();
            let set = object.get(CHARACTER_SET).unwrap();
            assert_eq!(set.to_str().unwrap(), "ISO_IR 192");
        }
    }

    #[test]
    fn items_may_have_their_own_set_which_ends_with_them() {
        for syntax in [IMPLICIT_LITTLE, EXPLICIT_LITTLE, EXPLICIT_BIG] {
            let file = file(syntax, "ISO_IR 144", Some("ISO_IR 126"), b"\xC1\xE2");
            assert_eq!(names(&file), ["Ст", "Αβ"], "{syntax}");
        }
    }

    #[test]
    fn backslashes_within_characters_divide_nothing() {
        // In GBK the second byte of this character is that of a backslash.
        let file = file(EXPLICIT_LITTLE, "GBK", None, b"\x81\x5C\x5CQx");
        assert_eq!(names(&file), ["乗\\Qx", "乗\\Qx"]);
    }

    proptest! {
        #[test]
        fn hostile_texts_do_no_harm(
            set in "(ISO 2022 IR (6|13|58|87|100|149|159|166)|GB18030|ISO_IR (13|192)|[ -~]{0,8})(\\\\ISO 2022 IR (13|58|87|149|159)){0,3}",
            nested in prop::option::of("ISO_IR (126|166|192)"),
            name in prop::collection::vec(prop_oneof![Just(0x1B), Just(b'$'), Just(b')'), any::<u8>()], 0..64),
        ) {
            let bytes = file(EXPLICIT_LITTLE, &set, nested.as_deref(), &name);
            prop_assert!(parse(&bytes).is_ok());
        }
    }
}
