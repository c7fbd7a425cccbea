//! What a server does with one sending of a request.

use std::str::FromStr;

/// One behaviour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// `ok`: answers.
    Ok,
    /// `fenced`: answers with prose around a fenced block, as servers that ignore
    /// `response_format` do.
    Fenced,
    /// `slow:MS`: answers after so many milliseconds.
    Slow(u64),
    /// `status:CODE`: an error with this status; its message repeats the prompt, as careless
    /// servers do.
    Status(u16),
    /// `busy:SECONDS`: 429 with `Retry-After`.
    Busy(u64),
    /// `busy-date:SECONDS`: 503 with `Retry-After` as a date, so many seconds from its `Date`.
    BusyDate(u64),
    /// `nonsense`: 200 with a page of HTML.
    Nonsense,
    /// `half`: 200 with the first half of a completion, correctly framed.
    Half,
    /// `cut`: 200 and a body that ends before its `Content-Length`.
    Cut,
    /// `empty`: 200 without a body.
    Empty,
    /// `nothing`: closes the connection without a word.
    Nothing,
    /// `flood`: 200 and a body without end.
    Flood,
    /// `redirect`: 307 to another host.
    Redirect,
}

/// Steps for the first, second … sending of a body; the last one repeats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script(Vec<Step>);

impl Script {
    /// The step for a sending, counted from 0.
    #[must_use]
    pub fn step(&self, sending: u64) -> Step {
        let last = self.0.len() - 1;
        self.0[usize::try_from(sending).map_or(last, |n| n.min(last))]
    }
}

impl FromStr for Script {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.split(',')
            .map(|word| step(word.trim()))
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

fn step(word: &str) -> Result<Step, String> {
    let (name, number) = word.split_once(':').unwrap_or((word, ""));
    let wrong = || format!("`{word}` is no step");
    let count = || number.parse::<u64>().map_err(|_| wrong());
    Ok(match name {
        "ok" => Step::Ok,
        "fenced" => Step::Fenced,
        "slow" => Step::Slow(count()?),
        "status" => Step::Status(number.parse().map_err(|_| wrong())?),
        "busy" => Step::Busy(count()?),
        "busy-date" => Step::BusyDate(count()?),
        "nonsense" => Step::Nonsense,
        "half" => Step::Half,
        "cut" => Step::Cut,
        "empty" => Step::Empty,
        "nothing" => Step::Nothing,
        "flood" => Step::Flood,
        "redirect" => Step::Redirect,
        _ => return Err(wrong()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_step_repeats() {
        let script: Script = "status:500, busy:2,ok".parse().expect("a script");
        let steps: Vec<Step> = (0..4).map(|n| script.step(n)).collect();
        assert_eq!(
            steps,
            [Step::Status(500), Step::Busy(2), Step::Ok, Step::Ok]
        );
    }

    #[test]
    fn unknown_steps_are_refused() {
        for text in ["", "okay", "slow", "status:many", "ok,,ok"] {
            assert!(text.parse::<Script>().is_err(), "{text}");
        }
    }
}
