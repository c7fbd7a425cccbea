//! Rules that judge one pack by itself.

use spinemed_core::clinical;
use spinemed_core::outcome::DropReason;
use spinemed_core::pack::{EvidencePack, PackKind, SpanRole};

use crate::CurateSettings;
use crate::boilerplate::back_matter;
use crate::summary::own_spans;

/// Why a pack is left out, where a rule says so. The first rule that fires is named, with
/// what it measured and its threshold.
#[must_use]
pub fn judge(pack: &EvidencePack, settings: &CurateSettings) -> Option<DropReason> {
    // Labels and charts are no prose; whoever brought them has chosen them.
    if matches!(pack.kind, PackKind::Study | PackKind::Case) {
        return None;
    }
    let words = Words::of(pack);
    section(pack)
        .or_else(|| length(pack, &words, settings))
        .or_else(|| front_matter(pack, &words))
        .or_else(|| references(pack, &words, settings))
        .or_else(|| symbols(pack, &words, settings))
        .map(|detail| DropReason::LowQuality { detail })
        .or_else(|| topic(pack, &words, settings))
}

/// The pack's words in one text, counted once.
struct Words {
    text: String,
    /// Characters but spaces.
    solid: u32,
    /// Those of `solid` that are Chinese.
    han: u32,
    /// Those of `solid` that are neither letters nor plain punctuation.
    symbols: u32,
    /// Words; each Chinese character counts as one.
    words: u32,
}

impl Words {
    fn of(pack: &EvidencePack) -> Self {
        let parts: Vec<&str> = own_spans(pack).map(|span| span.text.as_str()).collect();
        let text = parts.join("\n");
        let mut words = Self {
            text: String::new(),
            solid: 0,
            han: 0,
            symbols: 0,
            words: 0,
        };
        let mut inside = false;
        for c in text.chars() {
            let han = ('\u{3400}'..='\u{9fff}').contains(&c);
            if han {
                words.han += 1;
                words.words += 1;
            } else if !c.is_whitespace() && !inside {
                words.words += 1;
            }
            inside = !han && !c.is_whitespace();
            words.solid += u32::from(!c.is_whitespace());
            words.symbols += u32::from(is_symbol(c));
        }
        Self { text, ..words }
    }

    fn permille(&self, part: u32) -> u32 {
        permille(part, self.words)
    }
}

fn is_symbol(c: char) -> bool {
    !c.is_whitespace()
        && !c.is_alphabetic()
        && !".,;:!?'\"()[]-–—’“”，。；：！？、（）《》".contains(c)
}

fn permille(part: u32, whole: u32) -> u32 {
    let value = u64::from(part) * 1000 / u64::from(whole.max(1));
    u32::try_from(value).unwrap_or(u32::MAX)
}

fn section(pack: &EvidencePack) -> Option<String> {
    if pack.kind == PackKind::Question {
        return None;
    }
    let titles = pack.section.iter().map(String::as_str);
    let title = back_matter(titles)?;
    Some(format!("rule back-matter: section `{title}`"))
}

fn length(pack: &EvidencePack, words: &Words, settings: &CurateSettings) -> Option<String> {
    let weight = words.solid + 2 * words.han;
    let least = match pack.kind {
        PackKind::Text => settings.minimum_chars,
        _ => settings.minimum_caption_chars,
    };
    (weight < least).then(|| format!("rule minimum-characters: {weight} < {least}"))
}

/// Addresses of authors, dates of receipt and the like: three different traces of them in a
/// passage that is not long.
fn front_matter(pack: &EvidencePack, words: &Words) -> Option<String> {
    const TRACES: &[&str] = &[
        "@",
        "correspondence",
        "received:",
        "received ",
        "accepted:",
        "accepted ",
        "published:",
        "department of",
        "university",
        "e-mail",
        "email",
        "doi.org",
        "copyright",
        "©",
        "通讯作者",
        "收稿日期",
    ];
    if pack.kind != PackKind::Text || words.words > 400 {
        return None;
    }
    let lower = words.text.to_lowercase();
    let found = TRACES.iter().filter(|trace| lower.contains(*trace)).count();
    (found >= 3).then(|| format!("rule front-matter: {found} traces of addresses and dates >= 3"))
}

fn references(pack: &EvidencePack, words: &Words, settings: &CurateSettings) -> Option<String> {
    if pack.kind != PackKind::Text {
        return None;
    }
    let share = words.permille(bibliography(&words.text));
    let most = settings.maximum_references;
    (share > most).then(|| format!("rule reference-like: {share} in 1000 words > {most}"))
}

/// Counts traces of bibliography: `et al`, `doi`, `2019;12:345`, `pp. 12`.
fn bibliography(text: &str) -> u32 {
    let lower = text.to_lowercase();
    let count = |needle: &str| lower.matches(needle).count();
    let volumes = lower
        .split_whitespace()
        .filter(|word| {
            let bytes = word.as_bytes();
            bytes.windows(3).any(|w| {
                w[0].is_ascii_digit() && matches!(w[1], b':' | b';') && w[2].is_ascii_digit()
            })
        })
        .count();
    u32::try_from(count("et al") + count("doi") + count("pp. ") + volumes).unwrap_or(u32::MAX)
}

fn symbols(pack: &EvidencePack, words: &Words, settings: &CurateSettings) -> Option<String> {
    // A figure's words may quote a forest plot; its table and question may be all numbers.
    if pack.kind != PackKind::Text || pack.spans.iter().any(|s| s.role == SpanRole::Table) {
        return None;
    }
    let share = permille(words.symbols, words.solid);
    let most = settings.maximum_symbols;
    (share > most).then(|| format!("rule digits-and-symbols: {share} in 1000 characters > {most}"))
}

fn topic(pack: &EvidencePack, words: &Words, settings: &CurateSettings) -> Option<DropReason> {
    let title = pack.title.as_deref().unwrap_or_default();
    let text = format!("{title}\n{}\n{}", pack.section.join("\n"), words.text);
    let found = clinical::relevance(&text);
    let score = permille(
        found.spine.saturating_add(found.orthopaedic / 2),
        found.words,
    );
    let least = settings.minimum_relevance;
    (score < least).then(|| DropReason::OffTopic {
        detail: format!(
            "relevance {score} < {least} in 1000 words ({} of the spine, {} of orthopaedics, {} words)",
            found.spine, found.orthopaedic, found.words
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::summary::tests::text_pack;

    const GOOD: &str = "The patient had low back pain that spread to the left leg. Magnetic \
        resonance imaging showed a disc herniation at L4/L5 that compressed the left L5 nerve \
        root. The surgeon removed the fragment through a small laminotomy, and the pain in the \
        leg was gone on the first day after the operation.";

    fn check(text: &str, section: &str, expect: Option<&str>) {
        let mut pack = text_pack("a/b/sec-1-p1", text);
        pack.section = vec![section.to_owned()];
        let settings = CurateSettings {
            minimum_relevance: 0,
            ..CurateSettings::default()
        };
        let found = judge(&pack, &settings).map(|reason| reason.detail());
        match expect {
            None => assert_eq!(found, None, "{text}"),
            Some(rule) => {
                let found = found.expect("a rule fires");
                assert!(found.contains(rule), "{found} names {rule}");
            }
        }
    }

    #[test]
    fn rules_fire_and_name_themselves() {
        check(GOOD, "Case report", None);
        check(GOOD, "Funding", Some("back-matter"));
        check("Too short.", "Results", Some("minimum-characters"));
        let numbers = "12.5 (3.4) 7.8 (1.2) 0.05 9.1 * ".repeat(20);
        check(&numbers, "Results", Some("digits-and-symbols"));
        let list = "Smith J, et al. Spine 2019;44:12-18. doi 10.1/x. ".repeat(10);
        check(&list, "Body", Some("reference-like"));
        let front =
            format!("{GOOD} Correspondence: a@b.org, Department of Orthopaedics. Received: 3 May.");
        check(&front, "", Some("front-matter"));
        let chinese = "患者腰痛伴左下肢放射痛三个月，磁共振显示腰4/5椎间盘突出，压迫左侧腰5神经根。行椎板间开窗髓核摘除术，术后第一天下肢疼痛消失，随访两年未见复发，腰椎活动度正常，可以恢复原来的工作。";
        check(chinese, "病例报告", None);
    }

    #[test]
    fn topic_is_measured_against_the_threshold() {
        let oil = "The essential oil of the leaves was distilled and its components were found by \
            gas chromatography. The oil was active against the bacteria that were tested, and the \
            highest activity was seen for samples that were collected in the rainy season there.";
        let pack = text_pack("a/b/sec-1-p1", oil);
        let reason = judge(&pack, &CurateSettings::default()).expect("off topic");
        assert_eq!(reason.code(), "off-topic");
        assert!(
            reason.detail().contains("relevance 0 < 5"),
            "{}",
            reason.detail()
        );
    }
}
