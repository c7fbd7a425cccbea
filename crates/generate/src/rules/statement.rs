//! Points of running text: statements that stand on their own.
//!
//! A sentence is used only where it is complete without what stands around it: no pronoun or
//! deictic at its start, no reference to a figure or to "this study", no statistics of one
//! trial. What is asked is always a part of the sentence, which is quoted in the answer.

use spinemed_core::pack::{EvidencePack, SpanRole};
use spinemed_core::vocabulary::Language;

use super::point::Point;
use super::{comparison, definition, number, place};
use crate::text::{has_word, is_han, scripts, sentences, without_citations};

/// A sentence that stands on its own.
#[derive(Debug, Clone)]
pub(crate) struct Statement {
    /// The span it stands in.
    pub span: String,
    /// The sentence without citations.
    pub text: String,
}

/// The points of a passage. A quotation keeps its language, so the other one gets none.
pub(crate) fn points(pack: &EvidencePack, language: Language) -> Vec<Point> {
    if pack.language != language {
        return Vec::new();
    }
    let spans = pack.spans.iter().filter(|span| span.role == SpanRole::Text);
    let statements: Vec<Statement> = spans
        .flat_map(|span| of_text(&span.id, &span.text, language))
        .collect();
    let mut points = of_statements(pack, &statements, language);
    if language == Language::En {
        points.extend(comparison::points(pack));
        points.extend(number::pooled_points(pack));
    }
    points
}

/// The statements of a text in a language.
pub(crate) fn of_text(span: &str, text: &str, language: Language) -> Vec<Statement> {
    sentences(text)
        .into_iter()
        .map(without_citations)
        .filter(|sentence| stands_alone(sentence, language))
        .map(|text| Statement {
            span: span.to_owned(),
            text,
        })
        .collect()
}

/// The points of statements.
pub(crate) fn of_statements(
    pack: &EvidencePack,
    statements: &[Statement],
    language: Language,
) -> Vec<Point> {
    let mut points: Vec<Point> = Vec::new();
    for statement in statements {
        points.extend(definition::point(pack, statement, language));
        points.extend(place::points(pack, statement, language));
        points.extend(number::point(pack, statement, language));
    }
    points
}

/// Whether a sentence can be understood without its surroundings.
pub(crate) fn stands_alone(sentence: &str, language: Language) -> bool {
    let length = sentence.chars().count();
    let (han, latin) = scripts(sentence);
    let fits = match language {
        Language::En => (30..=320).contains(&length) && han == 0 && latin >= 5,
        Language::Zh => (10..=150).contains(&length) && han >= 8,
    };
    fits && is_whole(sentence, language) && !leans(sentence, language)
}

/// Whether it begins and ends as a sentence does, with its brackets in pairs.
fn is_whole(sentence: &str, language: Language) -> bool {
    let first = sentence.chars().next().unwrap_or(' ');
    let begins = match language {
        Language::En => first.is_uppercase(),
        Language::Zh => is_han(first) || first.is_uppercase(),
    };
    let ends = match language {
        Language::En => sentence.ends_with('.'),
        Language::Zh => sentence.ends_with('。'),
    };
    let count = |c: char| sentence.matches(c).count();
    let pairs = count('(') == count(')')
        && count('（') == count('）')
        && count('“') == count('”')
        && count('"').is_multiple_of(2);
    begins && ends && pairs && !sentence.contains(['?', '？', '□', '\u{fffd}', '='])
}

/// Words at a sentence's start that lean on what stands before it.
const EN_STARTS: &[&str] = &[
    "this",
    "these",
    "those",
    "that",
    "it",
    "its",
    "they",
    "their",
    "he",
    "she",
    "his",
    "her",
    "we",
    "our",
    "such",
    "here",
    "there",
    "however",
    "therefore",
    "thus",
    "hence",
    "moreover",
    "furthermore",
    "additionally",
    "also",
    "but",
    "and",
    "or",
    "so",
    "then",
    "another",
    "others",
    "both",
    "all",
    "some",
    "many",
    "most",
    "several",
    "one",
    "two",
    "three",
    "in",
    "on",
    "for",
    "with",
    "by",
    "after",
    "before",
    "when",
    "if",
    "while",
    "although",
    "as",
    "at",
    "from",
    "to",
    "according",
    "similarly",
    "conversely",
    "consequently",
    "finally",
    "first",
    "second",
    "third",
    "because",
    "since",
    "despite",
    "among",
    "of",
    "recently",
    "currently",
    "interestingly",
    "overall",
    "further",
    "nevertheless",
    "nonetheless",
    "yet",
    "instead",
    "briefly",
    "notably",
];

/// Words anywhere that tie a sentence to one paper or place.
const EN_WORDS: &[&str] = &[
    "this",
    "these",
    "those",
    "our",
    "we",
    "us",
    "study",
    "studies",
    "trial",
    "trials",
    "author",
    "authors",
    "cohort",
    "participants",
    "figure",
    "figures",
    "fig",
    "figs",
    "table",
    "tables",
    "respectively",
    "former",
    "latter",
    "aforementioned",
    "above-mentioned",
    "his",
    "her",
    "she",
    "he",
    "paper",
    "article",
    "chapter",
    "review",
    "manuscript",
    "meta-analysis",
    "was",
    "were",
    "had",
    "literature",
    "guideline",
    "recommendation",
    "recommendations",
    "section",
    "said",
    "ci",
    "wmd",
    "smd",
    "i",
    "hypothesis",
    "hypothesize",
    "here",
    "did",
    "my",
];

/// The same in Chinese, as parts of words.
const ZH_STARTS: &[&str] = &[
    "该", "此", "其", "这", "那", "它", "他", "她", "本", "我", "但", "而", "因此", "所以", "然而",
    "同时", "另外", "此外", "并", "且", "也", "又", "则", "如", "以上", "上述", "前者", "后者",
    "其中", "两者", "二者", "对于", "在", "由于", "目前", "近年", "结果", "据",
];
const ZH_WORDS: &[&str] = &[
    "本文",
    "本研究",
    "本组",
    "本例",
    "本指南",
    "本章",
    "我们",
    "笔者",
    "作者",
    "上述",
    "如下",
    "见图",
    "见表",
    "如图",
    "图1",
    "图2",
    "图3",
    "表1",
    "表2",
    "前者",
    "后者",
    "该患者",
    "患者入院",
    "术后第",
    "例患者",
    "推荐意见",
    "文献",
    "P<",
    "P＜",
    "强推荐",
    "弱推荐",
];

fn leans(sentence: &str, language: Language) -> bool {
    let lower = sentence.to_lowercase();
    match language {
        Language::En => {
            let first: String = lower
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '\'' || *c == '-')
                .collect();
            EN_STARTS.contains(&first.as_str())
                || EN_WORDS.iter().any(|word| has_exact(&lower, word))
        }
        Language::Zh => {
            ZH_STARTS.iter().any(|start| sentence.starts_with(start))
                || ZH_WORDS.iter().any(|word| sentence.contains(word))
        }
    }
}

/// As [`has_word`], without plurals.
fn has_exact(text: &str, word: &str) -> bool {
    let bare = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    has_word(text, word)
        && text.match_indices(word).any(|(at, _)| {
            bare(text[..at].chars().next_back()) && bare(text[at + word.len()..].chars().next())
        })
}

/// The first clause of a sentence as a sentence of its own, where it ends at a comma or
/// semicolon that opens a new clause.
pub(crate) fn first_clause(sentence: &str, language: Language) -> Option<String> {
    let marks: &[&str] = match language {
        Language::En => &["; ", ", and ", ", while ", ", whereas ", ", but "],
        Language::Zh => &["；", "，", ";"],
    };
    let cut = marks.iter().filter_map(|mark| sentence.find(mark)).min()?;
    let stop = if language == Language::En { "." } else { "。" };
    let clause = format!("{}{stop}", &sentence[..cut]);
    let verb = language == Language::Zh
        || [
            " is ",
            " are ",
            " means ",
            " defines ",
            " compresses ",
            " has ",
        ]
        .iter()
        .any(|verb| clause.contains(verb));
    let (han, latin) = scripts(&clause);
    let long = latin >= 6 || han >= 6;
    (verb && long && is_whole(&clause, language)).then_some(clause)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_statements_are_used() {
        let check = |text: &str, language, expect| {
            assert_eq!(stands_alone(text, language), expect, "{text}");
        };
        check(
            "Spondylolisthesis is the forward slip of one vertebra on another.",
            Language::En,
            true,
        );
        check("It is found in 4 to 30% of people.", Language::En, false);
        check(
            "The mean ODI was 23.5 at the last follow-up visit.",
            Language::En,
            false,
        );
        check(
            "Stenosis is graded as shown in Figure 2 of the atlas.",
            Language::En,
            false,
        );
        check(
            "脊椎滑脱是指上位椎体相对于下位椎体向前移位。",
            Language::Zh,
            true,
        );
        check("其发生率约为5%，多数可以恢复。", Language::Zh, false);
    }
}
