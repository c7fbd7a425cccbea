//! Words that bind, negate or withdraw a statement.

use super::lexeme::{Kind, Lexeme};

/// Whether words start at a lexeme of the slice.
pub(super) fn starts(lexemes: &[Lexeme], words: &str) -> bool {
    if words.is_ascii() {
        let mut at = lexemes.iter();
        return words.split(' ').all(|word| at.next().is_some_and(|lexeme| lexeme.is(word)));
    }
    let mut at = lexemes.iter();
    words.chars().all(|char| at.next().is_some_and(|lexeme| lexeme.kind == Kind::Han && lexeme.text.starts_with(char)))
}

/// The first of the words that start at a lexeme of the slice.
pub(super) fn first_of(lexemes: &[Lexeme], words: &[&'static str]) -> Option<&'static str> {
    words.iter().copied().find(|word| starts(lexemes, word))
}

/// Makes a clause hypothetical, historic, generic or about an operation: no present fact.
pub(super) const WITHDRAWS: &[&str] = &[
    "may", "might", "could", "can", "should", "would", "if", "whether", "when", "possible", "possibly", "probable",
    "probably", "likely", "suspected", "suspect", "suspicious", "suspicion", "concern", "concerning", "suggest",
    "suggesting", "suggestive", "suggested", "risk", "exclude", "rule out", "r / o", "evaluate", "assess",
    "differential", "versus", "vs", "questionable", "equivocal", "history", "status post", "s / p", "previous",
    "previously", "prior", "after", "following", "underwent", "undergone", "operated", "removed", "treated",
    "treatment", "therapy", "surgery", "surgical", "planned", "advised", "recommended", "indicated", "resolved",
    "healed", "most", "common", "commonly", "usually", "typically", "often", "frequent", "frequently", "rare", "rarely",
    "occur", "incidence", "prevalence", "patient with", "defined", "definition", "refer", "called", "classified",
    "characterized", "pathogenesis", "cannot", "unlikely", "family", "hypothesis", "study", "compared", "group",
    "可能", "疑", "考虑", "待排", "除外", "不能排除", "不排除", "建议", "若", "如果", "风险", "术后", "术前", "行术", "病史",
    "既往", "曾", "好发", "多见", "常见", "可引起", "是指", "定义", "治疗", "发病", "手术", "不明显", "消失", "家族", "为排除",
];

/// Denies what follows.
pub(super) const NEGATES: &[&str] = &[
    "no", "without", "absence of", "negative for", "free of", "neither", "nor", "deny", "denie", "denied", "未见", "未发现",
    "未显示", "未出现", "没有", "否认", "排除", "不伴", "无", "未",
];

/// After a negation, makes it say something other than absence.
pub(super) const NEGATES_CHANGE: &[&str] =
    &["change", "interval", "progression", "increase", "worsening", "longer", "new", "further", "improvement", "only"];

/// Denies what stands before it.
pub(super) const NEGATES_BEFORE: &[&str] = &[
    "not seen", "not present", "not identified", "not evident", "not observed", "not found", "not demonstrated",
    "not noted", "not visible", "absent", "ruled out", "excluded", "was excluded", "is excluded",
];

/// Says that something is there now.
pub(super) const PRESENTS: &[&str] = &[
    "there is", "there are", "there was", "show", "showed", "shown", "demonstrate", "demonstrated", "reveal", "revealed",
    "seen", "noted", "present", "visible", "可见", "示", "见", "存在",
];

/// Parts a clause between statements.
pub(super) const PARTS: &[&str] = &[
    "with", "without", "and", "or", "nor", "neither", "causing", "cause", "compressing", "compress", "resulting",
    "producing", "leading", "due", "secondary", "which", "that", "plus", "contributing", "impinging", "伴有", "伴", "合并",
    "并", "及", "和", "或", "与", "致", "导致", "为",
];

/// Goes on with a list under one negation.
pub(super) const LISTS: &[&str] = &["or", "nor", "、", "及", "或", "和", "/", "and"];

/// Small words that may stand among modifiers.
const SMALL: &[&str] = &[
    "on", "the", "in", "at", "of", "is", "are", "was", "were", "to", "a", "an", "worse", "greater", "more", "than", "type",
    "grade", "side", "sided", "about", "approximately", "measuring", "level", "both", "from", "by", "mm", "cm", "%", "degree",
    "pfirrmann", "modic", "meyerding", "genant", "bilsky", "i", "ii", "iii", "iv", "v", "severity", "=", "(", ")", "-", ">", "<",
    "度", "级", "型", "侧", "约", "以", "著", "明", "显", "为",
];

/// Whether a lexeme is a small word.
pub(super) fn is_small(lexeme: &Lexeme) -> bool {
    lexeme.kind == Kind::Number || SMALL.contains(&lexeme.text.as_str())
}

/// Characters that may stand inside a Chinese name: `椎间盘向左后突出`, `椎管重度狭窄`, `椎间盘无突出`.
pub(super) fn is_inner_han(lexeme: &Lexeme) -> bool {
    const INNER: &str = "轻中重度向左右后前央型偏侧略稍呈双正明显无未见";
    lexeme.kind == Kind::Han && INNER.contains(lexeme.text.as_str())
}
