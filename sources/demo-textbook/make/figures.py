"""The chapter's figures: drawings with reportlab, phantoms with demo-rsna's `phantom.py`."""

import math
import sys
from pathlib import Path

import reportlab
from PIL import Image, ImageDraw, ImageFont
from reportlab.graphics.shapes import Circle, Drawing, Ellipse, Line, Path as Curve, PolyLine
from reportlab.graphics.shapes import Polygon, String
from reportlab.lib.colors import HexColor, black

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "demo-rsna" / "make"))
import phantom  # noqa: E402

BONE, DISC, NERVE = HexColor("#ead9b8"), HexColor("#9cc3d9"), HexColor("#e3b437")
SAC, HURT, INK = HexColor("#f6e7b4"), HexColor("#b8443c"), HexColor("#333333")
FONT = str(Path(reportlab.__file__).parent / "fonts" / "VeraBd.ttf")


def label(drawing, x, y, text, size=7.5, anchor="middle", font="Vera", colour=black):
    drawing.add(String(x, y, text, fontName=font, fontSize=size, textAnchor=anchor,
                       fillColor=colour))


def shape(points, fill, stroke=INK, width=0.7):
    return Polygon([v for p in points for v in p], fillColor=fill, strokeColor=stroke,
                   strokeWidth=width)


def lateral(width):
    """The lumbar spine from the side, anterior at the left."""
    d, k, top = Drawing(width, 226), 0.92, 226
    spine = phantom.lumbar(top=(118.0, -26.0))

    def put(s, o):
        x, y = spine.at(s, o)
        return (x * k, top - y * k)
    half = spine.depth / 2
    start, end = spine.spans["L1"][0] - 10, spine.spans["S2"][1]
    steps = [start + i * (end - start) / 60 for i in range(61)]
    d.add(shape([put(s, half + 2) for s in steps]
                + [put(s, half + 16 * min(1, (end - s) / 22 + 0.15)) for s in steps[::-1]], SAC))
    conus = sum(spine.spans["L1/L2"]) / 2
    d.add(shape([put(start, half + 5), put(conus - 20, half + 5), put(conus, half + 9),
                 put(conus - 20, half + 13), put(start, half + 13)], NERVE))
    for name in spine.names[1:]:
        d.add(shape([put(*p) for p in _spinous(spine, name)], BONE))
    for part in spine.spans:
        if part.startswith("T12") or part == "S2/S3":
            continue
        outline = spine.disc(part) if "/" in part else spine.body(part)
        d.add(shape([(x * k, top - y * k) for x, y in outline], DISC if "/" in part else BONE))
    for name in ("L1", "L2", "L3", "L4", "L5", "S1"):
        x, y = put(sum(spine.spans[name]) / 2, -half)
        label(d, x - 8, y - 3, name, anchor="end", font="VeraBd")
    for pair in ("L1/L2", "L2/L3", "L3/L4", "L4/L5", "L5/S1"):
        x, y = put(sum(spine.spans[pair]) / 2, half)
        d.add(Line(x - 6, y, 188, y, strokeColor=INK, strokeWidth=0.5))
        label(d, 191, y - 2.6, pair, anchor="start")
    x, y = put(conus - 14, half + 9)
    d.add(Line(x, y, 188, y + 9, strokeColor=INK, strokeWidth=0.5))
    label(d, 191, y + 6.4, "conus", anchor="start")
    label(d, 4, 4, "anterior", 6.5, "start")
    label(d, width - 4, 4, "posterior", 6.5, "end")
    return d


def _spinous(spine, name):
    a, b = spine.spans[name]
    wall, drop = spine.depth / 2 + 18, 0.4 * (b - a)
    long = 20 if name[0] == "L" else 6
    return [(a + drop, wall), (a + drop + 2, wall + long), (b + drop - 1, wall + long),
            (b + drop * 0.6, wall + 1)]


def roots(width):
    """Roots at L4, L5 and S1 seen from behind: the patient's left is at the left."""
    d, mid = Drawing(width, 190), width / 2
    levels = {"L4": 150, "L5": 92, "S1": 34}
    for name, y in levels.items():
        d.add(shape([(mid - 62, y + 15), (mid + 62, y + 15), (mid + 56, y), (mid + 62, y - 15),
                     (mid - 62, y - 15), (mid - 56, y)], BONE))
        label(d, mid - 86, y - 3, name, 9, font="VeraBd")
    for pair, y in (("L4/L5", 121), ("L5/S1", 63)):
        d.add(shape([(mid - 63, y + 13), (mid + 63, y + 13), (mid + 66, y), (mid + 63, y - 13),
                     (mid - 63, y - 13), (mid - 66, y)], DISC))
    d.add(shape([(mid - 26, 188), (mid + 26, 188), (mid + 13, 4), (mid - 13, 4)], SAC))
    d.add(Ellipse(mid - 28, 119, 11, 8, fillColor=HURT, strokeColor=INK, strokeWidth=0.7))
    d.add(Ellipse(mid + 58, 127, 10, 7, fillColor=HURT, strokeColor=INK, strokeWidth=0.7))
    for side in (-1, 1):
        for name, top in (("L4", 178), ("L5", 134), ("S1", 80)):
            y = levels[name]
            path = Curve(strokeColor=NERVE, strokeWidth=4.2, fillColor=None)
            path.moveTo(mid + side * 17, top)
            path.curveTo(mid + side * 32, top - 20, mid + side * 30, y - 8, mid + side * 70, y - 29)
            d.add(path)
        for y in levels.values():
            d.add(Ellipse(mid + side * 43, y + 2, 8.5, 10, fillColor=HexColor("#cdb88c"),
                          strokeColor=INK, strokeWidth=0.7))
    for pair, y in (("L4/L5", 121), ("L5/S1", 63)):
        label(d, mid, y - 3, pair, 7, font="VeraBd")
    label(d, mid - 28, 116.2, "P", 8, font="VeraBd", colour=HexColor("#ffffff"))
    label(d, mid + 58, 124.2, "F", 8, font="VeraBd", colour=HexColor("#ffffff"))
    for side in (-1, 1):
        for name, y in levels.items():
            label(d, mid + side * 76, y - 33, f"{name} root", 6.8,
                  "end" if side < 0 else "start")
    label(d, 2, 180, "left", 7, "start")
    label(d, width - 2, 180, "right", 7, "end")
    return d


def shapes(width):
    """Bulge, protrusion, extrusion from above; sequestration from the side."""
    d, step = Drawing(width, 118), width / 4
    for i, (letter, name) in enumerate((("a", "bulge"), ("b", "protrusion"), ("c", "extrusion"))):
        x, y = step * (i + 0.5), 64
        if name == "bulge":
            d.add(Ellipse(x, y - 2, 50, 38, fillColor=HexColor("#c9dfeb"), strokeColor=INK,
                          strokeWidth=0.7))
        d.add(_canal(x, y))
        if name == "protrusion":
            d.add(shape(_bump(x + 10, y - 30, 15, 11, 0.0), HURT))
        if name == "extrusion":
            d.add(shape(_bump(x + 10, y - 30, 6, 20, 9.0), HURT))
        d.add(Ellipse(x, y, 46, 33, fillColor=DISC, strokeColor=INK, strokeWidth=0.9))
        d.add(Ellipse(x, y + 2, 26, 15, fillColor=HexColor("#d7e8f1"), strokeColor=None))
        label(d, x, 2, f"({letter}) {name}", 8, font="VeraBd")
    x = step * 3.5
    for y0, fill in ((72, BONE), (58, DISC), (14, BONE)):
        height = 40 if fill is BONE else 14
        d.add(shape([(x - 40, y0), (x + 8, y0), (x + 8, y0 + height), (x - 40, y0 + height)], fill))
    d.add(shape([(x + 10, 14), (x + 28, 14), (x + 28, 114), (x + 10, 114)], SAC))
    d.add(Ellipse(x + 14, 40, 5, 10, fillColor=HURT, strokeColor=INK, strokeWidth=0.7))
    d.add(shape(_side_bump(x + 8, 65, 3, 5), HURT))
    label(d, x, 2, "(d) sequestration", 8, font="VeraBd")
    return d


def _canal(x, y):
    return shape([(x - 24, y - 29), (x + 24, y - 29), (x + 17, y - 44), (x, y - 54),
                  (x - 17, y - 44)], SAC)


def _bump(x, y, base, tall, extra):
    """A lump hanging down from the disc; `extra` widens it below its neck."""
    ring = []
    for i in range(25):
        t = math.pi * i / 24
        wide = base + extra * math.sin(t) ** 2
        ring.append((x - wide * math.cos(t), y - tall * math.sin(t)))
    return ring + [(x + base, y + 8), (x - base, y + 8)]


def _side_bump(x, y, out, tall):
    return [(x, y - tall), (x + out, y - tall * 0.5), (x + out, y + tall * 0.5), (x, y + tall)]


def cobb(width):
    """A right thoracic curve from behind, T4 to L3."""
    d = Drawing(width, 236)
    names = [f"T{i}" for i in range(4, 13)] + ["L1", "L2", "L3"]
    tilt = dict(zip(names, [8, 16, 21, 14, 7, 0, -8, -15, -21, -13, -5, 0]))
    x, y, ends = width - 92, 226.0, {}
    for name in names:
        t = math.radians(tilt[name])
        tall, half = 14.0, 11.0 + 0.45 * names.index(name)
        along, across = (math.sin(t), -math.cos(t)), (math.cos(t), math.sin(t))
        top, low = (x, y), (x + along[0] * tall, y + along[1] * tall)
        quad = [(top[0] - across[0] * half, top[1] - across[1] * half),
                (top[0] + across[0] * half, top[1] + across[1] * half),
                (low[0] + across[0] * half, low[1] + across[1] * half),
                (low[0] - across[0] * half, low[1] - across[1] * half)]
        d.add(shape(quad, NERVE if name in ("T6", "T12") else BONE))
        middle = ((top[0] + low[0]) / 2, (top[1] + low[1]) / 2)
        label(d, middle[0], middle[1] - 2.4, name, 6, font="VeraBd")
        ends[name] = (top, low, across)
        gap = 4.2
        x, y = low[0] + along[0] * gap, low[1] + along[1] * gap
    _cobb_lines(d, ends)
    label(d, 4, 4, "left", 7, "start")
    label(d, width - 4, 4, "right", 7, "end")
    return d


def _cobb_lines(d, ends):
    (top, _, a), (_, low, b) = ends["T6"], ends["T12"]
    # Both endplates are drawn on to the concave side, where their lines meet.
    den = a[0] * b[1] - a[1] * b[0]
    dx, dy = low[0] - top[0], low[1] - top[1]
    t = (dx * b[1] - dy * b[0]) / den
    meet = (top[0] + a[0] * t, top[1] + a[1] * t)
    for point, way in ((top, a), (low, b)):
        d.add(Line(meet[0], meet[1], point[0] + way[0] * 34, point[1] + way[1] * 34,
                   strokeColor=HURT, strokeWidth=1.0))
    angle = math.degrees(math.atan2(a[1], a[0]) - math.atan2(b[1], b[0]))
    start, stop = math.atan2(b[1], b[0]), math.atan2(a[1], a[0])
    arc = [(meet[0] + 26 * math.cos(start + (stop - start) * i / 20),
            meet[1] + 26 * math.sin(start + (stop - start) * i / 20)) for i in range(21)]
    d.add(PolyLine([v for p in arc for v in p], strokeColor=HURT, strokeWidth=1.0))
    label(d, meet[0] + 31, meet[1] - 3, f"{angle:.0f}°", 9, "start", "VeraBd", HURT)


def rasters(folder):
    """Writes the phantoms; returns the files of each figure."""
    fine = 0.55
    grades = ["L1/L2", "L2/L3", "L3/L4", "L4/L5", "L5/S1"]
    column = phantom.lumbar(wear=dict(zip(grades, (0.0, 0.28, 0.58, 0.85, 1.0))), top=(106.0, -24.0),
                            collapse={"L3/L4": 0.1, "L4/L5": 0.25, "L5/S1": 0.62})
    discs = Image.fromarray(phantom.sagittal_lumbar("T2", column, fine, 13, (162.0, 206.0)))
    _write_names(discs, column, dict(zip(grades, ("I", "II", "III", "IV", "V"))), fine)
    low = dict(top=(72.0, -142.0), wear={"L5/S1": 1.0, "L4/L5": 0.5}, collapse={"L5/S1": 0.35})
    size = (120.0, 110.0)
    dark = phantom.sagittal_lumbar("T1", phantom.lumbar(stain={"L5/S1": 74}, **low), fine, 14, size)
    bright = phantom.sagittal_lumbar("T2", phantom.lumbar(stain={"L5/S1": 196}, **low), fine, 15,
                                     size)
    neck = phantom.cervical(narrow={"C5/C6": 6.0}, wear={"C5/C6": 0.95, "C4/C5": 0.5, "C6/C7": 0.6},
                            collapse={"C5/C6": 0.35})
    slip = phantom.lumbar(slip={"L4": 8.0}, top=(84.0, -58.0), collapse={"L4/L5": 0.3})
    broken = phantom.thoracolumbar(wedge={"L1": 0.3})
    pictures = {
        "pfirrmann.jpg": discs,
        "modic-a.jpg": dark,
        "modic-b.jpg": bright,
        "axial-a.jpg": _axial(fine, 16, wear=0.1),
        "axial-b.jpg": _axial(fine, 17, canal=2, left=2, right=2, wear=0.9, low=True),
        "neck.png": phantom.sagittal_cervical("T2", neck, 0.5, 18, (130.0, 165.0),
                                              signal=["C5/C6"]),
        "slip.jpg": _measure(phantom.radiograph(slip, fine, 19, (150.0, 165.0)), slip, fine),
        "fracture.jpg": _name_bones(phantom.radiograph(broken, fine, 20, (130.0, 165.0)), broken,
                                    ("T11", "T12", "L1", "L2", "L3"), fine),
        "case.png": _axial(fine, 21, left=0, wear=0.8, low=True, paracentral="left"),
    }
    for name, pixels in pictures.items():
        image = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
        image.save(folder / name, **(dict(quality=88) if name.endswith("jpg") else {}))
    return {name: folder / name for name in pictures}


def _axial(px, seed, **how):
    """The middle of an axial phantom."""
    whole = Image.fromarray(phantom.axial_lumbar("T2", px=px, seed=seed, **how))
    w, h = whole.size
    return whole.crop((round(w * 0.14), round(h * 0.24), round(w * 0.86), round(h * 0.87)))


def _write_names(image, spine, grades, px):
    pen, font = ImageDraw.Draw(image), ImageFont.truetype(FONT, 12)
    for pair, grade in grades.items():
        x, y = spine.at(sum(spine.spans[pair]) / 2, -spine.depth / 2 - 18)
        pen.text((x / px - 4, y / px), f"{pair}  {grade}", fill=235, font=font, anchor="rm")


def _name_bones(pixels, spine, names, px):
    """Writes the vertebrae's names on their bodies."""
    image = Image.fromarray(pixels).convert("RGB")
    pen, font = ImageDraw.Draw(image), ImageFont.truetype(FONT, 14)
    for name in names:
        x, y = spine.at(sum(spine.spans[name]) / 2, 0.0, soft=False)
        pen.text((x / px, y / px), name, fill=(20, 20, 20), font=font, anchor="mm")
    return image


def _measure(pixels, spine, px):
    """Draws the two distances of a slip."""
    image = _name_bones(pixels, spine, ("L3", "L4", "L5", "S1"), px)
    pen, font = ImageDraw.Draw(image), ImageFont.truetype(FONT, 14)
    half = spine.depth / 2
    above, below = spine.spans["L4"][1], spine.spans["L5"][0]
    slipped = spine.at(above, half, soft=False)
    front, back = (spine.body("L5")[0], spine.body("L5")[1])
    red, gap = (230, 70, 60), 7.0
    line = [(front[0] / px, front[1] / px + gap), (back[0] / px, back[1] / px + gap)]
    pen.line(line, fill=red, width=2)
    pen.text((line[0][0] * 0.8 + line[1][0] * 0.2, line[0][1] + 10), "b", fill=red, font=font,
             anchor="mm")
    pen.line([(slipped[0] / px, slipped[1] / px), (back[0] / px, slipped[1] / px)], fill=red,
             width=2)
    pen.line([(back[0] / px, back[1] / px), (back[0] / px, slipped[1] / px)], fill=red, width=1)
    pen.text((back[0] / px - 8, slipped[1] / px - 11), "a", fill=red, font=font, anchor="lm")
    return image
