//! The Type of an attribute (PS3.5, 7.4) in the object's IOD, from data.

use std::collections::HashMap;
use std::sync::LazyLock;

use dicom_core::Tag;

use super::{Place, rows};

/// Type 1 and Type 2 attributes of the IODs, made by `make-types.py`.
const TYPES: &str = include_str!("../types.tsv");

/// Whether an attribute must be there, and must have a value. Conditions are taken to hold
/// where the attribute is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::object) enum Type {
    /// Type 1 and 1C: it needs a value.
    One,
    /// Type 2 and 2C: it may be empty.
    Two,
    /// Type 3, or not of this IOD.
    Three,
    /// The class is not known.
    Unknown,
}

/// The Type of an attribute where it stands. In items it depends on the sequence alone; where
/// IODs differ, the stricter Type is taken.
pub(in crate::object) fn of(tag: Tag, place: Place<'_>) -> Type {
    let Some(iod) = DATA.iods.get(place.class) else {
        return Type::Unknown;
    };
    let parent = place.parent.unwrap_or(Tag(0, 0));
    let Some(row) = DATA.rows.get(&(parent, tag)) else {
        return Type::Three;
    };
    match () {
        () if row.one.holds(*iod) => Type::One,
        () if row.two.holds(*iod) => Type::Two,
        () => Type::Three,
    }
}

struct Data {
    /// SOP class to the number of its IOD.
    iods: HashMap<String, u8>,
    rows: HashMap<(Tag, Tag), Row>,
}

struct Row {
    one: Iods,
    two: Iods,
}

/// A set of IODs by number.
enum Iods {
    All,
    Some(Vec<u8>),
}

impl Iods {
    fn holds(&self, iod: u8) -> bool {
        match self {
            Self::All => true,
            Self::Some(iods) => iods.contains(&iod),
        }
    }

    fn parse(cell: &str) -> Option<Self> {
        match cell {
            "*" => Some(Self::All),
            "-" => Some(Self::Some(Vec::new())),
            list => {
                let iods = list.split(',').map(str::parse);
                Some(Self::Some(iods.collect::<Result<_, _>>().ok()?))
            }
        }
    }
}

static DATA: LazyLock<Data> = LazyLock::new(|| {
    let mut data = Data {
        iods: HashMap::new(),
        rows: HashMap::new(),
    };
    for row in rows(TYPES) {
        add(&mut data, &row).expect("each row of the Types names an IOD or an attribute");
    }
    data
});

fn add(data: &mut Data, row: &[&str]) -> Option<()> {
    match *row {
        ["iod", number, _, classes] => {
            let number = number.parse().ok()?;
            let classes = classes.split(',').map(|class| (class.to_owned(), number));
            data.iods.extend(classes);
        }
        [tag, parent, one, two] => {
            let parent = if parent == "-" {
                Tag(0, 0)
            } else {
                parent.parse().ok()?
            };
            let row = Row {
                one: Iods::parse(one)?,
                two: Iods::parse(two)?,
            };
            data.rows.insert((parent, tag.parse().ok()?), row);
        }
        _ => return None,
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(class: &str, parent: Option<Tag>, tag: Tag, expect: Type) {
        assert_eq!(of(tag, Place { class, parent }), expect, "{class} {tag}");
    }

    #[test]
    fn the_type_depends_on_the_object() {
        let (mr, enhanced) = ("1.2.840.10008.5.1.4.1.1.4", "1.2.840.10008.5.1.4.1.1.4.1");
        let patient_id = Tag(0x0010, 0x0020);
        check(mr, None, patient_id, Type::Two);
        check("1.2.3", None, patient_id, Type::Unknown);
        check(mr, None, Tag(0x0008, 0x0070), Type::Two);
        check(enhanced, None, Tag(0x0008, 0x0070), Type::One);
        check(mr, None, Tag(0x0008, 0x0080), Type::Three);
        check(mr, None, Tag(0x0008, 0x0018), Type::One);
        let reference = Some(Tag(0x0008, 0x1140));
        check(mr, reference, Tag(0x0008, 0x1155), Type::One);
        check(mr, None, Tag(0x0008, 0x1155), Type::Three);
    }
}
