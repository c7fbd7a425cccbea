use spinemed_core::vocabulary::Subjects;

fn main() {
    let raw = String::from("a hospital's record");
    let clean = spinemed_deidentify::admit((), Subjects::None).unwrap();
    let _ = clean.map(move |()| raw);
}
