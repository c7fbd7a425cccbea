"""Writes the demo chapter: `python make.py OUT` makes `OUT/chapter.pdf`.

Two columns with floats over both, running heads and feet, page labels from 21, an outline.
"""

import os
import sys
import tempfile
from pathlib import Path

import reportlab
from reportlab import rl_config
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import (BaseDocTemplate, CondPageBreak, Frame, Image, KeepTogether, NextPageTemplate,
                                PageTemplate, Paragraph, Spacer, Table, TableStyle)

import figures
import text

rl_config.invariant = 1
FONTS = Path(reportlab.__file__).parent / "fonts"
for face in ("Vera", "VeraBd", "VeraIt", "VeraBI"):
    pdfmetrics.registerFont(TTFont(face, str(FONTS / f"{face}.ttf")))
pdfmetrics.registerFontFamily("Vera", "Vera", "VeraBd", "VeraIt", "VeraBI")

WIDTH, HEIGHT = A4
MARGIN, GUTTER, TOP, BOTTOM = 48.0, 18.0, 64.0, 58.0
COLUMN = (WIDTH - 2 * MARGIN - GUTTER) / 2
FULL = WIDTH - 2 * MARGIN
FIRST_PAGE = 21
BLUE, GREY = HexColor("#1f4e79"), HexColor("#666666")
BOX = HexColor("#eef3f8")
# The float at the head of a page, by page number from 1: its kind and key.
FLOATS = {2: ("table", "roots"), 3: ("figure", "shapes"), 5: ("table", "numbers")}
BREAKS = {w.replace("-", ""): w.replace("-", "\u00ad") for w in text.SYLLABLES}


def style(name, **how):
    base = dict(fontName="Times-Roman", fontSize=9.9, leading=12.0)
    return ParagraphStyle(name, **{**base, **how})


BODY = style("body", alignment=TA_JUSTIFY, firstLineIndent=10, embeddedHyphenation=1, spaceAfter=2)
FLUSH = style("flush", alignment=TA_JUSTIFY, embeddedHyphenation=1, spaceAfter=2)
H1 = style("h1", fontName="VeraBd", fontSize=11.5, leading=14, textColor=BLUE, spaceBefore=9,
           spaceAfter=3)
H2 = style("h2", fontName="VeraBI", fontSize=9, leading=12, textColor=BLUE, spaceBefore=6,
           spaceAfter=2)
CAPTION = style("caption", fontName="Vera", fontSize=7.2, leading=9)
CELL = style("cell", fontName="Vera", fontSize=7, leading=8.6)
HEAD = style("head", fontName="VeraBd", fontSize=7, leading=8.6)
ITEM = style("item", leftIndent=11, bulletIndent=2, alignment=TA_JUSTIFY, embeddedHyphenation=1,
             spaceAfter=2)
REFERENCE = style("reference", fontSize=7.8, leading=9.2, leftIndent=19, bulletIndent=0,
                  bulletFontName="Times-Roman", bulletFontSize=7.8, spaceAfter=1.2)
NOTE = style("note", fontSize=7.4, leading=8.8)
CASE_HEAD = style("case-head", fontName="VeraBd", fontSize=8.6, leading=11, textColor=BLUE)


def breakable(words):
    """Puts soft hyphens into long words."""
    out = []
    for word in words.split(" "):
        core = word.strip(".,;:()“”’")
        soft = BREAKS.get(core) or BREAKS.get(core.lower())
        if soft and core != core.lower() and core not in BREAKS:
            soft = soft[0].upper() + soft[1:]
        out.append(word.replace(core, soft) if soft else word)
    return " ".join(out)


class Heading(Paragraph):
    """A heading that enters the outline."""

    def __init__(self, number, title, depth):
        super().__init__(f"{number}&nbsp;&nbsp;{title}", H1 if depth == 0 else H2)
        self.number, self.title, self.depth = number, title, depth

    def draw(self):
        key = f"section-{self.number}"
        self.canv.bookmarkPage(key)
        self.canv.addOutlineEntry(f"{self.number} {self.title}", key, self.depth, 0)
        super().draw()


def caption(label, words):
    return Paragraph(f'<font name="VeraBd">{label}</font> {words}', CAPTION)


def table(key, width):
    """A table under its caption."""
    label, words, rows, widths = text.TABLES[key]
    scale = width / sum(widths)
    cells = [[Paragraph(c, HEAD if i == 0 else CELL) for c in row] for i, row in enumerate(rows)]
    grid = Table(cells, colWidths=[w * scale for w in widths], hAlign="LEFT")
    grid.setStyle(TableStyle([
        ("LINEABOVE", (0, 0), (-1, 0), 0.9, BLUE), ("LINEBELOW", (0, 0), (-1, 0), 0.5, BLUE),
        ("LINEBELOW", (0, -1), (-1, -1), 0.9, BLUE), ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("TOPPADDING", (0, 0), (-1, -1), 1.6), ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
        ("LEFTPADDING", (0, 0), (-1, -1), 2), ("RIGHTPADDING", (0, 0), (-1, -1), 3)]))
    return [caption(label, words), Spacer(1, 3), grid]


def picture(path, width):
    image = Image(str(path))
    scale = width / image.imageWidth
    image.drawWidth, image.drawHeight = width, image.imageHeight * scale
    return image


def figure(key, files):
    """A figure over its caption, one column wide."""
    drawn = {"lateral": figures.lateral, "roots": figures.roots, "cobb": figures.cobb}
    if key in drawn:
        body = drawn[key](COLUMN)
    elif f"{key}-a.jpg" in files:
        half = (COLUMN - 6) / 2
        body = Table([[picture(files[f"{key}-{x}.jpg"], half) for x in "ab"], ["(a)", "(b)"]],
                     colWidths=[half + 6, half])
        body.setStyle(TableStyle([("LEFTPADDING", (0, 0), (-1, -1), 0),
                                  ("RIGHTPADDING", (0, 0), (-1, -1), 0),
                                  ("TOPPADDING", (0, 0), (-1, -1), 0),
                                  ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
                                  ("FONT", (0, 1), (-1, 1), "Vera", 7),
                                  ("ALIGN", (0, 1), (-1, 1), "CENTER")]))
    else:
        name = f"{key}.png" if f"{key}.png" in files else f"{key}.jpg"
        body = picture(files[name], COLUMN * {"slip": 0.85, "fracture": 0.7, "neck": 0.74,
                                              "case": 0.74, "pfirrmann": 0.86}.get(key, 1.0))
    return KeepTogether([Spacer(1, 5), body, Spacer(1, 3), caption(*text.CAPTIONS[key]),
                         Spacer(1, 7)])


def case(title, paragraphs):
    """A case vignette on a tinted ground, paragraph by paragraph so that it may break."""
    rows = [[Paragraph(title, CASE_HEAD)]] + [[Paragraph(breakable(p), FLUSH)] for p in paragraphs]
    box = Table(rows, colWidths=[COLUMN])
    box.setStyle(TableStyle([("NOSPLIT", (0, 0), (0, 1)),
                             ("BACKGROUND", (0, 0), (-1, -1), BOX),
                             ("LINEBEFORE", (0, 0), (0, -1), 2, BLUE),
                             ("TOPPADDING", (0, 0), (-1, -1), 3),
                             ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
                             ("LEFTPADDING", (0, 0), (-1, -1), 7),
                             ("RIGHTPADDING", (0, 0), (-1, -1), 6)]))
    return [Spacer(1, 4), box, Spacer(1, 6)]


def story(files):
    out, fresh = [], False
    for kind, *rest in text.CHAPTER:
        if kind in ("h1", "h2"):
            # A heading stays with two lines of its text at least.
            out += [CondPageBreak(76 if kind == "h1" else 50),
                    Heading(*rest, 0 if kind == "h1" else 1)]
        elif kind == "p":
            out.append(Paragraph(breakable(rest[0]), FLUSH if fresh else BODY))
        elif kind == "list":
            out += [Paragraph(breakable(item), ITEM, bulletText="•") for item in rest[0]]
        elif kind == "fig":
            out.append(figure(rest[0], files))
        elif kind == "table":
            out.append(KeepTogether([Spacer(1, 5), *table(rest[0], COLUMN), Spacer(1, 8)]))
        elif kind == "case":
            out += case(*rest)
        fresh = kind in ("h1", "h2")
    out += [CondPageBreak(76), Paragraph("References", H1)]
    for number, words in enumerate(text.REFERENCES, 1):
        out.append(Paragraph(words, REFERENCE, bulletText=f"[{number}]"))
    return out


def over_both(page):
    """The flowables of a page's float."""
    kind, key = FLOATS[page]
    if kind == "table":
        return table(key, FULL)
    return [figures.shapes(FULL), Spacer(1, 3), caption(*text.CAPTIONS[key])]


def height_of(flowables, width):
    return sum(f.wrap(width, HEIGHT)[1] for f in flowables)


def place(canvas, flowables, x, top, width):
    for flowable in flowables:
        top -= flowable.wrap(width, HEIGHT)[1]
        flowable.drawOn(canvas, x, top)


def running(canvas, document):
    """Head and foot; the first page has its foot alone."""
    page = document.page
    number = str(FIRST_PAGE + page - 1)
    canvas.addPageLabel(page - 1, style="ARABIC", start=FIRST_PAGE + page - 1)
    canvas.setFont("Vera", 7)
    canvas.setFillColor(GREY)
    canvas.drawCentredString(WIDTH / 2, 30, "Made for demonstration · all cases invented, all "
                             "pictures drawn · CC BY 4.0")
    if page == 1:
        canvas.drawRightString(WIDTH - MARGIN, 30, number)
        return
    y = HEIGHT - 44
    if page % 2:
        canvas.drawRightString(WIDTH - MARGIN, y, number)
        canvas.drawString(MARGIN, y, f"{text.NUMBER}  {text.TITLE}")
    else:
        canvas.drawString(MARGIN, y, number)
        canvas.drawRightString(WIDTH - MARGIN, y, text.BOOK)
    canvas.setStrokeColor(GREY)
    canvas.setLineWidth(0.4)
    canvas.line(MARGIN, y - 5, WIDTH - MARGIN, y - 5)


def opening(canvas, document):
    """The first page: chapter number, title, summary, footnote."""
    running(canvas, document)
    canvas.setTitle(f"{text.BOOK}. Chapter {text.NUMBER}: {text.TITLE}")
    canvas.setAuthor("SpineMed contributors")
    canvas.setSubject("Demonstration chapter; CC BY 4.0")
    head = [Paragraph(f"Chapter {text.NUMBER}", style("number", fontName="Vera", fontSize=10,
                                                      leading=14, textColor=GREY)),
            Paragraph(text.TITLE, style("title", fontName="VeraBd", fontSize=19, leading=23,
                                        textColor=BLUE)),
            Spacer(1, 6),
            Paragraph(text.ABSTRACT, style("abstract", fontName="Times-Italic", fontSize=10,
                                           leading=12.4))]
    place(canvas, head, MARGIN, HEIGHT - 52, FULL)
    note = Paragraph(text.FOOTNOTE, NOTE)
    tall = note.wrap(COLUMN, HEIGHT)[1]
    note.drawOn(canvas, MARGIN, BOTTOM)
    canvas.setStrokeColor(GREY)
    canvas.line(MARGIN, BOTTOM + tall + 3, MARGIN + 70, BOTTOM + tall + 3)


def columns(top_used, note=0.0):
    """Two frames below `top_used` points; `note` points stay free below the left one."""
    tall = HEIGHT - TOP - BOTTOM - top_used
    bare = dict(leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)
    return [Frame(MARGIN, BOTTOM + note, COLUMN, tall - note, id="left", **bare),
            Frame(MARGIN + COLUMN + GUTTER, BOTTOM, COLUMN, tall, id="right", **bare)]


def template(page):
    if page == 1:
        return PageTemplate("p1", columns(118.0, 40.0), onPage=opening)
    if page not in FLOATS:
        return PageTemplate(f"p{page}", columns(0.0), onPage=running)
    tall = height_of(over_both(page), FULL)

    def paint(canvas, document):
        running(canvas, document)
        place(canvas, over_both(page), MARGIN, HEIGHT - TOP, FULL)
    return PageTemplate(f"p{page}", columns(tall + 14.0), onPage=paint)


def main(out):
    with tempfile.TemporaryDirectory() as folder:
        # A picture's name in the PDF comes from its path: the path must not change.
        os.chdir(folder)
        files = figures.rasters(Path("."))
        book = BaseDocTemplate(str(out / "chapter.pdf"), pagesize=A4, invariant=1,
                               pageCompression=1)
        book.addPageTemplates([template(page) for page in range(1, 13)])
        flow = story(files)
        following = NextPageTemplate([f"p{page}" for page in range(2, 13)])
        book.build([following, *flow])
        os.chdir(out)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
