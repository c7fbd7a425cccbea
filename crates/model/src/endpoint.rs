//! What a pipeline declares about a model endpoint.

use std::collections::BTreeMap;
use std::fmt;

use reqwest::Url;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use spinemed_core::model::{ModelIdentity, Response};

pub use price::Prices;

mod price;

/// An OpenAI-compatible endpoint and one model behind it, as written in a pipeline.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Endpoint {
    /// A name for people and ledgers.
    pub name: String,
    /// The address before `/chat/completions`: `https://host/v1`.
    pub base_url: String,
    /// The model's name as the endpoint knows it.
    pub model: String,
    /// A dated snapshot, weights digest or engine version. Whatever else could change the
    /// answers and is not in the request (headers, server flags) belongs in here too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
    /// Declares that nothing sent there leaves the operator's own machines (I5). No proxy is
    /// used for such an endpoint.
    #[serde(default)]
    pub local: bool,
    /// The environment variable that holds the API key; without it no key is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api_key_env: Option<String>,
    /// Further headers. Their values are never shown and are no part of any key.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// The most requests in flight at once, 1 to 4096.
    #[serde(default = "default_concurrency")]
    pub concurrency: u32,
    /// The most requests started per minute, evenly spaced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requests_per_minute: Option<u32>,
    /// Seconds that one attempt may take, from connecting to the last byte.
    #[serde(default = "default_timeout_s")]
    pub timeout_s: u32,
    /// The most attempts per request, 1 to 100.
    #[serde(default = "default_max_attempts")]
    pub max_attempts: u32,
    /// Milliseconds before the first retry; doubles with each one, up to a minute.
    #[serde(default = "default_first_wait_ms")]
    pub first_wait_ms: u32,
    /// What tokens cost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prices: Option<Prices>,
}

/// What is wrong with an endpoint's declaration.
#[derive(Debug, thiserror::Error)]
pub enum EndpointError {
    /// Not an address.
    #[error("endpoint `{endpoint}`: `base_url` is no `http` or `https` address")]
    BadUrl {
        /// The endpoint's name.
        endpoint: String,
    },
    /// Clear text over a network.
    #[error(
        "endpoint `{endpoint}`: plain `http` to `{host}` would send prompts and key in the clear; \
         use `https`, or declare `local = true`"
    )]
    ClearText {
        /// The endpoint's name.
        endpoint: String,
        /// The host.
        host: String,
    },
    /// A number outside its range.
    #[error("endpoint `{endpoint}`: `{field}` must be from {least} to {most}")]
    OutOfRange {
        /// The endpoint's name.
        endpoint: String,
        /// The setting.
        field: &'static str,
        /// The least value.
        least: u32,
        /// The largest value.
        most: u32,
    },
    /// A header that HTTP does not allow, or that the client itself must set.
    #[error("endpoint `{endpoint}`: `{header}` cannot be sent as a header")]
    BadHeader {
        /// The endpoint's name.
        endpoint: String,
        /// The header's name; never its value.
        header: String,
    },
    /// A price that is no decimal number.
    #[error(
        "endpoint `{endpoint}`: `{price}` is no price: write a decimal such as `2.50`, at most six places"
    )]
    BadPrice {
        /// The endpoint's name.
        endpoint: String,
        /// What was written.
        price: String,
    },
    /// The client could not be set up: no certificates on this machine, no threads.
    #[error("endpoint `{endpoint}`: the HTTP client cannot start: {reason}")]
    Client {
        /// The endpoint's name.
        endpoint: String,
        /// What the system said.
        reason: String,
    },
}

impl Endpoint {
    /// An endpoint with all other settings at their defaults.
    #[must_use]
    pub fn new(name: &str, base_url: &str, model: &str) -> Self {
        Self {
            name: name.to_owned(),
            base_url: base_url.to_owned(),
            model: model.to_owned(),
            revision: None,
            local: false,
            api_key_env: None,
            headers: BTreeMap::new(),
            concurrency: default_concurrency(),
            requests_per_minute: None,
            timeout_s: default_timeout_s(),
            max_attempts: default_max_attempts(),
            first_wait_ms: default_first_wait_ms(),
            prices: None,
        }
    }

    /// Who answers: name and address without user, password, query and fragment. A part of
    /// every request's key, so speed settings and prices are no part of it.
    #[must_use]
    pub fn identity(&self) -> ModelIdentity {
        ModelIdentity {
            endpoint: format!("{} {}", self.name, self.public_url()),
            model: self.model.clone(),
            revision: self.revision.clone(),
        }
    }

    /// Checks everything that the types do not.
    ///
    /// # Errors
    /// The first [`EndpointError`] found.
    pub fn check(&self) -> Result<(), EndpointError> {
        self.url()?;
        self.header_map()?;
        self.in_range("concurrency", self.concurrency, 4096)?;
        self.in_range("timeout_s", self.timeout_s, 86_400)?;
        self.in_range("max_attempts", self.max_attempts, 100)?;
        self.in_range("first_wait_ms", self.first_wait_ms, 60_000)?;
        self.in_range(
            "requests_per_minute",
            self.requests_per_minute.unwrap_or(1),
            u32::MAX,
        )?;
        let bad_price = |price| EndpointError::BadPrice {
            endpoint: self.name.clone(),
            price,
        };
        self.prices
            .as_ref()
            .map_or(Ok(()), |prices| prices.check().map_err(bad_price))
    }

    /// What a response cost, in millionths of the prices' currency, rounded up; `None` where
    /// no prices are declared or the endpoint did not count its tokens.
    #[must_use]
    pub fn cost(&self, response: &Response) -> Option<u64> {
        self.prices
            .as_ref()?
            .cost(response.input_tokens?, response.output_tokens?)
    }

    /// The address of a chat completion.
    pub(crate) fn url(&self) -> Result<Url, EndpointError> {
        let bad = || EndpointError::BadUrl {
            endpoint: self.name.clone(),
        };
        let mut url = Url::parse(self.base_url.trim()).map_err(|_| bad())?;
        let host = url.host_str().ok_or_else(bad)?.to_owned();
        match url.scheme() {
            "https" => {}
            "http" if self.local || is_loopback(&host) => {}
            "http" => {
                return Err(EndpointError::ClearText {
                    endpoint: self.name.clone(),
                    host,
                });
            }
            _ => return Err(bad()),
        }
        let path = format!("{}/chat/completions", url.path().trim_end_matches('/'));
        url.set_path(&path);
        Ok(url)
    }

    pub(crate) fn header_map(&self) -> Result<reqwest::header::HeaderMap, EndpointError> {
        use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
        let mut map = HeaderMap::new();
        for (name, value) in &self.headers {
            let bad = || EndpointError::BadHeader {
                endpoint: self.name.clone(),
                header: name.clone(),
            };
            let key = HeaderName::from_bytes(name.as_bytes()).map_err(|_| bad())?;
            if [
                "content-length",
                "content-type",
                "host",
                "transfer-encoding",
            ]
            .contains(&key.as_str())
            {
                return Err(bad());
            }
            let mut value = HeaderValue::from_str(value).map_err(|_| bad())?;
            value.set_sensitive(true);
            map.insert(key, value);
        }
        Ok(map)
    }

    fn public_url(&self) -> String {
        let Ok(mut url) = Url::parse(self.base_url.trim()) else {
            return String::new();
        };
        // These fail only for addresses without a host, which `check` refuses.
        let _ = url.set_username("");
        let _ = url.set_password(None);
        url.set_query(None);
        url.set_fragment(None);
        url.as_str().trim_end_matches('/').to_owned()
    }

    fn in_range(&self, field: &'static str, value: u32, most: u32) -> Result<(), EndpointError> {
        if (1..=most).contains(&value) {
            return Ok(());
        }
        Err(EndpointError::OutOfRange {
            endpoint: self.name.clone(),
            field,
            least: 1,
            most,
        })
    }
}

impl fmt::Debug for Endpoint {
    /// Shows who it is and how hard it may be pressed; addresses and headers can hold
    /// credentials and are left out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint")
            .field("identity", &self.identity())
            .field("local", &self.local)
            .field("concurrency", &self.concurrency)
            .finish_non_exhaustive()
    }
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || bare
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

fn default_concurrency() -> u32 {
    16
}

fn default_timeout_s() -> u32 {
    300
}

fn default_max_attempts() -> u32 {
    8
}

fn default_first_wait_ms() -> u32 {
    1000
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity_of(url: &str) -> String {
        Endpoint::new("e", url, "m").identity().endpoint
    }

    #[test]
    fn identities_carry_no_credentials() {
        assert_eq!(
            identity_of("https://u:p@h.example:8443/v1/?key=s#x"),
            "e https://h.example:8443/v1"
        );
        assert_eq!(
            identity_of("https://h.example/v1"),
            identity_of("https://h.example:443/v1/")
        );
        let mut endpoint = Endpoint::new("e", "https://u:hunter2@h.example/v1", "m");
        endpoint.headers.insert("x-key".into(), "hunter3".into());
        let shown = format!("{endpoint:?}");
        assert!(!shown.contains("hunter"), "{shown}");
    }

    #[test]
    fn completions_are_under_the_base_address() {
        let url = Endpoint::new("e", "https://h.example/v1/", "m")
            .url()
            .expect("good");
        assert_eq!(url.as_str(), "https://h.example/v1/chat/completions");
    }

    fn check(change: impl FnOnce(&mut Endpoint), expect: &str) {
        let mut endpoint = Endpoint::new("e", "https://h.example/v1", "m");
        change(&mut endpoint);
        let found = endpoint
            .check()
            .map_or_else(|error| error.to_string(), |()| "good".to_owned());
        assert!(found.contains(expect), "{found}");
    }

    #[test]
    fn declarations_are_checked() {
        check(|_| {}, "good");
        check(|e| e.base_url = "ftp://h".into(), "`base_url` is no");
        check(
            |e| e.base_url = "http://h.example/v1".into(),
            "in the clear",
        );
        check(|e| e.base_url = "http://127.0.0.1:8000/v1".into(), "good");
        check(|e| e.base_url = "http://[::1]:8000/v1".into(), "good");
        check(
            |e| {
                e.base_url = "http://gpu-3:8000/v1".into();
                e.local = true;
            },
            "good",
        );
        check(
            |e| e.concurrency = 0,
            "`concurrency` must be from 1 to 4096",
        );
        check(|e| e.max_attempts = 101, "`max_attempts` must be");
        check(
            |e| drop(e.headers.insert("a b".into(), "x".into())),
            "`a b` cannot be sent",
        );
        check(
            |e| drop(e.headers.insert("Host".into(), "x".into())),
            "`Host` cannot be sent",
        );
        check(
            |e| e.prices = Some(Prices::new("2.5", "ten")),
            "`ten` is no price",
        );
    }

    #[test]
    fn settings_are_read_with_defaults_and_unknown_keys_refused() {
        let text = "name = 'e'\nbase_url = 'https://h.example/v1'\nmodel = 'm'";
        let endpoint: Endpoint = toml::from_str(text).expect("read");
        assert_eq!(endpoint, Endpoint::new("e", "https://h.example/v1", "m"));
        let error = toml::from_str::<Endpoint>(&format!("{text}\nconcurency = 3"));
        assert!(
            error
                .expect_err("refused")
                .to_string()
                .contains("concurency")
        );
    }
}
