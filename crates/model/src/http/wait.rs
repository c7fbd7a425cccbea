//! How long to wait before another attempt.

use std::time::Duration;

use jiff::fmt::strtime;
use spinemed_core::{Digest, KeyHasher};

/// The longest wait between two attempts that we choose ourselves.
const LONGEST: Duration = Duration::from_secs(60);

/// The wait after attempt `attempt` (from 1): `first`, doubled each time up to a minute, then
/// shortened by up to half. The jitter comes from the key, so that requests which failed
/// together do not come back together, and no randomness is needed.
pub(super) fn backoff(first: Duration, attempt: u32, key: &Digest) -> Duration {
    let doubled = first.saturating_mul(1u32.checked_shl(attempt - 1).unwrap_or(u32::MAX));
    let whole = doubled.min(LONGEST);
    let hash = KeyHasher::new("spinemed/jitter/1")
        .digest("request", key)
        .field("attempt", attempt.to_be_bytes())
        .finish();
    let fraction =
        f64::from(u16::from_be_bytes([hash.as_bytes()[0], hash.as_bytes()[1]])) / 65536.0;
    whole.mul_f64(0.5 + fraction / 2.0)
}

/// What a `Retry-After` field asks for (RFC 9110, section 10.2.3): seconds, or a date that is
/// measured against `now` in Unix seconds. A date gone by asks for no wait; what is neither
/// number nor date asks for nothing.
pub(super) fn retry_after(text: &str, now: i64) -> Option<Duration> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit()) {
        // More digits than fit ask for longer than anyone will wait.
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let seconds = http_date(text)?.saturating_sub(now);
    Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
}

/// Unix seconds of an HTTP date: the preferred form and the two obsolete ones that a recipient
/// must accept (RFC 9110, section 5.6.7).
pub(super) fn http_date(text: &str) -> Option<i64> {
    const FORMS: [&str; 3] = [
        "%a, %d %b %Y %H:%M:%S GMT",
        "%A, %d-%b-%y %H:%M:%S GMT",
        "%a %b %e %H:%M:%S %Y",
    ];
    FORMS.iter().find_map(|form| {
        let time = strtime::parse(form, text.trim()).ok()?.to_datetime().ok()?;
        Some(
            time.to_zoned(jiff::tz::TimeZone::UTC)
                .ok()?
                .timestamp()
                .as_second(),
        )
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: i64 = 784_111_777; // Sun, 06 Nov 1994 08:49:37 GMT, the example of RFC 9110.

    fn check(text: &str, expect: Option<u64>) {
        assert_eq!(
            retry_after(text, NOW - 10),
            expect.map(Duration::from_secs),
            "for {text:?}"
        );
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        check("120", Some(120));
        check(" 0 ", Some(0));
        check("99999999999999999999999", Some(u64::MAX));
        check("Sun, 06 Nov 1994 08:49:37 GMT", Some(10));
        check("Sunday, 06-Nov-94 08:49:37 GMT", Some(10));
        check("Sun Nov  6 08:49:37 1994", Some(10));
        check("Sun, 06 Nov 1994 08:49:20 GMT", Some(0));
        check("Sat, 06 Nov 2094 08:49:37 GMT", Some(36_525 * 86_400 + 10));
        for text in [
            "",
            "-1",
            "1.5",
            "soon",
            "Sun, 32 Nov 1994 08:49:37 GMT",
            "Mon, 06 Nov 1994",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn waits_double_up_to_a_minute() {
        let key = Digest::of(b"a");
        for (attempt, whole) in [(1, 1), (2, 2), (4, 8), (7, 60), (40, 60)] {
            let wait = backoff(Duration::from_secs(1), attempt, &key).as_secs_f64();
            let whole = f64::from(whole);
            assert!(wait >= whole / 2.0 && wait < whole, "{attempt}: {wait}");
        }
        let other = backoff(Duration::from_secs(1), 1, &Digest::of(b"b"));
        assert_ne!(backoff(Duration::from_secs(1), 1, &key), other);
    }

    proptest! {
        #[test]
        fn no_field_makes_it_panic(text in "\\PC*", now in any::<i64>()) {
            let _ = retry_after(&text, now);
        }

        #[test]
        fn no_date_makes_it_panic(
            text in "[A-Z][a-z]{2}, [0-9]{1,2} [A-Z][a-z]{2} [0-9]{1,5} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT",
            now in any::<i64>(),
        ) {
            let _ = retry_after(&text, now);
        }

        #[test]
        fn dates_read_back(second in 0i64..250_000_000_000) {
            let time = jiff::Timestamp::from_second(second).expect("within range");
            let text = time.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
            prop_assert_eq!(http_date(&text), Some(second));
        }

        #[test]
        fn backoff_is_bounded(first in 1u64..60_000, attempt in 1u32..200, key in any::<[u8; 32]>()) {
            let wait = backoff(Duration::from_millis(first), attempt, &Digest::from_bytes(key));
            prop_assert!(wait <= LONGEST && wait >= Duration::from_millis(first) / 2);
        }
    }
}
