use super::*;

fn level(text: &str) -> Level {
    text.parse().unwrap()
}

fn names(levels: &[Level]) -> Vec<String> {
    levels.iter().map(Level::to_string).collect()
}

#[test]
fn canonical_spellings_round_trip() {
    for text in [
        "L4", "Co", "L4/L5", "C7/T1", "T12/L1", "L5/S1", "L6/S1", "L4/S1", "T13/L1", "S1/S2",
    ]
    .into_iter()
    .chain([
        "C0/C1", "C1/C2", "T11..L2", "L4..L5", "C8 root", "S1 root", "Co root",
    ]) {
        assert_eq!(level(text).to_string(), text);
        let json = serde_json::to_string(&level(text)).unwrap();
        assert_eq!(json, format!("\"{text}\""));
        assert_eq!(serde_json::from_str::<Level>(&json).unwrap(), level(text));
    }
}

#[test]
fn refuses_other_spellings() {
    for text in [
        "L4/5", "L4-L5", "l4", "L3/L5", "L5/L4", "S1..L4", "L4..L4", "C8", "C9 root", "root",
    ]
    .into_iter()
    .chain([
        "",
        " L4",
        "L4 ",
        "C0",
        "C0/C2",
        "S2/S3",
        "S5/Co",
        "T13/T12",
        "Co root root",
        "../",
    ]) {
        assert!(text.parse::<Level>().is_err(), "{text}");
        assert!(serde_json::from_str::<Level>(&format!("\"{text}\"")).is_err());
    }
}

#[test]
fn order_is_that_of_the_spine() {
    let sorted = [
        "C0/C1", "C1 root", "C1", "C1/C2", "C2 root", "C2", "C2/C3", "C7", "C7/T1", "C8 root",
        "T1", "T12", "T12..L2", "T12/L1", "L4", "L4/L5", "L4/S1", "L4 root", "L5", "L5/L6",
        "L5/S1", "S1", "Co",
    ];
    let mut levels: Vec<Level> = sorted.iter().rev().map(|text| level(text)).collect();
    levels.sort();
    assert_eq!(names(&levels), sorted);
}

#[test]
fn every_two_levels_differ_in_order() {
    let mut all: Vec<Level> = Vertebra::all().map(Level::Vertebra).collect();
    for upper in Vertebra::all() {
        for lower in Vertebra::all() {
            all.extend(Level::between(upper, lower).ok());
            all.extend(Level::range(upper, lower).ok());
        }
    }
    all.extend(NerveRoot::usual().map(Level::NerveRoot));
    let count = all.len();
    all.sort();
    all.dedup_by(|one, other| (*one).cmp(other) == Ordering::Equal);
    assert_eq!(all.len(), count);
}

#[test]
fn ranges_cover() {
    let check = |outer: &str, inner: &str, expect: bool| {
        assert_eq!(
            level(outer).covers(&level(inner)),
            expect,
            "{outer} {inner}"
        );
    };
    check("T11..L2", "T12", true);
    check("T11..L2", "L2/L3", false);
    check("T11..L2", "T12/L1", true);
    check("T11..L2", "T12..L1", true);
    check("C1..C4", "C1/C2", true);
    check("L3..S1", "L5 root", false);
    check("L4", "L4", true);
    check("L4/L5", "L4", false);
}

#[test]
fn names_in_both_languages() {
    let check = |text: &str, en: &str, zh: &str| {
        assert_eq!(level(text).name(Language::En), en);
        assert_eq!(level(text).name(Language::Zh), zh);
    };
    check("L4/L5", "L4/L5", "腰4/5");
    check("L5/S1", "L5/S1", "腰5/骶1");
    check("T12", "T12", "胸12");
    check("T11..L2", "T11–L2", "胸11至腰2");
    check("C8 root", "C8 nerve root", "颈8神经根");
    check("C1/C2", "C1/C2", "寰枢关节");
    check("Co", "coccyx", "尾骨");
}

#[test]
fn neighbours_are_near_and_of_the_kind() {
    let check = |text: &str, expect: &[&str]| {
        let near = level(text).neighbours();
        assert_eq!(names(&near)[..expect.len()], *expect, "{text}");
    };
    check("L4/L5", &["L3/L4", "L5/S1", "L2/L3", "L1/L2"]);
    check("L5/S1", &["L4/L5", "L3/L4"]);
    check("L6/S1", &["L5/S1", "L4/L5"]);
    check("C1", &["C2", "C3"]);
    check("T12", &["T11", "L1"]);
    check("C8 root", &["C7 root", "T1 root"]);
    check("T12..L2", &["T11..L1", "L1..L3"]);
    check("C1/C2", &["C0/C1"]);
    assert!(
        level("L4")
            .neighbours()
            .iter()
            .all(|other| !other.is_variant())
    );
}

#[test]
fn roots_leave_above_in_the_neck_and_below_elsewhere() {
    let check = |text: &str, expect: Option<&str>| {
        let Level::NerveRoot(root) = level(text) else {
            panic!("{text}")
        };
        assert_eq!(
            root.leaves_below().map(|v| v.to_string()).as_deref(),
            expect
        );
    };
    check("C1 root", None);
    check("C5 root", Some("C4"));
    check("C8 root", Some("C7"));
    check("T1 root", Some("T1"));
    check("L5 root", Some("L5"));
}

#[test]
fn variants_are_flagged() {
    for text in [
        "T13", "L6", "L6/S1", "L5/L6", "L4/S1", "T13/L1", "T12/T13", "T11/L1", "L5..L6",
    ] {
        assert!(level(text).is_variant(), "{text}");
    }
    for text in ["T12", "L5", "L5/S1", "C1/C2", "S1/S2", "L4..S1", "C8 root"] {
        assert!(!level(text).is_variant(), "{text}");
    }
}
