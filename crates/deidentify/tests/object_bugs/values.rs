//! Values of every representation, right and wrong.

use super::*;

/// A value of a representation whose bytes are what is planted, as near as it can hold them.
fn odd(vr: VR, planted: &str) -> PrimitiveValue {
    let bytes = planted.as_bytes();
    match vr {
        VR::OB | VR::UN => PrimitiveValue::from(bytes),
        VR::OW | VR::US => {
            let words = bytes.chunks_exact(2);
            PrimitiveValue::U16(words.map(|w| u16::from_le_bytes([w[0], w[1]])).collect())
        }
        VR::OL | VR::UL => PrimitiveValue::from(u32::from_le_bytes(*b"Quen")),
        VR::SL => PrimitiveValue::from(i32::from_le_bytes(*b"Quen")),
        VR::SS => PrimitiveValue::from(-7_i16),
        VR::OV | VR::UV => PrimitiveValue::from(u64::from_le_bytes(*b"QuenbyUl")),
        VR::SV => PrimitiveValue::from(i64::from_le_bytes(*b"QuenbyUl")),
        VR::FL | VR::OF => PrimitiveValue::from(f32::from_le_bytes(*b"Quen")),
        VR::FD | VR::OD => PrimitiveValue::from(f64::from_le_bytes(*b"QuenbyUl")),
        VR::AT => PrimitiveValue::Tags([Tag(0x7551, 0x6E65)].as_slice().into()),
        _ => PrimitiveValue::from(planted),
    }
}

#[test]
fn values_of_any_representation_are_survived_and_leak_nothing() {
    let all = [
        VR::AE,
        VR::AS,
        VR::AT,
        VR::CS,
        VR::DA,
        VR::DS,
        VR::DT,
        VR::FL,
        VR::FD,
        VR::IS,
        VR::LO,
        VR::LT,
        VR::OB,
        VR::OD,
        VR::OF,
        VR::OL,
        VR::OV,
        VR::OW,
        VR::PN,
        VR::SH,
        VR::SL,
        VR::SS,
        VR::ST,
        VR::SV,
        VR::TM,
        VR::UC,
        VR::UI,
        VR::UL,
        VR::UN,
        VR::UR,
        VR::US,
        VR::UT,
        VR::UV,
    ];
    let tags = [
        (0x0008, 0x0023),
        (0x0008, 0x0060),
        (0x0008, 0x1030),
        (0x0008, 0x1140),
        (0x0008, 0x1155),
        (0x0009, 0x1010),
        (0x0010, 0x0040),
        (0x0010, 0x1010),
        (0x0018, 0x0050),
        (0x0018, 0x1310),
        (0x0020, 0x0013),
        (0x0020, 0x9157),
        (0x0028, 0x0106),
        (0x0028, 0x1201),
        (0x0040, 0xA730),
        (0x0040, 0xA30A),
        (0x0062, 0x0005),
        (0x0064, 0x0009),
        (0x0070, 0x0001),
        (0x0070, 0x0022),
        (0x0072, 0x0065),
        (0x3006, 0x0050),
        (0x7FE0, 0x0001),
        (0x7FE0, 0x0008),
        (0x6000, 0x3000),
    ];
    for vr in all {
        for (group, element) in tags {
            let planted = odd(vr, "QuenbyUl");
            let raw = image([DataElement::new(Tag(group, element), vr, planted)]);
            // Numbers may stand where numbers stand; text may not.
            let number = matches!(
                vr,
                VR::AT
                    | VR::FL
                    | VR::FD
                    | VR::OF
                    | VR::OD
                    | VR::OV
                    | VR::OW
                    | VR::SL
                    | VR::SS
                    | VR::SV
                    | VR::UL
                    | VR::US
                    | VR::UV
            );
            if let Ok(clean) = clean_any(raw) {
                let bytes = clean.bytes().unwrap();
                assert!(dicom_object::from_reader(bytes.as_slice()).is_ok());
                let leaks = holds(&bytes, "QuenbyUl", None) && !number;
                assert!(!leaks, "({group:04X},{element:04X}) {vr:?}");
            }
        }
    }
}
