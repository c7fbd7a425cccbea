//! Money as integers: millionths of a currency unit.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What an endpoint charges, as decimal texts, since floats do not add up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Prices {
    /// The price of a million tokens of prompt, such as `2.50`; at most six decimal places.
    pub input_per_million: String,
    /// The price of a million tokens of answer.
    pub output_per_million: String,
    /// The currency's ISO 4217 code.
    #[serde(default = "default_currency")]
    pub currency: String,
}

impl Prices {
    /// Prices in US dollars.
    #[must_use]
    pub fn new(input_per_million: &str, output_per_million: &str) -> Self {
        Self {
            input_per_million: input_per_million.to_owned(),
            output_per_million: output_per_million.to_owned(),
            currency: default_currency(),
        }
    }

    /// What so many tokens cost, in millionths of the currency, rounded up; `None` where a
    /// price is no decimal or the sum leaves 64 bits.
    #[must_use]
    pub fn cost(&self, input_tokens: u64, output_tokens: u64) -> Option<u64> {
        let part =
            |price: &str, tokens: u64| u128::from(micros(price)?).checked_mul(u128::from(tokens));
        let input = part(&self.input_per_million, input_tokens)?;
        let output = part(&self.output_per_million, output_tokens)?;
        u64::try_from(input.checked_add(output)?.div_ceil(1_000_000)).ok()
    }

    /// The first price that is no decimal, as the error.
    pub(super) fn check(&self) -> Result<(), String> {
        let prices = [&self.input_per_million, &self.output_per_million];
        prices
            .into_iter()
            .find(|price| micros(price).is_none())
            .map_or(Ok(()), |p| Err(p.clone()))
    }
}

fn default_currency() -> String {
    "USD".to_owned()
}

/// A decimal number in millionths.
fn micros(text: &str) -> Option<u64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|c| c.is_ascii_digit());
    if !digits(whole) || !digits(part) || part.len() > 6 {
        return None;
    }
    let part: u64 = format!("{part:0<6}").parse().ok()?;
    whole
        .parse::<u64>()
        .ok()?
        .checked_mul(1_000_000)?
        .checked_add(part)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn decimals_become_millionths() {
        let cases = [
            ("2.50", Some(2_500_000)),
            ("0", Some(0)),
            ("0.000001", Some(1)),
            ("10", Some(10_000_000)),
            ("0.0000001", None),
            ("-1", None),
            ("1e3", None),
            (".5", None),
            ("5.", None),
            ("", None),
            ("99999999999999999999", None),
        ];
        for (text, expect) in cases {
            assert_eq!(micros(text), expect, "for {text}");
        }
    }

    #[test]
    fn costs_are_rounded_up_once() {
        let prices = Prices::new("2.50", "10");
        assert_eq!(prices.cost(1000, 500), Some(2500 + 5000));
        assert_eq!(Prices::new("0.1", "0.1").cost(1, 1), Some(1));
        assert_eq!(prices.cost(0, 0), Some(0));
        assert_eq!(Prices::new("99999999", "0").cost(u64::MAX, 0), None);
    }

    proptest! {
        #[test]
        fn any_text_is_a_price_or_none(text in "\\PC{0,30}") {
            let _ = micros(&text);
        }

        #[test]
        fn millionths_print_and_read_back(value in 0u64..u64::MAX / 2) {
            let text = format!("{}.{:06}", value / 1_000_000, value % 1_000_000);
            prop_assert_eq!(micros(&text), Some(value));
        }
    }
}
