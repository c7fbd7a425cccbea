//! What stands in the brackets of a result: effect, interval, P value.

/// A sentence with its brackets taken out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bare {
    /// The words outside brackets.
    pub words: String,
    /// The contents of the outermost brackets, in order.
    pub brackets: Vec<String>,
}

/// Takes round brackets out of a text; none where they are not in pairs.
pub(crate) fn without_brackets(text: &str) -> Option<Bare> {
    let mut words = String::new();
    let mut brackets: Vec<String> = Vec::new();
    let mut depth = 0u32;
    for c in text.chars() {
        match c {
            '(' => {
                depth += 1;
                if depth == 1 {
                    brackets.push(String::new());
                    continue;
                }
            }
            ')' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    continue;
                }
            }
            _ => {}
        }
        match brackets.last_mut() {
            Some(open) if depth > 0 => open.push(c),
            _ => words.push(c),
        }
    }
    let words = crate::text::squeeze(&words)
        .replace(" ,", ",")
        .replace(" .", ".");
    (depth == 0).then_some(Bare { words, brackets })
}

/// The statements of brackets one by one, as written, pointers to figures and tables apart.
/// A number alone ends the statement before it: `95% CI = − 2.54, 3.71`.
pub(super) fn statements(brackets: &[String]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let parts = brackets
        .iter()
        .flat_map(|inside| inside.split(';'))
        .flat_map(|part| part.split(", "))
        .map(|part| part.trim().trim_end_matches(','))
        .filter(|part| part.contains(|c: char| c.is_ascii_digit()) && !points(part));
    for part in parts {
        let number = !part.contains(char::is_alphabetic) && !part.contains(['=', '<', '>']);
        match found.last_mut() {
            Some(last) if number => {
                last.push_str(", ");
                last.push_str(part);
            }
            _ => found.push(part.to_owned()),
        }
    }
    found
}

fn points(part: &str) -> bool {
    let lower = part.to_lowercase();
    ["fig", "table"].iter().any(|word| lower.contains(word))
}

/// The confidence interval among statements, as written.
pub(super) fn interval(statements: &[String]) -> Option<&str> {
    statements
        .iter()
        .map(String::as_str)
        .find(|part| part.contains("CI") || part.to_lowercase().contains("confidence interval"))
}

/// Whether the P values among statements are below 0.05; none where there is no P value or
/// where two disagree.
pub(super) fn significant(statements: &[String]) -> Option<bool> {
    let mut verdicts = statements.iter().filter_map(|part| below(part));
    let first = verdicts.next()?;
    verdicts.all(|other| other == first).then_some(first)
}

/// Whether a statement says that P is below 0.05: `P = 0.000`, `P<.05`; not `P > .05`.
fn below(part: &str) -> Option<bool> {
    let rest = part.strip_prefix(['P', 'p'])?;
    let rest = rest
        .strip_prefix("-value")
        .or(rest.strip_prefix(" value"))
        .unwrap_or(rest);
    let mut rest = rest.trim_start().chars();
    let sign = rest.next()?;
    let number: String = rest
        .skip_while(|c| c.is_whitespace())
        .take_while(|c| c.is_ascii_digit() || *c == '.')
        .collect();
    let value: f64 = number.trim_end_matches('.').parse().ok()?;
    match sign {
        '=' => Some(value < 0.05),
        '<' | '＜' | '≤' => (value <= 0.05).then_some(true),
        '>' | '＞' | '≥' => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p_values_are_read() {
        let check = |text: &str, expect: Option<bool>| {
            let bare = without_brackets(text).expect("brackets in pairs");
            assert_eq!(significant(&statements(&bare.brackets)), expect, "{text}");
        };
        check(
            "x (WMD = − 1.63, 95% CI − 3.76 to 0.49; P = 0.132; Fig. 5)",
            Some(false),
        );
        check("x (P < .05)", Some(true));
        check(
            "x (RR = 0.34, 95% CI 0.12 to 0.92, P = .003, Fig. 9)",
            Some(true),
        );
        check("x (P > .05)", Some(false));
        check("x (P = .05)", Some(false));
        check("x (P = .01) and y (P = .4)", None);
        check("x (Fig. 3)", None);
    }

    #[test]
    fn pointers_are_left_out() {
        let bare =
            without_brackets("less (weighted mean difference (WMD) = 2; P = 0.000,; Fig. 4).");
        let bare = bare.expect("brackets in pairs");
        assert_eq!(bare.words, "less.");
        let said = statements(&bare.brackets);
        assert_eq!(said, ["weighted mean difference (WMD) = 2", "P = 0.000"]);
        let split = statements(&["WMD = 0.63, 95% CI = − 2.54, 3.71, P = 0.689".to_owned()]);
        assert_eq!(split, ["WMD = 0.63", "95% CI = − 2.54, 3.71", "P = 0.689"]);
        assert_eq!(without_brackets("a) b"), None);
        assert_eq!(without_brackets("a (b"), None);
    }
}
