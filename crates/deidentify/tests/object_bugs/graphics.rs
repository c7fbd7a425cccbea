//! Overlays, comments in pictures, annotations and lookup tables.

use super::*;

#[test]
fn overlays_go_from_groups_and_from_bits_of_the_pixels() {
    let planted: Vec<u8> = [0x1001_u16, 0x0F02, 0x8003, 0xF004]
        .iter()
        .flat_map(|sample| sample.to_le_bytes())
        .collect();
    let clean = clean_any(image([
        number(0x6000, 0x0100, 16),
        number(0x6000, 0x0102, 12),
        number(0x6002, 0x0100, 1),
        text(0x6002, 0x3000, VR::OW, "Quenby"),
        text(0x6002, 0x0022, VR::LO, "Quenby"),
        text(0x5000, 0x3000, VR::OW, "Quenby"),
        sequence(0x0088, 0x0200, vec![image([])]),
        sequence(0x0400, 0x0561, vec![image([])]),
        DataElement::new(
            Tag(0x7FE0, 0x0010),
            VR::OW,
            PrimitiveValue::from(planted.as_slice()),
        ),
    ]))
    .unwrap();
    let pixels = clean.object().get(Tag(0x7FE0, 0x0010)).unwrap();
    assert_eq!(&*pixels.to_bytes().unwrap(), &[1, 0, 2, 0x0F, 3, 0, 4, 0]);
    assert_eq!(clean.actions["overlay-bits"], 1);
    assert!(
        clean
            .object()
            .tags()
            .all(|tag| !matches!(tag.group() >> 8, 0x50 | 0x60))
    );
    gone(&clean, &["Quenby"]);
    let plain = clean_any(image([])).unwrap();
    let pixels = plain.object().get(Tag(0x7FE0, 0x0010)).unwrap();
    assert_eq!(&*pixels.to_bytes().unwrap(), &PIXELS);
    assert!(!plain.actions.contains_key("overlay-bits"));
}

#[test]
fn comments_in_compressed_pictures_go() {
    let stream =
        b"\xff\xd8\xff\xfe\0\x0dUlfsson was\xff\xe1\0\x08Quenby\xff\xda\0\x03\x01\x07\xff\xd9";
    let mut padded = stream.to_vec();
    padded.resize(padded.len() + padded.len() % 2, 0);
    let raw = image([DataElement::new(
        Tag(0x7FE0, 0x0010),
        VR::OB,
        PixelFragmentSequence::new(vec![0_u32], vec![padded]),
    )]);
    let meta = FileMetaTableBuilder::new()
        .transfer_syntax("1.2.840.10008.1.2.4.70")
        .build()
        .unwrap();
    let raw = raw.with_exact_meta(meta);
    let clean = object(&raw, &subject(), &mut Known::default(), &objects()).unwrap();
    assert_eq!(clean.actions["comments"], 1);
    let fragments = clean.object().get(Tag(0x7FE0, 0x0010)).unwrap();
    let fragments = fragments.fragments().unwrap();
    assert_eq!(
        fragments,
        [b"\xff\xd8\xff\xda\0\x03\x01\x07\xff\xd9".to_vec()]
    );
    gone(&clean, &["Ulfsson", "Quenby"]);
}

#[test]
fn annotations_keep_shapes_and_lose_names() {
    let shape = item([
        text(0x0070, 0x0005, VR::CS, "PIXEL"),
        number(0x0070, 0x0020, 2),
        number(0x0070, 0x0021, 1),
        DataElement::new(
            Tag(0x0070, 0x0022),
            VR::FL,
            PrimitiveValue::F32([1.5, 2.5].as_slice().into()),
        ),
        text(0x0070, 0x0023, VR::CS, "POINT"),
    ]);
    let note = item([
        text(0x0070, 0x0006, VR::ST, "L5 of Quenby Ulfsson"),
        text(0x0070, 0x0003, VR::CS, "PIXEL"),
    ]);
    let annotation = item([
        sequence(0x0008, 0x1140, vec![reference("1.2.3.4.18")]),
        text(0x0070, 0x0002, VR::CS, "QUENBY"),
        sequence(0x0070, 0x0008, vec![note]),
        sequence(0x0070, 0x0009, vec![shape]),
    ]);
    let layer = item([
        text(0x0070, 0x0002, VR::CS, "QUENBY"),
        text(0x0070, 0x0062, VR::IS, "1"),
    ]);
    let raw = of_class(
        PRESENTATION,
        [
            sequence(0x0070, 0x0001, vec![annotation]),
            sequence(0x0070, 0x0060, vec![layer]),
            text(0x0070, 0x0080, VR::CS, "QUENBY"),
        ],
    );
    let clean = clean_any(raw.clone()).unwrap();
    let annotation = &items(clean.object(), 0x0070, 0x0001)[0];
    let layer = &items(clean.object(), 0x0070, 0x0060)[0];
    assert_eq!(
        inner(annotation, 0x0070, 0x0002),
        inner(layer, 0x0070, 0x0002)
    );
    let note = inner(&items(annotation, 0x0070, 0x0008)[0], 0x0070, 0x0006).unwrap();
    assert!(note.starts_with("L5"), "what is no name stays");
    let shape = &items(annotation, 0x0070, 0x0009)[0];
    let data = shape.get(Tag(0x0070, 0x0022)).unwrap();
    assert_eq!(data.to_multi_float32().unwrap(), [1.5, 2.5]);
    gone(&clean, &["Quenby", "QUENBY", "Ulfsson", "1.2.3.4"]);

    let mut policy = objects();
    policy.profile.options.remove(&ProfileOption::CleanGraphics);
    let clean = object(&file(raw), &subject(), &mut Known::default(), &policy).unwrap();
    assert!(items(clean.object(), 0x0070, 0x0001).is_empty());
    gone(&clean, &["Quenby", "QUENBY", "Ulfsson"]);
}

#[test]
fn lookup_tables_are_as_long_as_they_say() {
    let described = |entries: u16| {
        DataElement::new(
            Tag(0x0028, 0x3002),
            VR::US,
            PrimitiveValue::U16([entries, 0, 16].as_slice().into()),
        )
    };
    let table = DataElement::new(
        Tag(0x0028, 0x3006),
        VR::OW,
        PrimitiveValue::from(b"QuenbyUlfsson!".as_slice()),
    );
    let right = item([described(7), table.clone()]);
    let clean = clean_any(image([sequence(0x0028, 0x3010, vec![right])])).unwrap();
    let kept = &items(clean.object(), 0x0028, 0x3010)[0];
    assert!(kept.get(Tag(0x0028, 0x3006)).is_some());
    let wrong = item([described(4), table]);
    let clean = clean_any(image([sequence(0x0028, 0x3010, vec![wrong])])).unwrap();
    gone(&clean, &["Quenby"]);
}
