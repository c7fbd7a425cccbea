//! Numbers and codes that are clinical and stay: levels, sequences, measures, grades, powers.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::page::Page;
use super::rule::{compile, find};

const LEVEL: &str = r"(?:C[1-8]|T1[0-3]|T[1-9]|L[1-6]|S[1-5]|D1[0-2]|D[1-9])";
const UNIT: &str = concat!(
    r"(?:mmhg|cmh2o|mmol|umol|µmol|mol|mm3|mm2|mm|cm2|cm3|cm|km|kg|mg|mcg|µg|ug|ng|pg|g|ml|dl|µl|ul|l|",
    r"kpa|kvp|kv|mas|ma|mhz|khz|hz|msec|ms|secs|sec|s|mins|min|hours|hour|hrs|hr|h|days|day|d|weeks|",
    r"week|wks|wk|w|months|month|mos|mo|years|year|yrs|yr|yo|hu|iu|u|meq|bpm|fold|gy|ppm|cc|x|st|nd|rd|th|",
    r"inches|inch|in|lbs|lb|ft|feet|m|t|am|pm|v|f|n|nm)"
);

static PATTERNS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let word = r"(?-u:\b)";
    [
        format!(r"{word}{LEVEL}(?:\s?[-/~,&+至到]\s?(?:{LEVEL}|1[0-3]|[1-9]){word})*{word}"),
        format!(r"(?i){word}T[12](?:[-\s]?(?:weighted|wi|w|fs|stir|tse|fse|spir|spair|dixon|flair|map|tirm|rho))*{word}"),
        format!(
            r"(?i){word}\d{{1,5}}(?:\.\d{{1,3}})?(?:\s?[-~x×*/至到]\s?\d{{1,5}}(?:\.\d{{1,3}})?){{0,3}}\s?(?:{UNIT}(?:/{UNIT}|/kg|/day){{0,2}}{word}|[%°º℃度毫厘微千克升米岁周天年月日个次例节枚条片层倍分秒小])"
        ),
        format!(r"(?i){word}\d{{1,4}}(?:\.\d)?\s?[x×*]\s?10\^?\d{{1,2}}(?:/L)?{word}"),
        format!(r"{word}\d{{1,2}}:\d{{2}}(?::\d{{2}})?{word}"),
        format!(r"{word}[0-5][+-]?\s?/\s?[0-5]{word}"),
        format!(r"(?i){word}(?:B12|B6|B1|D3|K2|H2O|CO2|O2|SpO2|PaO2|PaCO2|FiO2|HbA1c|A1c|IL-?6|BMP-?2|COVID-19|CA-?19-9|CA-?125|CA-?153|Ki-?67|S-?100|CD\d{{1,3}}|HLA-?B27|B27|SF-?36|SF-?12|EQ-?5D(?:-[35]L)?|[234]D|S2AI|18F|99m?Tc|Tc-99m|F-18|q\d{{1,2}}h|AQP4|DM2|T\dN\dM\d|GFAP|SOX10|H3K27M|P53|ER50|NDI|SRS-22r?|SRS-30|PHQ-9|GAD-7){word}"),
        format!(r"(?i){word}lenke\s*(?:types?\s*)?[1-6][A-C]?[-N+]?{word}|(?i){word}(?:types?|grades?|class|stages?|phase|AO(?:spine)?|magerl|denis|lenke|schwab|asia|ais|frankel|modic|pfirrmann|meyerding|castellvi|bilsky)\s*(?:[A-F]?[0-5](?:\.[1-3])?[a-d]?|[A-F]|[IV]{{1,3}}[a-d]?){word}"),
        format!(r"(?i){word}(?:[A-F]?[0-5](?:\.[1-3])?[a-d]?|[IV]{{1,3}}[a-d]?|[A-F])\s*[-~]?\s*[型级期度类]"),
    ]
    .iter()
    .map(|pattern| compile(pattern))
    .collect()
});

/// Where clinical numbers and codes stand.
pub(crate) fn protected(page: &Page) -> Vec<Range<usize>> {
    PATTERNS
        .iter()
        .flat_map(|pattern| find(page, pattern))
        .map(|found| found.range)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &[&str]) {
        let page = Page::new(text);
        for part in expect {
            let found = protected(&page)
                .into_iter()
                .any(|range| page.slice(range).contains(part));
            assert!(found, "{part}");
        }
        if expect.is_empty() {
            assert!(protected(&page).is_empty());
        }
    }

    #[test]
    fn clinical_numbers_are_known() {
        check(
            "disc at L4/5 and C5-C6, T11–L2",
            &["L4/5", "C5-C6", "T11-L2"],
        );
        check(
            "5mm, 1.5T, 12 x 8 mm, 30°",
            &["5mm", "1.5T", "12 x 8 mm", "30°"],
        );
        check(
            "power 4/5, ASIA D, Modic 2, II度",
            &["4/5", "ASIA D", "Modic 2", "II度"],
        );
        check("T2WI and T1-weighted", &["T2WI", "T1-weighted"]);
    }

    #[test]
    fn codes_are_not() {
        check("MRN12345 A-2024-0331 C9 L47", &[]);
    }
}
