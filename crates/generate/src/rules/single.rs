//! Items of one question: multiple choice and open question.

use spinemed_core::instance::{Claim, Draft, Item, Task};
use spinemed_core::pack::EvidencePack;

use super::NotApplicable;
use super::point::{Order, Point, points};
use crate::choice::Choice;
use crate::phrase::Severity;
use crate::quantity::quantities;
use crate::text::normal;

/// A multiple choice from the pack's points.
pub(crate) fn mcq(pack: &EvidencePack, task: &Task) -> Result<Draft, NotApplicable> {
    let mut points = points(pack, task.language);
    points.retain(|point| point.stem.is_some() && options_are_distinct(point));
    let point = nth(points, task, 0).ok_or(NotApplicable(
        "no fact or statement of the pack makes a multiple choice",
    ))?;
    let (options, correct) = options(pack, &point);
    let mut claims = vec![point.own.claim(&options[correct])];
    if point.explanation != options[correct] {
        claims.push(point.all.claim(&point.explanation));
    }
    Ok(Draft {
        task: task.clone(),
        item: Item::Mcq {
            stem: point.stem.unwrap_or_default(),
            options,
            correct,
            explanation: point.explanation,
        },
        claims,
        images: point.images,
    })
}

/// An open question from the pack's points; where there are several, not the one that the
/// multiple choice of the same variant asks.
pub(crate) fn open_qa(pack: &EvidencePack, task: &Task) -> Result<Draft, NotApplicable> {
    let mut points = points(pack, task.language);
    points.retain(|point| point.question.is_some());
    let point = nth(points, task, 1).ok_or(NotApplicable(
        "no fact or statement of the pack makes an open question",
    ))?;
    let claims: Vec<Claim> = vec![point.all.claim(&point.reply)];
    Ok(Draft {
        task: task.clone(),
        item: Item::OpenQa {
            question: point.question.unwrap_or_default(),
            answer: point.reply,
        },
        claims,
        images: point.images,
    })
}

/// The point of a variant. Variants beyond the points there are get none, so that no item is
/// made twice.
fn nth(mut points: Vec<Point>, task: &Task, offset: usize) -> Option<Point> {
    let variant = usize::try_from(task.variant).ok()?;
    if variant >= points.len() {
        return None;
    }
    let at = (variant + offset) % points.len();
    Some(points.swap_remove(at))
}

pub(crate) fn options_are_distinct(point: &Point) -> bool {
    let mut forms: Vec<String> = point
        .distractors
        .iter()
        .map(|option| normal(option))
        .collect();
    forms.push(normal(&point.answer));
    forms.sort();
    let all = forms.len();
    forms.dedup();
    // Three options are the least; a bank's question keeps as many as it has.
    forms.len() == all && all >= 3 && forms.iter().all(|form| !form.is_empty())
}

/// The options in their order and the place of the right one.
pub(crate) fn options(pack: &EvidencePack, point: &Point) -> (Vec<String>, usize) {
    let mut options = vec![point.answer.clone()];
    options.extend(point.distractors.iter().cloned());
    match point.order {
        Order::Free => {
            let stem = point.stem.as_deref().unwrap_or_default();
            Choice::new(&["options", pack.key.as_str(), stem]).shuffle(options)
        }
        Order::ByNumber => sorted(options, number),
        Order::BySeverity => sorted(options, severity_of),
    }
}

fn sorted(options: Vec<String>, key: impl Fn(&str) -> f64) -> (Vec<String>, usize) {
    let mut keyed: Vec<(usize, String)> = options.into_iter().enumerate().collect();
    keyed.sort_by(|a, b| key(&a.1).total_cmp(&key(&b.1)));
    let first = keyed.iter().position(|(at, _)| *at == 0).unwrap_or(0);
    (keyed.into_iter().map(|(_, option)| option).collect(), first)
}

fn number(option: &str) -> f64 {
    let value = quantities(option)
        .into_iter()
        .next()
        .map(|quantity| quantity.value);
    value
        .and_then(|value| value.parse().ok())
        .unwrap_or(f64::MAX)
}

fn severity_of(option: &str) -> f64 {
    use spinemed_core::vocabulary::Language::{En, Zh};
    const SCALE: [Severity; 5] = [
        Severity::NormalOrMild,
        Severity::Normal,
        Severity::Mild,
        Severity::Moderate,
        Severity::Severe,
    ];
    let lower = option.to_lowercase();
    let at = SCALE
        .iter()
        .position(|s| s.name(En) == lower || s.name(Zh) == option);
    at.map_or(f64::MAX, |at| {
        f64::from(u8::try_from(at).unwrap_or(u8::MAX))
    })
}
