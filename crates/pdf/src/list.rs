//! Items of lists by their bullets and numbers.

use crate::text;

/// Whether a line begins like a list's item: a bullet, or a number in brackets.
pub(crate) fn is_bullet(line: &str) -> bool {
    let mut chars = line.chars();
    match chars.next() {
        Some('•' | '●' | '▪' | '■' | '◦' | '○' | '►' | '◆' | '✓' | '·') => true,
        Some('–' | '-' | '*') => chars.next() == Some(' '),
        Some('(' | '（') => {
            let inside: String = chars
                .by_ref()
                .take_while(|c| !matches!(c, ')' | '）'))
                .take(5)
                .collect();
            is_item_number(&inside) && chars.next().is_none_or(|c| c == ' ' || text::is_cjk(c))
        }
        Some(c) if c.is_ascii_digit() => {
            let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
            line.len() - rest.len() <= 2 && rest.starts_with(") ")
        }
        _ => false,
    }
}

fn is_item_number(text: &str) -> bool {
    let roman = |c: char| matches!(c, 'i' | 'v' | 'x');
    (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
        || text.len() == 1 && text.bytes().all(|b| b.is_ascii_lowercase())
        || (1..=4).contains(&text.len()) && text.chars().all(roman)
        || text.chars().count() <= 2 && text.chars().any(|c| "一二三四五六七八九十".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_of_lists_are_told() {
        for text in [
            "• pain",
            "(1) pain",
            "(iv) pain",
            "2) pain",
            "– pain",
            "（一）腰痛",
        ] {
            assert!(is_bullet(text), "{text}");
        }
        for text in [
            "(see below) pain",
            "1986) and",
            "-3 mm",
            "(12 patients)",
            "2.1 Pain",
        ] {
            assert!(!is_bullet(text), "{text}");
        }
    }
}
