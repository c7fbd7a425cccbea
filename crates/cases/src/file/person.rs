//! Who it is, and whether the case may be used. Nothing here can be left out: an identifier
//! that was not read could not be looked for in texts, and a consent not understood is none.

use std::collections::BTreeMap;

use spinemed_core::case::{Approval, Consent, ConsentStatus, Patient, Sex};
use spinemed_core::date::Date;

use super::{LONGEST_NAME, optional};
use crate::cursor::Cursor;
use crate::fault::{Fault, Reason};
use crate::json::Json;

/// The languages of text.
pub(super) const LANGUAGE: Reason = Reason::NotOneOf {
    allowed: "`en`, `zh`",
};

/// The oldest person: an age above is a slip of the pen.
pub(crate) const OLDEST: u64 = 129;

/// The patient.
pub(super) fn patient(from: &Cursor) -> Result<Patient, Fault> {
    from.strict(&["id", "names", "birth_date", "identifiers"])?;
    Ok(Patient {
        id: from.required("id")?.text(LONGEST_NAME)?,
        names: optional(from, "names", texts)?.unwrap_or_default(),
        birth_date: optional(from, "birth_date", date)?,
        identifiers: optional(from, "identifiers", identifiers)?.unwrap_or_default(),
    })
}

fn texts(from: &Cursor) -> Result<Vec<String>, Fault> {
    from.list()?
        .iter()
        .map(|item| item.text(LONGEST_NAME))
        .collect()
}

/// Lists by kind. Kinds are the hospital's words, so no pointer names them.
fn identifiers(from: &Cursor) -> Result<BTreeMap<String, Vec<String>>, Fault> {
    let Json::Object(members) = &from.node.json else {
        let expected = "an object";
        return Err(from.fault(Reason::WrongType { expected }));
    };
    let list = |member: &crate::json::Member| {
        let value = Cursor {
            node: &member.value,
            pointer: from.pointer.clone(),
        };
        let unnamed = |_| Fault::new(from.pointer.clone(), member.key_at, IDENTIFIERS);
        Ok((member.key.clone(), texts(&value).map_err(unnamed)?))
    };
    members.iter().map(list).collect()
}

const IDENTIFIERS: Reason = Reason::WrongType {
    expected: "a list of texts that are not empty",
};

/// A day.
pub(super) fn date(from: &Cursor) -> Result<Date, Fault> {
    from.parsed(Reason::NoDate)
}

/// Completed years.
pub(super) fn age(from: &Cursor) -> Result<u16, Fault> {
    let years = from.number(0, OLDEST)?;
    Ok(u16::try_from(years).expect("the range is below 130"))
}

/// The sex.
pub(super) fn sex(from: &Cursor) -> Result<Sex, Fault> {
    let allowed = "`F`, `M`, `O`";
    let all = [Sex::F, Sex::M, Sex::O];
    all.into_iter()
        .find(|sex| from.str() == Some(sex.as_str()))
        .ok_or_else(|| from.fault(Reason::NotOneOf { allowed }))
}

/// The patient's consent.
pub(super) fn consent(from: &Cursor) -> Result<Consent, Fault> {
    from.strict(&["status", "expires"])?;
    let status = from.required("status")?;
    let allowed = "`given`, `waived`, `withdrawn`";
    Ok(Consent {
        status: match status.str() {
            Some("given") => ConsentStatus::Given,
            Some("waived") => ConsentStatus::Waived,
            Some("withdrawn") => ConsentStatus::Withdrawn,
            _ => return Err(status.fault(Reason::NotOneOf { allowed })),
        },
        expires: optional(from, "expires", date)?,
    })
}

/// The committee's approval.
pub(super) fn approval(from: &Cursor) -> Result<Approval, Fault> {
    from.strict(&["number", "expires"])?;
    Ok(Approval {
        number: from.required("number")?.text(LONGEST_NAME)?,
        expires: optional(from, "expires", date)?,
    })
}
