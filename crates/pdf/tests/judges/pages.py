"""Known pages, and what scanners do to them.

English pages are pages of PDF files, drawn by PDFium, with the text that `spinemed inspect`
reads from the file itself. Chinese pages are set here from the demo guideline's XML, with that
text. Needs numpy, Pillow and pypdfium2; for Chinese a font with Chinese characters
(`fonts-noto-cjk`).
"""

import io
import random
import subprocess
import xml.etree.ElementTree as xml
from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image, ImageDraw, ImageFilter, ImageFont

SANS = "/usr/share/fonts/opentype/noto/NotoSansCJK-%s.ttc"
SERIF = "/usr/share/fonts/opentype/noto/NotoSerifCJK-%s.ttc"
DPI = 300


def english(file, numbers):
    """Pages of a PDF file as pictures at 300 dpi."""
    pdf = pypdfium2.PdfDocument(str(file))
    return [pdf[n].render(scale=DPI / 72).to_pil().convert("L") for n in numbers]


def chinese(root):
    """The demo guideline, set in one column: (picture, text) for each page."""
    article = xml.parse(root / "sources/demo-guideline-zh/guideline.xml").getroot()
    parts = []
    for element in article.iter():
        words = "".join("".join(element.itertext()).split())
        if element.tag in ("article-title", "title", "p") and words:
            parts.append((element.tag, words))
    return [typeset(parts[:half], n) for n, half in pages(parts)]


def pages(parts):
    """Two settings of the same words: serif and sans."""
    return [(0, len(parts)), (1, len(parts))]


def typeset(parts, number):
    face = SERIF if number == 0 else SANS
    page = Image.new("L", (2480, 3508), 255)
    pen, y, said = ImageDraw.Draw(page), 300, []
    for tag, words in parts:
        large = tag != "p"
        size = {"article-title": 75, "title": 56}.get(tag, 44)
        font = ImageFont.truetype(face % ("Bold" if large else "Regular"), size, index=2)
        y += 40 if large else 12
        line = "" if large else "\u3000\u3000"
        for letter in words + "\n":
            if letter == "\n" or font.getlength(line + letter) > 1880:
                if y + size > 3250:
                    return page, "".join(said)
                pen.text((300, y), line, font=font, fill=20)
                said.append(line.strip())
                y, line = y + int(size * 1.6), ""
            line += letter.strip()
    return page, "".join(said)


def turned(picture, degrees):
    return picture.rotate(degrees, expand=True, resample=Image.BICUBIC, fillcolor=255)


def noisy(picture, strength, seed):
    values = np.asarray(picture, dtype=np.float32)
    noise = np.random.default_rng(seed).normal(0, strength, values.shape)
    return Image.fromarray(np.clip(values + noise, 0, 255).astype(np.uint8))


def peppered(picture, share, seed):
    values = np.array(picture)
    chance = np.random.default_rng(seed).random(values.shape)
    values[chance < share / 2], values[chance > 1 - share / 2] = 0, 255
    return Image.fromarray(values)


def uneven(picture):
    """Light falls off to a corner, and a fold throws a shadow."""
    values = np.asarray(picture, dtype=np.float32)
    y, x = np.mgrid[0 : values.shape[0], 0 : values.shape[1]].astype(np.float32)
    light = 1 - 0.55 * (x / values.shape[1]) * (y / values.shape[0])
    fold = 1 - 0.35 * np.exp(-(((x / values.shape[1] - 0.08) / 0.06) ** 2))
    return Image.fromarray((values * light * fold).astype(np.uint8))


def packed(picture, quality):
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return Image.open(io.BytesIO(out.getvalue())).convert("L")


def smaller(picture, dpi):
    scale = dpi / DPI
    size = (round(picture.width * scale), round(picture.height * scale))
    return picture.resize(size, Image.LANCZOS)


def everything(picture, seed):
    """A worn copy on a bad scanner."""
    worn = uneven(turned(picture, 1.7).filter(ImageFilter.GaussianBlur(1.0)))
    return packed(noisy(worn, 12, seed), 45)


# Name, resolution, what is done to the picture of page number n.
CONDITIONS = [
    ("300 dpi", 300, lambda p, n: p),
    ("200 dpi", 200, lambda p, n: smaller(p, 200)),
    ("skew 0.5 to 3°", 300, lambda p, n: turned(p, (0.5, -1.0, 1.6, -2.2, 3.0)[n % 5])),
    ("turned 90°", 300, lambda p, n: p.transpose(Image.ROTATE_90)),
    ("turned 180°", 300, lambda p, n: p.transpose(Image.ROTATE_180)),
    ("blur, sigma 2 px", 300, lambda p, n: p.filter(ImageFilter.GaussianBlur(2.0))),
    ("specks, 3 %", 300, lambda p, n: peppered(p, 0.03, n)),
    ("uneven light", 300, lambda p, n: uneven(p)),
    ("200 dpi, worn copy", 200, lambda p, n: everything(smaller(p, 200), n)),
]


def scanned(pictures, dpi, path):
    """A PDF file of pictures alone."""
    pictures = [p.convert("L") for p in pictures]
    pictures[0].save(
        path, "PDF", resolution=dpi, save_all=True, append_images=pictures[1:], quality=90
    )
