//! Forged views, pictures and traces.

use super::*;

#[test]
fn forged_views() {
    let balance = "balance.json";
    forged("unbalanced", Count, |f| {
        replace(f, balance, "\"passed\": 18", "\"passed\": 19")
    });
    forged("balanced otherwise", Card, |f| {
        replace(f, balance, "\"passed\": 18", "\"passed\": 19");
        replace(f, balance, "\"rejected\": 2", "\"rejected\": 1");
    });
    forged("another cost", Card, |f| {
        replace(f, balance, "\"calls\": 0", "\"calls\": 9")
    });
    forged("the card", Card, |f| {
        replace(f, "README.md", "made up", "real")
    });
    forged("the card's licence", Card, |f| {
        replace(f, "README.md", "other", "mit")
    });
    forged("the licence", Card, |f| {
        replace(f, "LICENSE", "CC-BY-4.0", "CC0-1.0")
    });
    forged("an additional file", Card, |f| {
        drop(f.insert(EXTRA.into(), b"[x]\n".to_vec()))
    });
    forged("no additional file", Missing, |f| drop(f.remove(EXTRA)));
    forged("a file more", Extra, |f| {
        drop(f.insert("notes.txt".into(), b"x".to_vec()))
    });
    for name in TOP {
        forged(&format!("no {name}"), Missing, |f| drop(f.remove(name)));
    }
}

#[test]
fn forged_pictures() {
    forged("another picture", Image, |f| {
        let names: Vec<String> = f
            .keys()
            .filter(|n| n.starts_with("images/"))
            .cloned()
            .collect();
        let other = f[&names[1]].clone();
        f.insert(names[0].clone(), other);
    });
    forged("a bit", Image, |f| {
        let name = picture(f);
        flip(f, &name, 100);
    });
    forged("a bit, and Parquet differs", Content, |f| {
        let name = picture(f);
        flip(f, &name, 100);
    });
    forged("no picture", Image, |f| {
        let name = picture(f);
        f.remove(&name);
    });
    forged("a picture more", Image, |f| {
        let name = format!("images/{}.png", Digest::of(b"x"));
        f.insert(name, b"x".to_vec());
    });
    forged("a renamed picture", Image, |f| {
        let name = picture(f);
        rename(f, &name, &name.replace(".png", ".jpg"));
    });
}

/// A release whose table of absent units also holds this one.
fn with_absent(unit: &str) -> Files {
    let corpus = corpus(&TINY);
    let mut absent = support::absent();
    absent.push(Absent {
        unit: unit.to_owned(),
        stage: "check".to_owned(),
        reason: "check-failed".to_owned(),
        detail: String::new(),
        winner: None,
    });
    let mut folder = MemoryFolder::default();
    let inputs = Inputs {
        count: corpus.instances.len(),
        instance: &|position| Ok(corpus.instances[position].clone()),
        steps: &|instance| Ok(support::steps(instance)),
        media: &|digest| corpus.media.get(digest).cloned().ok_or_else(String::new),
        absent,
    };
    write(&plan(), inputs, &mut folder).expect("a release");
    folder.files()
}

#[test]
fn forged_trace() {
    forged("a chain less", Trace, |f| {
        take(f, &of(|c| drop(c.instances.remove(0))), &[TRACE]);
    });
    forged("another digest", Trace, |f| take(f, &edited(), &[TRACE]));
    forged("a unit more", Root, |f| {
        take(f, &with_absent("articles/doc5/f1"), &[ABSENT])
    });
    forged("a reason less", Root, |f| {
        let nothing = of(|c| c.instances.clear());
        take(f, &nothing, &[ABSENT]);
    });
    forged("no trace", Missing, |f| drop(f.remove(TRACE)));
    forged("no absent", Missing, |f| drop(f.remove(ABSENT)));
    forged("half a trace", Malformed, |f| {
        let bytes = f.get_mut(TRACE).expect("it");
        bytes.truncate(bytes.len() / 2);
    });
    let there_and_absent = with_absent("articles/doc0/f0#mcq.en.0");
    found("released and absent", there_and_absent, Trace);
}
