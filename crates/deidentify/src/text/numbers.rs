//! Telephones, mail, addresses of the network, identifiers, ages, beds, postal codes.

use std::sync::LazyLock;

use regex::Regex;

use super::lexicon;
use super::page::{Page, Word};
use super::rule::{Found, compile, find};
use super::span::{Span, Taken};

/// A pattern; what its group `x` holds goes, or the whole match where there is none.
struct Rule {
    class: &'static str,
    name: &'static str,
    pattern: Regex,
    /// Whether clinical numbers win over it, and how many digits it needs.
    weak: Option<usize>,
}

fn rule(class: &'static str, name: &'static str, weak: Option<usize>, pattern: &str) -> Rule {
    let pattern = compile(pattern);
    Rule {
        class,
        name,
        pattern,
        weak,
    }
}

static SURE: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    vec![
        rule(
            "email",
            "email",
            None,
            r"[\w.+%-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}",
        ),
        rule(
            "url",
            "url",
            None,
            r"(?i)\b(?:(?:https?|ftp|sftp|file)://[!-~]{1,512}|www\.[!-~]{1,512})",
        ),
        rule(
            "url",
            "domain",
            None,
            r"(?i)\b(?:[a-z0-9-]{1,63}\.){1,6}(?:com|org|net|edu|gov|cn|de|uk|io|info|biz|health|hospital|eu|fr|jp|in|au|ca|app|me|cc|ch|at)\b(?:/[!-~]{0,256})?",
        ),
        rule("id", "handle", None, r"@[\w.-]{2,64}"),
        rule("id", "uid", None, r"\b\d{1,40}(?:\.\d{1,40}){4,20}\b"),
        rule(
            "id",
            "ip",
            None,
            r"\b(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?\b",
        ),
        rule(
            "id",
            "ip",
            None,
            r"(?i)\b(?:[0-9a-f]{1,4}:){3,7}:?[0-9a-f]{1,4}\b|\b[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,5}::[0-9a-f]{1,4}\b",
        ),
        rule(
            "id",
            "mac",
            None,
            r"(?i)\b(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}\b",
        ),
        rule(
            "id",
            "resident-id",
            None,
            r"(?i)\b\d{6}\s?\d{8}\s?\d{3}[\dx]\b",
        ),
        rule("id", "social-security", None, r"\b\d{3}-\d{2}-\d{4}\b"),
        rule(
            "id",
            "plate",
            None,
            r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·•\s-]?[A-Z0-9]{4,6}",
        ),
        rule(
            "id",
            "cue",
            None,
            r"(?:住院号|门诊号|病历号|病案号|检查号|影像号|登记号|病理号|超声号|放射号|医保号|医保卡号|医保卡|社保号|身份证号码|身份证号|身份证|卡号|编号|工号|执业证号|证书号|证号|车牌号|车牌|车架号|序列号|设备号|账号|帐号|床号|流水号|条码号|条码|批号|护照号|护照|保单号|片号|号码|[A-Z]{1,3}线?号|伦理批件号|微信号|微信|QQ号?|编码)\s*码?\s*[:是为#]*\s*(?P<x>\p{Han}?[A-Za-z0-9][A-Za-z0-9._/·-]{0,40})",
        ),
        rule(
            "phone",
            "phone-plus",
            None,
            r"\+\d{1,3}[\s.-]?(?:\(\d{1,4}\)[\s.-]?)?\d(?:[\s./-]{0,2}\d){5,13}\b",
        ),
        rule(
            "phone",
            "phone-brackets",
            None,
            r"\(\d{2,5}\)[\s.-]?\d{2,4}(?:[\s./-]?\d{2,6}){1,3}\b",
        ),
        rule(
            "phone",
            "phone-cue",
            Some(3),
            r"(?i)(?:\b(?:tel|phone|telephone|fax|mobile|cell|pager|ext|extension|hotline|call|bleep)\b|电话|手机|传真|分机|座机|联系方式)[^0-9\n]{0,14}(?P<x>\+?\d[\d\s().-]{1,20}\d)",
        ),
        rule(
            "place",
            "bed",
            None,
            r"(?i)\b(?:beds?|ward|room|bay|theatre|floor|suite|cubicle|bldg|building)\s*(?:no\.?|number|#)?\s*(?P<x>[a-z]?-?\d{1,5}(?:[-/]?[a-z0-9]{1,4})?)\b",
        ),
        rule(
            "place",
            "bed",
            None,
            r"(?P<x>[+加]?\s?[A-Za-z]?\d{1,4}\s?号?)(?:病床|床|病房|病区|诊室|手术间)",
        ),
        rule(
            "place",
            "bed",
            None,
            r"(?:[内外妇儿骨][一二三四五六七八九十]{0,2}科?[东西南北]?区?)?[一二三四五六七八九十百]{1,4}(?:号|病)(?:床|病床|病房|病区|诊室)",
        ),
        rule(
            "age",
            "age",
            None,
            r"(?i)\b(?:(?:aged?|age:)\s*)?(?:9\d|1[0-4]\d)\s?-?\s?(?:years?|yrs?|y/?o|y\.o\.)(?:[\s-]?olds?|\s+of\s+age)?\b",
        ),
        rule(
            "age",
            "age",
            None,
            r"(?i)\b(?:aged?|age\s?[:=]?|age\s+of)\s*(?P<x>9\d|1[0-4]\d)\b",
        ),
        rule(
            "age",
            "age",
            None,
            r"\b(?P<x>9\d|1[0-4]\d)\s?[/-]?(?:[MF]|yo)\b",
        ),
        rule(
            "age",
            "age",
            None,
            r"(?i)\b(?:ninety|(?:one|a)\s+hundred)(?:[\s-](?:and[\s-])?[a-z]{3,9})?[\s-]years?(?:[\s-]old)?\b",
        ),
        rule(
            "age",
            "age",
            None,
            r"\b(?:9\d|1[0-4]\d)\s?(?:周?岁)(?:高龄)?(?:以上)?",
        ),
        rule(
            "age",
            "age",
            None,
            r"(?:年龄|现年|享年)[:为]?\s?(?P<x>9\d|1[0-4]\d)\b",
        ),
        rule(
            "age",
            "age",
            None,
            r"(?:九十[一二三四五六七八九]?|一百(?:零?[一二三四五六七八九十]{1,3})?)周?岁(?:以上)?",
        ),
        rule(
            "age",
            "age",
            None,
            r"\b\p{Lu}[a-z\x{df}-\x{24f}'-]{1,24},\s(?P<x>9\d|1[0-4]\d)(?:,|\s\(|\s?;)",
        ),
        rule(
            "age",
            "age",
            None,
            r"\b\p{Lu}[a-z\x{df}-\x{24f}'-]{1,24},?\s\((?P<x>9\d|1[0-4]\d)\)",
        ),
        rule(
            "age",
            "age",
            None,
            r"(?i)\b(?P<x>ninetieth|ninety-[a-z]{5,7}|(?:one\s)?hundredth|9\d(?:st|nd|rd|th)|1[0-4]\d(?:st|nd|rd|th))\s(?:birthday|year)\b",
        ),
        rule(
            "age",
            "age",
            None,
            r"(?i)\b(?:turned|turning|turns)\s(?P<x>9\d|1[0-4]\d)\b",
        ),
        rule(
            "age",
            "age",
            None,
            r"(?i)\b(?:aged?|age\s+of|turned|turning|turns)\s(?P<x>ninety(?:[\s-](?:one|two|three|four|five|six|seven|eight|nine))?|(?:one|a)\s+hundred(?:\s(?:and\s)?[a-z]{3,6})?)\b",
        ),
        rule(
            "id",
            "login",
            None,
            r"(?i)\b(?:log-?in|user\s?name|user\s?id)\b\s?[:=]?\s?(?P<x>[a-z0-9._-]{3,40})",
        ),
        rule("phone", "extension", None, r"\d{5,}\s?转\s?(?P<x>\d{1,6})"),
        rule("id", "digits", None, r"\d{6,}"),
    ]
});

static WEAK: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    vec![
        rule(
            "phone",
            "phone",
            Some(7),
            r"\b\d{2,5}(?:[\s.-]\d{2,5}){1,4}\b",
        ),
        rule(
            "id",
            "cue-strong",
            Some(1),
            r"(?i)(?:\b(?:mrn|mrn|accession|account|acct|policy|member|insurance|beneficiary|licen[cs]e|certificate|registration|npi|dea|serial|vin|passport|ssn|social security|id|sn|s/n|no|nr|number|plate)\b\.?|#)\s*(?:no\.?|number|num|nr|#|id)?\s*[:#=]*\s*(?:is\s+)?(?P<x>[A-Za-z0-9]{1,20}(?:[./_ -]?[A-Za-z0-9]{1,20}){0,6}\b)",
        ),
        rule(
            "id",
            "cue",
            Some(3),
            r"(?i)\b(?:medical record|record|lot|device|implant|case|chart|file|study|exam|order|specimen|requisition|visit|encounter|invoice|ref|reference|accession|approval|protocol)\b\.?\s*(?:no\.?|number|num|nr|#|id)?\s*[:#=]*\s*(?P<x>[A-Za-z0-9]{1,20}(?:[./_-][A-Za-z0-9]{1,20}){0,6}\b)",
        ),
        rule("address", "postal", Some(5), r"\b\d{5}(?:-\d{4})?\b"),
        rule(
            "address",
            "postal",
            Some(2),
            r"\b[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}\b",
        ),
        rule(
            "address",
            "postal",
            Some(3),
            r"\b[A-Z]\d[A-Z]\s?\d[A-Z]\d\b",
        ),
    ]
});

/// What is found before and without regard to clinical numbers.
pub(crate) fn sure(page: &Page) -> Vec<Span> {
    let found = SURE.iter().flat_map(|rule| apply(page, rule));
    found.map(|(span, _)| span).collect()
}

/// What clinical numbers win over.
pub(crate) fn weak(page: &Page, clinical: &Taken) -> Vec<Span> {
    let found = WEAK.iter().flat_map(|rule| apply(page, rule));
    let spans = found.filter(|(span, _)| !clinical.any(&span.range));
    spans.map(|(span, _)| span).collect()
}

fn apply<'p>(page: &'p Page, rule: &'p Rule) -> impl Iterator<Item = (Span, Found<'p>)> {
    find(page, &rule.pattern).filter_map(move |found| {
        let range = found.group(page, "x").unwrap_or(found.range.clone());
        let text = page.slice(range.clone());
        let digits = text.chars().filter(char::is_ascii_digit).count();
        // A code after a cue stands in one piece or in pieces with digits: prose follows it.
        let range = match rule.name {
            "cue-strong" => range.start..range.start + code(text),
            _ => range,
        };
        let enough = rule.weak.is_none_or(|least| digits >= least);
        // A word after `login` is prose unless no vocabulary has it.
        let enough = enough && !(rule.name == "login" && lexicon::is_word(&text.to_lowercase()));
        (enough && !range.is_empty()).then(|| (Span::new(range, rule.class, rule.name), found))
    })
}

/// How many characters of a text are pieces with digits or single letters, from its beginning.
fn code(text: &str) -> usize {
    let (mut end, mut at) = (0, 0);
    for piece in text.split_inclusive([' ']) {
        at += piece.chars().count();
        if piece.trim().chars().any(|c| c.is_ascii_digit()) {
            end = at - usize::from(piece.ends_with(' '));
        } else if piece.trim().chars().count() > 3 || piece.chars().any(char::is_lowercase) {
            break;
        }
    }
    end
}

/// Codes of letters and digits that no clinical rule knows.
pub(crate) fn codes(page: &Page, clinical: &Taken) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut at = 0;
    while at < page.words.len() {
        let mut end = at + 1;
        while end < page.words.len() && chained(page, &page.words[end - 1], &page.words[end]) {
            end += 1;
        }
        let words = &page.words[at..end];
        let range = words[0].range.start..words[words.len() - 1].range.end;
        if is_code(words, clinical) {
            spans.push(Span::new(range, "id", "code"));
        }
        at = end;
    }
    spans
}

fn chained(page: &Page, first: &Word, second: &Word) -> bool {
    let gap = page.slice(first.range.end..second.range.start);
    matches!(gap, "-" | "/" | "_" | "." | "#" | ":" | "\\" | "=")
}

fn is_code(words: &[Word], clinical: &Taken) -> bool {
    let (mut digits, mut strange) = (0, false);
    let mut letters = false;
    let long = words.iter().any(|word| word.range.len() > 3);
    for word in words.iter().filter(|word| !clinical.any(&word.range)) {
        let count = word.text.chars().filter(char::is_ascii_digit).count();
        let other = word.text.chars().any(char::is_alphabetic);
        if count > 0 && other {
            return true;
        }
        digits += count;
        letters |= other;
        let lower = word.text.to_lowercase();
        strange |= other && !lexicon::is_word(&lower) && !lexicon::is_capital(&word.text);
        strange |= other && word.text.chars().count() == 1;
        // Letters in capitals before long numbers are a series, whatever else they mean.
        strange |= other && word.is_shouted() && long;
    }
    letters && digits > 0 && (digits > 4 || strange)
}
