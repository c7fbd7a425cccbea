//! Claims: words of the item, resting on spans and facts that exist; quotations verbatim.

use spinemed_core::instance::{Claim, Revision};
use spinemed_core::pack::{EvidencePack, SpanRole};

use super::parts;
use crate::rules::GAP;
use crate::text::{squeeze, without_citations};

pub(super) fn run(pack: &EvidencePack, revision: &Revision) -> Result<(), String> {
    if revision.claims.is_empty() {
        return Err("nothing says what the item rests on".to_owned());
    }
    let texts = parts::all(&revision.item);
    for (at, claim) in revision.claims.iter().enumerate() {
        grounded(pack, claim).map_err(|why| format!("`claims[{at}]`: {why}"))?;
        if !texts.iter().any(|(_, text)| text.contains(&claim.text)) {
            return Err(format!(
                "`claims[{at}]`: its words do not stand in the item"
            ));
        }
    }
    for (part, text) in &texts {
        let quotes = quotations(text);
        if let Some(quote) = quotes
            .iter()
            .find(|quote| !is_verbatim(pack, revision, quote))
        {
            return Err(format!(
                "`{part}` quotes what no cited span says: `{quote}`"
            ));
        }
    }
    Ok(())
}

fn grounded(pack: &EvidencePack, claim: &Claim) -> Result<(), String> {
    if claim.text.trim().is_empty() {
        return Err("it has no words".to_owned());
    }
    if claim.spans.is_empty() {
        return Err("it cites no span".to_owned());
    }
    if let Some(span) = claim.spans.iter().find(|id| pack.span(id).is_none()) {
        return Err(format!("the pack has no span `{span}`"));
    }
    let explains = |id: &String| {
        pack.span(id)
            .is_some_and(|span| span.role == SpanRole::Definition)
    };
    if claim.spans.iter().all(explains) {
        return Err("it rests on definitions of abbreviations alone".to_owned());
    }
    for at in &claim.facts {
        let Some(fact) = pack.facts.get(*at) else {
            return Err(format!("the pack has no fact {at}"));
        };
        if !claim.spans.contains(&fact.span) {
            return Err(format!(
                "fact {at} stands in span `{}`, which it does not cite",
                fact.span
            ));
        }
    }
    Ok(())
}

/// What stands between quotation marks and is long enough to be a quotation, not a term.
fn quotations(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (open, close) in [('“', '”'), ('「', '」'), ('"', '"')] {
        let mut rest = text;
        while let Some(start) = rest.find(open) {
            rest = &rest[start + open.len_utf8()..];
            let Some(end) = rest.find(close) else { break };
            let quote = &rest[..end];
            rest = &rest[end + close.len_utf8()..];
            if quote.split_whitespace().count() >= 4 || quote.chars().count() >= 24 {
                found.push(squeeze(quote));
            }
        }
    }
    found
}

/// Whether each piece of a quotation, gaps apart, stands in one cited span.
fn is_verbatim(pack: &EvidencePack, revision: &Revision, quote: &str) -> bool {
    let pieces: Vec<&str> = quote
        .split(GAP)
        .map(|piece| piece.trim_matches([' ', '.', '。', ',', '，', '…']))
        .filter(|piece| !piece.is_empty())
        .collect();
    parts::cited(pack, revision).into_iter().any(|span| {
        let words = without_citations(&span.text);
        pieces.iter().all(|piece| words.contains(piece))
    })
}
