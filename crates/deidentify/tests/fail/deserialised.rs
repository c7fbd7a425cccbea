use spinemed_deidentify::Deidentified;

fn main() {
    let _: Deidentified<u32> = serde_json::from_str("1").unwrap();
}
