//! Tesseract finds text that was drawn here, where it is installed.

#[path = "../../deidentify/tests/pixels/drawing.rs"]
#[allow(dead_code, reason = "another test uses the rest")]
mod drawing;

use drawing::{Pen, Scene, scene};
use spinemed_deidentify::Grey;
use spinemed_deidentify::pixels::TextReader;
use spinemed_host::Tesseract;

#[test]
fn drawn_lines_are_found_where_they_are() {
    let Some(reader) = Tesseract::installed() else {
        println!("skipped: tesseract is not installed");
        return;
    };
    println!("languages: {}", reader.languages());
    let pen = |dark| Pen {
        height: 18.0,
        stroke: 2.5,
        slant: 0.0,
        turns: 0,
        soft: true,
        contrast: 90.0,
        dark,
    };
    for dark in [false, true] {
        let mut canvas = scene(Scene::Flat, 320, 1.0, 4);
        assert!(canvas.write("HANDS 1973", (60.0, 200.0), pen(dark)));
        let pixels = canvas.pixels();
        let words = reader.words(&Grey {
            width: 320,
            height: 320,
            pixels: &pixels,
        });
        let words = words.expect("an answer");
        let on_line = |[x0, y0, x1, y1]: [u32; 4]| x0 < 250 && x1 > 60 && y0 < 220 && y1 > 198;
        let found = words.iter().filter(|word| on_line(word.region)).count();
        assert!(found >= 1, "{words:?}, dark: {dark}");
        assert_eq!(found, words.len(), "{words:?}, dark: {dark}");
    }
}

#[test]
fn empty_ground_has_no_words() {
    let Some(reader) = Tesseract::installed() else {
        println!("skipped: tesseract is not installed");
        return;
    };
    let pixels = scene(Scene::Hills, 200, 2.0, 4).pixels();
    let words = reader.words(&Grey {
        width: 200,
        height: 200,
        pixels: &pixels,
    });
    assert_eq!(words, Ok(Vec::new()));
}
