//! A renderer of made text and made anatomy. It shares nothing with the detector: glyphs are
//! strokes with round ends, drawn by distance, in a font made for these tests.

/// A grey picture with room for values between.
pub struct Canvas {
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Grey values.
    pub values: Vec<f32>,
}

/// How a line of text is drawn.
#[derive(Debug, Clone, Copy)]
pub struct Pen {
    /// Height of capitals in pixels.
    pub height: f32,
    /// Width of strokes in pixels.
    pub stroke: f32,
    /// Slant: columns per row.
    pub slant: f32,
    /// Quarter turns clockwise.
    pub turns: u32,
    /// Whether edges are soft.
    pub soft: bool,
    /// Grey values that the text differs from the brightest or darkest ground under it.
    pub contrast: f32,
    /// Whether it is darker than the ground.
    pub dark: bool,
}

/// A stroke on a grid of 4 columns and 6 rows, from one point to another.
type Stroke = [f32; 4];

/// Strokes as digits `x0 y0 x1 y1`; Chinese characters use the same grid.
fn glyph(letter: char) -> (f32, Vec<Stroke>) {
    let code = match letter {
        'A' => "0620 2046 1434",
        'D' => "0006 0020 2042 4244 4426 2606",
        'E' => "0006 0040 0333 0646",
        'H' => "0006 4046 0343",
        'K' => "0006 0440 1346",
        'L' => "0006 0646",
        'M' => "0006 0023 2340 4046",
        'N' => "0006 0046 4640",
        'R' => "0006 0030 3041 4132 3203 2346",
        'S' => "4130 3010 1001 0112 1233 3344 4536 3616 1605",
        'T' => "0040 2026",
        'W' => "0016 1623 2336 3640",
        'a' => "1232 3243 4346 4414 1405 0516 1636 3645",
        'n' => "0206 0312 1232 3243 4346",
        'o' => "1232 3243 4345 4536 3616 1605 0503 0312",
        '0' => "1030 3041 4145 4536 3616 1605 0501 0110",
        '1' => "1120 2026 1636",
        '2' => "0110 1030 3041 4142 4206 0646",
        '3' => "0110 1030 3041 4142 4223 2344 4445 4536 3616 1605",
        '4' => "3036 3004 0444",
        '5' => "4000 0002 0232 3243 4345 4536 3616 1605",
        '7' => "0040 4016",
        '8' => "1030 3041 4142 4233 3313 1302 0201 0110 1304 0405 0516 1636 3645 4544 4433",
        '9' => "4333 3313 1302 0201 0110 1030 3041 4145 4536 3616",
        '-' => "1333",
        '王' => "0040 0343 0646 2026",
        '田' => "0040 0006 4046 0343 2026 0646",
        '李' => "0141 2003 2043 2002 1333 2326 0444 2616",
        '中' => "0141 0104 4144 0444 2006",
        '山' => "2005 0205 4245 0545",
        '木' => "0242 2026 2205 2245",
        '小' => "2006 1203 3243",
        _ => "",
    };
    let code = if letter == '中' || letter == '山' || letter == '小' {
        code.replace("2006", "2026").replace("2005", "2025")
    } else {
        code.to_owned()
    };
    let strokes = code
        .split_whitespace()
        .map(|stroke| {
            let mut at = stroke.bytes().map(|digit| f32::from(digit - b'0'));
            std::array::from_fn(|_| at.next().expect("four digits a stroke"))
        })
        .collect();
    let wide = if letter.is_ascii() { 5.8 } else { 6.4 };
    (wide, strokes)
}

impl Canvas {
    /// The size of the box of a line of text.
    pub fn extent(text: &str, pen: Pen) -> (f32, f32) {
        let unit = pen.height / 6.0;
        let across = text
            .chars()
            .map(|letter| glyph(letter).0 * stretch(letter))
            .sum::<f32>();
        let size = (
            (across - 1.5) * unit + pen.slant.abs() * pen.height,
            pen.height,
        );
        if pen.turns % 2 == 1 {
            (size.1, size.0)
        } else {
            size
        }
    }

    /// Draws a line of text with its top left corner at `(x, y)`. Says whether the grey value
    /// that the pen asks for exists.
    pub fn write(&mut self, text: &str, (x, y): (f32, f32), pen: Pen) -> bool {
        let strokes = place(text, pen);
        let (width, height) = Self::extent(text, pen);
        let strokes: Vec<Stroke> = strokes
            .into_iter()
            .map(|[a, b, c, d]| {
                let turn = |a: f32, b: f32| match pen.turns % 4 {
                    0 => (x + a, y + b),
                    1 => (x + width - b, y + a),
                    2 => (x + width - a, y + height - b),
                    _ => (x + b, y + height - a),
                };
                let ((a, b), (c, d)) = (turn(a, b), turn(c, d));
                [a, b, c, d]
            })
            .collect();
        let margin = pen.stroke + 1.0;
        let columns = span(x - margin, x + width + margin, self.width);
        let rows = span(y - margin, y + height + margin, self.height);
        let under = rows.clone().flat_map(|row| {
            let columns = columns.clone();
            columns.map(move |column| (column, row))
        });
        let ground: Vec<f32> = under
            .clone()
            .map(|(column, row)| self.values[row * self.width + column])
            .collect();
        let darkest = ground.iter().copied().fold(f32::MAX, f32::min);
        let brightest = ground.iter().copied().fold(f32::MIN, f32::max);
        let tone = if pen.dark {
            darkest - pen.contrast
        } else {
            brightest + pen.contrast
        };
        if !(0.0..=255.0).contains(&tone) {
            return false;
        }
        for (column, row) in under {
            let point = (column as f32 + 0.5, row as f32 + 0.5);
            let nearest = strokes
                .iter()
                .map(|stroke| distance(*stroke, point))
                .fold(f32::MAX, f32::min);
            let cover = (pen.stroke / 2.0 - nearest + 0.5).clamp(0.0, 1.0);
            let cover = if pen.soft { cover } else { cover.round() };
            let value = &mut self.values[row * self.width + column];
            *value += (tone - *value) * cover;
        }
        true
    }

    /// The picture in 8 bits.
    pub fn pixels(&self) -> Vec<u8> {
        self.values
            .iter()
            .map(|value| value.round().clamp(0.0, 255.0) as u8)
            .collect()
    }
}

/// Chinese characters are as broad as high.
fn stretch(letter: char) -> f32 {
    if letter.is_ascii() { 0.9 } else { 1.3 }
}

/// The strokes of a line that begins at the origin, in pixels.
fn place(text: &str, pen: Pen) -> Vec<Stroke> {
    let unit = pen.height / 6.0;
    let mut start = 0.0;
    let mut strokes = Vec::new();
    for letter in text.chars() {
        let (wide, drawn) = glyph(letter);
        let stretch = stretch(letter);
        let lean = |row: f32| pen.slant * (pen.height - row * unit);
        for [a, b, c, d] in drawn {
            strokes.push([
                start + a * stretch * unit + lean(b),
                b * unit,
                start + c * stretch * unit + lean(d),
                d * unit,
            ]);
        }
        start += wide * stretch * unit;
    }
    strokes
}

fn span(from: f32, to: f32, end: usize) -> std::ops::Range<usize> {
    (from.floor().max(0.0) as usize).min(end)..(to.ceil().max(0.0) as usize).min(end)
}

fn distance([x0, y0, x1, y1]: Stroke, (x, y): (f32, f32)) -> f32 {
    let (dx, dy) = (x1 - x0, y1 - y0);
    let length = (dx * dx + dy * dy).max(1e-6);
    let along = (((x - x0) * dx + (y - y0) * dy) / length).clamp(0.0, 1.0);
    (x - x0 - along * dx).hypot(y - y0 - along * dy)
}

/// Made grounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scene {
    /// One grey value.
    Flat,
    /// A column of soft blocks with darker discs, as vertebrae in a sagittal slice.
    Column,
    /// Broad soft stripes, as ribs.
    Ribs,
    /// Smooth hills of all sizes.
    Hills,
}

/// A picture of `side` by `side` pixels with Gaussian noise.
pub fn scene(scene: Scene, side: usize, noise: f32, seed: u32) -> Canvas {
    let mut random = Random(u64::from(seed) * 7_919 + 1);
    let shift = random.unit() * 40.0;
    let values = (0..side * side)
        .map(|place| {
            let (x, y) = ((place % side) as f32, (place / side) as f32);
            let ground = match scene {
                Scene::Flat => 96.0,
                Scene::Column => column(x - side as f32 / 2.0, y + shift),
                Scene::Ribs => {
                    110.0 + 35.0 * ((y + shift + 0.002 * (x - 100.0).powi(2)) / 9.0).sin()
                }
                Scene::Hills => {
                    let wave =
                        |a: f32, b: f32| ((x * a + shift) / 31.0).sin() * ((y * b) / 27.0).cos();
                    110.0 + 25.0 * wave(1.0, 1.0) + 12.0 * wave(2.3, 1.9)
                }
            };
            ground + noise * random.normal()
        })
        .collect();
    Canvas {
        width: side,
        height: side,
        values,
    }
}

fn column(x: f32, y: f32) -> f32 {
    let soft = |edge: f32| 1.0 / (1.0 + (edge / 2.0).exp());
    let beside = x + 12.0 * (y / 90.0).sin();
    let within = y.rem_euclid(46.0) - 23.0;
    let body = soft(beside.abs() - 30.0) * soft(within.abs() - 17.0);
    let disc = soft(beside.abs() - 28.0) * (1.0 - soft(within.abs() - 17.0));
    70.0 + 80.0 * body - 35.0 * disc
}

/// A small generator, so that every run draws the same.
pub struct Random(pub u64);

impl Random {
    /// From 0 up to 1.
    pub fn unit(&mut self) -> f32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 40) as f32 / (1_u64 << 24) as f32
    }

    /// Nearly Gaussian, of variance one.
    pub fn normal(&mut self) -> f32 {
        (0..12).map(|_| self.unit()).sum::<f32>() - 6.0
    }
}
