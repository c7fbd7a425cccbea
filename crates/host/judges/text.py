"""Drawn text for readers of text in pictures, an outside judge, and the score.

    text.py draw GROUNDS OUT [SEED]  draws lines over the DICOM frames and PNG files below GROUNDS
    text.py rapidocr OUT             reads all pictures of OUT with RapidOCR (PaddleOCR models)
    text.py score OUT                scores all boxes-*.tsv of OUT

`cargo run --release -p spinemed-host --example text-recall -- OUT` writes the boxes of this
project's own readers. Needs pydicom, numpy and pillow; `rapidocr` needs rapidocr-onnxruntime.
Grounds are frames that hold no text, at least 96 pixels wide and high. Pictures stay local.
"""

import pathlib
import random
import subprocess
import sys
import time

import numpy as np
from PIL import Image, ImageDraw, ImageFont

SIZES = [9, 11, 13, 16, 20, 26, 36]
LINES_PER_GROUND = 10
SYLLABLES = "ba be co da el fa gri ho jun ka lin mo nor o pet qui ra sto tan u vel wen xi yor za".split()
HAN = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏"


def fonts(language):
    """Font files of a language that draw outlines, in a fixed order."""
    listed = subprocess.run(["fc-list", f":lang={language}", "file"], capture_output=True, text=True)
    files = sorted(line.split(":")[0].strip() for line in listed.stdout.splitlines())
    return [f for f in files if f.endswith((".ttf", ".otf", ".ttc"))
            and not any(bad in f.lower() for bad in ("emoji", "symbol", "d050", "math", "dingbat"))]


def words(rng, han):
    """A name, a number or a date that nobody has."""
    if han and rng.random() < 0.5:
        return "".join(rng.choice(HAN) for _ in range(rng.randint(2, 3)))
    kind = rng.randrange(4)
    if kind == 0:
        return f"{rng.randint(1, 12)}/{rng.randint(1, 28)}/{rng.randint(1930, 2020)}"
    if kind == 1:
        return "".join(rng.choice("0123456789") for _ in range(rng.randint(5, 9)))
    name = lambda: "".join(rng.choice(SYLLABLES) for _ in range(rng.randint(1, 3))).capitalize()
    return f"{name()}, {name()}" if kind == 2 else f"{name()} {name()}".upper()


def grounds(folder):
    """8-bit grey frames of DICOM files, one for each, window by percentiles."""
    import pydicom
    for file in sorted(pathlib.Path(folder).rglob("*.*")):
        if file.suffix == ".png":
            yield file.stem, np.asarray(Image.open(file).convert("L"))
            continue
        try:
            pixels = pydicom.dcmread(file, force=True).pixel_array.astype(np.float64)
        except Exception:
            continue
        while pixels.ndim > 2:
            pixels = pixels.mean(axis=2) if pixels.shape[-1] == 3 and pixels.ndim == 3 else pixels[0]
        if min(pixels.shape) < 96:
            continue
        low, high = np.percentile(pixels, [0.5, 99.5])
        yield file.stem, np.clip((pixels - low) / max(high - low, 1) * 255, 0, 255).round().astype(np.uint8)


def line(rng, ground, latin, chinese):
    """Draws one line; nothing where it does not fit."""
    han = bool(chinese) and rng.random() < 0.2
    text, size = words(rng, han), rng.choice(SIZES)
    if any(letter in HAN for letter in text):
        font, size = ImageFont.truetype(rng.choice(chinese), max(size, 13)), max(size, 13)
    else:
        font = ImageFont.truetype(rng.choice(latin), size)
    layer = Image.new("L", ground.shape[::-1], 0)
    pen = ImageDraw.Draw(layer)
    pen.fontmode = rng.choice(["1", "L"])
    x0, y0, x1, y1 = pen.textbbox((0, 0), text, font=font)
    room = (ground.shape[1] - (x1 - x0) - 4, ground.shape[0] - (y1 - y0) - 4)
    if min(room) < 0:
        return None
    corner = rng.random() < 0.5
    place = [rng.choice([2, r + 2]) if corner else rng.randint(2, r + 2) for r in room]
    pen.text((place[0] - x0, place[1] - y0), text, font=font, fill=255)
    cover = np.asarray(layer, dtype=np.float64) / 255
    under = ground[cover > 0]
    if not len(under):
        return None
    contrast = rng.choice([40, 80, 160])
    bright = rng.random() < 0.75
    low, high = float(under.min()), float(under.max())
    tone = high + contrast if bright else low - contrast
    if not 0 <= tone <= 255:
        if contrast > 40 or rng.random() < 0.5:
            tone = 255.0 if bright else 0.0
        if abs(tone - (high if bright else low)) < 24:
            return None
    drawn = np.clip(ground + (tone - ground) * cover, 0, 255).round().astype(np.uint8)
    return text, size, drawn, cover > 0.1


def draw(folder, out, seed):
    rng = random.Random(seed)
    out = pathlib.Path(out)
    out.mkdir(parents=True, exist_ok=True)
    chinese = fonts("zh-cn")
    latin = [file for file in fonts("en") if file not in chinese]
    rows = []
    for name, ground in grounds(folder):
        Image.fromarray(ground).save(out / f"clean-{name}.pgm")
        for number in range(LINES_PER_GROUND):
            drawn = line(rng, ground, latin, chinese)
            if drawn is None:
                continue
            text, size, pixels, ink = drawn
            stem = f"drawn-{name}-{number}"
            Image.fromarray(pixels).save(out / f"{stem}.pgm")
            Image.fromarray((ink * 255).astype(np.uint8)).save(out / f"ink-{name}-{number}.png")
            rows.append(f"{stem}\t{size}\t{'han' if any(c in HAN for c in text) else 'latin'}\n")
    (out / "lines.tsv").write_text("".join(rows))
    print(len(rows), "lines over", len(list(out.glob("clean-*.pgm"))), "grounds")


def rapidocr(out):
    from rapidocr_onnxruntime import RapidOCR
    engine, out = RapidOCR(), pathlib.Path(out)
    with open(out / "boxes-rapidocr.tsv", "w") as table:
        for file in sorted(out.glob("*.pgm")):
            start = time.time()
            found, _ = engine(np.asarray(Image.open(file).convert("RGB")))
            spent = time.time() - start
            boxes = []
            for corners, _, _ in found or []:
                xs, ys = [c[0] for c in corners], [c[1] for c in corners]
                boxes.append(",".join(str(int(v)) for v in (min(xs), min(ys), max(xs) + 1, max(ys) + 1)))
            table.write(f"{file.stem}\t{spent:.4f}\t{' '.join(boxes)}\n")


def boxes(file):
    found, spent = {}, []
    for row in open(file):
        stem, seconds, listed = row.rstrip("\n").split("\t")
        found[stem] = [tuple(map(int, box.split(","))) for box in listed.split()]
        spent.append(float(seconds))
    return found, float(np.mean(spent))


def score(out):
    out = pathlib.Path(out)
    readers = {f.stem.removeprefix("boxes-"): boxes(f) for f in sorted(out.glob("boxes-*.tsv"))}
    for both in [("ours", "tesseract")]:
        if all(name in readers for name in both):
            stems = readers[both[0]][0].keys() & readers[both[1]][0].keys()
            joined = {s: readers[both[0]][0][s] + readers[both[1]][0][s] for s in stems}
            readers["+".join(both)] = (joined, sum(readers[n][1] for n in both))
    lines = [row.rstrip("\n").split("\t") for row in open(out / "lines.tsv")]
    print("reader\tlines\ttouched\tcovered 95 %\tof 9-11 px\tof 13+ px\tclean\twith boxes\tboxes\ts/picture")
    for name, (found, spent) in readers.items():
        touched, covered, small, large = 0, 0, [0, 0], [0, 0]
        missing = 0
        for stem, size, _ in lines:
            if stem not in found:
                missing += 1
                continue
            ink = np.asarray(Image.open(out / f"{stem.replace('drawn', 'ink')}.png")) > 0
            left = ink.copy()
            for x0, y0, x1, y1 in found[stem]:
                left[max(y0, 0):y1, max(x0, 0):x1] = False
            share = 1 - left.sum() / ink.sum()
            touched += share >= 0.25
            covered += share >= 0.95
            group = small if int(size) <= 11 else large
            group[0] += share >= 0.95
            group[1] += 1
        clean = {s: b for s, b in found.items() if s.startswith("clean-")}
        alarmed = sum(bool(b) for b in clean.values())
        print(f"{name}\t{len(lines) - missing}\t{touched}\t{covered}\t{small[0]}/{small[1]}\t"
              f"{large[0]}/{large[1]}\t{len(clean)}\t{alarmed}\t{sum(map(len, clean.values()))}\t{spent:.3f}")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["draw", folder, out, *seed]:
            draw(folder, out, int(seed[0]) if seed else 1)
        case ["rapidocr", out]:
            rapidocr(out)
        case ["score", out]:
            score(out)
        case _:
            sys.exit(__doc__)
