//! All pages of a file, born-digital and scanned ones, as sheets.

use spinemed_core::seam::PageReader;

use crate::backend::Session;
use crate::error::{Fault, NO_ENGINE, PdfError};
use crate::page::RawPage;
use crate::scan::{self, Origin, Scan};
use crate::sheet::{Sheet, Words};

/// Interprets every page, and reads scans where there is an engine; pages without text or
/// with damage become faults.
pub(crate) fn sheets(
    session: &mut Session<'_>,
    pages: usize,
    engine: Option<&dyn PageReader>,
    faults: &mut Vec<Fault>,
) -> Result<Vec<Sheet>, PdfError> {
    let mut read = Pages::default();
    for index in 0..pages {
        match session.page(index) {
            Ok(page) => read.add(session, index, page, engine, faults),
            Err(reason) => {
                read.broken.push(reason.clone());
                faults.push(fault(index, reason));
            }
        }
    }
    let mut sheets = read.sheets;
    sheets.extend(scan::sheets(read.scans));
    sheets.sort_by_key(|sheet| sheet.index);
    let text = sheets.iter().any(|s| s.glyphs.0 > s.glyphs.1);
    match read.broken.into_iter().next() {
        _ if text => Ok(sheets),
        _ if read.unread > 0 && engine.is_none() => Err(PdfError::NotRead {
            pages,
            scans: read.unread,
        }),
        Some(cause) => Err(PdfError::NoPage { pages, cause }),
        None => Err(PdfError::NoText { pages }),
    }
}

/// What has been read so far.
#[derive(Default)]
struct Pages {
    sheets: Vec<Sheet>,
    /// Read from pictures: their type sizes are told by all of them together.
    scans: Vec<(usize, Scan)>,
    /// Scans that nobody read.
    unread: usize,
    /// Why pages could not be interpreted.
    broken: Vec<String>,
}

impl Pages {
    fn add(
        &mut self,
        session: &mut Session<'_>,
        index: usize,
        page: RawPage,
        engine: Option<&dyn PageReader>,
        faults: &mut Vec<Fault>,
    ) {
        let origin = scan::origin(&page);
        if origin == Origin::Own {
            self.sheets.push(own(index, page, faults));
            return;
        }
        let read = engine.map_or_else(
            || Err(NO_ENGINE.to_owned()),
            |engine| scan::read(session, index, page.size, engine),
        );
        let why = match read {
            Ok(scan) => return self.scans.push((index, scan)),
            Err(why) => why,
        };
        let reason = match origin {
            Origin::Picture { layer: true } => {
                self.sheets.push(Sheet {
                    words: Words::Layer,
                    ..Sheet::new(index, page)
                });
                "the page is a scan with unseen text of unknown quality, which is no evidence"
            }
            Origin::Picture { layer: false } => {
                self.unread += 1;
                "the page is a scan and was not read"
            }
            Origin::Unknown | Origin::Own => {
                self.sheets.push(own(index, page, faults));
                "the page could be read as a scan is"
            }
        };
        faults.push(fault(index, format!("{reason}: {why}")));
    }
}

/// A born-digital page.
fn own(index: usize, page: RawPage, faults: &mut Vec<Fault>) -> Sheet {
    let sheet = Sheet::new(index, page);
    let (glyphs, unmapped) = sheet.glyphs;
    if unmapped * 50 > glyphs {
        let reason = format!("{unmapped} of {glyphs} characters have no known Unicode value");
        faults.push(fault(index, reason));
    }
    sheet
}

fn fault(index: usize, reason: String) -> Fault {
    Fault {
        page: Some(index as u32 + 1),
        reason,
    }
}
