//! A small writer of PDF files (ISO 32000-1) for tests: objects, a cross-reference table, pages
//! of text in standard fonts, pictures.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use spinemed_core::locator::FileRef;
use spinemed_core::{Digest, DocumentId};
use spinemed_pdf::{PdfError, Reading};

/// Reads bytes as the document `demo/test`.
pub fn read(bytes: &[u8]) -> Result<Reading, PdfError> {
    let file = FileRef {
        path: "test.pdf".to_owned(),
        sha256: Digest::of(bytes),
    };
    spinemed_pdf::read(bytes, &DocumentId::new("demo/test"), file)
}

/// A file being written. Object 1 is the catalog, 2 the page tree, 3 Helvetica, 4
/// Helvetica-Bold, 5 Helvetica-Oblique.
#[derive(Default)]
pub struct Writer {
    objects: Vec<Vec<u8>>,
    pages: Vec<usize>,
    /// Entries added to the catalog and to the trailer.
    pub catalog: String,
    pub trailer: String,
}

/// A page being written, 600 × 800 points.
#[derive(Default)]
pub struct Page {
    pub content: String,
    pub xobjects: String,
    pub fonts: String,
    /// Entries added to the page.
    pub entries: String,
}

impl Page {
    /// A line of text: `font` 1 is Helvetica, 2 its bold, 3 its oblique; y counts from the
    /// bottom.
    pub fn text(mut self, font: u8, size: f64, x: f64, y: f64, text: &str) -> Self {
        let text = text
            .replace('\\', "\\\\")
            .replace('(', "\\(")
            .replace(')', "\\)")
            .replace('\u{2022}', "\\225");
        self.content += &format!("BT /F{font} {size} Tf {x} {y} Td ({text}) Tj ET\n");
        self
    }

    /// A line in a font of two-byte characters, which are UTF-16 units.
    pub fn wide(mut self, font: usize, size: f64, x: f64, y: f64, text: &str) -> Self {
        let codes: String = text.encode_utf16().map(|u| format!("{u:04x}")).collect();
        self.fonts += &format!("/W{font} {font} 0 R ");
        self.content += &format!("BT /W{font} {size} Tf {x} {y} Td <{codes}> Tj ET\n");
        self
    }

    /// Lines 12 points apart, downwards.
    pub fn lines(mut self, x: f64, mut y: f64, lines: &[&str]) -> Self {
        for line in lines {
            self = self.text(1, 10.0, x, y, line);
            y -= 12.0;
        }
        self
    }

    /// Draws an object into a box `[x, y, width, height]`.
    pub fn picture(mut self, object: usize, at: [f64; 4]) -> Self {
        self.xobjects += &format!("/X{object} {object} 0 R ");
        self.content += &format!(
            "q {} 0 0 {} {} {} cm /X{object} Do Q\n",
            at[2], at[3], at[0], at[1]
        );
        self
    }

    /// Operators as they are.
    pub fn raw(mut self, operators: &str) -> Self {
        self.content += operators;
        self.content += "\n";
        self
    }
}

impl Writer {
    pub fn new() -> Self {
        let mut writer = Self::default();
        writer.objects.resize(2, Vec::new());
        for name in ["Helvetica", "Helvetica-Bold", "Helvetica-Oblique"] {
            writer.object(
                format!(
                    "<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>"
                )
                .as_bytes(),
            );
        }
        writer
    }

    /// The number of the object that is added next.
    pub fn next(&self) -> usize {
        self.objects.len() + 1
    }

    /// Adds a Chinese font that is not embedded, with UTF-16 codes (ISO 32000-1, 9.7.5.2).
    pub fn chinese(&mut self) -> usize {
        let descriptor = self.object(
            b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
        );
        let descendant = self.object(
            format!("<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /DW 1000 /FontDescriptor {descriptor} 0 R >>").as_bytes(),
        );
        self.object(
            format!("<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light-UniGB-UCS2-H /Encoding /UniGB-UCS2-H /DescendantFonts [{descendant} 0 R] >>").as_bytes(),
        )
    }

    /// Adds a grey picture.
    pub fn grey(&mut self, width: usize, height: usize, pixels: &[u8]) -> usize {
        let entries = format!(
            "/Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceGray /BitsPerComponent 8"
        );
        self.stream(&entries, pixels)
    }

    /// Adds a black picture with a soft mask.
    pub fn masked(&mut self, width: usize, height: usize, mask: usize) -> usize {
        let entries = format!(
            "/Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceRGB /BitsPerComponent 8 /SMask {mask} 0 R"
        );
        self.stream(&entries, &vec![0; width * height * 3])
    }

    /// Adds an object and gives its number.
    pub fn object(&mut self, body: &[u8]) -> usize {
        self.objects.push(body.to_vec());
        self.objects.len()
    }

    /// Adds a stream object.
    pub fn stream(&mut self, entries: &str, data: &[u8]) -> usize {
        let mut body = format!("<< {entries} /Length {} >>\nstream\n", data.len()).into_bytes();
        body.extend_from_slice(data);
        body.extend_from_slice(b"\nendstream");
        self.object(&body)
    }

    /// Adds an RGB picture with a pattern of its own, without compression.
    pub fn picture(&mut self, width: usize, height: usize, seed: usize) -> usize {
        let pixels: Vec<u8> = (0..width * height * 3)
            .map(|i| ((i * 7 + seed * 31) % 251) as u8)
            .collect();
        let entries = format!(
            "/Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceRGB /BitsPerComponent 8"
        );
        self.stream(&entries, &pixels)
    }

    /// Adds a JPEG picture.
    pub fn jpeg(&mut self, jpeg: &[u8], width: usize, height: usize) -> usize {
        let entries = format!(
            "/Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode"
        );
        self.stream(&entries, jpeg)
    }

    pub fn page(&mut self, page: Page) {
        let content = self.stream("", page.content.as_bytes());
        let own = page.entries.contains("/MediaBox");
        let media = if own { "" } else { "/MediaBox [0 0 600 800]" };
        let number = self.object(
            format!(
                "<< /Type /Page /Parent 2 0 R {media} /Contents {content} 0 R /Resources << /Font << /F1 3 0 R /F2 4 0 R /F3 5 0 R {} >> /XObject << {} >> >> {} >>",
                page.fonts, page.xobjects, page.entries
            )
            .as_bytes(),
        );
        self.pages.push(number);
    }

    pub fn finish(mut self) -> Vec<u8> {
        let kids: String = self.pages.iter().map(|n| format!("{n} 0 R ")).collect();
        self.objects[0] =
            format!("<< /Type /Catalog /Pages 2 0 R {} >>", self.catalog).into_bytes();
        self.objects[1] = format!(
            "<< /Type /Pages /Kids [ {kids}] /Count {} >>",
            self.pages.len()
        )
        .into_bytes();
        let mut out = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
        let mut offsets = Vec::new();
        for (i, object) in self.objects.iter().enumerate() {
            offsets.push(out.len());
            out.extend(format!("{} 0 obj\n", i + 1).into_bytes());
            out.extend_from_slice(object);
            out.extend_from_slice(b"\nendobj\n");
        }
        let start = out.len();
        out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", offsets.len() + 1).into_bytes());
        for offset in &offsets {
            out.extend(format!("{offset:010} 00000 n \n").into_bytes());
        }
        let size = offsets.len() + 1;
        out.extend(
            format!(
                "trailer\n<< /Size {size} /Root 1 0 R {} >>\nstartxref\n{start}\n%%EOF\n",
                self.trailer
            )
            .into_bytes(),
        );
        out
    }
}

/// A paragraph of eight lines for one column.
pub const PARAGRAPH: [&str; 8] = [
    "Lumbar spinal stenosis is a narrowing of the canal",
    "that presses on the nerve roots below the conus and",
    "causes pain in both legs while the patient walks, as",
    "the venous outflow of the roots is hindered by it in",
    "extension, and less so when the patient bends over.",
    "Most patients are older than sixty years, and women",
    "are affected about as often as men are; the levels",
    "that are seen most often are L4/L5 and L3/L4 there.",
];

/// An article of two pages: two columns, a figure, heads and feet.
pub fn article() -> Vec<u8> {
    let mut writer = Writer::new();
    let picture = writer.picture(120, 80, 1);
    let page = |n: usize| {
        Page::default()
            .text(1, 8.0, 50.0, 770.0, "Journal of Demonstration 2024")
            .text(1, 8.0, 290.0, 30.0, &format!("{}", 100 + n))
    };
    writer.page(
        page(1)
            .text(2, 18.0, 50.0, 720.0, "Stenosis of the lumbar canal")
            .text(1, 8.0, 50.0, 705.0, "https://doi.org/10.1234/demo.2024.5")
            .text(2, 12.0, 50.0, 680.0, "Introduction")
            .lines(50.0, 660.0, &PARAGRAPH)
            .lines(320.0, 660.0, &PARAGRAPH),
    );
    writer.page(
        page(2)
            .text(2, 12.0, 50.0, 680.0, "Methods")
            .lines(50.0, 660.0, &PARAGRAPH)
            .picture(picture, [320.0, 560.0, 220.0, 120.0])
            .text(
                1,
                8.0,
                320.0,
                545.0,
                "Figure 1. Sagittal image of the lumbar spine.",
            )
            .lines(
                320.0,
                500.0,
                &[
                    "Figure 1 shows the canal at its narrowest level, and",
                    "the reader sees the ligament.",
                ],
            ),
    );
    writer.finish()
}
