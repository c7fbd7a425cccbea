//! Sides, grades and measures among lexemes.

use std::collections::BTreeSet;

use super::lexeme::{Kind, Lexeme};
use super::word::starts;
use crate::finding::{Grade, Measure};
use crate::vocabulary::Side;

/// The side that a word names.
pub(super) fn side(lexemes: &[Lexeme]) -> Option<Side> {
    let first = lexemes.first()?;
    match first.text.as_str() {
        "left" | "左" => Some(Side::Left),
        "right" | "右" => Some(Side::Right),
        "bilateral" | "bilaterally" | "双" | "两" => Some(Side::Bilateral),
        "both" if starts(lexemes, "both side") => Some(Side::Bilateral),
        "central" | "midline" | "centrally" => Some(Side::Central),
        "中" if starts(lexemes, "中央") => Some(Side::Central),
        "正" if starts(lexemes, "正中") => Some(Side::Central),
        _ => None,
    }
}

/// The severity that a word names.
pub(super) fn severity(lexemes: &[Lexeme]) -> Option<&'static str> {
    let first = lexemes.first()?;
    match first.text.as_str() {
        "mild" | "mildly" | "slight" | "minimal" => Some("mild"),
        "moderate" | "moderately" => Some("moderate"),
        "severe" | "severely" | "marked" => Some("severe"),
        "轻" if starts(lexemes, "轻度") => Some("mild"),
        "中" if starts(lexemes, "中度") => Some("moderate"),
        "重" if starts(lexemes, "重度") => Some("severe"),
        _ => None,
    }
}

/// The one severity among lexemes: none where there is none, an error where there are several.
pub(super) fn one_severity(lexemes: &[Lexeme], at: &[usize]) -> Result<Option<Grade>, Ambiguous> {
    let named: Vec<(usize, &str)> = at
        .iter()
        .filter_map(|index| severity(&lexemes[*index..]).map(|value| (*index, value)))
        .collect();
    let distinct: BTreeSet<&str> = named.iter().map(|(_, value)| *value).collect();
    let value = match named[..] {
        [] => return Ok(None),
        [(first, low), (second, high)] if low != high && is_span(&lexemes[first..second]) => {
            format!("{low} to {high}")
        }
        _ if distinct.len() == 1 => named[0].1.to_owned(),
        _ => return Err(Ambiguous),
    };
    Ok(Some(Grade {
        scale: "severity".to_owned(),
        value,
    }))
}

/// Whether two grades are the ends of one (`moderate to severe`, `中-重度`).
fn is_span(lexemes: &[Lexeme]) -> bool {
    lexemes.len() <= 3
        && lexemes
            .iter()
            .any(|lexeme| lexeme.is("to") || lexeme.is("-") || lexeme.is("至"))
}

/// A text allows two readings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ambiguous;

/// The one side among lexemes.
pub(super) fn one_side(lexemes: &[Lexeme], at: &[usize]) -> Result<Option<Side>, Ambiguous> {
    let compares = at.iter().any(|index| {
        ["worse", "greater", "more", ">", "<", "重", "著"]
            .iter()
            .any(|word| lexemes[*index].is(word))
            && severity(&lexemes[*index..]).is_none()
    });
    let sides: BTreeSet<Side> = at
        .iter()
        .filter_map(|index| side(&lexemes[*index..]))
        .collect();
    let sides: Vec<Side> = sides.into_iter().collect();
    match sides[..] {
        _ if compares => Ok(None),
        [] => Ok(None),
        [side] => Ok(Some(side)),
        [Side::Left, Side::Right] => Ok(Some(Side::Bilateral)),
        [Side::Left | Side::Right, Side::Central] => Ok(None),
        _ => Err(Ambiguous),
    }
}

/// Whether a clause names the scale that grades a concept.
pub(super) fn names_scale(lexemes: &[Lexeme], concept: &str) -> bool {
    SCALES
        .iter()
        .filter(|scale| scale.concepts.contains(&concept))
        .any(|scale| lexemes.iter().any(|lexeme| lexeme.is(scale.name)))
}

/// Whether a grade says that there is nothing: Pfirrmann 1 is a healthy disc (Pfirrmann et
/// al., Spine 2001;26:1873), Modic 0 and Genant 0 are no change and no fracture.
pub(super) fn is_normal(grade: &Grade) -> bool {
    matches!(
        (grade.scale.as_str(), grade.value.as_str()),
        ("pfirrmann", "1") | ("modic" | "genant" | "kellgren", "0")
    )
}

/// A scale, the concepts that it grades and how its values are written.
struct Scale {
    name: &'static str,
    concepts: &'static [&'static str],
    roman: bool,
    highest: u8,
}

const SCALES: &[Scale] = &[
    Scale {
        name: "pfirrmann",
        concepts: &["disc-degeneration"],
        roman: false,
        highest: 5,
    },
    Scale {
        name: "modic",
        concepts: &["modic-change"],
        roman: false,
        highest: 3,
    },
    Scale {
        name: "meyerding",
        concepts: &["spondylolisthesis", "retrolisthesis"],
        roman: true,
        highest: 5,
    },
    Scale {
        name: "genant",
        concepts: &["vertebral-fracture", "compression-fracture"],
        roman: false,
        highest: 3,
    },
    Scale {
        name: "bilsky",
        concepts: &["spinal-cord-compression", "spinal-metastasis"],
        roman: false,
        highest: 3,
    },
    Scale {
        name: "kellgren",
        concepts: &["facet-arthropathy", "osteophyte"],
        roman: false,
        highest: 4,
    },
];

/// The value on a concept's own scale that a clause states.
///
/// # Errors
/// [`Ambiguous`] when it states several.
pub(super) fn scale_value(lexemes: &[Lexeme], concept: &str) -> Result<Option<Grade>, Ambiguous> {
    let Some(scale) = SCALES
        .iter()
        .find(|scale| scale.concepts.contains(&concept))
    else {
        return Ok(None);
    };
    let mut values: Vec<u8> = Vec::new();
    for (index, lexeme) in lexemes.iter().enumerate() {
        let named = lexeme.is(scale.name) || (scale.roman && lexeme.is("grade"));
        let after = &lexemes[index + 1..];
        if named {
            let mut found = values_after(after);
            values.append(&mut found);
        } else if scale.roman && after.first().is_some_and(|next| next.is("度")) {
            values.extend(value(lexeme));
        }
    }
    values.dedup();
    match values[..] {
        [] => Ok(None),
        [one] if one <= scale.highest => {
            let letter = if scale.name == "bilsky" {
                bilsky_letter(lexemes, one)
            } else {
                ""
            };
            let value = if scale.roman {
                roman(one).to_owned()
            } else {
                format!("{one}{letter}")
            };
            Ok(Some(Grade {
                scale: scale.name.to_owned(),
                value,
            }))
        }
        _ => Err(Ambiguous),
    }
}

/// The letter of Bilsky grades `1a`, `1b`, `1c`.
fn bilsky_letter(lexemes: &[Lexeme], grade: u8) -> &'static str {
    let follows = |letter: &str| {
        lexemes
            .windows(2)
            .any(|two| value(&two[0]) == Some(grade) && two[1].glued && two[1].is(letter))
    };
    ["a", "b", "c"]
        .into_iter()
        .find(|letter| grade == 1 && follows(letter))
        .unwrap_or("")
}

/// Values after a scale's name: `grade 4`, `type II`, `4级`, `grades 4 and 5`.
fn values_after(lexemes: &[Lexeme]) -> Vec<u8> {
    const BETWEEN: [&str; 11] = [
        "grade", "type", "change", "score", "lawrence", "-", "改", "变", "分", "级", "型",
    ];
    let mut values = Vec::new();
    for lexeme in lexemes.iter().take(8) {
        match value(lexeme) {
            Some(found) => values.push(found),
            None if !values.is_empty()
                && (lexeme.is("and") || lexeme.is(",") || lexeme.is("to")) => {}
            None if values.is_empty() && BETWEEN.contains(&lexeme.text.as_str()) => {}
            None => break,
        }
    }
    values
}

fn value(lexeme: &Lexeme) -> Option<u8> {
    match lexeme.text.as_str() {
        "i" | "一" => Some(1),
        "ii" | "二" => Some(2),
        "iii" | "三" => Some(3),
        "iv" | "四" => Some(4),
        "v" | "五" => Some(5),
        text if text.len() == 1 => text.parse().ok().filter(|value| *value <= 5),
        _ => None,
    }
}

fn roman(value: u8) -> &'static str {
    match value {
        1 => "I",
        2 => "II",
        3 => "III",
        4 => "IV",
        5 => "V",
        _ => "0",
    }
}

/// The measures among lexemes, with their place; `is_level` tells numbers of levels apart.
pub(super) fn measures(
    lexemes: &[Lexeme],
    is_level: impl Fn(usize) -> bool,
) -> Vec<(usize, Measure)> {
    let unit = |lexeme: &Lexeme| match lexeme.text.as_str() {
        "mm" | "毫" => Some("mm"),
        "cm" | "厘" => Some("cm"),
        "%" => Some("%"),
        "degree" | "°" => Some("deg"),
        _ => None,
    };
    lexemes
        .windows(2)
        .enumerate()
        .filter(|(index, two)| two[0].kind == Kind::Number && !is_level(*index))
        .filter_map(|(index, two)| {
            let unit = unit(&two[1])?.to_owned();
            Some((
                index,
                Measure {
                    value: two[0].text.clone(),
                    unit,
                },
            ))
        })
        .collect()
}
