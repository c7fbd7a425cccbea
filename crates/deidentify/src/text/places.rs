//! Addresses, institutions and places.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::lexicon;
use super::page::{Page, Word, is_han};
use super::rule::{compile, find as matches};
use super::span::Span;

static STREET: LazyLock<Regex> = LazyLock::new(|| {
    compile(concat!(
        r"(?i)\b\d{1,5}[a-z]?(?:-\d{1,4})?,?\s+(?:(?:north|south|east|west|n|s|e|w|st)\b\.?\s+)?(?:[\p{L}'.-]{1,24}\s+){1,4}",
        r"(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|boulevard|blvd|court|ct|way|place|pl|square|sq|terrace|close|crescent|highway|hwy|parkway|pkwy|circle|cir|gardens|row|walk|mews|grove|alley|quay|trail)\b\.?",
        r"(?:,?\s*(?:apt|apartment|unit|flat|suite|ste|floor|#)\.?\s*#?\w{1,6})?",
        r"(?:,\s*(?-i:\p{Lu}[\p{L}'-]{1,24}(?:\s\p{Lu}[\p{L}'-]{1,24}){0,2}))?(?:,?\s*(?-i:[A-Z]{2})\b)?(?:,?\s*\d{5}(?:-\d{4})?\b)?"
    ))
});
static BOX: LazyLock<Regex> = LazyLock::new(|| compile(r"(?i)\bp\.?\s?o\.?\s?box\s+\w{1,10}"));
/// A numbered ward says which hospital department a person lay in.
static WARD: LazyLock<Regex> = LazyLock::new(|| {
    compile(
        r"[0-9一二三四五六七八九十百]{1,4}号?病[区房室]|(?:脊柱|骨|创伤|神经|关节|脊柱外|神经外|骨外|[内外])(?:科)?[一二三四五六七八九十]{1,2}科",
    )
});
static HAN: LazyLock<Vec<(&'static str, Regex)>> = LazyLock::new(|| {
    [
        ("address", r"(?:住址|地址|家住|现住|居住于|居住在|户籍地?|籍贯|现居|暂住|寄送至|邮寄至|住在|住于)[:为是于在]*\s*(?P<x>[\p{Han}\p{Latin}0-9#\s·()-]{2,60})"),
        ("address", r"(?P<x>[\p{Han}]{1,16}(?:路|街|大道|胡同|弄|巷|里|村|镇|乡|道)\s?[0-9一二三四五六七八九十百]{1,5}\s?(?:号|弄|巷)(?:院|楼)?(?:[0-9A-Za-z一二三四五六七八九十-]{1,5}(?:号楼|栋|幢|单元|楼|层|室|号|座)){0,4}(?:\s?\d{1,5}室?)?)"),
        ("address", r"(?P<x>[\p{Han}]{0,12}?\d{0,4}(?:号楼|栋|幢|单元)[0-9A-Za-z-]{0,5}(?:号楼|栋|幢|单元|室|号|层)?(?:\d{1,4}室)?)"),
        ("address", r"(?P<x>[\p{Han}]{2,10}(?:小区|花园|公寓|新村|家园|嘉园|社区居委会|街道|胡同))"),
        ("address", r"(?P<x>\d{1,4}\s?[室弄]|\d{1,4}号楼)"),
        ("institution", r"(?P<x>[\p{Han}A-Za-z0-9]{2,24}(?:医院|卫生院|卫生室|医学院|卫生服务中心|卫生服务站|医疗中心|医学中心|体检中心|影像中心|康复中心|脊柱中心|诊疗中心|急救中心|疾控中心|健康中心|骨科中心|诊断中心|诊所|门诊部|研究所|研究院|大学|学院|疗养院|养老院|公司|集团|中学|小学|幼儿园|学校|大厦|银行|车站|派出所|酒店|工厂|[\p{Han}]厂))"),
        ("institution", r"(?P<x>[\p{Han}]{1,6}(?:一院|二院|三院|四院|五院|附一|附二|附院|总院|分院))"),
        ("address", r"(?P<x>[\p{Han}]{2,8}(?:自治区|自治州|自治县))"),
        ("address", r"(?P<x>[\p{Han}]{2,4}[省市县](?:[\p{Han}]{1,6}[市区县镇乡村旗]){0,4})"),
        ("address", r"(?:来自|[住从在于至到返回去往])(?P<x>[\p{Han}]{1,4}[区镇乡村])"),
        ("institution", r"(?:工作单位|单位名称|就职于|任职于|供职于|受雇于|就读于|毕业于)[:为是]?\s*(?P<x>[\p{Han}A-Za-z0-9·()-]{2,30})"),
        ("address", r"\((?P<x>\p{Han}{3,10})人\)"),
    ]
    .into_iter()
    .map(|(class, pattern)| (class, compile(pattern)))
    .collect()
});
static PLACES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    lexicon::load(include_str!("words/places.txt"))
        .into_iter()
        .collect()
});
/// A place, and what stands between it and what people do there.
static PLACE: LazyLock<Regex> = LazyLock::new(|| {
    let names = PLACES.join("|");
    compile(&format!(
        r"(?P<x>(?:{names})\p{{Han}}{{2,4}}?)(?:务工|打工|工作|生活|居住|出差|旅游|人)|(?P<y>{names})"
    ))
});
/// Places where things happen; a name stands before the word.
static LANDMARK: LazyLock<Regex> = LazyLock::new(|| {
    compile(
        r"\p{Han}{3,10}(?:煤矿|矿山|大桥|公园|广场|商场|超市|市场|体育馆|火车站|机场|码头|农场|林场|宾馆|饭店|餐厅|检验所|鉴定所|化验所|工作室|事务所|俱乐部|健身房|驿站|加油站|法院|监狱)",
    )
});

/// Every address, institution and place.
pub(crate) fn find(page: &Page) -> Vec<Span> {
    let mut spans: Vec<Span> = [&*STREET, &*BOX]
        .into_iter()
        .flat_map(|pattern| matches(page, pattern))
        .filter(|found| street(page.slice(found.range.clone())))
        .map(|found| Span::new(found.range, "address", "street"))
        .collect();
    institutions(page, &mut spans);
    for (class, pattern) in HAN.iter() {
        for found in matches(page, pattern) {
            let Some(range) = found.group(page, "x") else {
                continue;
            };
            let told = found.range.start < range.start && range.len() > 6;
            let range = if told { range } else { cut(page, range) };
            if !plain(page, &range) {
                spans.push(Span::new(range, class, "han-place"));
            }
        }
    }
    spans.extend(matches(page, &WARD).map(|found| Span::new(found.range, "place", "ward")));
    spans.extend(matches(page, &PLACE).filter_map(|found| {
        let range = found.group(page, "x").or(found.group(page, "y"))?;
        Some(Span::new(range, "place", "place-list"))
    }));
    spans.extend(matches(page, &LANDMARK).filter_map(|found| landmark(page, found.range)));
    spans
}

/// A landmark by its name, not by its kind or nearness alone ("附近公园").
fn landmark(page: &Page, found: Range<usize>) -> Option<Span> {
    let range = cut(page, found);
    let text = page.slice(range.clone());
    let near = ["附近", "旁", "一家", "某", "家门口", "去", "逛", "的"];
    let named = !near.iter().any(|word| text.contains(word));
    (named && range.len() > 3).then(|| Span::new(range, "address", "landmark"))
}

/// Whether a number and words before a word such as `drive` or `court` are a street: prose has
/// plain lower-case words there ("2 screws were placed on the way").
fn street(text: &str) -> bool {
    let words = text.split_whitespace().skip(1);
    let inner: Vec<&str> = words.collect();
    let Some((_, names)) = inner.split_last() else {
        return true;
    };
    let name = |word: &&&str| {
        let lower = word.to_lowercase();
        word.chars().next().is_some_and(char::is_uppercase)
            || !lexicon::is_word(lower.trim_matches(['.', ',']))
    };
    names.iter().any(|word| name(&word))
}

/// Words that end the name of an institution.
const HEADS: &[&str] = &[
    "hospital",
    "hospitals",
    "clinic",
    "clinics",
    "infirmary",
    "university",
    "college",
    "institute",
    "healthcare",
    "sanatorium",
    "hospice",
    "polyclinic",
    "academy",
    "foundation",
    "laboratory",
    "laboratories",
    "center",
    "centre",
    "school",
    "inc",
    "ltd",
    "llc",
    "gmbh",
    "corp",
    "corporation",
    "company",
    "church",
    "bank",
    "factory",
    "system",
    "trust",
    "practice",
    "associates",
    "group",
    "imaging",
    "radiology",
    "orthopaedics",
    "orthopedics",
    "pharmacy",
];
/// Heads that are prose as well: they count after a word that no vocabulary has.
const LOOSE: &[&str] = &[
    "system",
    "group",
    "practice",
    "imaging",
    "radiology",
    "orthopaedics",
    "orthopedics",
    "associates",
];
const LINKS: &[&str] = &[
    "of", "for", "the", "and", "de", "la", "du", "der", "st", "saint", "at",
];

/// English institutions: capitalised words with a head among them.
fn institutions(page: &Page, spans: &mut Vec<Span>) {
    let words = &page.words;
    for (at, word) in words.iter().enumerate() {
        let lower = word.text.to_lowercase();
        if !word.is_capital() || !HEADS.contains(&lower.as_str()) {
            continue;
        }
        let start = first(page, words, at);
        let end = last(page, words, at);
        let names = words[start..=end].iter().enumerate();
        let strange = names.filter(|(n, _)| start + n != at).any(|(_, word)| {
            let lower = word.text.to_lowercase();
            word.is_capital() && !LINKS.contains(&lower.as_str())
        });
        let unknown = words[start..at].iter().any(|word| {
            let lower = word.text.to_lowercase();
            word.is_capital()
                && (lexicon::is_ambiguous(&lower)
                    || !lexicon::is_word(&lower) && !lexicon::is_capital(&word.text))
        });
        let loose = LOOSE.contains(&lower.as_str());
        if if loose {
            unknown
        } else {
            strange && !heading(page, words, at)
        } {
            let range = words[start].range.start..words[end].range.end;
            spans.push(Span::new(range, "institution", "institution"));
        }
    }
}

/// `Hospital Course:` and the like.
fn heading(page: &Page, words: &[Word], at: usize) -> bool {
    let next = words.get(at + 1).map(|word| word.text.to_lowercase());
    let first = at == 0 || !adjacent(page, &words[at - 1], &words[at]);
    first
        && next.is_some_and(|next| {
            ["course", "day", "stay", "number", "admission"].contains(&next.as_str())
        })
}

fn first(page: &Page, words: &[Word], at: usize) -> usize {
    let mut start = at;
    let mut seen = at;
    while seen > 0 && at - seen < 8 && adjacent(page, &words[seen - 1], &words[seen]) {
        let lower = words[seen - 1].text.to_lowercase();
        let link = LINKS.contains(&lower.as_str());
        let name = words[seen - 1].is_capital() && (link || !lexicon::is_function(&lower));
        if !(name || link) || (lower == "at" && start < at) {
            break;
        }
        seen -= 1;
        if name && (!link || lower == "st" || lower == "saint") {
            start = seen;
        }
    }
    start
}

fn last(page: &Page, words: &[Word], at: usize) -> usize {
    let mut end = at;
    let mut seen = at;
    while seen + 1 < words.len() && seen - at < 6 && adjacent(page, &words[seen], &words[seen + 1])
    {
        let lower = words[seen + 1].text.to_lowercase();
        let name = words[seen + 1].is_capital() && !lexicon::is_function(&lower);
        if !name && !["of", "for", "the", "at"].contains(&lower.as_str()) {
            break;
        }
        seen += 1;
        if name {
            end = seen;
        }
    }
    end
}

fn adjacent(page: &Page, left: &Word, right: &Word) -> bool {
    let gap = page.slice(left.range.end..right.range.start);
    matches!(gap, " " | "-" | "'" | ". " | " & " | "." | "  ")
}

/// Function words that a Chinese name of a place or institution does not hold.
const CUTS: &str = "于在从由经往赴抵返曾并因后前则即者我该外某自及与示诊送转入出来时日月年";
const WORDS: &[&str] = &[
    "来自", "就诊", "转至", "转入", "就读", "工作", "毕业", "任职", "至", "到", "回",
];

/// Cuts prose off the left of a Chinese name: what follows the last function word is the name.
fn cut(page: &Page, range: Range<usize>) -> Range<usize> {
    let text: Vec<char> = page.slice(range.clone()).chars().collect();
    let least = 3.min(text.len());
    let mut start = 0;
    for at in 0..text.len().saturating_sub(least) {
        let rest: String = text[at..].iter().collect();
        if CUTS.contains(text[at]) && at < 14 {
            start = at + 1;
        }
        if let Some(word) = WORDS.iter().find(|word| rest.starts_with(**word)) {
            start = at + word.chars().count();
        }
    }
    if text.len() - start < least {
        range
    } else {
        range.start + start..range.end
    }
}

/// Endings and wholes of clinical prose that look like places.
const PLAIN: &[&str] = &[
    "当地医院",
    "外地医院",
    "上级医院",
    "基层医院",
    "专科医院",
    "综合医院",
    "三甲医院",
    "社区医院",
    "县级医院",
    "市级医院",
    "省级医院",
    "地方医院",
    "附近医院",
    "其他医院",
    "多家医院",
    "某医院",
    "骨科医院",
    "教学医院",
    "大医院",
    "我医院",
    "本医院",
    "该医院",
    "外医院",
    "节省",
    "城市",
    "超市",
    "门市",
    "上市",
    "省市",
    "我科门诊部",
    "城镇",
    "乡镇",
    "农村",
    "病区",
    "鞍区",
    "疫区",
    "小区",
    "当地诊所",
    "附近诊所",
    "私人诊所",
    "当地卫生院",
    "乡镇卫生院",
    "镇卫生院",
    "上学",
    "当地县医院",
    "当地市医院",
    "县医院",
    "市医院",
    "我院",
    "本院",
    "外院",
    "住院",
    "出院",
    "入院",
    "在院",
    "术区",
];
const REGIONS: &[&str] = &[
    "信号区",
    "水肿区",
    "病区",
    "鞍区",
    "骶区",
    "骶尾区",
    "腰骶区",
    "腰区",
    "颈区",
    "胸区",
    "背区",
    "感觉区",
    "减退区",
    "麻木区",
    "疼痛区",
    "压痛区",
    "手术区",
    "术区",
    "植骨区",
    "骨折区",
    "终板区",
    "椎间孔区",
    "侧隐窝区",
    "硬膜外区",
    "中央区",
    "旁中央区",
    "支配区",
    "会阴区",
    "肛周区",
    "破坏区",
    "坏死区",
    "强化区",
    "肿胀区",
    "椎旁区",
    "椎管区",
    "供血区",
    "皮区",
    "肩胛区",
    "髂区",
    "髋区",
];

fn plain(page: &Page, range: &Range<usize>) -> bool {
    let text = page.slice(range.clone());
    let next = page.at(range.end);
    // 镇痛, 镇静 are treatments; 前路, 后路, 入路 are approaches; 信号 is no house number.
    let calm = text.ends_with('镇') && next.is_some_and(|c| "痛静定咳吐惊".contains(c));
    let route = ["前路", "后路", "侧路", "入路", "信号", "联合路"]
        .iter()
        .any(|word| text.ends_with(word));
    PLAIN.contains(&text)
        || REGIONS.iter().any(|word| text.ends_with(word))
        || calm
        || route
        || !text.chars().any(|c| is_han(c) || c.is_ascii_digit())
}
