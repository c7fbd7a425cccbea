//! Free text through the public interface: tables for the rules, properties, and a made set of
//! report sentences whose identifiers were composed apart from the detectors' word lists.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test tells what it measured, and fails by panicking"
)]

use proptest::prelude::*;
use spinemed_core::vocabulary::Language;
use spinemed_deidentify::{Key, Known, Redacted, Subject, redact};

fn subject() -> Subject {
    let mut random = [7; 32];
    random[0] = 1;
    Subject::new(&Key::parse(&Key::file(random)).unwrap(), "made patient").unwrap()
}

fn clean(text: &str, language: Language, known: &Known) -> Redacted {
    let done = redact(text, language, &subject(), known);
    consistent(text, &done);
    done
}

/// Positions line up: what stands between redactions is unchanged.
fn consistent(text: &str, done: &Redacted) {
    let (from, to): (Vec<char>, Vec<char>) = (text.chars().collect(), done.text.chars().collect());
    let (mut a, mut b) = (0, 0);
    for r in &done.redactions {
        assert!(a <= r.from[0] && r.from[0] < r.from[1] && r.from[1] <= from.len());
        assert!(b <= r.to[0] && r.to[0] < r.to[1] && r.to[1] <= to.len());
        assert_eq!(from[a..r.from[0]], to[b..r.to[0]]);
        (a, b) = (r.from[1], r.to[1]);
    }
    assert_eq!(from[a..], to[b..]);
    assert_eq!(applied(text, done), done.text);
}

/// The original with its redactions applied, which must be the clean text.
fn applied(text: &str, done: &Redacted) -> String {
    let to: Vec<char> = done.text.chars().collect();
    let mut rest = text.chars();
    let mut out = String::new();
    let mut at = 0;
    for r in &done.redactions {
        out.extend(rest.by_ref().take(r.from[0] - at));
        out.extend(&to[r.to[0]..r.to[1]]);
        rest.by_ref().take(r.from[1] - r.from[0]).for_each(drop);
        at = r.from[1];
    }
    out.extend(rest);
    out
}

fn check(text: &str, expect: &str) {
    let language = if expect.contains('［') {
        Language::Zh
    } else {
        Language::En
    };
    assert_eq!(clean(text, language, &Known::default()).text, expect);
}

#[test]
fn who_acts_before_a_colon_and_numbered_wards_are_found() {
    for (text, planted) in [
        ("腱反射正常。评估人：宓昭阳医师。", "宓昭阳"),
        ("录入员：缑思远", "缑思远"),
        ("转入胸外五病区12床。", "五病区"),
        ("3病房", "3病房"),
    ] {
        let done = clean(text, Language::Zh, &Known::default()).text;
        assert!(!done.contains(planted), "{done}");
    }
    let kept = "检查者：未见异常。病区内观察。";
    assert_eq!(clean(kept, Language::Zh, &Known::default()).text, kept);
}

#[test]
fn english_identifiers_become_placeholders() {
    for (text, expect) in [
        ("Seen by Dr. Oyelaran.", "Seen by Dr. [name]."),
        (
            "Discussed with Mrs. Hope Winters today.",
            "Discussed with Mrs. [name] today.",
        ),
        (
            "Her daughter named quillan drove her.",
            "Her daughter named [name] drove her.",
        ),
        ("Reported by: Frost, Ember", "Reported by: [name], [name]"),
        (
            "Call +1 (415) 555-0132 for results.",
            "Call [phone] for results.",
        ),
        ("Fax 020 7946 0958.", "Fax [phone]."),
        ("Mail ann.x@mail.example.org now.", "Mail [email] now."),
        ("See https://pacs.example.org/v?id=3 now.", "See [url] now."),
        ("Host 10.22.1.9 sent it.", "Host [id] sent it."),
        ("MRN 0047115 and MRN12345.", "MRN [id] and [id]."),
        ("Accession KX-22-0331.", "Accession [id]."),
        ("SSN 219-09-9999.", "SSN [id]."),
        ("She is in bed 12 now.", "She is in bed [place] now."),
        ("Lives at 47 Quillfeather Lane.", "Lives at [address]"),
        (
            "Transferred from St. Oswin Hospital.",
            "Transferred from [institution].",
        ),
        ("A 93-year-old woman.", "A 90 or older woman."),
        ("An 89-year-old woman.", "An 89-year-old woman."),
        ("Then Tuvalisse came.", "Then [name] came."),
    ] {
        check(text, expect);
    }
}

#[test]
fn chinese_identifiers_become_placeholders() {
    for (text, expect) in [
        ("张先生诉腰痛。", "［姓名］先生诉腰痛。"),
        ("报告医师：贠雪岚", "报告医师：［姓名］"),
        ("请李启航主任会诊。", "请［姓名］主任会诊。"),
        ("李某，男，56岁。", "［姓名］，男，56岁。"),
        ("患者王秀珍因腰痛入院。", "患者［姓名］因腰痛入院。"),
        ("住院号：0047115。", "住院号：［编号］。"),
        ("身份证号11010519491231002X。", "身份证号［编号］。"),
        ("电话13812345678。", "电话［电话］。"),
        ("患者现在12床。", "患者现在［地点］床。"),
        ("患者93岁。", "患者［年龄］。"),
    ] {
        let expect = expect.replace("［年龄］", "90岁以上");
        let text_language = Language::Zh;
        assert_eq!(clean(text, text_language, &Known::default()).text, expect);
    }
}

#[test]
fn clinical_content_stays() {
    for text in [
        "Disc extrusion at L4/5 compresses the left L5 root; muscle power 4/5, SLR 30°.",
        "Modic type 2 changes at C5-C6, Pfirrmann grade IV, Meyerding II, Cobb angle 42 degrees.",
        "Lasègue and Spurling signs are positive, Hoffmann and Babinski signs negative.",
        "Sagittal T1-weighted, T2WI and STIR sequences at 1.5T, slice thickness 4mm.",
        "White matter is normal. ASIA D. Pain for 3 weeks; discharged on post-operative day 2 at 10:30.",
        "T11–L2 fusion, S1 screw, 5.5 x 45 mm, ODI 42%, VAS 7/10.",
    ] {
        check(text, text);
    }
    for text in [
        "L4/5椎间盘突出，左侧L5神经根受压，直腿抬高试验30°阳性，肌力4级。",
        "颈5/6椎间盘突出，T2WI呈高信号，Modic Ⅱ型改变，Pfirrmann Ⅳ级。",
        "腰痛5年，加重伴左下肢麻木3月，每周一次理疗，VAS评分7分。",
        "患者高度怀疑椎管狭窄，马尾神经受压，黄韧带肥厚，金属内固定在位。",
    ] {
        assert_eq!(clean(text, Language::Zh, &Known::default()).text, text);
    }
}

#[test]
fn known_identifiers_go_in_every_spelling() {
    let mut known = Known::default();
    known.add("name", "Vesterling^Noor^Ada=王^小东");
    known.add("id", "PX-004711");
    known.add("date", "1961-05-03");
    let text = "vesterling, NOOR; N. Vesterling; px 004711; born 03/05/1961, 3 May 1961.";
    let done = clean(text, Language::En, &known).text.to_lowercase();
    for part in ["vesterling", "noor", "004711", "1961", "03/05", "may"] {
        assert!(!done.contains(part), "{part}");
    }
    let done = clean("王 小东，王小东，小东", Language::Zh, &known).text;
    assert!(!done.contains("小东") && !done.contains('王'));
}

/// A line: language, tab, text. `{...}` marks what must go; the rest must stay.
const SET: &str = include_str!("text/evaluation.txt");

#[derive(Default, Debug)]
struct Score {
    sentences: usize,
    planted: usize,
    missed: Vec<String>,
    words: usize,
    removed: Vec<String>,
}

fn score(wanted: Language) -> Score {
    let mut score = Score::default();
    for line in SET
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
    {
        let (language, marked) = line.split_once('\t').unwrap();
        let language = if language == "zh" {
            Language::Zh
        } else {
            Language::En
        };
        if language == wanted {
            judge(marked, language, &mut score);
        }
    }
    score
}

fn judge(marked: &str, language: Language, score: &mut Score) {
    let (mut text, mut inside, mut planted) = (String::new(), Vec::new(), Vec::new());
    let mut open = false;
    for c in marked.chars() {
        match c {
            '{' => (open, _) = (true, planted.push(String::new())),
            '}' => open = false,
            _ => {
                text.push(c);
                inside.push(open);
                if open {
                    planted.last_mut().unwrap().push(c);
                }
            }
        }
    }
    score.sentences += 1;
    score.planted += planted.len();
    let done = clean(&text, language, &Known::default());
    let mut gone = vec![false; inside.len()];
    for r in &done.redactions {
        gone[r.from[0]..r.from[1]].fill(true);
    }
    let chars: Vec<char> = text.chars().collect();
    let mut at = 0;
    while at < chars.len() {
        let start = at;
        let word = |at: usize| chars[at].is_alphanumeric() && inside[at] == inside[start];
        while at < chars.len() && word(at) {
            at += 1;
            if language == Language::Zh && !chars[start].is_ascii() {
                break;
            }
        }
        if at == start {
            at += 1;
            continue;
        }
        let here: String = chars[start..at].iter().collect();
        let any = gone[start..at].contains(&true);
        if inside[start] && gone[start..at].contains(&false) {
            score.missed.push(format!("{here} | {text}"));
        } else if !inside[start] {
            score.words += 1;
            if any {
                score.removed.push(format!("{here} | {text}"));
            }
        }
    }
}

fn report(language: Language, sentences: usize, least: f64, most: f64) {
    let score = score(language);
    let recall = 1.0 - score.missed.len() as f64 / score.planted as f64;
    let lost = score.removed.len() as f64 / score.words as f64;
    println!(
        "{language:?}: {} sentences, {} planted, recall {recall:.4}, {} clinical words, {lost:.4} lost",
        score.sentences, score.planted, score.words
    );
    println!("missed: {:#?}\nremoved: {:#?}", score.missed, score.removed);
    assert!(score.sentences >= sentences, "{}", score.sentences);
    assert!(recall >= least, "recall {recall}");
    assert!(lost <= most, "lost {lost}");
}

#[test]
fn english_set() {
    report(Language::En, 120, 1.0, 0.02);
}

#[test]
fn chinese_set() {
    report(Language::Zh, 80, 1.0, 0.02);
}

#[test]
fn long_texts_take_linear_time() {
    // Quadratic work on these would not end within any patience.
    for part in [
        "a",
        "1",
        "Dr. ",
        "张",
        "2024-",
        "a.",
        "@",
        "于",
        "路",
        "(",
        "Mr. Brown ",
        "1 Aa ",
    ] {
        let text = part.repeat(100_000 / part.len());
        consistent(
            &text,
            &redact(&text, Language::En, &subject(), &Known::default()),
        );
        consistent(
            &text,
            &redact(&text, Language::Zh, &subject(), &Known::default()),
        );
    }
}

proptest! {
    #[test]
    fn never_panics(text in "\\PC{0,120}") {
        clean(&text, Language::En, &Known::default());
        clean(&text, Language::Zh, &Known::default());
    }

    #[test]
    fn never_panics_on_what_looks_like_rules(
        parts in proptest::collection::vec(prop::sample::select(vec![
            "Dr. ", "2024", "-", "03", "年", "月", "日", "张", "医院", "路", "12号", "L4/5", " ", "\n",
            "：", "患者", "1/2/24", "May ", "T2", "Brown", "é", "\u{301}", "［姓名］", "+49 ", "@", ".",
        ]), 0..24),
    ) {
        let text = parts.concat();
        clean(&text, Language::En, &Known::default());
        clean(&text, Language::Zh, &Known::default());
    }

    #[test]
    fn known_identifiers_never_stay(
        before in "[ -~]{0,40}", after in "[ -~]{0,40}", name in "[A-Z][b-df-hj-np-tv-z]{5,9}",
        id in "[1-9][0-9]{6,9}",
    ) {
        let mut known = Known::default();
        known.add("name", &name);
        known.add("id", &id);
        let text = format!("{before} {name} / {id} {after}");
        for language in [Language::En, Language::Zh] {
            let done = clean(&text, language, &known).text;
            prop_assert!(!done.contains(&name) && !done.contains(&id));
        }
    }

    #[test]
    fn nothing_is_left_to_a_second_pass(
        name in "[A-Z][b-df-hj-np-tv-z]{5,9}", tail in "[a-z ]{0,20}",
    ) {
        let text = format!("Seen by Dr. {name} and {name} {tail}.");
        let once = clean(&text, Language::En, &Known::default()).text;
        let twice = clean(&once, Language::En, &Known::default());
        prop_assert!(twice.redactions.iter().all(|r| r.class != "name"));
    }
}
