//! Numbers and codes of technique: levels, weightings, kernels, sizes, counts of views.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::RegexSet;

use super::parts::{Kind, Part};
use super::vocabulary;
use crate::text::page::Page;

/// Whole parts in lower case. Each is as narrow as technique needs, so that no room, bed or
/// record number fits.
static TECHNIQUE: LazyLock<RegexSet> = LazyLock::new(|| {
    let patterns = [
        // Levels, in German with Th for thoracic.
        r"^(?:c[1-8]|t1[0-3]|t[1-9]|th1[0-2]|th[1-9]|l[1-6]|s[1-5]|d1[0-2]|d[1-9])(?:s)?$",
        r"^(?:[hbls]wk)(?:1[0-2]|[1-9])$",
        // Weightings and dimensions.
        r"^s?(?:t1|t2|pd)(?:w|wi|rho|star)?$",
        r"^[234]d$",
        // Leads of an electrocardiogram.
        r"^v[1-9]$",
        // Diffusion weightings, acceleration, averages, echo and repetition times.
        r"^b(?:0|50|[1-9]00|[12][05]00|3000)$",
        r"^(?:p|x|nex|nsa|e|r)[1-8]$",
        r"^(?:te|ti|tr|fa)[0-9]{1,4}$",
        // Kernels: B30f, H60s, I70h, T20s, Br40, Bv36d, FC30.
        r"^[bhitudq][0-9]{2}[fshm]?[fsh]$",
        r"^[bhqust][rflvpcn][0-9]{2}[a-z]?$",
        r"^fc[0-9]{2}$",
        // Sizes and other measures.
        r"^[0-9]{1,3}(?:\.[0-9]{1,3})?(?:mm|cm|mm2|mm3|cm2|ml|sec|s|ms|min|hz|kv|kvp|ma|mas|kev|fps|t|gy|cgy|mhz|deg|dir|dirs|v|vw|vws|views?|pl|planes?|echoes|ph|phase|phases|slices?|x|mos?|wks?|hrs?|h|st|nd|rd|th|f|fx)$",
        r"^(?:mm|cm|m)[23]$",
        r"^(?:[0-9]{1,3}|1024)x(?:[0-9]{1,3}|1024)(?:x[0-9]{1,3})?(?:mm)?$",
        r"^[0-9]{1,3}(?:\.[0-9])?%$",
        r"^c1c2$|^l[3-5][45]$|^l5s1$|^c[2-7][3-7]$",
    ];
    RegexSet::new(patterns).expect("the patterns are constant and tested")
});

/// Words that numbers count, behind them.
static COUNTED: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| {
    crate::text::lexicon::load(
        "view views vw vws v plane planes pl dir dirs direction directions phase phases ph ebenen \
         ebene vistas vista proyecciones incidence incidences projections projection echo echoes \
         slices slice stations station averages avg nex nsa mm cm ml sec secs s ms min mins minute \
         minutes hz kv kvp ma mas kev fps tesla deg degree degrees week weeks wk wks month months \
         mo year years yr yrs day days hr hrs hour hours x level levels segment segments shot \
         band fields field mgy",
    )
});
/// Words with which a number may be an age. Ages from 90 on identify (45 CFR
/// 164.514(b)(2)(i)(C)), so the number must have one digit at most.
pub(super) const YEARS: &[&str] = &[
    "year", "years", "yr", "yrs", "y", "yo", "old", "aged", "age",
];

/// Words that a small number names, before it.
static NAMED: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| {
    crate::text::lexicon::load(
        "recon recons reconstruction rekonstruktion series ser sequence phase set part echo station \
         stack segment type grade stage idose asir admire safire lesion nodule label roi frame \
         image vol volume slab view b te tr ti fa nex nsa p rib bwk lwk hwk swk level vertebra \
         metacarpal metatarsal finger toe digit plan beam field fraction phase mip scan version \
         group target region range",
    )
});
/// Sizes of matrices.
const MATRICES: &[&str] = &[
    "128", "192", "256", "320", "384", "448", "512", "640", "768", "1024",
];

/// Digits, with a fraction or without.
pub(super) fn is_number(lower: &str) -> bool {
    lower.starts_with(|c: char| c.is_ascii_digit())
        && lower.chars().all(|c| c.is_ascii_digit() || c == '.')
}

/// Whether a part is technique by itself, or put together of such parts.
pub(super) fn is_technique(text: &str, lower: &str) -> bool {
    TECHNIQUE.is_match(lower) || put_together(text)
}

/// `SagT2`, `T2TSE`, `mDIXONquant`: pieces at changes of case and at digits, all known.
fn put_together(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    if chars.len() > 24 || !chars.iter().all(char::is_ascii_alphanumeric) {
        return false;
    }
    // reach[n]: the first n characters are pieces.
    let mut reach = vec![false; chars.len() + 1];
    reach[0] = true;
    for start in 0..chars.len() {
        if !reach[start] {
            continue;
        }
        for end in start + 2..=chars.len() {
            let piece: String = chars[start..end].iter().collect::<String>().to_lowercase();
            let whole = start == 0 && end == chars.len();
            reach[end] |= !whole && border(&chars, start) && border(&chars, end) && known(&piece);
        }
    }
    reach[chars.len()]
}

/// Whether pieces may part here: at the edges, where the case rises, beside digits.
fn border(chars: &[char], at: usize) -> bool {
    if at == 0 || at == chars.len() {
        return true;
    }
    let (left, right) = (chars[at - 1], chars[at]);
    left.is_ascii_lowercase() && right.is_ascii_uppercase()
        || left.is_ascii_digit() && right.is_ascii_alphabetic()
        || left.is_ascii_alphabetic() && weighting(chars, at)
}

/// Whether a weighting stands here: `T1`, `T2`, `PD` are no letters of names.
fn weighting(chars: &[char], at: usize) -> bool {
    matches!(chars.get(at..at + 2), Some(['t' | 'T', '1' | '2']))
}

fn known(piece: &str) -> bool {
    vocabulary::is_word(piece) || TECHNIQUE.is_match(piece)
}

/// Whether a bare number is a part of technique where it stands.
pub(super) fn number_stays(page: &Page, parts: &[Part], at: usize) -> bool {
    let own = parts[at].lower.as_str();
    let left = at.checked_sub(1).map(|left| &parts[left]);
    let left = left.filter(|left| matches!(left.kind, Kind::Word | Kind::Letter));
    let right = parts.get(at + 1);
    let gap = |from: usize, to: usize| page.slice(from..to).trim();
    let before = left.map_or("#", |left| gap(left.range.end, parts[at].range.start));
    let whole = !own.contains('.');
    let small = whole && own.len() <= 2;
    let counted = right.is_some_and(|right| {
        COUNTED.contains(right.lower.as_str())
            && matches!(gap(parts[at].range.end, right.range.start), "" | "-" | "+")
    });
    let beside = |part: Option<&Part>| part.is_some_and(|p| YEARS.contains(&p.lower.as_str()));
    if own.len() > 1 && (beside(right) || beside(left)) {
        return false;
    }
    if counted && own.len() <= if whole { 3 } else { 5 } {
        return true;
    }
    let Some(left) = left else {
        return !whole && thickness(own) && right.is_some_and(|right| right.kind == Kind::Word);
    };
    let level = small && is_level(&left.lower) && matches!(before, "/" | "-" | "&");
    let named = small
        && NAMED.contains(left.lower.as_str())
        && matches!(before, "" | "(" | "=" | "-" | "_" | ":");
    let matrix = matches!(before, "_" | "/") && MATRICES.contains(&own);
    // One digit behind a word counts what the word names, where no date or number goes on.
    let goes_on =
        right.is_some_and(|right| matches!(right.kind, Kind::Number | Kind::Gone("id", _)));
    let ends = page
        .at(parts[at].range.end)
        .is_none_or(|c| !"/.-".contains(c));
    let count = whole && own.len() == 1 && ends && !goes_on;
    let count = count && left.kind == Kind::Word && matches!(before, "" | "-" | "_");
    level || named || matrix || count || !whole && thickness(own)
}

fn is_level(lower: &str) -> bool {
    let mut chars = lower.trim_start_matches("th").chars();
    let first = lower.starts_with("th") || chars.next().is_some_and(|c| "ctlsd".contains(c));
    let digits = chars.as_str();
    let wk = lower.len() > 3 && &lower[1..3] == "wk";
    wk || first && !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit())
}

/// A thickness or distance in mm: no day and month.
fn thickness(text: &str) -> bool {
    let Some((whole, part)) = text.split_once('.') else {
        return false;
    };
    let usual = matches!(part, "0" | "5" | "00" | "25" | "75" | "625");
    whole.len() <= 2 && usual
        || whole == "0" && part.len() <= 3
        || whole.len() == 1 && part.len() == 1
}
