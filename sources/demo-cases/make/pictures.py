"""The cases' pictures, drawn with the phantoms of `demo-rsna`; no person was imaged.

Every function returns an 8-bit array in the phantoms' grey; `modality` turns it into stored
values.  Sagittal pictures have anterior at the left, axial ones the patient's left at the right.
"""

import sys
from pathlib import Path
from unittest import mock

import numpy as np
from PIL import Image, ImageDraw, ImageFont

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "demo-rsna" / "make"))

import phantom  # noqa: E402

# Bone is white on CT, and sac and cord look alike; 4 HU per grey, water at grey 75.
phantom.GREY["CT"] = dict(air=0, fat=50, muscle=88, bone=128, cortex=232, annulus=98, csf=78,
                          cord=84, root=80, ligament=92, bowel=72, vessel=86, disc=(96, 98))


def with_extra(extra, draw, *args, **named):
    """A phantom with something drawn over it, on the still sharp canvas."""
    class Marked(phantom.Canvas):
        def finish(self, *args, **named):
            extra(self)
            return super().finish(*args, **named)

    with mock.patch.object(phantom, "Canvas", Marked):
        return draw(*args, **named)


def extrusion(sequence, spine, disc, size):
    """Disc material behind its disc and the vertebra below, `size` 1 at its widest."""
    grey, (a, b) = phantom.GREY[sequence], spine.spans[disc]
    wall = spine.depth / 2 - 1.0

    def draw(canvas):
        for inset, tone in ((0.0, grey["annulus"]), (1.1, round(grey["disc"][0] * 1.2))):
            ring = [(a + inset, wall), (a + 0.5 + inset, wall + 6.5 * size - inset),
                    (b + 2, wall + 8.5 * size - inset), (b + 7 * size - inset, wall + 6.5 * size - inset),
                    (b + 8.5 * size - inset, wall + 2.5 + inset / 2), (b + inset, wall + 1.5)]
            canvas.polygon([spine.at(s, o) for s, o in ring], tone)
    return draw


def laminectomy(sequence, spine, name):
    """The arch of one vertebra is gone; fluid and scar lie in its place."""
    grey, (a, b) = phantom.GREY[sequence], spine.spans[name]
    wall = spine.depth / 2 + spine.canal + 2.6

    def draw(canvas):
        scar = [(a + 4, wall), (a + 6, wall + 33), (b + 12, wall + 33), (b + 10, wall)]
        canvas.polygon([spine.at(s, o) for s, o in scar], grey["muscle"])
        fluid = [(a + 11, wall + 1), (a + 14, wall + 11), (b + 5, wall + 11), (b + 6, wall + 1)]
        canvas.polygon([spine.at(s, o) for s, o in fluid],
                       round((grey["csf"] + grey["muscle"]) / 2))
    return draw


def burst(spine, name):
    """A fragment of the upper back corner in the canal, and fracture lines."""
    a, b = spine.spans[name]
    half, lost = spine.depth / 2, (b - a) * spine.wedge.get(name, 0.0)

    def draw(canvas):
        piece = [(a + 1, half - 7), (a + 0.5, half + 5.5), (a + 6, half + 7.5), (a + 13, half + 1)]
        canvas.polygon([spine.at(s, o) for s, o in piece], 232)
        mid = np.mean(piece, axis=0)
        canvas.polygon([spine.at(*(mid + (np.array(p) - mid) * 0.72)) for p in piece], 150)
        for line in ([(a + lost, -half + 6), (a + 15, -2), (b - 3, 1)],
                     [(a + 2, half - 8), (a + 14, half - 3)], [(a + 12, -half), (a + 15, -2)]):
            canvas.line([spine.at(s, o) for s, o in line], 86, 1.1)
    return draw


def nothing(_):
    """No extra drawing."""


def thoracolumbar(**changes):
    """A column from T10 to L4 that runs on below the picture."""
    spine = phantom.thoracolumbar(**changes)
    spine.spans["S2"] = (spine.length + 30.0, spine.length + 40.0)
    return spine


def axial_ct(fracture, px, seed, size=(140.0, 140.0)):
    """An axial CT picture of a vertebra; `fracture` from 0 (none) to 1 (burst)."""
    grey = phantom.GREY["CT"]
    canvas = phantom.Canvas(*size, px, grey["air"])
    cx, cy = size[0] / 2, size[1] * 0.42
    canvas.ellipse(cx, cy + 6, 68, 56, grey["fat"])
    canvas.ellipse(cx, cy - 22, 54, 32, grey["bowel"])
    for side in (-1, 1):
        canvas.ellipse(cx + side * 33, cy + 4, 11, 15, grey["muscle"], side * 18)
        canvas.ellipse(cx + side * 24, cy + 42, 19, 15, grey["muscle"], side * 12)
        canvas.line([(cx + side * 17, cy + 18), (cx + side * 43, cy + 24)], grey["cortex"], 6)
        canvas.line([(cx + side * 17, cy + 18), (cx + side * 42, cy + 23.8)], grey["bone"], 3.4)
    canvas.ellipse(cx - 4, cy - 27, 8.5, 8.5, grey["vessel"])
    _body_ct(canvas, cx, cy, fracture, grey)
    _ring_ct(canvas, cx, cy, grey)
    if fracture:
        _fragments(canvas, cx, cy, fracture, grey)
    return canvas.finish(seed, noise=4.0, blur=0.4)


def _body_ct(canvas, cx, cy, fracture, grey):
    wide = 1.0 + 0.10 * fracture
    canvas.ellipse(cx, cy, 22.5 * wide, 16.5 * wide, grey["cortex"])
    canvas.ellipse(cx, cy, 21.0 * wide, 15.0 * wide, grey["bone"])


def _ring_ct(canvas, cx, cy, grey):
    """Pedicles, laminae, spinous process, and the sac between them."""
    top = cy + 14.0
    for side in (-1, 1):
        for tone, width in ((grey["cortex"], 7.5), (grey["bone"], 4.6)):
            canvas.line([(cx + side * 14, cy + 9), (cx + side * 15.5, cy + 24),
                         (cx + side * 10, cy + 30), (cx, cy + 37)], tone, width)
    for tone, inset in ((grey["cortex"], 0.0), (grey["bone"], 1.3)):
        canvas.polygon([(cx - 4 + inset, cy + 36), (cx + 4 - inset, cy + 36),
                        (cx + 3 - inset, cy + 58 - inset), (cx - 3 + inset, cy + 58 - inset)], tone)
    canvas.ellipse(cx, top + 8.8, 11.5, 8.8, grey["fat"])
    canvas.ellipse(cx, top + 8.8, 9.2, 7.6, grey["csf"])
    canvas.ellipse(cx, top + 9.2, 5.0, 4.2, grey["cord"])


def _fragments(canvas, cx, cy, fracture, grey):
    for dx, dy, turn in ((-3.5, 16.2, 12), (5.0, 15.4, -18)):
        canvas.ellipse(cx + dx, cy + dy + 2.4 * fracture, 6.8, 4.4 * fracture, grey["cortex"], turn)
        canvas.ellipse(cx + dx, cy + dy + 2.2 * fracture, 5.0, 2.8 * fracture, 160, turn)
    for line in ([(-22, -4), (-8, 0), (-2, 13)], [(-8, 0), (4, -15)], [(-2, 4), (12, 2), (22, -5)],
                 [(12, 2), (10, 13)]):
        canvas.line([(cx + x, cy + y) for x, y in line], 84, 1.4 * fracture + 0.3)


def lateral_neck(spine, px, seed, spurs):
    """A lateral radiograph of the neck with spurs at the edges of the named discs."""
    half = spine.depth / 2

    def draw(canvas):
        for disc in spurs:
            a, b = spine.spans[disc]
            for s, tip in ((a - 1.5, a + 0.4), (b + 1.5, b - 0.4)):
                for out in (-1, 1):
                    ring = [(s, out * (half - 1)), (tip, out * (half + 3.2)), (tip, out * (half - 2))]
                    canvas.polygon([spine.at(x, y, soft=False) for x, y in ring], 198)
        for s in (-12.0, -5.0):
            canvas.ellipse(*spine.at(s, 1.0), half * 0.7, 6.5, 168)
        canvas.ellipse(*spine.at(-7.0, -half - 3.6), 2.6, 5.2, 150)
    return with_extra(draw, phantom.radiograph, spine, px, seed)


def frontal_neck(px, seed, size=(150.0, 190.0)):
    """A frontal radiograph of the neck."""
    canvas = phantom.Canvas(*size, px, 10)
    cx = size[0] / 2
    canvas.polygon([(cx - 40, 0), (cx + 40, 0), (cx + 36, 110), (cx + 75, 150), (cx + 75, 190),
                    (cx - 75, 190), (cx - 75, 150), (cx - 36, 110)], 74)
    canvas.ellipse(cx, -8, 46, 44, 150)
    for side in (-1, 1):
        for k in range(2):
            canvas.line([(cx + side * 14, 150 + 15 * k), (cx + side * 72, 138 + 22 * k)], 122, 6)
    for k in range(8):
        y, wide, tall = 42 + 16.6 * k, 13.0 + 0.9 * k, 13.2 + 0.3 * k
        canvas.polygon([(cx - wide, y), (cx - wide - 1.5, y - 3), (cx + wide + 1.5, y - 3),
                        (cx + wide, y), (cx + wide, y + tall), (cx - wide, y + tall)], 186)
        canvas.polygon([(cx - wide + 1.2, y + 1), (cx + wide - 1.2, y + 1),
                        (cx + wide - 1.2, y + tall - 1.2), (cx - wide + 1.2, y + tall - 1.2)], 148)
        canvas.ellipse(cx, y + tall * 0.72, 2.6, 3.6, 196)
        for side in (-1, 1):
            canvas.ellipse(cx + side * (wide + 3.6), y + 6, 4.4, 7.2, 138)
    canvas.polygon([(cx - 6, 70), (cx + 6, 70), (cx + 8, 190), (cx - 8, 190)], 112)
    return canvas.finish(seed, noise=4.0, blur=0.9)


def letter(pixels, lines, at, size=13, grey=250):
    """The picture with text burned into it."""
    image = Image.fromarray(pixels)
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(size)
    for row, line in enumerate(lines):
        draw.text((at[0], at[1] + row * (size + 3)), line, fill=grey, font=font)
    return np.asarray(image)


def mask(shape, lines, at, size=12):
    """Text as a plane of bits, for overlays."""
    return letter(np.zeros(shape, np.uint8), lines, at, size) > 127


def screenshot(pixels, lines):
    """A workstation's screen in colour: a small picture beside the patient's data."""
    screen = np.full((200, 320), 24, np.uint8)
    small = Image.fromarray(pixels).resize((150, 150), Image.Resampling.BOX)
    screen[25:175, 8:158] = np.asarray(small)
    screen = letter(screen, lines, (168, 30), 12)
    return np.stack([screen, screen, np.maximum(screen, 40)], axis=-1)
