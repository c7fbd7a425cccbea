//! Statements that bind a matter to one level: where something is most common, and which root
//! a herniation at a level compresses.

use spinemed_core::clinical;
use spinemed_core::level::{self, Level, Mention};
use spinemed_core::pack::EvidencePack;
use spinemed_core::vocabulary::Language;

use super::point::{Grounds, Order, Point, Query};
use super::statement::{Statement, first_clause};
use crate::phrase;
use crate::text::{small, without_citations};

/// The points of a statement.
pub(crate) fn points(pack: &EvidencePack, statement: &Statement, language: Language) -> Vec<Point> {
    match language {
        Language::En => english(pack, statement).into_iter().collect(),
        Language::Zh => chinese(pack, statement),
    }
}

/// A statement whose answer is a level of it.
struct Asked {
    question: String,
    level: Level,
    /// The level as it stands in the sentence.
    written: String,
    sentence: String,
}

fn english(pack: &EvidencePack, statement: &Statement) -> Option<Point> {
    let clause = first_clause(&statement.text, Language::En);
    let candidates = [Some(statement.text.clone()), clause];
    let asked = candidates.into_iter().flatten().find_map(|sentence| {
        let mentions = level::mentions(&sentence);
        root(&sentence, &mentions)
            .or_else(|| first_is_commonest(&sentence, &mentions))
            .or_else(|| commonest_at(&sentence, &mentions))
    })?;
    point(pack, statement, asked, Language::En)
}

/// `A foraminal herniation at L4/L5 compresses the exiting L4 root.`
fn root(sentence: &str, mentions: &[Mention]) -> Option<Asked> {
    let at = sentence.find(" compresses ")?;
    let (subject, object) = (&sentence[..at], &sentence[at + " compresses ".len()..]);
    let [place, root] = mentions else { return None };
    let written = slice(sentence, root.range)?;
    let (place_end, root_start) = (
        byte(sentence, place.range[1])?,
        byte(sentence, root.range[0])?,
    );
    let ends = sentence[byte(sentence, root.range[1])?..].trim_start_matches([' ', '.']);
    let placed = place_end <= at
        && root_start > at
        && matches!(root.level, Level::NerveRoot(_))
        && matches!(ends, "" | "root" | "nerve root" | "root." | "nerve root.");
    let (subject, adverb) = split_adverb(subject);
    let article = ["A ", "An ", "The "]
        .iter()
        .any(|article| subject.starts_with(article));
    (placed && article && object.starts_with("the ")).then(|| Asked {
        question: format!("Which nerve root does {} {adverb}compress?", small(subject)),
        level: root.level,
        written: written.to_owned(),
        sentence: sentence.to_owned(),
    })
}

fn split_adverb(subject: &str) -> (&str, &str) {
    for (end, adverb) in [
        (" typically", "typically "),
        (" usually", "usually "),
        (" often", "often "),
    ] {
        if let Some(subject) = subject.strip_suffix(end) {
            return (subject, adverb);
        }
    }
    (subject, "")
}

/// `C6/C7 is the most common level of cervical radiculopathy.`
fn first_is_commonest(sentence: &str, mentions: &[Mention]) -> Option<Asked> {
    let [only] = mentions else { return None };
    let rest = sentence
        .get(byte(sentence, only.range[1])?..)?
        .strip_suffix('.')?;
    let asks = only.range[0] == 0
        && rest.starts_with(" is the ")
        && ["most common", "most often", "most frequent"]
            .iter()
            .any(|most| rest.contains(most));
    (asks && names_matter(rest)).then(|| Asked {
        question: format!("Which level{rest}?"),
        level: only.level,
        written: slice(sentence, only.range).unwrap_or_default().to_owned(),
        sentence: sentence.to_owned(),
    })
}

/// `Degenerative spondylolisthesis is most common at L4/L5.`
fn commonest_at(sentence: &str, mentions: &[Mention]) -> Option<Asked> {
    let [only] = mentions else { return None };
    let start = byte(sentence, only.range[0])?;
    let end = byte(sentence, only.range[1])?;
    let tail = sentence[end..].trim_matches(['.', ' ']);
    let before = sentence[..start].trim_end().strip_suffix(" at")?;
    let most = [
        "most common",
        "most commonly found",
        "most frequent",
        "most often found",
        "most often seen",
    ]
    .into_iter()
    .find(|most| before.ends_with(most))?;
    let subject = before.strip_suffix(most)?.trim_end();
    let (subject, verb) = subject
        .strip_suffix(" is")
        .map(|s| (s, "is"))
        .or_else(|| subject.strip_suffix(" are").map(|s| (s, "are")))?;
    // A subject with a verb of its own (`… has an intact arch and`) makes no question.
    let plain = ![" has ", " have ", " is ", " are ", ","]
        .iter()
        .any(|verb| subject.contains(verb));
    (tail.is_empty() && plain && names_matter(subject)).then(|| Asked {
        question: format!("At which level {verb} {} {most}?", small(subject)),
        level: only.level,
        written: slice(sentence, only.range).unwrap_or_default().to_owned(),
        sentence: sentence.to_owned(),
    })
}

fn names_matter(text: &str) -> bool {
    let lower = text.to_lowercase();
    clinical::concepts()
        .iter()
        .any(|concept| crate::kin::names(&lower, concept))
}

/// In Chinese the question word takes the place of what is asked for: `腰4/5…压迫哪一神经根？`.
fn chinese(pack: &EvidencePack, statement: &Statement) -> Vec<Point> {
    let text = without_citations(&statement.text);
    let clauses = text.split(['，', '；', '。', '：']).map(str::trim);
    clauses
        .filter_map(chinese_clause)
        .filter_map(|asked| point(pack, statement, asked, Language::Zh))
        .collect()
}

fn chinese_clause(clause: &str) -> Option<Asked> {
    let mentions = level::mentions(clause);
    let (last, before) = mentions.split_last()?;
    let start = byte(clause, last.range[0])?;
    let end = byte(clause, last.range[1])?;
    let (head, tail) = (clause.get(..start)?, clause.get(end..)?);
    let is_root = matches!(last.level, Level::NerveRoot(_));
    let compresses = is_root && head.contains("压迫") && before.len() == 1;
    let commonest = ["最常见于", "好发于", "多见于", "最多见于"]
        .iter()
        .any(|most| head.ends_with(most))
        && before.is_empty();
    let whole = tail.is_empty() || ["神经根", "节段", "椎间盘", "椎体", "水平"].contains(&tail);
    let matter = clinical::concepts()
        .iter()
        .any(|concept| concept.zh.iter().any(|name| head.contains(name)));
    let written = &clause[start..end];
    let wording = match (is_root, tail.is_empty() && !written.ends_with("神经根")) {
        (true, true) => "哪一神经根",
        (true, false) if tail == "神经根" => "哪一",
        (true, false) => "哪一神经根",
        (false, true) => "哪一节段",
        (false, false) => "哪一",
    };
    ((compresses || commonest) && whole && matter).then(|| Asked {
        question: format!("{head}{wording}{tail}？"),
        level: last.level,
        written: written.to_owned(),
        sentence: format!("{clause}。"),
    })
}

fn point(
    pack: &EvidencePack,
    statement: &Statement,
    asked: Asked,
    language: Language,
) -> Option<Point> {
    // No level that stands in the statement is a fair wrong answer: it may be second commonest.
    let named: Vec<Level> = level::mentions(&statement.text)
        .iter()
        .map(|m| m.level)
        .collect();
    let distractors: Vec<String> = asked
        .level
        .neighbours()
        .into_iter()
        .filter(|near| !named.contains(near))
        .filter(|near| near.region() == asked.level.region() || matches!(near, Level::NerveRoot(_)))
        .take(3)
        .map(|near| phrase::level(&near, language))
        .collect();
    let grounds = Grounds::of_span(&statement.span);
    let whole = pack.span(&statement.span)?;
    let quoted = without_citations(&whole.text);
    // A clause is quoted as the start of its sentence or not at all.
    let body = asked.sentence.trim_end_matches(['.', '。']);
    quoted.contains(body).then(|| Point {
        query: Query::Gap {
            span: statement.span.clone(),
            sentence: asked.sentence.clone(),
            filling: asked.written,
        },
        rank: 0,
        stem: Some(asked.question.clone()),
        question: Some(asked.question),
        answer: phrase::level(&asked.level, language),
        distractors,
        order: Order::Free,
        explanation: asked.sentence.clone(),
        reply: asked.sentence,
        own: grounds.clone(),
        all: grounds,
        images: Vec::new(),
    })
}

fn byte(text: &str, char: usize) -> Option<usize> {
    text.char_indices()
        .map(|(at, _)| at)
        .chain([text.len()])
        .nth(char)
}

fn slice(text: &str, range: [usize; 2]) -> Option<&str> {
    text.get(byte(text, range[0])?..byte(text, range[1])?)
}
