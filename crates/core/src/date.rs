//! Calendar dates, as case files and de-identified records carry them.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use jiff::ToSpan;
use jiff::civil;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// A day of the Gregorian calendar, written `2024-03-31` (ISO 8601).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(civil::Date);

/// Why a text is no date.
#[derive(Debug, Clone, Copy, thiserror::Error, PartialEq, Eq)]
#[error("a date is written YYYY-MM-DD")]
pub struct BadDate;

impl Date {
    /// A day by year, month and day of the month.
    ///
    /// # Errors
    /// [`BadDate`] when the calendar has no such day.
    pub fn new(year: i16, month: i8, day: i8) -> Result<Self, BadDate> {
        civil::Date::new(year, month, day)
            .map(Self)
            .map_err(|_| BadDate)
    }

    /// The day so many days later; earlier where `days` is negative. None beyond the years
    /// that a four-digit date can write.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Option<Self> {
        let day = self.0.checked_add(days.days()).ok()?;
        (1..=9999).contains(&day.year()).then_some(Self(day))
    }

    /// Days from this day to another; negative where that is earlier.
    #[must_use]
    pub fn days_until(self, other: Self) -> i64 {
        i64::from((other.0 - self.0).get_days())
    }

    /// The year.
    #[must_use]
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// The month, from 1.
    #[must_use]
    pub fn month(self) -> i8 {
        self.0.month()
    }

    /// The day of the month, from 1.
    #[must_use]
    pub fn day(self) -> i8 {
        self.0.day()
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = (self.year(), self.month(), self.day());
        f.pad(&format!("{year:04}-{month:02}-{day:02}"))
    }
}

impl FromStr for Date {
    type Err = BadDate;

    fn from_str(text: &str) -> Result<Self, BadDate> {
        let shape = text.len() == 10
            && text.bytes().enumerate().all(|(at, b)| match at {
                4 | 7 => b == b'-',
                _ => b.is_ascii_digit(),
            });
        let number = |range: std::ops::Range<usize>| text[range].parse().map_err(|_| BadDate);
        if !shape {
            return Err(BadDate);
        }
        let month = i8::try_from(number(5..7)?).map_err(|_| BadDate)?;
        let day = i8::try_from(number(8..10)?).map_err(|_| BadDate)?;
        Self::new(number(0..4)?, month, day)
    }
}

impl Serialize for Date {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Date {
    fn schema_name() -> Cow<'static, str> {
        "Date".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_there_and_back() {
        let date: Date = "2024-02-29".parse().unwrap();
        assert_eq!(date.to_string(), "2024-02-29");
        for wrong in [
            "2023-02-29",
            "2024-2-29",
            "20240229",
            "2024-02-29T",
            "",
            "２０２４-02-29",
        ] {
            assert_eq!(wrong.parse::<Date>(), Err(BadDate), "{wrong}");
        }
    }

    #[test]
    fn days_are_added_and_counted() {
        let date: Date = "2024-02-28".parse().unwrap();
        let later = date.plus_days(2).unwrap();
        assert_eq!(later.to_string(), "2024-03-01");
        assert_eq!(date.days_until(later), 2);
        assert_eq!(later.days_until(date), -2);
        assert_eq!(later.plus_days(-2), Some(date));
        assert_eq!(Date::new(9999, 12, 31).unwrap().plus_days(1), None);
    }
}
