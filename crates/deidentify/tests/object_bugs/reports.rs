//! Content trees of structured reports.

use super::*;

fn content(kind: &str, name: (&str, &str), more: Vec<InMemElement>) -> InMemDicomObject {
    let mut made = item([
        text(0x0040, 0xA010, VR::CS, "CONTAINS"),
        text(0x0040, 0xA040, VR::CS, kind),
        coded(0x0040, 0xA043, name.0, name.1, "as Quenby says"),
    ]);
    more.into_iter().for_each(|element| {
        made.put(element);
    });
    made
}

/// A report with all kinds of items, one of which refers to another by its position.
fn report() -> InMemDicomObject {
    let number = item([
        text(0x0040, 0xA30A, VR::DS, "12.5"),
        coded(0x0040, 0x08EA, "UCUM", "mm", "of Quenby"),
    ]);
    let link = item([
        text(0x0040, 0xA010, VR::CS, "INFERRED FROM"),
        DataElement::new(
            Tag(0x0040, 0xDB73),
            VR::UL,
            PrimitiveValue::U32([1, 5].as_slice().into()),
        ),
    ]);
    let lost = item([
        text(0x0040, 0xA010, VR::CS, "INFERRED FROM"),
        DataElement::new(
            Tag(0x0040, 0xDB73),
            VR::UL,
            PrimitiveValue::U32([1, 1].as_slice().into()),
        ),
    ]);
    let finding = "Seen by Dr Quenby Ulfsson on 2024-03-10: disc at L4/5 is narrow.";
    let items = vec![
        content(
            "TEXT",
            ("99LOCAL", "Q1"),
            vec![text(0x0040, 0xA160, VR::UT, "Quenby")],
        ),
        content(
            "PNAME",
            ("DCM", "121008"),
            vec![text(0x0040, 0xA123, VR::PN, "Rita^R")],
        ),
        content(
            "TEXT",
            ("DCM", "121009"),
            vec![text(0x0040, 0xA160, VR::UT, "Quenbys")],
        ),
        content(
            "TEXT",
            ("DCM", "121071"),
            vec![text(0x0040, 0xA160, VR::UT, finding)],
        ),
        content(
            "NUM",
            ("SCT", "410668003"),
            vec![sequence(0x0040, 0xA300, vec![number])],
        ),
        content(
            "IMAGE",
            ("DCM", "121080"),
            vec![sequence(0x0008, 0x1199, vec![reference("1.2.3.4.18")])],
        ),
        content(
            "CODE",
            ("DCM", "121071"),
            vec![coded(0x0040, 0xA168, "99LOCAL", "Q2", "Quenby")],
        ),
        content(
            "UIDREF",
            ("DCM", "121018"),
            vec![text(0x0040, 0xA124, VR::UI, "1.2.3.4.13")],
        ),
        content(
            "DATE",
            ("DCM", "121031"),
            vec![text(0x0040, 0xA121, VR::DA, "19310704")],
        ),
        content(
            "CONTAINER",
            ("DCM", "121070"),
            vec![
                text(0x0040, 0xA050, VR::CS, "SEPARATE"),
                sequence(0x0040, 0xA730, vec![link, lost]),
            ],
        ),
    ];
    of_class(
        REPORT,
        [
            text(0x0008, 0x0060, VR::CS, "SR"),
            text(0x0040, 0xA040, VR::CS, "CONTAINER"),
            text(0x0040, 0xA050, VR::CS, "SEPARATE"),
            text(0x0040, 0xA491, VR::CS, "COMPLETE"),
            text(0x0040, 0xA493, VR::CS, "UNVERIFIED"),
            coded(0x0040, 0xA043, "DCM", "126000", "Report of Quenby"),
            sequence(0x0040, 0xA730, items),
        ],
    )
}

#[test]
fn reports_keep_their_tree_and_lose_identifiers() {
    let clean = clean_any(report()).unwrap();
    let tree = items(clean.object(), 0x0040, 0xA730);
    let kinds: Vec<String> = tree
        .iter()
        .map(|i| inner(i, 0x0040, 0xA040).unwrap())
        .collect();
    assert_eq!(
        kinds,
        ["PNAME", "TEXT", "NUM", "IMAGE", "UIDREF", "CONTAINER"]
    );
    assert_eq!(inner(&tree[0], 0x0040, 0xA123).as_deref(), Some("REMOVED"));
    let said = inner(&tree[1], 0x0040, 0xA160).unwrap();
    assert!(said.contains("L4/5") && !said.contains("2024-03-10"));
    let measured = &items(&tree[2], 0x0040, 0xA300)[0];
    assert_eq!(inner(measured, 0x0040, 0xA30A).as_deref(), Some("12.5"));
    let unit = &items(measured, 0x0040, 0x08EA)[0];
    assert_eq!(inner(unit, 0x0008, 0x0104).as_deref(), Some("millimeter"));
    let image = clean_any(image([])).unwrap();
    let seen = &items(&tree[3], 0x0008, 0x1199)[0];
    assert_eq!(inner(seen, 0x0008, 0x1155), value(&image, 0x0008, 0x0018));
    assert_eq!(
        inner(&tree[4], 0x0040, 0xA124),
        value(&image, 0x0020, 0x000D)
    );
    let below = items(&tree[5], 0x0040, 0xA730);
    assert_eq!(below.len(), 1, "the reference to what is gone goes");
    let target = below[0].get(Tag(0x0040, 0xDB73)).unwrap();
    assert_eq!(target.to_multi_int::<u32>().unwrap(), [1, 3]);
    assert_eq!(value(&clean, 0x0040, 0xA491).as_deref(), Some("COMPLETE"));
    assert!(clean.actions["content-removed"] >= 5);
    gone(
        &clean,
        &[
            "Quenby",
            "Ulfsson",
            "Rita",
            "19310704",
            "1.2.3.4",
            "2024-03-10",
        ],
    );
}

#[test]
fn ages_in_reports_end_at_ninety() {
    let aged = |number: &str, unit: &str| {
        let measured = item([
            text(0x0040, 0xA30A, VR::DS, number),
            coded(0x0040, 0x08EA, "UCUM", unit, "unit"),
        ]);
        let item = content(
            "NUM",
            ("DCM", "121033"),
            vec![sequence(0x0040, 0xA300, vec![measured])],
        );
        let clean = clean_any(of_class(REPORT, [sequence(0x0040, 0xA730, vec![item])])).unwrap();
        clean.object().get(Tag(0x0040, 0xA730))?;
        let item = items(clean.object(), 0x0040, 0xA730).first().cloned()?;
        inner(&items(&item, 0x0040, 0xA300)[0], 0x0040, 0xA30A)
    };
    assert_eq!(aged("45", "a").as_deref(), Some("45"));
    assert_eq!(aged("93", "a").as_deref(), Some("90"));
    assert_eq!(aged("1116", "mo"), None);
    assert_eq!(aged("93", "mm"), None);
}

#[test]
fn objects_stay_valid_where_codes_and_contents_go() {
    let unlisted = content("TEXT", ("99QUENBY", "Quenby"), Vec::new());
    let clean = clean_any(of_class(
        REPORT,
        [
            coded(0x0040, 0xA043, "99QUENBY", "Quenby", "Report of Quenby"),
            sequence(0x0040, 0xA730, vec![unlisted]),
        ],
    ))
    .unwrap();
    let title = &items(clean.object(), 0x0040, 0xA043)[0];
    assert_eq!(inner(title, 0x0008, 0x0100).as_deref(), Some("121144"));
    assert!(clean.object().get(Tag(0x0040, 0xA730)).is_none());
    gone(&clean, &["Quenby", "QUENBY"]);

    let tracer = |scheme: &str, code: &str| {
        let isotope = item([coded(0x0054, 0x0300, scheme, code, "of Quenby")]);
        let pet = [sequence(0x0054, 0x0016, vec![isotope])];
        let clean = clean_any(of_class("1.2.840.10008.5.1.4.1.1.128", pet)).unwrap();
        let isotope = items(clean.object(), 0x0054, 0x0016)[0].clone();
        gone(&clean, &["Quenby"]);
        let code = items(&isotope, 0x0054, 0x0300).first().cloned();
        code.and_then(|code| inner(&code, 0x0008, 0x0104))
    };
    let fluorine = tracer("SRT", "C-111A1");
    assert_eq!(fluorine.as_deref(), Some("^18^Fluorine"));
    assert_eq!(tracer("99QUENBY", "Quenby"), None, "empty, not removed");
}

#[test]
fn reports_are_refused_without_the_option_that_cleans_them() {
    let mut policy = objects();
    policy
        .profile
        .options
        .remove(&ProfileOption::CleanStructuredContent);
    let refused = object(&file(report()), &subject(), &mut Known::default(), &policy);
    assert!(matches!(
        refused.unwrap_err(),
        ObjectRefusal::Nothing { .. }
    ));
}
