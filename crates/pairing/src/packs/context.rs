//! The paragraphs around a figure or table, as many as fit.

use spinemed_core::document::{Block, Document};
use spinemed_core::pack::{EvidencePack, SpanRole};

use super::evidence;
use crate::PairingSettings;
use crate::sentence::sentences;

/// A block that speaks of the thing, and where it first does so.
pub(super) struct Mention<'a> {
    /// Its position among the document's blocks.
    pub(super) at: usize,
    /// The block.
    pub(super) block: &'a Block,
    /// Where it speaks of the thing: characters. None where that is not known.
    pub(super) range: Option<[usize; 2]>,
}

/// Adds the mentions nearest to `near` (a position among the blocks) to a pack that has its
/// own words already: at most as many as the settings say, and as long as the whole stays
/// within the tokens. The last one that does not fit is cut to the sentences around the place
/// that speaks of the thing. They come in the document's order.
pub(super) fn add(
    pack: &mut EvidencePack,
    document: &Document,
    mut mentions: Vec<Mention<'_>>,
    near: usize,
    settings: &PairingSettings,
) {
    let most = usize::try_from(settings.mentions).unwrap_or(usize::MAX);
    let limit = usize::try_from(settings.most_tokens).unwrap_or(usize::MAX);
    let own: usize = pack.spans.iter().map(|span| tokens(&span.text)).sum();
    let path: usize = pack.section.iter().map(|title| tokens(title)).sum();
    let mut left = limit.saturating_sub(own + path);
    mentions.sort_by_key(|mention| (mention.at.abs_diff(near), mention.at));
    let mut kept: Vec<(usize, &Block, Option<[usize; 2]>)> = Vec::new();
    for mention in mentions.into_iter().take(most) {
        let needed = tokens(&mention.block.text);
        if needed <= left {
            left -= needed;
            kept.push((mention.at, mention.block, None));
        } else if let Some((range, used)) = cut(&mention, left) {
            left -= used;
            kept.push((mention.at, mention.block, Some(range)));
        }
    }
    kept.sort_by_key(|(at, ..)| *at);
    for (_, block, range) in kept {
        evidence::add_part(pack, document, block, SpanRole::Mention, range);
    }
}

/// The sentences around the place that speaks of the thing that fit into so many tokens, and
/// how many they are; none where not even that place's own sentence fits.
fn cut(mention: &Mention<'_>, limit: usize) -> Option<([usize; 2], usize)> {
    let chars: Vec<char> = mention.block.text.chars().collect();
    let sentences = sentences(&chars, [0, chars.len()]);
    let start = mention.range.map_or(0, |range| range[0]);
    let first = sentences.iter().position(|s| start < s[1])?;
    let size = |at: usize| {
        tokens(
            &chars[sentences[at][0]..sentences[at][1]]
                .iter()
                .collect::<String>(),
        )
    };
    let mut used = size(first);
    if used > limit {
        return None;
    }
    let (mut low, mut high) = (first, first);
    loop {
        let after = (high + 1 < sentences.len()).then(|| size(high + 1));
        let before = low.checked_sub(1).map(size);
        match (after, before) {
            (Some(more), _) if used + more <= limit => (high, used) = (high + 1, used + more),
            (_, Some(more)) if used + more <= limit => (low, used) = (low - 1, used + more),
            _ => return Some(([sentences[low][0], sentences[high][1]], used)),
        }
    }
}

/// About how many tokens a language model reads in a text: one for each Chinese character and
/// sign, and one for every four letters or digits of a word, begun ones counted whole. Byte
/// pair vocabularies need rather fewer for plain English and more for rare words.
pub(crate) fn tokens(text: &str) -> usize {
    let (mut count, mut run) = (0usize, 0usize);
    for c in text.chars() {
        let joins =
            c.is_alphanumeric() && !matches!(c, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}');
        if joins {
            run += 1;
            continue;
        }
        count += run.div_ceil(4) + usize::from(!c.is_whitespace());
        run = 0;
    }
    count + run.div_ceil(4)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::tests::block;
    use spinemed_core::document::BlockKind;

    #[test]
    fn tokens_are_counted_by_words_and_characters() {
        let check = |text: &str, expect: usize| assert_eq!(tokens(text), expect, "{text}");
        check("", 0);
        check("disc", 1);
        check("herniation, L4/L5.", 3 + 1 + 1 + 1 + 1 + 1);
        check("腰椎间盘", 4);
    }

    #[test]
    fn a_long_mention_is_cut_to_whole_sentences() {
        let check = |limit: usize, expect: Option<&str>| {
            let text = "One before. Two (Fig. 3) here. Three after. Four last.";
            let block = block(BlockKind::Paragraph, text);
            let mention = Mention {
                at: 0,
                block: &block,
                range: Some([17, 23]),
            };
            let found = cut(&mention, limit).map(|([start, end], _)| {
                text.chars()
                    .skip(start)
                    .take(end - start)
                    .collect::<String>()
            });
            assert_eq!(found.as_deref(), expect, "{limit}");
        };
        check(3, None);
        check(8, Some("Two (Fig. 3) here."));
        check(12, Some("One before. Two (Fig. 3) here."));
        check(13, Some("Two (Fig. 3) here. Three after."));
        check(
            100,
            Some("One before. Two (Fig. 3) here. Three after. Four last."),
        );
    }
}
