//! Objects that do not pass.

use super::*;

#[test]
fn pictures_full_of_finds_are_refused() {
    let lines: Vec<_> = (0..7)
        .map(|row| ("HANDS 7 1973 LEN", (2.0, 3.0 + 24.0 * row as f32), PEN))
        .collect();
    let mut object = made(GREY, &[frame(1, &lines)]);
    let before = object.clone();
    let refused = blank(&mut object, &nothing(), &[]);
    assert_eq!(refused, Err(Suspicion::Covered { frame: 1 }));
    assert_eq!(object, before);
    // A reader that sees words whatever is blanked cannot be satisfied.
    let word = Word {
        region: [1, 1, 9, 9],
        confidence: 99,
    };
    let refused = blank(
        &mut made(GREY, &[frame(1, &[])]),
        &nothing(),
        &[&Fixed(Ok(vec![word]))],
    );
    assert!(
        matches!(refused, Err(Suspicion::Text { .. })),
        "{refused:?}"
    );
}

#[test]
fn headers_that_do_not_fit_are_refused() {
    let check = |change: &dyn Fn(&mut InMemDicomObject), expect: Suspicion| {
        let mut object = made(WIDE, &[frame(1, &[LINE])]);
        change(&mut object);
        let before = object.clone();
        assert_eq!(blank(&mut object, &nothing(), &[]), Err(expect));
        assert_eq!(object, before);
    };
    check(
        &|object| number(object, (0x0028, 0x0010), 0),
        Suspicion::Size,
    );
    check(
        &|object| number(object, (0x0028, 0x0010), 181),
        Suspicion::Size,
    );
    check(
        &|object| number(object, (0x0028, 0x0011), 65_535),
        Suspicion::Size,
    );
    check(
        &|object| text(object, (0x0028, 0x0008), VR::IS, "2"),
        Suspicion::Size,
    );
    check(
        &|object| text(object, (0x0028, 0x0008), VR::IS, "2147483647"),
        Suspicion::Size,
    );
    check(
        &|object| number(object, (0x0028, 0x0100), 12),
        Suspicion::Bits,
    );
    check(
        &|object| number(object, (0x0028, 0x0101), 17),
        Suspicion::Bits,
    );
    check(
        &|object| number(object, (0x0028, 0x0102), 16),
        Suspicion::Bits,
    );
    check(
        &|object| number(object, (0x0028, 0x0002), 3),
        Suspicion::Samples,
    );
    check(
        &|object| text(object, (0x0028, 0x0004), VR::CS, "HSV"),
        Suspicion::Photometric,
    );
    let mut none = made(GREY, &[frame(1, &[])]);
    none.remove_element(Tag(0x7FE0, 0x0010));
    assert_eq!(blank(&mut none, &nothing(), &[]), Ok(Blanked::default()));
}
