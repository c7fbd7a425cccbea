//! One value: what of it may stand, and what stands in its place.

use std::collections::BTreeSet;

use dicom_core::value::{C, PrimitiveValue, Value};
use dicom_core::{DataElement, Tag, VR};
use dicom_object::mem::InMemElement;

use super::numbers::{binary, decimal, integer, largest};
use super::rules::Rule;
use crate::text::page::Page;
use crate::text::span::Span;
use crate::text::{Cleaned, Form};
use crate::{Known, Subject};

/// What stands where text must stand.
const NOTHING: &str = "REMOVED";
const IMAGE_TYPE: Tag = Tag(0x0008, 0x0008);
const FRAME_TYPE: Tag = Tag(0x0008, 0x9007);
/// What UIDs of the standard itself start with (PS3.5, annex A).
const REGISTERED: &str = "1.2.840.10008.";

/// An element without a value.
pub(super) fn empty(tag: Tag, vr: VR) -> InMemElement {
    DataElement::empty(tag, vr)
}

/// An element with text.
pub(super) fn text(tag: Tag, vr: VR, value: &str) -> InMemElement {
    DataElement::new(tag, vr, PrimitiveValue::from(value))
}

/// An element with a value that says nothing.
pub(super) fn dummy(tag: Tag, vr: VR) -> InMemElement {
    let value = match vr {
        VR::DA | VR::DT => PrimitiveValue::from("19000101"),
        VR::TM => PrimitiveValue::from("000000"),
        VR::AS => PrimitiveValue::from("000Y"),
        VR::IS | VR::DS => PrimitiveValue::from("0"),
        VR::US => PrimitiveValue::from(0_u16),
        VR::OB | VR::UN | VR::OW => PrimitiveValue::from([0_u8, 0].as_slice()),
        _ => PrimitiveValue::from(NOTHING),
    };
    DataElement::new(tag, vr, value)
}

/// The values of text, without padding. None where there is no text.
pub(super) fn texts(element: &InMemElement) -> Option<Vec<String>> {
    let Value::Primitive(value) = element.value() else {
        return None;
    };
    let whole = match value {
        PrimitiveValue::Empty => return Some(Vec::new()),
        PrimitiveValue::Str(text) => text.clone(),
        PrimitiveValue::Strs(texts) => texts.join("\\"),
        PrimitiveValue::Date(_) | PrimitiveValue::DateTime(_) | PrimitiveValue::Time(_) => {
            value.to_multi_str().join("\\")
        }
        // A value of unknown representation may still be text.
        PrimitiveValue::U8(bytes) if element.vr() == VR::UN => {
            std::str::from_utf8(bytes).ok()?.to_owned()
        }
        _ => return None,
    };
    let padding = |c: char| c == '\0' || c.is_whitespace();
    let values = whole
        .split('\\')
        .map(|v| v.trim_matches(padding).to_owned());
    let values: Vec<String> = values.collect();
    if values.iter().all(String::is_empty) {
        return Some(Vec::new());
    }
    Some(values)
}

/// An element whose value is of the expected kind, written anew. None where it is not.
pub(super) fn keep(rule: &Rule, element: &InMemElement) -> Option<InMemElement> {
    let tag = element.header().tag;
    match rule.vr {
        VR::IS => written(tag, rule, element, integer),
        VR::DS => written(tag, rule, element, |text| decimal(text, largest(tag))),
        VR::US | VR::SS | VR::UL | VR::SL | VR::FL | VR::FD | VR::AT => {
            let (vr, value) = binary(rule.vr, element)?;
            (value.multiplicity() as usize <= rule.most).then(|| DataElement::new(tag, vr, value))
        }
        _ => terms(tag, rule, element),
    }
}

/// UIDs, mapped but for those of the standard.
pub(super) fn uids(rule: &Rule, element: &InMemElement, subject: &Subject) -> Option<InMemElement> {
    written(element.header().tag, rule, element, |uid| {
        Some(if registered(uid) {
            uid.to_owned()
        } else {
            subject.uid(uid)
        })
    })
}

/// UIDs as they are, where they are well formed (PS3.5, 9.1) and no component is one of the
/// identifiers; others are mapped.
pub(super) fn uids_kept(
    rule: &Rule,
    element: &InMemElement,
    subject: &Subject,
    identifiers: &BTreeSet<String>,
) -> Option<InMemElement> {
    let named = |part: &str| identifiers.contains(part) || subject.is(part);
    written(element.header().tag, rule, element, |uid| {
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let plain = uid.len() <= 64 && uid.split('.').all(|part| digits(part) && !named(part));
        Some(if registered(uid) || plain {
            uid.to_owned()
        } else {
            subject.uid(uid)
        })
    })
}

/// Names of devices or institutions, where no identifier that is known of people is in them.
/// A value that is an identifier of its own, such as a serial number, is known as one too; it
/// may stay where it is the whole value.
pub(super) fn named(
    rule: &Rule,
    element: &InMemElement,
    subject: &Subject,
    known: &Known,
    places: bool,
) -> Option<InMemElement> {
    written(element.header().tag, rule, element, |text| {
        let page = Page::new(text);
        let length = page.chars.len();
        let spans = known.find(&page);
        let whole = spans.iter().any(|span| span.range.len() >= length);
        let allowed = |span: &Span| match span.class {
            "name" => false,
            "place" | "address" if places => true,
            _ => whole,
        };
        let stays = length <= 1024
            && !text.chars().any(char::is_control)
            && !subject.is(text)
            && spans.iter().all(allowed);
        stays.then(|| text.to_owned())
    })
}

/// Short descriptions, cleaned. Values of which nothing is left go.
pub(super) fn described(
    rule: &Rule,
    element: &InMemElement,
    subject: &Subject,
    known: &Known,
    cleaned: &mut Cleaned,
) -> Option<InMemElement> {
    let values = texts(element)?;
    if values.is_empty() {
        return Some(empty(element.header().tag, rule.vr));
    }
    let clean = values.iter().take(rule.most);
    let clean: C<String> = clean
        .filter_map(|value| {
            let mut clean = |form| cleaned.text(form, value, subject, known);
            match rule.vr {
                VR::LT | VR::ST | VR::UT => clean(Form::Comment).map(unnumbered),
                VR::SH => clean(Form::Descriptor).map(fitted),
                _ => clean(Form::Descriptor),
            }
        })
        .collect();
    let made = DataElement::new(element.header().tag, rule.vr, PrimitiveValue::Strs(clean));
    (made.to_str().is_ok_and(|text| !text.is_empty())).then_some(made)
}

/// Comments are prose, where a number may be an age; short descriptions have those of technique.
fn unnumbered(text: String) -> String {
    let words = text.split(' ');
    let words: Vec<&str> = words
        .filter(|word| !word.starts_with(|c: char| c.is_ascii_digit()))
        .collect();
    words.join(" ")
}

/// A description that is no longer than its representation lets it be (PS3.5, 6.2: SH).
fn fitted(text: String) -> String {
    if text.chars().count() <= 16 {
        return text;
    }
    let start: String = text.chars().take(17).collect();
    let end = start.rfind(' ').unwrap_or(0);
    start[..end].to_owned()
}

/// An age; from 90 years on it is that of 90 (45 CFR 164.514(b)(2)(i)(C) allows ages below).
pub(super) fn age(rule: &Rule, element: &InMemElement) -> Option<InMemElement> {
    written(element.header().tag, rule, element, |text| {
        let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
        if number.is_empty() || number.len() > 3 || !number.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let number: u32 = number.parse().ok()?;
        let years = match unit {
            "Y" => number,
            "M" => number / 12,
            "W" => number / 53,
            "D" => number / 366,
            _ => return None,
        };
        Some(if years >= 90 {
            "090Y".to_owned()
        } else {
            format!("{number:03}{unit}")
        })
    })
}

/// Text made of each value by `make`; none where one of them cannot be made.
pub(super) fn written(
    tag: Tag,
    rule: &Rule,
    element: &InMemElement,
    make: impl Fn(&str) -> Option<String>,
) -> Option<InMemElement> {
    let values = texts(element)?;
    if values.is_empty() {
        return Some(empty(tag, rule.vr));
    }
    if values.len() > rule.most {
        return None;
    }
    let made: C<String> = values.iter().map(|v| make(v)).collect::<Option<_>>()?;
    Some(DataElement::new(tag, rule.vr, PrimitiveValue::Strs(made)))
}

/// The values that are terms of the rule. None where none is.
fn terms(tag: Tag, rule: &Rule, element: &InMemElement) -> Option<InMemElement> {
    let values = texts(element)?;
    if values.is_empty() {
        return Some(empty(tag, rule.vr));
    }
    let known = |v: &&String| rule.terms.contains(&v.as_str());
    if matches!(tag, IMAGE_TYPE | FRAME_TYPE) {
        let kept = values.iter().take(rule.most).enumerate();
        let kept: C<String> = kept
            .map(|(at, value)| {
                if value.is_empty() || known(&value) {
                    value.clone()
                } else {
                    image_type(at).to_owned()
                }
            })
            .collect();
        return Some(DataElement::new(tag, rule.vr, PrimitiveValue::Strs(kept)));
    }
    let kept: C<String> = values
        .iter()
        .filter(known)
        .take(rule.most)
        .cloned()
        .collect();
    (!kept.is_empty()).then(|| DataElement::new(tag, rule.vr, PrimitiveValue::Strs(kept)))
}

/// What stands for an unlisted value of Image Type and Frame Type, whose values mean something
/// by their position (PS3.3, C.7.6.1.1.2 and C.8.16.1): the careful one of the first two, no
/// flavour of the standard in the third, and no contrast made from others behind.
fn image_type(at: usize) -> &'static str {
    match at {
        0 => "DERIVED",
        1 => "SECONDARY",
        2 => "OTHER",
        _ => "NONE",
    }
}

/// Whether a UID is one of the standard's own: they are short, and their components small.
/// Anything else behind the prefix may be a number of somebody.
fn registered(uid: &str) -> bool {
    uid.strip_prefix(REGISTERED).is_some_and(|rest| {
        rest.len() <= 24
            && rest.split('.').all(|part| {
                (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
            })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::rules::Action;

    fn rule(vr: VR, terms: &[&'static str]) -> Rule {
        Rule {
            action: Action::Keep,
            vr,
            most: 6,
            terms: terms.to_vec(),
            cell: Default::default(),
        }
    }

    fn check(vr: VR, value: &str, expect: Option<&str>) {
        let element = DataElement::new(Tag(0x0018, 0x0050), vr, PrimitiveValue::from(value));
        let rule = rule(vr, &["AP", "PA"]);
        let made = if vr == VR::AS {
            age(&rule, &element)
        } else {
            keep(&rule, &element)
        };
        let made = made.map(|e| e.to_str().unwrap().into_owned());
        assert_eq!(made.as_deref(), expect, "{vr:?} {value}");
    }

    #[test]
    fn numbers_are_numbers_and_terms_are_terms() {
        check(VR::DS, "1.5\\-2e1 ", Some("1.5\\-2e1"));
        check(VR::DS, "0.70710678118654752440", Some("0.7071068"));
        check(VR::DS, "", Some(""));
        for wrong in ["inf", "NaN", "1.5 mm", "13800138000", "1\\2\\3\\4\\5\\6\\7"] {
            check(VR::DS, wrong, None);
        }
        check(VR::IS, "+12", Some("12"));
        check(VR::IS, "13800138", None);
        check(VR::IS, "12A", None);
        check(VR::CS, "AP\\SOMEBODY\\PA", Some("AP\\PA"));
        check(VR::CS, "SOMEBODY", None);
        check(VR::SH, "ap", None);
    }

    #[test]
    fn image_types_keep_their_number_of_values() {
        for (value, expect) in [
            ("AP\\PA\\Quenby\\AP", "AP\\PA\\OTHER\\AP"),
            ("Quenby\\Q\\\\Q", "DERIVED\\SECONDARY\\\\NONE"),
            (
                "1\\2\\3\\4\\5\\6\\7",
                "DERIVED\\SECONDARY\\OTHER\\NONE\\NONE\\NONE",
            ),
        ] {
            let element = DataElement::new(IMAGE_TYPE, VR::CS, PrimitiveValue::from(value));
            let kept = keep(&rule(VR::CS, &["AP", "PA"]), &element).unwrap();
            assert_eq!(kept.to_str().unwrap(), expect);
        }
    }

    #[test]
    fn bytes_of_unknown_representation_are_numbers_unless_they_are_text() {
        for (vr, bytes, expect) in [
            (VR::US, &[1, 0, 2, 0][..], true),
            (VR::US, &[1, 0, 2], false),
            (VR::US, b"Quenby", false),
            (VR::AT, &[4, 0x30, 0x0C, 0], true),
            (VR::FD, &[0, 0, 0, 0, 0, 0, 0xF0, 0x3F], true),
            (VR::FL, &[0, 0, 0x80, 0x7F], false),
            (VR::OW, &[1, 0], false),
        ] {
            let element =
                DataElement::new(Tag(0x0018, 0x1310), VR::UN, PrimitiveValue::from(bytes));
            let kept = keep(&rule(vr, &[]), &element);
            assert_eq!(kept.is_some(), expect, "{vr:?} {bytes:?}");
        }
    }

    #[test]
    fn ages_are_capped() {
        for (value, expect) in [
            ("089Y", Some("089Y")),
            ("090Y", Some("090Y")),
            ("101Y", Some("090Y")),
            ("7Y", Some("007Y")),
            ("999M", Some("999M")),
            ("14D", Some("014D")),
            ("Y", None),
            ("12345Y", None),
            ("about 40Y", None),
            ("年", None),
        ] {
            check(VR::AS, value, expect);
        }
    }

    #[test]
    fn only_uids_of_the_standard_are_registered() {
        for (uid, expect) in [
            ("1.2.840.10008.5.1.4.1.1.481.1", true),
            ("1.2.840.10008.1.2.4.90", true),
            ("1.2.840.10008.13800138000", false),
            ("1.2.840.10008.Smith", false),
            ("1.2.840.113619.2.1", false),
            ("1.2.840.10008.", false),
        ] {
            assert_eq!(registered(uid), expect, "{uid}");
        }
    }

    fn subject() -> Subject {
        let key = crate::Key::file(std::array::from_fn(|at| at as u8));
        Subject::new(&crate::Key::parse(&key).unwrap(), "MRN-7734419").unwrap()
    }

    #[test]
    fn names_of_devices_stay_without_what_is_known_of_people() {
        let mut known = Known::default();
        known.add("name", "Ulfsson^Quenby");
        known.add("id", "SN-55512");
        known.add("place", "Rotunda Hospital");
        let device = rule(VR::LO, &[]);
        for (text, places, expect) in [
            ("MR scanner two", false, true),
            ("SN-55512", false, true),
            ("scanner SN-55512 b", false, false),
            ("scanner of Ulfsson", false, false),
            ("MRN-7734419", false, false),
            ("Rotunda Hospital MR1", false, false),
            ("Rotunda Hospital MR1", true, true),
            ("Ulfsson Hospital", true, false),
        ] {
            let element = super::text(Tag(0x0018, 0x1000), VR::LO, text);
            let kept = named(&device, &element, &subject(), &known, places);
            assert_eq!(kept.is_some(), expect, "{text}");
        }
    }

    #[test]
    fn kept_uids_are_well_formed_and_hold_no_identifier() {
        let identifiers = BTreeSet::from(["7734419".to_owned()]);
        for (text, expect) in [
            ("1.2.3.4", true),
            ("1.2.840.10008.1.2", true),
            ("1.2.7734419.4", false),
            ("1.2.Quenby", false),
            ("1..2", false),
        ] {
            let element = super::text(Tag(0x0008, 0x0018), VR::UI, text);
            let kept = uids_kept(&rule(VR::UI, &[]), &element, &subject(), &identifiers);
            let kept = kept.unwrap().to_str().unwrap().into_owned();
            assert_eq!(kept == text, expect, "{text}");
        }
    }

    #[test]
    fn comments_have_no_numbers_of_their_own() {
        let text = "93 year spine T2 3-level";
        assert_eq!(unnumbered(text.to_owned()), "year spine T2");
    }

    #[test]
    fn descriptions_fit_their_representation() {
        assert_eq!(
            fitted("LUMBAR SPINE SAGITTAL T2".to_owned()),
            "LUMBAR SPINE"
        );
        assert_eq!(fitted("LUMBAR SPINE".to_owned()), "LUMBAR SPINE");
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_survived(text in ".*", vr in 0_usize..6) {
            let vr = [VR::DA, VR::DT, VR::TM, VR::DS, VR::IS, VR::UI][vr];
            let (rule, element) = (rule(vr, &[]), super::text(Tag(0x0008, 0x0030), vr, &text));
            let _ = (keep(&rule, &element), age(&rule, &element));
            let _ = uids_kept(&rule, &element, &subject(), &BTreeSet::new());
        }
    }
}
