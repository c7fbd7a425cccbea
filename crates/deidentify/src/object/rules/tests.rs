use super::*;

const MR: &str = "1.2.840.10008.5.1.4.1.1.4";

fn profile(options: &[ProfileOption], times: TimesOfDay) -> Profile {
    Profile {
        options: options.iter().copied().collect(),
        times,
    }
}

fn rule(options: &[ProfileOption], times: TimesOfDay, tag: Tag) -> Rule {
    let rules = Rules::of(&profile(options, times));
    match rules.find(tag) {
        Found::Rule(rule) => rule.clone(),
        _ => panic!("{tag} has no rule"),
    }
}

/// What becomes of an attribute without and with an option.
fn check(option: ProfileOption, tag: Tag, without: Action, with: Action) {
    let action = |options: &[ProfileOption]| rule(options, TimesOfDay::Keep, tag).action;
    assert_eq!(action(&[]), without, "{tag} without {option}");
    assert_eq!(action(&[option]), with, "{tag} with {option}");
}

fn check_blank(class: &str, tag: Tag, expect: Blank) {
    let rule = rule(&[], TimesOfDay::Remove, tag);
    let place = Place {
        class,
        parent: None,
    };
    assert_eq!(
        blank(rule.cell, tag, rule.vr, place),
        expect,
        "{class} {tag}"
    );
}

#[test]
fn the_files_are_read_whole() {
    let none = Profile {
        options: BTreeSet::new(),
        times: TimesOfDay::Remove,
    };
    let patterns = rows(TABLE).filter(|row| row[0].contains('x')).count();
    let edition = |name| rows(TABLE).filter(|row| row[6] == name).count();
    assert_eq!((edition("2024b"), edition("2026c"), patterns), (621, 35, 4));
    assert!(rows(TABLE).all(|row| row.len() == 7));
    let table = rows(TABLE).filter_map(|row| rows::table_rule(&row, &none));
    assert_eq!(table.count(), 652);
    for text in [KEEP, MODULES] {
        assert!(rows(text).all(|row| rows::keep_rule(&row, &none).is_ok()));
    }
    assert!(Rules::of(&none).rules.len() > 1500);
}

#[test]
fn the_table_counts_as_in_the_standard() {
    let mut basic: BTreeMap<&str, usize> = BTreeMap::new();
    let mut options: BTreeMap<&str, usize> = BTreeMap::new();
    for row in rows(TABLE).filter(|row| row[6] == "2024b") {
        *basic.entry(row[3]).or_default() += 1;
        for option in row[5].split(',').filter(|option| *option != "-") {
            *options.entry(option).or_default() += 1;
        }
    }
    let expect = [
        ("D", 92),
        ("U", 54),
        ("X", 384),
        ("X/D", 22),
        ("X/Z", 11),
        ("X/Z/D", 8),
        ("X/Z/U*", 2),
        ("Z", 42),
        ("Z/D", 6),
    ];
    assert_eq!(basic.into_iter().collect::<Vec<_>>(), expect);
    let expect = [
        ("dates=C", 165),
        ("descriptors=C", 125),
        ("device=C", 11),
        ("device=K", 46),
        ("full-dates=K", 165),
        ("graphics=C", 4),
        ("institution=K", 10),
        ("patient=C", 4),
        ("patient=K", 9),
        ("private=C", 1),
        ("structured=C", 3),
        ("uids=K", 59),
    ];
    assert_eq!(options.into_iter().collect::<Vec<_>>(), expect);
}

#[test]
fn rows_of_the_newest_edition_know_no_option() {
    for row in rows(TABLE).filter(|row| row[6] == "2026c") {
        assert_eq!(row[5], "-", "{}", row[0]);
    }
}

#[test]
fn each_option_changes_what_its_column_says() {
    use ProfileOption as O;
    check(
        O::RetainUids,
        Tag(0x0008, 0x0018),
        Action::Uid,
        Action::UidKept,
    );
    check(
        O::RetainDeviceIdentity,
        Tag(0x0018, 0x1000),
        Action::Basic,
        Action::Device,
    );
    check(
        O::RetainDeviceIdentity,
        Tag(0x0018, 0x1002),
        Action::Uid,
        Action::UidKept,
    );
    check(
        O::RetainDeviceIdentity,
        Tag(0x0008, 0x0055),
        Action::Basic,
        Action::Basic,
    );
    check(
        O::RetainInstitutionIdentity,
        Tag(0x0008, 0x0080),
        Action::Basic,
        Action::Institution,
    );
    check(
        O::RetainInstitutionIdentity,
        Tag(0x0008, 0x0082),
        Action::Basic,
        Action::Codes,
    );
    check(
        O::RetainPatientCharacteristics,
        Tag(0x0010, 0x0040),
        Action::Basic,
        Action::Keep,
    );
    check(
        O::RetainPatientCharacteristics,
        Tag(0x0010, 0x1010),
        Action::Basic,
        Action::Age,
    );
    check(
        O::RetainPatientCharacteristics,
        Tag(0x0010, 0x1030),
        Action::Basic,
        Action::Keep,
    );
    check(
        O::RetainPatientCharacteristics,
        Tag(0x0010, 0x2110),
        Action::Basic,
        Action::Descriptor,
    );
    check(
        O::RetainFullDates,
        Tag(0x0008, 0x0020),
        Action::Basic,
        Action::Date,
    );
    check(
        O::RetainFullDates,
        Tag(0x0008, 0x0030),
        Action::Basic,
        Action::Time,
    );
    check(
        O::RetainModifiedDates,
        Tag(0x0008, 0x0020),
        Action::Basic,
        Action::Shift,
    );
    check(
        O::RetainModifiedDates,
        Tag(0x0008, 0x0201),
        Action::Basic,
        Action::Zone,
    );
    check(
        O::CleanDescriptors,
        Tag(0x0008, 0x1030),
        Action::Basic,
        Action::Descriptor,
    );
    check(
        O::CleanDescriptors,
        Tag(0x0032, 0x1067),
        Action::Basic,
        Action::Codes,
    );
    check(
        O::CleanStructuredContent,
        Tag(0x0040, 0xA730),
        Action::Basic,
        Action::Content,
    );
    check(
        O::CleanStructuredContent,
        Tag(0x0040, 0x0610),
        Action::Basic,
        Action::Clean,
    );
    check(
        O::CleanGraphics,
        Tag(0x0070, 0x0001),
        Action::Basic,
        Action::Clean,
    );
}

#[test]
fn times_of_day_stay_only_where_they_may_and_dates_do() {
    let (time, modified) = (Tag(0x0008, 0x0031), ProfileOption::RetainModifiedDates);
    for (options, times, expect) in [
        (&[modified][..], TimesOfDay::Keep, Action::Time),
        (&[modified], TimesOfDay::Remove, Action::Basic),
        (&[], TimesOfDay::Keep, Action::Basic),
    ] {
        assert_eq!(rule(options, times, time).action, expect);
    }
}

#[test]
fn compound_cells_follow_the_type_in_the_iod() {
    let (cr, enhanced) = ("1.2.840.10008.5.1.4.1.1.1", "1.2.840.10008.5.1.4.1.1.4.1");
    // X/Z/D: Institution Name is of Type 3, Acquisition DateTime of Type 1C when enhanced.
    check_blank(MR, Tag(0x0008, 0x0080), Blank::Remove);
    check_blank("1.2.3", Tag(0x0008, 0x0080), Blank::Dummy);
    check_blank(enhanced, Tag(0x0008, 0x002A), Blank::Dummy);
    check_blank(MR, Tag(0x0008, 0x002A), Blank::Remove);
    // X/D
    check_blank(MR, Tag(0x0008, 0x0021), Blank::Remove);
    check_blank("1.2.3", Tag(0x0008, 0x0021), Blank::Dummy);
    // Z/D
    check_blank(enhanced, Tag(0x0008, 0x0023), Blank::Dummy);
    check_blank(cr, Tag(0x0008, 0x0023), Blank::Zero);
    // Z, X
    check_blank(MR, Tag(0x0008, 0x0050), Blank::Zero);
    check_blank(MR, Tag(0x0008, 0x1030), Blank::Remove);
    // A sequence is never made up.
    check_blank("1.2.3", Tag(0x0008, 0x0082), Blank::Zero);
    // The maker is no matter of the table: emptied as Type 2, a dummy as Type 1.
    check_blank(MR, Tag(0x0008, 0x0070), Blank::Zero);
    check_blank(enhanced, Tag(0x0008, 0x0070), Blank::Dummy);
}

#[test]
fn patterns_and_what_is_unlisted_have_no_rule() {
    let rules = Rules::of(&Profile::default());
    assert!(matches!(rules.find(Tag(0x0009, 0x0010)), Found::Private));
    assert!(matches!(rules.find(Tag(0x6002, 0x3000)), Found::Family));
    assert!(matches!(rules.find(Tag(0x5000, 0x3000)), Found::Family));
    assert!(matches!(rules.find(Tag(0x0018, 0x9999)), Found::Unlisted));
}

#[test]
fn text_is_kept_as_a_term_or_not_at_all() {
    let options: Vec<_> = ProfileOption::ALL.to_vec();
    for option in options {
        let rules = Rules::of(&profile(&[option], TimesOfDay::Keep));
        for (tag, rule) in &rules.rules {
            let number = matches!(
                rule.vr,
                VR::US | VR::SS | VR::UL | VR::SL | VR::FL | VR::FD | VR::AT | VR::DS | VR::IS
            );
            let bare = rule.action == Action::Keep && !number && rule.terms.is_empty();
            assert!(!bare, "{tag}");
            // Text as it is: where the table's own columns say so, and nowhere else.
            let listed = rows(TABLE).any(|row| row[0].parse() == Ok(*tag));
            let text = matches!(rule.action, Action::Device | Action::Institution);
            assert!(!text || listed, "{tag}");
        }
    }
}
