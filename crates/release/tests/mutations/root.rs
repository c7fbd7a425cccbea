//! Forged facts of the release itself.

use super::*;

#[test]
fn forged_release_json() {
    let name = "release.json";
    let root = |f: &Files, which: &str| {
        let manifest: serde_json::Value = serde_json::from_slice(&f[name]).expect("JSON");
        manifest["roots"][which]
            .as_str()
            .expect("a root")
            .to_owned()
    };
    for which in ["instances", "trace", "absent"] {
        forged(&format!("the root of {which}"), Root, |f| {
            let said = root(f, which);
            replace(f, name, &said, &Digest::of(b"forged").to_string());
        });
    }
    forged("instances", Count, |f| {
        replace(f, name, "\"instances\": 96", "\"instances\": 97")
    });
    forged("a cell", Count, |f| {
        replace(f, name, "\"instances\": 4", "\"instances\": 5")
    });
    forged("pictures", Count, |f| {
        replace(f, name, "\"images\": 6", "\"images\": 5")
    });
    forged("recipes", Count, |f| {
        replace(f, name, "\"recipes\": 6", "\"recipes\": 5")
    });
    forged("a level", Count, |f| {
        replace(f, name, "\"L4/L5\"", "\"L3/L4\"")
    });
    forged("withheld", Count, |f| {
        replace(f, name, "\"hospital\": 48", "\"hospital\": 4")
    });
    forged("the licence", Card, |f| {
        replace(
            f,
            name,
            "\"licence\": \"CC-BY-4.0 AND CC-BY-NC-SA-4.0\"",
            "\"licence\": \"CC-BY-4.0\"",
        );
    });
    forged("a stricter source", Redistribution, |f| {
        replace(
            f,
            name,
            "\"redistribution\": \"derived-only\"",
            "\"redistribution\": \"none\"",
        );
    });
    forged("stricter egress", Redistribution, |f| {
        replace(f, name, "\"egress\": \"any\"", "\"egress\": \"local-only\"");
    });
    forged("patients", Redistribution, |f| {
        replace(
            f,
            name,
            "\"subjects\": \"none\"",
            "\"subjects\": \"patients\"",
        );
    });
    forged("another source", Card, |f| {
        replace(f, name, "\"id\": \"atlas\"", "\"id\": \"atlat\"")
    });
    forged("the name", Card, |f| {
        replace(f, name, "\"name\": \"tiny\"", "\"name\": \"huge\"")
    });
    forged("a citation", Card, |f| {
        replace(f, name, "A. Author", "B. Author")
    });
    forged("a newer format", Malformed, |f| {
        replace(f, name, "\"format\": 1", "\"format\": 2")
    });
    forged("an unknown key", Malformed, |f| {
        replace(f, name, "{", "{\"x\": 1,")
    });
    forged("spaces", Malformed, |f| replace(f, name, "{", "{ "));
    forged("no JSON", Malformed, |f| {
        f.get_mut(name).expect("it").clear()
    });
}
