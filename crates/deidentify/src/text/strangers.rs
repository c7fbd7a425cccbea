//! Chinese names whose surname no list has: what stands between a person's cue and a person's
//! deed, and holds no character of clinical prose.
//!
//! Surnames are an open class: people of small nations, nicknames and rare surnames would else
//! stay. The price is a word of prose now and then, which is why the characters that names hardly
//! ever hold end the search.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::han;
use super::lexicon;
use super::page::{Page, is_han};
use super::rule::{compile, find};
use super::span::Span;

static PROSE: LazyLock<BTreeSet<char>> = LazyLock::new(|| {
    let words = lexicon::load(include_str!("words/not-in-names.txt"));
    words.into_iter().flat_map(str::chars).collect()
});
static NOT_NAMES: LazyLock<BTreeSet<&'static str>> =
    LazyLock::new(|| lexicon::load(include_str!("words/not-names.txt")));

/// Names of several parts, as other nations and foreigners have: the dot is sure.
static DOTTED: LazyLock<Regex> =
    LazyLock::new(|| compile(r"\p{Han}{1,8}(?:[·•・‧]\p{Han}{1,8}){1,3}"));
static NICKNAME: LazyLock<Regex> = LazyLock::new(|| {
    compile(concat!(
        r#"(?:外号|绰号|小名|乳名|昵称|人称|曾用名|别名|又名|化名)\s?[:为是叫]?\s?["“'「]?"#,
        r#"(?P<x>[\p{Han}A-Za-z]{1,6}?)(?:["”'」,。;)\s]|$)"#
    ))
});
/// A masked name whose surname no list has.
static MASKED: LazyLock<Regex> = LazyLock::new(|| {
    compile(
        r"(?:患者|病人|患儿|家属|医生|医师|护士|配偶|其[妻夫子女父母])\s?(?P<x>\p{Han}[某×*]{1,2})",
    )
});
/// Another name in brackets, behind one that is masked or in Latin letters.
static BRACKETS: LazyLock<Regex> = LazyLock::new(|| {
    compile(
        r"(?:[某×*]|(?P<f>\p{Lu}[\p{L}'-]{1,24}\s)?(?P<l>\p{Lu}[\p{L}'-]{1,24}))\s?\(\s?(?P<x>\p{Han}{2,4})\s?\)",
    )
});

/// Cues that a person's name follows, whatever comes after it.
const ROLES: &[&str] = &[
    "医生",
    "医师",
    "护士",
    "护师",
    "护士长",
    "主刀",
    "术者",
    "手术者",
    "一助",
    "二助",
    "三助",
    "助手",
    "家属",
    "妻子",
    "其妻",
    "丈夫",
    "其夫",
    "儿子",
    "其子",
    "女儿",
    "其女",
    "父亲",
    "其父",
    "母亲",
    "其母",
    "其弟",
    "其兄",
    "其哥",
    "其姐",
    "其妹",
    "其孙",
    "其嫂",
    "其媳",
    "其婿",
    "其姨",
    "其舅",
    "其叔",
    "其姑",
    "配偶",
    "老伴",
    "爱人",
    "弟弟",
    "哥哥",
    "姐姐",
    "妹妹",
    "孙子",
    "孙女",
    "儿媳",
    "女婿",
    "侄子",
    "侄女",
    "外甥",
    "保姆",
    "护工",
    "陪人",
    "联系人",
    "监护人",
    "同事",
    "朋友",
    "邻居",
    "司机",
    "技师",
    "治疗师",
    "麻醉师",
    "康复师",
];
/// Cues behind which prose is more usual than a name: a deed has to follow.
const WEAK: &[&str] = &["患者", "病人", "患儿", "病员", "伤员", "由", "请"];
/// What persons do, and what prose goes on with after a name.
const DEEDS: &[&str] = &[
    "诉", "主诉", "自述", "自诉", "代诉", "代述", "陪同", "陪护", "陪伴", "完成", "巡视", "查房",
    "会诊", "签", "表示", "同意", "呼叫", "护送", "送至", "送入", "要求", "拒绝", "告知", "转告",
    "操作", "执行", "实施", "主刀", "书写", "记录", "审核", "报告", "看过", "查看", "指示", "指导",
    "负责", "协助", "照顾", "发现", "来院", "来诊", "打来", "来电", "致电", "电话",
];
/// What prose goes on with after a name of several parts, and no such name holds.
const GOES_ON: &str = "诉因于在入主术患腰颈胸背腿痛的来为予伴与和及已曾陪送由";
/// Verbs and particles that follow a name behind a sure cue.
const AFTER: &str = "于在因与和及诉说称述为将已曾陪送来到签代";
const TITLES: &[&str] = &[
    "主任",
    "副主任",
    "医生",
    "医师",
    "教授",
    "大夫",
    "护士长",
    "护士",
    "护师",
    "老师",
];
/// Words before a title that say which kind of person, not who.
const KINDS: &[&str] = &[
    "主治", "经治", "经管", "主管", "责任", "值班", "上级", "下级", "住院", "副", "正", "科",
    "手术", "麻醉", "巡回", "器械", "洗手", "病房", "门诊", "急诊", "接诊", "首诊", "会诊", "康复",
    "实习", "进修", "规培", "管床", "当班", "夜班", "带教", "床位", "外院", "当地", "本院", "我院",
    "家庭", "专科", "专家", "临床", "影像", "放射", "超声", "病理", "检验", "药", "护", "各级",
    "多位", "全科", "二线", "三线", "一线", "社区", "乡村", "高级", "审核", "报告", "诊断", "记录",
    "主刀", "签名", "班", "组", "总",
];
/// What may stand before a name that a title follows.
const ENTER: &[&str] = &[
    "今日", "昨日", "明日", "今晨", "昨晚", "今天", "昨天", "上午", "下午", "由", "请", "经", "与",
    "和", "及", "向", "给", "找", "要求", "指定", "联系", "科", "随", "遵", "按", "诉", "后",
];

/// Every name of a stranger.
pub(crate) fn find_all(page: &Page) -> Vec<Span> {
    let mut spans = Vec::new();
    for found in find(page, &DOTTED) {
        let range = uncued(page, found.range);
        spans.push(Span::new(range, "name", "han-dotted"));
    }
    for (pattern, rule) in [(&*NICKNAME, "han-nickname"), (&*MASKED, "han-masked")] {
        let ranges = find(page, pattern).filter_map(|found| found.group(page, "x"));
        spans.extend(ranges.map(|range| Span::new(range, "name", rule)));
    }
    for found in find(page, &BRACKETS) {
        let latin = found.text("l");
        let clinical = lexicon::is_capital(latin) || lexicon::is_word(&latin.to_lowercase());
        // Two Latin names in a row are a person's: all in brackets is the same person.
        let range = found.group(page, "x");
        let range = range.filter(|range| !found.text("f").is_empty() || named(page, range));
        let range = range.filter(|_| latin.is_empty() || !clinical);
        spans.extend(range.map(|range| Span::new(range, "name", "han-brackets")));
    }
    for at in 0..page.plain.len() {
        spans.extend(after_role(page, at));
        spans.extend(before_title(page, at));
    }
    spans
}

/// Cuts what is no name off the left of a dotted one: prose up to the last cue.
fn uncued(page: &Page, range: Range<usize>) -> Range<usize> {
    let head = page.slice(range.clone()).chars();
    let head = head.take_while(|c| is_han(*c)).count();
    let end = range.start + head;
    let cue = |at: &usize| {
        let left = page.slice(range.start..*at);
        ROLES.iter().chain(WEAK).any(|cue| left.ends_with(cue))
    };
    let start = (range.start..end).rev().find(cue).unwrap_or(range.start);
    let tail = page.slice(end..range.end).chars();
    let length = tail.skip(1).take_while(|c| !GOES_ON.contains(*c)).count();
    start..range.end.min(end + 1 + length)
}

/// Between a role, or the beginning of a clause, and what its person does.
fn after_role(page: &Page, at: usize) -> Option<Span> {
    let left = page.left(at, 3);
    let role = ROLES.iter().any(|role| left.ends_with(role));
    let clause = page.before(at).is_none_or(|c| ",.;。\n".contains(c));
    let weak = WEAK.iter().any(|cue| left.ends_with(cue));
    if !(role || clause || weak) {
        return None;
    }
    let end = (at + 2..=at + 4).find(|end| ends(page, *end, role, weak))?;
    let range = at..end;
    named(page, &range).then(|| Span::new(range, "name", "han-stranger"))
}

/// Whether a name may end here.
fn ends(page: &Page, end: usize, role: bool, weak: bool) -> bool {
    let right = page.right(end, 3);
    let speaks = right.starts_with('诉') || right.starts_with("主诉") || right.starts_with("自述");
    let deed = DEEDS.iter().any(|deed| right.starts_with(deed));
    let title = TITLES.iter().any(|title| right.starts_with(title));
    let open = page.at(end).is_none_or(|c| !is_han(c) || AFTER.contains(c));
    speaks || (weak && (deed || title)) || (role && (deed || title || open))
}

/// One to three characters before a title, where nothing says that they are another word.
fn before_title(page: &Page, end: usize) -> Option<Span> {
    let right = page.right(end, 3);
    TITLES.iter().find(|title| right.starts_with(**title))?;
    (1..=3).rev().find_map(|many| {
        let range = end.checked_sub(many)?..end;
        let left = page.left(range.start, 2);
        let entered = page.before(range.start).is_none_or(|c| !is_han(c))
            || ENTER.iter().any(|word| left.ends_with(word));
        let text = page.slice(range.clone());
        let kind = KINDS.iter().any(|kind| text.contains(kind));
        (entered && !kind && named(page, &range))
            .then(|| Span::new(range, "name", "han-stranger-title"))
    })
}

/// Whether all characters are Han that names hold, and they begin no usual word.
fn named(page: &Page, range: &Range<usize>) -> bool {
    let text = page.slice(range.clone());
    let starts = DEEDS.iter().any(|deed| text.starts_with(deed))
        || NOT_NAMES.iter().any(|word| text.starts_with(word));
    // 老 and 小 before a surname are how people call each other.
    let called = text.strip_prefix(['老', '小']).unwrap_or(text);
    let called = if called.is_empty() { text } else { called };
    // A surname may be a word of prose as well.
    let surname = han::surname(page, range.start).map_or(0, |(length, _)| length);
    let own = |(at, c): (usize, char)| is_han(c) && (at < surname || !PROSE.contains(&c));
    let whole = text.chars().count() == called.chars().count();
    !text.is_empty()
        && !starts
        && called
            .chars()
            .enumerate()
            .all(|(at, c)| own((if whole { at } else { at + 1 }, c)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found, in order.
    fn check(text: &str, expect: &[&str]) {
        let page = Page::new(text);
        let mut found: Vec<_> = find_all(&page).into_iter().map(|span| span.range).collect();
        found.sort_by_key(|range| range.start);
        found.dedup();
        let found: Vec<_> = found.into_iter().map(|range| page.slice(range)).collect();
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn strangers_have_names() {
        check("护士禚霏于夜班巡视", &["禚霏"]);
        check("其兄阿东陪同", &["阿东"]);
        check("昨日郏主任查房", &["郏"]);
        check("患者马木提·阿布拉腰痛2年", &["马木提·阿布拉"]);
        check("外号“铁锤”", &["铁锤"]);
        check("患者王某（竺霏）", &["王某", "竺霏"]);
        check("格桑诉双下肢麻木", &["格桑"]);
    }

    #[test]
    fn persons_without_names_have_none() {
        for text in [
            "家属拒绝手术，要求出院。",
            "夜间诉切口疼痛，护士巡视病房。",
            "值班医生查看患者，上级医师指示手术。",
            "儿子体健，配偶健康，父亲健在。",
            "请康复科会诊，由后路切开。",
            "助手协助铺单，术者更换手套。",
        ] {
            check(text, &[]);
        }
    }
}
