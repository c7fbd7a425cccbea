//! The one module that knows the `hayro` crates (pinned exactly: they are 0.x).
//!
//! Two guards stand between them and the rest. A panic inside the interpreter is caught per
//! page, because a damaged font on page 7 must not cost the other pages, and because the
//! crates are young; the caches are thrown away with the page, since a panic may have left
//! them half written. And every page has a budget of drawing operations ([`device::Budget`]),
//! so that a crafted file cannot keep the interpreter busy for ever.

mod device;
mod fonts;
mod labels;
mod outline;
mod render;

use std::panic::{AssertUnwindSafe, catch_unwind};

use hayro_interpret::kurbo::{Affine, Rect};
use hayro_interpret::{
    Context, InterpreterCache, InterpreterSettings, RenderContent, interpret_page,
};
use hayro_syntax::page::Page;
use hayro_syntax::{DecryptionError, LoadPdfError};
use spinemed_core::locator::PageBox;

use self::device::{Collector, Exhausted, Extractor};
use self::fonts::FontBook;
use crate::error::PdfError;
use crate::page::RawPage;
use crate::picture::Picture;
use crate::scan::{Frame, Grey};

/// The most pages read of one file; the longest textbooks have about 5,000.
const MAX_PAGES: usize = 20_000;

/// An opened file.
pub(crate) struct Pdf(hayro_syntax::Pdf);

impl Pdf {
    /// Opens a file, repairing its cross-reference table where that helps.
    pub(crate) fn open(bytes: &[u8]) -> Result<Self, PdfError> {
        if bytes.is_empty() {
            return Err(PdfError::Empty);
        }
        let copy = bytes.to_vec();
        let opened = catch_unwind(AssertUnwindSafe(move || hayro_syntax::Pdf::new(copy)));
        match opened {
            Ok(Ok(pdf)) if !pdf.pages().is_empty() => Ok(Self(pdf)),
            Ok(Err(LoadPdfError::Decryption(cause))) => Err(PdfError::Encrypted(describe(cause))),
            _ if !has_header(bytes) => Err(PdfError::NotPdf),
            _ => Err(PdfError::Damaged {
                truncated: is_truncated(bytes),
            }),
        }
    }

    /// How many pages there are.
    pub(crate) fn length(&self) -> usize {
        self.0.pages().len()
    }

    /// How many pages are read.
    pub(crate) fn pages(&self) -> usize {
        self.0.pages().len().min(MAX_PAGES)
    }

    /// The pages' labels (ISO 32000-1, 12.4.2), where the file has them.
    pub(crate) fn labels(&self) -> Vec<Option<String>> {
        catch_unwind(AssertUnwindSafe(|| {
            labels::read(self.0.xref(), self.pages())
        }))
        .unwrap_or_else(|_| vec![None; self.pages()])
    }

    /// The outline's titles with their depths, in document order; empty where there is none.
    pub(crate) fn outline(&self) -> Vec<(u8, String)> {
        catch_unwind(AssertUnwindSafe(|| outline::read(self.0.xref()))).unwrap_or_default()
    }

    /// The title in the document information dictionary.
    pub(crate) fn title(&self) -> Option<String> {
        self.0.metadata().title.as_deref().map(labels::text_string)
    }
}

/// Whether the header stands within the first 1,024 bytes, where readers look for it.
fn has_header(bytes: &[u8]) -> bool {
    bytes[..bytes.len().min(1024)]
        .windows(5)
        .any(|w| w == b"%PDF-")
}

/// Whether the end-of-file mark is missing from the last 1,024 bytes.
pub(crate) fn is_truncated(bytes: &[u8]) -> bool {
    !bytes[bytes.len().saturating_sub(1024)..]
        .windows(5)
        .any(|w| w == b"%%EOF")
}

fn describe(cause: DecryptionError) -> &'static str {
    match cause {
        DecryptionError::PasswordProtected => "a password is needed",
        DecryptionError::UnsupportedAlgorithm => "the algorithm is not known",
        DecryptionError::MissingIDEntry | DecryptionError::InvalidEncryption => {
            "the encryption dictionary is damaged"
        }
    }
}

/// A placed picture by its index, or why it could not be had.
pub(crate) type Extracted = (usize, Result<Picture, String>);

/// One pass over a file, with the interpreter's caches.
pub(crate) struct Session<'a> {
    pdf: &'a Pdf,
    cache: InterpreterCache<'a>,
    fonts: FontBook<'a>,
    settings: InterpreterSettings,
    /// Whether figures get their pictures.
    pub draws: bool,
}

impl<'a> Session<'a> {
    pub(crate) fn new(pdf: &'a Pdf) -> Self {
        // Annotations (comments, form fields, stamps) are no part of the printed page.
        let settings = InterpreterSettings {
            render_content: RenderContent::PAGE,
            ..Default::default()
        };
        Self {
            pdf,
            cache: InterpreterCache::new(),
            fonts: FontBook::new(&settings),
            settings,
            draws: true,
        }
    }

    /// Interprets a page (from 0).
    pub(crate) fn page(&mut self, index: usize) -> Result<RawPage, String> {
        self.guarded(index, |session, page| {
            session.fonts.read(page.resources());
            let mut collector = Collector::new(size_of(page), &session.fonts);
            interpret_page(page, &mut session.context(page), &mut collector);
            Ok(collector.finish())
        })
    }

    /// The bytes of placed pictures, by [`crate::page::Placement::index`], in that order.
    pub(crate) fn pictures(
        &mut self,
        index: usize,
        wanted: &[usize],
    ) -> Result<Vec<Extracted>, String> {
        self.guarded(index, |session, page| {
            let mut extractor = Extractor::new(wanted);
            interpret_page(page, &mut session.context(page), &mut extractor);
            Ok(extractor.finish())
        })
    }

    /// Width and height of a page as shown, in points.
    pub(crate) fn size(&self, index: usize) -> Option<(f64, f64)> {
        let page = self.pdf.0.pages().get(index)?;
        catch_unwind(AssertUnwindSafe(|| size_of(page))).ok()
    }

    /// Draws a part of a page as it lies in a frame.
    pub(crate) fn render(
        &mut self,
        index: usize,
        frame: &Frame,
        part: PageBox,
        dpi: f64,
    ) -> Result<Picture, String> {
        self.guarded(index, |session, page| {
            render::part(page, &session.settings, frame, part, dpi)
        })
    }

    /// Draws a whole page in shades of grey as it lies in a frame.
    pub(crate) fn grey(&mut self, index: usize, frame: &Frame, dpi: f64) -> Result<Grey, String> {
        self.guarded(index, |session, page| {
            render::grey(page, &session.settings, frame, dpi)
        })
    }

    fn context(&self, page: &Page<'a>) -> Context<'a> {
        let (width, height) = size_of(page);
        Context::new(
            initial_transform(page),
            Rect::new(0.0, 0.0, width, height),
            &self.cache,
            page.xref(),
            self.settings.clone(),
        )
    }

    /// Runs `work` on a page; a panic or an exhausted budget becomes a reason.
    fn guarded<T>(
        &mut self,
        index: usize,
        work: impl FnOnce(&mut Self, &'a Page<'a>) -> Result<T, String>,
    ) -> Result<T, String> {
        let page = self
            .pdf
            .0
            .pages()
            .get(index)
            .ok_or("the page does not exist")?;
        match catch_unwind(AssertUnwindSafe(|| work(self, page))) {
            Ok(done) => done,
            Err(payload) => {
                *self = Self {
                    draws: self.draws,
                    ..Self::new(self.pdf)
                };
                Err(match payload.downcast_ref::<Exhausted>() {
                    Some(Exhausted) => "the page draws more than any printed page does".to_owned(),
                    None => "the page is damaged: its content cannot be interpreted".to_owned(),
                })
            }
        }
    }
}

/// Width and height as shown, in points.
fn size_of(page: &Page<'_>) -> (f64, f64) {
    let (width, height) = page.render_dimensions();
    (f64::from(width), f64::from(height))
}

/// From user space to points of the crop box as shown, origin at the top left.
fn initial_transform(page: &Page<'_>) -> Affine {
    Affine::new(page.initial_transform(true).as_coeffs())
}
