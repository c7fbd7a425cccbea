//! Sentences that are general and rest on no evidence: safety nets and disclaimers.
//!
//! They are the same in every item and the checks know them, so that nothing else can pass as
//! general. They name no treatment and no prognosis.

use spinemed_core::vocabulary::Language;

/// When to seek help at once (red flags of cauda equina compression and cord compression).
pub const SAFETY_NET: [&str; 2] = [
    "In general, new weakness in the arms or legs, numbness around the groin, or loss of control over the bladder or bowel should be assessed as an emergency.",
    "一般而言，如果新出现肢体无力、会阴部麻木或大小便失控，应立即急诊就医。",
];

/// That words about pictures are no examination.
pub const NO_EXAMINATION: [&str; 2] = [
    "This is general information and does not replace an examination by a clinician.",
    "以上为一般性信息，不能代替医生的当面检查。",
];

/// What a report of this kind is not.
pub const DISCLAIMER: [&str; 2] = [
    "This report was composed automatically from the evidence named here. It is no clinical diagnosis and must be confirmed by a qualified clinician.",
    "本报告由程序根据所列证据自动生成，不构成临床诊断，须由具备资质的医师确认。",
];

/// That pictures alone decide no treatment.
pub const TALK: [&str; 2] = [
    "What to do next depends on symptoms and examination, and is best decided together with the treating clinician.",
    "下一步如何处理取决于症状和查体结果，请与主管医生共同决定。",
];

/// One of a pair, by language.
#[must_use]
pub fn say(pair: [&'static str; 2], language: Language) -> &'static str {
    match language {
        Language::En => pair[0],
        Language::Zh => pair[1],
    }
}

/// A text without the general sentences of this module.
pub(crate) fn without_general(text: &str) -> String {
    let mut out = text.to_owned();
    for sentence in [SAFETY_NET, NO_EXAMINATION, DISCLAIMER, TALK]
        .iter()
        .flatten()
    {
        if out.contains(sentence) {
            out = out.replace(sentence, "");
        }
    }
    out
}
