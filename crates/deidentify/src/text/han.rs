//! Chinese names beside a cue.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use super::lexicon;
use super::page::{Page, is_han};
use super::span::Span;

static SURNAMES: LazyLock<[BTreeSet<char>; 2]> = LazyLock::new(|| {
    let text = include_str!("words/surnames.txt");
    let mut lines = text.lines().filter(|line| !line.starts_with('#'));
    [(); 2].map(|()| lines.next().unwrap_or_default().chars().collect())
});
/// The same beyond the frequent ones.
static RARE: LazyLock<[BTreeSet<char>; 2]> = LazyLock::new(|| {
    let text = include_str!("words/surnames-rare.txt");
    let mut lines = text.lines().filter(|line| !line.starts_with('#'));
    [(); 2].map(|()| lines.next().unwrap_or_default().chars().collect())
});
static DOUBLE: LazyLock<BTreeSet<&'static str>> =
    LazyLock::new(|| lexicon::load(include_str!("words/surnames-double.txt")));
static NOT_NAMES: LazyLock<BTreeSet<&'static str>> =
    LazyLock::new(|| lexicon::load(include_str!("words/not-names.txt")));

/// Cues that are followed by a name. Those with a colon are sure of any name.
const LEFT: &[&str] = &[
    "姓名",
    "患者",
    "病人",
    "患儿",
    "医生",
    "医师",
    "主任",
    "教授",
    "护士",
    "护师",
    "护士长",
    "主刀",
    "术者",
    "一助",
    "二助",
    "助手",
    "签名",
    "签字",
    "签发",
    "家属",
    "其妻",
    "妻子",
    "其夫",
    "丈夫",
    "儿子",
    "其子",
    "女儿",
    "其女",
    "父亲",
    "其父",
    "母亲",
    "其母",
    "配偶",
    "联系人",
    "监护人",
    "记录者",
    "记录人",
    "记录",
    "报告",
    "审核",
    "审核者",
    "书写者",
    "书写",
    "检查者",
    "操作者",
    "技师",
    "由",
    "请",
    "经",
    "与",
    "名叫",
    "叫",
    "名为",
    "弟弟",
    "哥哥",
    "姐姐",
    "妹妹",
    "孙子",
    "孙女",
    "陪人",
    "陪护",
    "申请人",
    "同事",
    "朋友",
    "邻居",
    "报告者",
    "麻醉",
    "执行者",
    "转诊",
    "委托人",
    "代理人",
    "司机",
    "亲属",
    "侄子",
    "外甥",
    "老师",
];
/// What words for persons who act end with.
const ACTORS: [char; 6] = ['者', '人', '员', '师', '生', '士'];
/// Cues that say themselves that a name follows.
const STRONG: &[&str] = &["姓名", "名叫", "名为", "叫"];
/// Titles and words that follow a name.
const TITLES: &[&str] = &[
    "主任",
    "副主任",
    "医生",
    "医师",
    "教授",
    "护士",
    "护师",
    "先生",
    "女士",
    "小姐",
    "太太",
    "大夫",
    "老师",
    "同志",
    "院长",
    "科长",
    "博士",
    "技师",
    "阿姨",
    "师傅",
    "大爷",
    "大妈",
    "奶奶",
    "爷爷",
    "主治",
    "住院医",
    "副教授",
    "主管",
    "组长",
    "处长",
    "经理",
    "老人",
    "老先生",
    "老太",
    "护士长",
    "叔叔",
    "伯伯",
];
const RIGHT: &[&str] = &[
    "诉", "自述", "主诉", "代诉", "签", "书写", "审核", "主刀", "查房", "会诊", "陪同", "来院",
    "报告", "陪护", "说", "告知", "操作", "执行", "记录", "代述", "转诊", "首诊", "接诊", "电话",
];
/// What may follow a name behind a weak cue.
const AFTER: &str = "因于行会在诉主来入出的之为及和与等自无有今现曾再亦也已到至被由给做经将即拟并查说建男女系本同转门急住从向告陪签复予要请";

/// Every Chinese name beside a cue.
pub(crate) fn persons(page: &Page) -> Vec<Span> {
    let mut spans = Vec::new();
    for at in 0..page.plain.len() {
        if !is_han(page.plain[at]) {
            continue;
        }
        spans.extend(masked(page, at));
        spans.extend(after_cue(page, at));
        spans.extend(before_title(page, at));
        spans.extend(before_entry(page, at));
    }
    spans
}

/// 李某, 王某某, 张××, 刘** and the like.
fn masked(page: &Page, at: usize) -> Option<Span> {
    surname(page, at)?;
    let rest: Vec<char> = page.right(at + 1, 3).chars().collect();
    let mask = |c: &&char| matches!(**c, '某' | '×' | '*' | 'X' | 'x' | '○' | 'Ｘ' | '△');
    let many = rest.iter().take_while(mask).count();
    let sure = many > 1 || (many == 1 && rest[0] != 'x' && rest[0] != 'X');
    sure.then(|| Span::new(at..at + 1 + many, "name", "han-masked"))
}

/// Whether a word begins here that is no name, whatever its first character.
pub(super) fn is_plain(page: &Page, at: usize) -> bool {
    NOT_NAMES.contains(page.right(at, 2))
}

/// How many characters a surname at this place has, and whether it is a common word too.
pub(super) fn surname(page: &Page, at: usize) -> Option<(usize, bool)> {
    let c = page.at(at)?;
    if DOUBLE.contains(page.right(at, 2)) {
        return Some((2, false));
    }
    if SURNAMES[0].contains(&c) {
        return Some((1, NOT_NAMES.contains(page.right(at, 2))));
    }
    if SURNAMES[1].contains(&c) || RARE[1].contains(&c) {
        return Some((1, true));
    }
    let rare = RARE[0].contains(&c);
    rare.then(|| (1, NOT_NAMES.contains(page.right(at, 2))))
}

fn after_cue(page: &Page, at: usize) -> Option<Span> {
    let (place, colon) = before_marks(page, at);
    let left = page.left(place, 4);
    let listed = LEFT
        .iter()
        .filter(|cue| left.ends_with(**cue))
        .max_by_key(|cue| cue.len());
    // Whoever acts is a cue before a colon, whatever the act: 查体者, 录入人, 随访员.
    let actor = || (colon && left.ends_with(ACTORS)).then_some(&"者");
    let cue = listed.or_else(actor)?;
    let strong = STRONG.contains(cue) || colon;
    if strong {
        let short = cue.chars().count() < 2;
        if !(short && !colon && surname(page, at).is_none()) {
            return whole(page, at).filter(|range| colon || surely(page, range));
        }
    }
    let (length, common) = surname(page, at)?;
    if common || at > place {
        return None;
    }
    weak(page, at, length).map(|range| Span::new(range, "name", "han-cue"))
}

/// The end of what stands before a colon or space, and whether there was a colon.
fn before_marks(page: &Page, at: usize) -> (usize, bool) {
    let mut place = at;
    let mut colon = false;
    while let Some(c) = page.before(place) {
        if at - place > 3 || !(c == ':' || c == ' ' || c == '=') {
            break;
        }
        colon |= c == ':' || c == '=';
        place -= 1;
    }
    (place, colon)
}

/// After a colon: a run of two to four Han characters that ends where the entry ends.
fn whole(page: &Page, at: usize) -> Option<Span> {
    let run: Vec<char> = page
        .right(at, 12)
        .chars()
        .take_while(|c| is_han(*c) || *c == '·')
        .collect();
    let known = surname(page, at);
    let named = title_free(&run);
    let closed = (2..=4).contains(&named) || run.contains(&'·');
    let length = match known {
        _ if closed && !NOT_NAMES.contains(page.right(at, 2)) => named,
        Some((length, false)) => weak(page, at, length)?.len(),
        _ => return None,
    };
    let text: String = run[..length.min(run.len())].iter().collect();
    (length > 1 && !PLAIN.contains(&text.as_str()))
        .then(|| Span::new(at..at + length, "name", "han-signature"))
}

fn title_free(run: &[char]) -> usize {
    let text: String = run.iter().collect();
    let title = TITLES.iter().find_map(|title| text.find(title));
    title.map_or(run.len(), |byte| text[..byte].chars().count())
}

/// Entries after a colon that are no names.
const PLAIN: &[&str] = &[
    "无",
    "男性",
    "女性",
    "正常",
    "阴性",
    "阳性",
    "未见",
    "良好",
    "体健",
    "健康",
    "已故",
    "自述",
    "未婚",
    "已婚",
    "退休",
    "腰痛",
    "颈痛",
    "全麻",
    "局麻",
    "腰麻",
    "不详",
    "同前",
    "如下",
    "如上",
    "见下",
    "清醒",
    "腰椎",
    "颈椎",
    "胸椎",
    "右侧",
    "左侧",
    "双侧",
    "全身麻醉",
    "局部麻醉",
    "既往",
    "诊断",
    "医嘱",
    "建议",
    "未见异常",
    "无异常",
    "良性",
    "恶性",
    "术后",
    "术前",
    "农民",
    "工人",
    "教师",
    "家属",
    "本人",
];

fn surely(page: &Page, span: &Span) -> bool {
    surname(page, span.range.start).is_some() || span.range.len() <= 4
}

/// A surname and one or two characters, up to where prose goes on.
fn weak(page: &Page, at: usize, surname: usize) -> Option<Range<usize>> {
    let goes_on = |place: usize| match page.at(place) {
        None => true,
        Some(c) => !is_han(c) || AFTER.contains(c) || follows(page, place),
    };
    let han = |place: usize| page.at(place).is_some_and(is_han);
    let (short, long) = (at + surname + 1, at + surname + 2);
    if !han(short - 1) {
        return None;
    }
    let third = page
        .at(short)
        .is_some_and(|c| is_han(c) && !AFTER.contains(c))
        && !follows(page, short);
    match (third, goes_on(long), goes_on(short)) {
        (_, _, true) => Some(at..short),
        (true, _, false) => Some(at..long),
        _ => Some(at..short),
    }
}

pub(super) fn follows(page: &Page, place: usize) -> bool {
    let right = page.right(place, 4);
    TITLES
        .iter()
        .chain(RIGHT)
        .any(|word| right.starts_with(word))
}

/// A surname, or a whole name, directly before a title, or before sex and age.
fn before_title(page: &Page, at: usize) -> Option<Span> {
    // A surname's character may end a word that stands before titles and names.
    let word = page.slice(at.saturating_sub(1)..at + 1);
    if ["经管", "主管", "分管", "感谢", "多谢"].contains(&word) {
        return None;
    }
    let (length, common) = surname(page, at)?;
    for many in [length + 2, length + 1, length] {
        let end = at + many;
        if !page.slice(at..end).chars().all(is_han) || page.plain.len() < end {
            continue;
        }
        let right = page.right(end, 4);
        let title = TITLES.iter().any(|title| right.starts_with(title));
        let speaks = many > length
            && !common
            && RIGHT.iter().any(|word| right.starts_with(word))
            && starts(page, at);
        let entry = many > length && !common && starts(page, at) && entry(page.right(end, 12));
        let weak = common && (many == length + 2 || !starts(page, at));
        let inner = titled_inside(page.slice(at..end));
        if !inner
            && !weak
            && (title && (many > length || !common || starts(page, at)) || speaks || entry)
        {
            return Some(Span::new(at..end, "name", "han-title"));
        }
    }
    None
}

/// After a cue, two to four characters before sex or age are a name, whatever its surname.
fn before_entry(page: &Page, at: usize) -> Option<Span> {
    let cue = ["患者", "病人", "患儿"]
        .iter()
        .any(|cue| page.left(at, 2) == *cue);
    let run = page.right(at, 5).chars().take_while(|c| is_han(*c)).count();
    let name = (cue || at == 0 || page.before(at) == Some('\n')) && (2..=4).contains(&run);
    let text = page.slice(at..at + run);
    (name && !PLAIN.contains(&text) && !LEFT.contains(&text) && entry(page.right(at + run, 12)))
        .then(|| Span::new(at..at + run, "name", "han-entry"))
}

/// Names do not hold function words or titles.
fn titled_inside(text: &str) -> bool {
    text.chars()
        .skip(1)
        .any(|c| "的在于及和与由请经是主".contains(c))
        || TITLES.iter().any(|title| text.contains(title))
        || NOT_NAMES.iter().any(|word| text.starts_with(word))
}

/// Whether a name may begin here: nothing of a word stands before it.
fn starts(page: &Page, at: usize) -> bool {
    page.before(at)
        .is_none_or(|c| !is_han(c) || "由请经与和及者给向在于是为的对".contains(c))
}

/// `，男，56岁` and `（女`.
fn entry(right: &str) -> bool {
    let mut rest = right.chars();
    let mark = rest.next().is_some_and(|c| ",( ;/".contains(c));
    let rest = rest.as_str().trim_start();
    let age = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let aged = age.len() < rest.len() && (age.starts_with('岁') || age.starts_with("周岁"));
    // 女儿 and 女婿 are other persons.
    let other = ["女儿", "女婿", "女方", "男方"];
    let other = other.iter().any(|word| rest.starts_with(word));
    let sex = rest.starts_with(['男', '女']) && !other;
    mark && (aged || sex)
}
