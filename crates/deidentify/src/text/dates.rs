//! Dates, moved by the patient's own number of days.
//!
//! A full date keeps its style. Where the day or its place is missing or not sure, the year of
//! the moved date is written alone; where the year is missing, `[date]` is. Times relative to
//! something ("three weeks ago", "术后3天") and times of day stay.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;
use spinemed_core::date::Date;

use super::page::{Page, is_han};
use super::rule::{Found, compile, find as matches};
use super::span::{Span, Taken};
use crate::{Known, Subject};

/// What a form of date says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Year, month and day, in this order or with the month in letters.
    Full,
    /// Two numbers and a year: day or month first.
    Either,
    /// Year and month, or a range of days: the year is kept.
    Year,
    /// A year alone: clinical numbers win.
    BareYear,
    /// No year: nothing is kept.
    Part,
    /// The same; clinical numbers win.
    WeakPart,
}

const MONTH: &str = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";
const TITLE: &str = r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|JANUARY|FEBRUARY|MARCH|APRIL|MAY|JUNE|JULY|AUGUST|SEPTEMBER|OCTOBER|NOVEMBER|DECEMBER|JAN|FEB|MAR|APR|JUN|JUL|AUG|SEPT?|OCT|NOV|DEC)";

static FORMS: LazyLock<Vec<(Form, Regex)>> = LazyLock::new(|| {
    let year = r"(?P<y>(?:18|19|20|21)\d{2})";
    let day = r"(?P<d>\d{1,2})(?P<o>st|nd|rd|th)?";
    let han = "[〇零○一二三四五六七八九十]";
    [
        (Form::Full, format!(r"\b{year}\s?(?:[-/.年])\s?(?P<m>\d{{1,2}})\s?(?:[-/.月])\s?(?P<d>\d{{1,2}})(?:\s?[日号]|\b|T)")),
        (Form::Full, r"\b(?P<y>\d{2})年\s?(?P<m>\d{1,2})月\s?(?P<d>\d{1,2})[日号]".to_owned()),
        (Form::Full, format!(r"(?i)\b(?P<m>{MONTH})\b\.?\s{{0,3}}{day},?\s{{0,3}}{year}\b")),
        (Form::Full, format!(r"(?i)\b{day}\.?[\s-]{{0,3}}(?:of\s+)?(?P<m>{MONTH})\b\.?,?[\s-]{{0,3}}{year}\b")),
        (Form::Full, format!(r"(?i)\b{year}[\s-](?P<m>{MONTH})[\s-]{day}\b")),
        (Form::Full, format!(r"(?i)\b(?P<d>\d{{1,2}})[-/ ](?P<m>{MONTH})[-/ ](?P<y>\d{{2}})\b")),
        (Form::Either, format!(r"\b(?P<a>\d{{1,2}})(?P<s>\s?[-/.]\s?)(?P<b>\d{{1,2}})(?P<t>\s?[-/.]\s?){year}\b")),
        (Form::Either, r"\b(?P<a>\d{1,2})(?P<s>[-/.])(?P<b>\d{1,2})(?P<t>[-/.])(?P<y>\d{2})\b".to_owned()),
        (Form::Year, format!(r"(?i)\b{MONTH}\b\.?\s{{0,3}}\d{{1,2}}(?:st|nd|rd|th)?\s?(?:-|to|and|&)\s?\d{{1,2}}(?:st|nd|rd|th)?,?\s{{0,3}}{year}\b")),
        (Form::Year, format!(r"(?i)\b\d{{1,2}}(?:st|nd|rd|th)?\s?(?:-|to|and|&)\s?\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?{MONTH}\b\.?,?\s{{0,3}}{year}\b")),
        (Form::Year, format!(r"(?i)\b{MONTH}\b\.?,?[\s-]{{0,3}}(?:of\s+)?{year}\b")),
        (Form::Year, format!(r"{year}\s?年\s?(?:\d{{1,2}}|{han}{{1,3}})\s?月(?:份|初|底|末|中旬|上旬|下旬)?(?:\s?\d{{1,2}}\s?[日号])?")),
        (Form::Year, format!(r"{year}\s?年(?:年?[初末底中]|春季?|夏季?|秋季?|冬季?|上半年|下半年|度)?")),
        (Form::Year, format!(r"\b{year}[-/.](?:0[1-9]|1[0-2])\b")),
        (Form::Year, format!(r"\b(?:0?[1-9]|1[0-2])\s?/\s?{year}\b")),
        (Form::Part, format!(r"\b{TITLE}\b\.?\s{{0,3}}\d{{1,2}}(?:st|nd|rd|th)?(?:\s?-\s?\d{{1,2}})?\b")),
        (Form::Part, format!(r"\b\d{{1,2}}(?:st|nd|rd|th)?[\s-]{{1,3}}(?:of\s+)?{TITLE}\b\.?")),
        (Form::Part, r"(?i)\b(?:january|february|april|june|july|august|september|october|november|december)\b\.?(?:\s\d{1,2}(?:st|nd|rd|th)?\b)?".to_owned()),
        (Form::Part, r"\b(?:March|MARCH|Jan|Feb|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?".to_owned()),
        (Form::Part, r"(?:\b(?:in|since|until|till|last|this|next|of|early|late|mid|by|from|to)\s)(?P<x>May)\b".to_owned()),
        (Form::Part, r"(?i)\b(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)s?\b".to_owned()),
        (Form::Part, r"\b(?:Mon|Tues?|Wed|Thur?s?|Fri)\b\.?".to_owned()),
        (Form::Part, r"\b(?:[0-2]?\d|3[01]|1[0-2]|[1-9])\s?月\s?\d{1,2}\s?[日号]?".to_owned()),
        (Form::Part, r"\b(?:1[0-2]|0?[1-9])\s?月(?:份|初|底|末|中旬|上旬|下旬)".to_owned()),
        (Form::Part, format!(r"(?:[于在自从至]|[今去前明同本当]年)(?P<x>(?:1[0-2]|0?[1-9]|{han}{{1,2}})\s?月)(?:[^\p{{Han}}0-9]|[初末底在起开因行]|$)")),
        (Form::Part, r"(?:[本上当次同]月|[于在自从至])\s?(?P<x>\d{1,2}\s?[日号])".to_owned()),
        (Form::Part, format!(r"{han}{{4}}年(?:{han}{{1,3}}月(?:{han}{{1,3}}[日号]|份|初|底)?)?")),
        (Form::Part, format!(r"{han}{{1,3}}月{han}{{1,3}}[日号]")),
        (Form::Part, r"(?:星期|礼拜)[一二三四五六日天]".to_owned()),
        (Form::Part, r"(?:[上下本这]|于|在|[,。;\s(])(?P<x>周[一二三四五六日])(?:[手行拟查安施上下早晚中在来入门复住出行做至,。;\s)]|$)".to_owned()),
        (Form::Part, r"(?:春节|元旦|中秋节?|国庆节?|清明节?|端午节?|五一节?|圣诞节?|除夕|元宵节?)".to_owned()),
        (Form::Part, r"(?:农历|阴历|旧历)\s?[正一二三四五六七八九十冬腊]{1,2}月(?:初?[一二三四五六七八九十廿]{1,3}|初|底|末)?".to_owned()),
        (Form::Part, r"(?:正月|腊月|冬月)初?[一二三四五六七八九十廿]{1,3}".to_owned()),
        (Form::Part, r"(?:^|[,;.。\s(])(?P<x>(?:0?[1-9]|1[0-2])[-.](?:0?[1-9]|[12]\d|3[01]))(?:[日号])?(?:拆线|出院|入院|复查|复诊|拔管|转入|转出)".to_owned()),
        (Form::WeakPart, r"(?i)(?:\b(?:on|since|until|dated?|from|by|seen)\s?:?\s)(?P<x>(?:0?[1-9]|[12]\d|3[01])/(?:0?[1-9]|[12]\d|3[01]))\b".to_owned()),
        (Form::Part, r"\b(?:0[1-9]|[12]\d|3[01])/(?:0[1-9]|1[0-2])\b|\b(?:0[1-9]|1[0-2])/(?:0[1-9]|[12]\d|3[01])\b".to_owned()),
        (Form::Part, r"(?:\s|^)(?P<x>'\d{2})\b".to_owned()),
        (Form::BareYear, r"\b(?P<y>(?:19|20)\d{2})(?:s\b|\b)".to_owned()),
    ]
    .map(|(form, pattern)| (form, compile(&pattern)))
    .into()
});

/// Every date. First those that are full or say a year; then parts, which say none.
pub(crate) fn find(
    page: &Page,
    subject: &Subject,
    known: &Known,
    clinical: &Taken,
) -> (Vec<Span>, Vec<Span>) {
    let mut taken = Taken::new(page);
    let (mut years, mut parts) = (Vec::new(), Vec::new());
    for (form, pattern) in FORMS.iter() {
        for found in matches(page, pattern) {
            let range = found.group(page, "x").unwrap_or(found.range.clone());
            let weak = matches!(form, Form::BareYear | Form::WeakPart);
            if taken.any(&range) || (weak && clinical.any(&range)) {
                continue;
            }
            let Some(span) = span(page, *form, &found, range, subject, known) else {
                continue;
            };
            taken.add(&span.range);
            match form {
                Form::Part | Form::WeakPart => parts.push(span),
                _ => years.push(span),
            }
        }
    }
    (years, parts)
}

fn span(
    page: &Page,
    form: Form,
    found: &Found<'_>,
    range: Range<usize>,
    subject: &Subject,
    known: &Known,
) -> Option<Span> {
    let number = |name: &str| found.text(name).parse::<i16>().ok();
    match form {
        Form::Part if scored(page, &range) => None,
        Form::Part | Form::WeakPart => Some(Span::new(range, "date", "date-part")),
        Form::Year => Some(year(
            page,
            found,
            range,
            number("y")?,
            subject,
            "date-month",
        )),
        Form::BareYear => {
            let digits = range.start..range.start + 4;
            let before = page.left(range.start, 4).to_lowercase();
            let parameter = ["tr", "te", "ti", "="]
                .iter()
                .any(|cue| before.trim_end().ends_with(cue));
            let decimal =
                page.before(range.start) == Some('.') || page.before(range.start) == Some('/');
            (!parameter && !decimal).then(|| {
                let year = moved_year(number("y"), subject);
                put(Span::new(digits, "date", "date-year"), year)
            })
        }
        Form::Full => {
            let date = date(century(number("y")?), month(found.text("m"))?, number("d")?);
            Some(full(page, found, range, date, subject, known))
        }
        Form::Either => either(page, found, range, subject, known),
    }
}

/// Whether two numbers are points of a score out of its most ("JOA score 11/17").
fn scored(page: &Page, range: &Range<usize>) -> bool {
    let left = page.left(range.start, 16).to_lowercase();
    let left = left.trim_end_matches([' ', ':', '=']);
    let left = left.strip_suffix(" of").unwrap_or(left);
    let left = left.strip_suffix(" was").unwrap_or(left);
    let left = left.strip_suffix(" is").unwrap_or(left);
    let cue = |cue: &&str| {
        let rest = left.strip_suffix(*cue);
        rest.is_some_and(|rest| !rest.ends_with(char::is_alphabetic) || rest.ends_with(is_han))
    };
    let numbers = page.slice(range.clone());
    numbers.contains('/')
        && [
            "score",
            "scores",
            "joa",
            "mjoa",
            "gcs",
            "schober",
            "schober test",
            "schober's test",
            "评分",
            "得分",
        ]
        .iter()
        .any(cue)
}

/// Day and month in numbers: sure where one of them can be no month.
fn either(
    page: &Page,
    found: &Found<'_>,
    range: Range<usize>,
    subject: &Subject,
    known: &Known,
) -> Option<Span> {
    let number = |name: &str| found.text(name).parse::<i16>().ok();
    let (a, b, y) = (number("a")?, number("b")?, century(number("y")?));
    if found.text("s").trim() != found.text("t").trim() {
        // Numbers apart in two ways are no date but may be an identifier.
        return None;
    }
    let dates = [date(y, b, a), date(y, a, b)];
    if dates.iter().flatten().any(|date| known.is_date(*date)) {
        return Some(Span::new(range, "date", "known-date"));
    }
    match dates {
        [Some(one), Some(other)] if one != other => {
            let moved = subject.shift(one).map(|date| date.year().to_string());
            Some(put(Span::new(range, "date", "date-ambiguous"), moved))
        }
        [Some(one), _] => Some(styled(page, found, range, one, subject, ["a", "b"])),
        [None, Some(one)] => Some(styled(page, found, range, one, subject, ["b", "a"])),
        [None, None] if found.text("y").len() == 4 => {
            Some(Span::new(range, "date", "date-invalid"))
        }
        [None, None] => None,
    }
}

fn full(
    page: &Page,
    found: &Found<'_>,
    range: Range<usize>,
    date: Option<Date>,
    subject: &Subject,
    known: &Known,
) -> Span {
    // The letter between a day and its time stays.
    let range = match page.before(range.end) {
        Some('T') => range.start..range.end - 1,
        _ => range,
    };
    match date {
        None => Span::new(range, "date", "date-invalid"),
        Some(date) if known.is_date(date) => Span::new(range, "date", "known-date"),
        Some(date) => styled(page, found, range, date, subject, ["d", "m"]),
    }
}

/// The moved date in the style of the one that was found.
fn styled(
    page: &Page,
    found: &Found<'_>,
    range: Range<usize>,
    date: Date,
    subject: &Subject,
    names: [&str; 2],
) -> Span {
    let span = Span::new(range.clone(), "date", "date-shifted");
    let Some(moved) = subject.shift(date) else {
        return span;
    };
    let wide = found.text(names[0]).len() == 2 && found.text(names[1]).len() == 2;
    let han = page.slice(range.clone()).contains('月');
    let zero = |text: &str| text.starts_with('0');
    let pad = if han {
        zero(found.text(names[0])) || zero(found.text(names[1]))
    } else {
        wide
    };
    let number = |n: i8| {
        if pad {
            format!("{n:02}")
        } else {
            n.to_string()
        }
    };
    let year = match found.text("y").len() {
        2 => format!("{:02}", moved.year().rem_euclid(100)),
        _ => format!("{:04}", moved.year()),
    };
    let mut parts = vec![("y", year), (names[0], number(moved.day()))];
    parts.push((
        names[1],
        match found.text(names[1]) {
            text if text.starts_with(|c: char| c.is_ascii_digit()) => number(moved.month()),
            text => month_name(text, moved.month()),
        },
    ));
    parts.push(("o", ordinal(moved.day()).to_owned()));
    let mut groups: Vec<(Range<usize>, String)> = parts
        .into_iter()
        .filter_map(|(name, text)| Some((found.group(page, name)?, text)))
        .collect();
    groups.sort_by_key(|(group, _)| group.start);
    let (mut text, mut at) = (String::new(), range.start);
    for (group, new) in groups {
        text.extend(&page.chars[at..group.start]);
        text.push_str(&new);
        at = group.end;
    }
    text.extend(&page.chars[at.min(range.end)..range.end]);
    put(span, Some(text))
}

fn year(
    page: &Page,
    found: &Found<'_>,
    range: Range<usize>,
    year: i16,
    subject: &Subject,
    rule: &'static str,
) -> Span {
    let han = page.slice(range.clone()).contains('年');
    let moved = moved_year(Some(year), subject);
    let moved = moved.map(|year| if han { format!("{year}年") } else { year });
    debug_assert!(found.range.start <= range.start);
    put(Span::new(range, "date", rule), moved)
}

/// The year in which the middle of that year comes to lie.
fn moved_year(year: Option<i16>, subject: &Subject) -> Option<String> {
    let middle = Date::new(year?, 7, 1).ok()?;
    Some(subject.shift(middle)?.year().to_string())
}

fn put(mut span: Span, text: Option<String>) -> Span {
    span.put = text;
    span
}

fn century(year: i16) -> i16 {
    match year {
        0..=49 => 2000 + year,
        50..=99 => 1900 + year,
        _ => year,
    }
}

fn date(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn month(text: &str) -> Option<i16> {
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let text = text.to_lowercase();
    let start = text.get(..3)?;
    let at = MONTHS
        .iter()
        .position(|month| month.to_lowercase().starts_with(start))?;
    i16::try_from(at + 1).ok()
}

/// The name of a month in the form of another: whole or short, in capitals or not.
fn month_name(like: &str, month: i8) -> String {
    let at = usize::try_from(month).unwrap_or(1).clamp(1, 12) - 1;
    let name = MONTHS[at];
    let whole = MONTHS.iter().any(|month| month.eq_ignore_ascii_case(like)) && like.len() > 3;
    let name = if whole { name } else { &name[..3] };
    if like.chars().all(|c| c.is_uppercase()) {
        name.to_uppercase()
    } else {
        name.to_owned()
    }
}

fn ordinal(day: i8) -> &'static str {
    match (day % 10, day) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Key;

    /// Moved by `days` of a made patient; `Y` in the expectation stands for a year.
    fn check(text: &str, expect: &str) {
        let mut random = [3; 32];
        random[0] = 1;
        let key = Key::parse(&Key::file(random)).unwrap();
        let subject = Subject::new(&key, "made 1").unwrap();
        let page = Page::new(text);
        let (years, parts) = find(&page, &subject, &Known::default(), &Taken::new(&page));
        let spans = super::super::span::merge(years.into_iter().chain(parts).collect(), &page);
        let language = spinemed_core::vocabulary::Language::En;
        let clean = super::super::span::write(&page, &spans, language).text;
        let move_one = |date: &str| subject.shift(date.parse().unwrap()).unwrap();
        let mut wanted = expect.to_owned();
        let moved = move_one("2024-03-15");
        for (mark, with) in [
            ("{iso}", moved.to_string()),
            ("{y}", moved.year().to_string()),
            ("{mid}", move_one("2024-07-01").year().to_string()),
            ("{m}", moved.month().to_string()),
            ("{mm}", format!("{:02}", moved.month())),
            (
                "{month}",
                MONTHS[usize::try_from(moved.month() - 1).unwrap()].to_owned(),
            ),
            ("{d}", moved.day().to_string()),
            ("{dd}", format!("{:02}", moved.day())),
            ("{o}", ordinal(moved.day()).to_owned()),
            ("{yy}", format!("{:02}", moved.year() % 100)),
        ] {
            wanted = wanted.replace(mark, &with);
        }
        assert_eq!(clean, wanted);
    }

    #[test]
    fn full_dates_keep_their_style() {
        check("seen 2024-03-15 at 10:30", "seen {iso} at 10:30");
        check("2024-03-15T10:30", "{iso}T10:30");
        check("on 15/03/2024.", "on {dd}/{mm}/{y}.");
        check("on 3/15/2024", "on {m}/{d}/{y}");
        check("on 15.03.24", "on {dd}.{mm}.{yy}");
        check("March 15, 2024", "{month} {d}, {y}");
        check("15th of March 2024", "{d}{o} of {month} {y}");
        check("于2024年3月15日入院", "于{y}年{m}月{d}日入院");
        check("2024.03.15复查", "{y}.{mm}.{dd}复查");
        check("２０２４－０３－１５", "{y}－{mm}－{dd}");
    }

    #[test]
    fn parts_are_generalised() {
        check("in March 2024", "in {mid}");
        check("05/03/2024", "2024".replace("2024", "{y}").as_str());
        check("since 2024", "since {mid}");
        check("2024年3月", "{mid}年");
        check("3月5日复查", "[date]复查");
        check("on Monday, June 5", "on [date], [date]");
        check("二〇二四年三月五日", "[date]");
        check("2024-02-31", "[date]");
    }

    #[test]
    fn times_that_point_at_no_day_stay() {
        for text in [
            "3 weeks ago, post-operative day 2, at 10:30",
            "术后3月复查，腰痛5年，术后5日，3个月前",
            "may be, power 4/5, TR 2000 ms, L4/5",
            "每周一次",
        ] {
            check(text, text);
        }
    }
}
