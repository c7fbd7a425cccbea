"""Drawn spine phantoms: grey pictures in the style of MR and radiographs.

Nothing here comes from a person.  A phantom is a few polygons in millimetres, filled with the
grey that the tissue has in the sequence, drawn four times too large, shrunk, and covered with
noise from a fixed seed.  The same call gives the same picture.

Conventions: sagittal pictures have anterior at the left and the head at the top; axial pictures
have anterior at the top and the patient's right at the left, as radiologists view them.
"""

import math
from dataclasses import dataclass, field

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

# Grey values, 0 to 255, by sequence and tissue.
GREY = {
    "T2": dict(air=4, fat=165, muscle=55, bone=118, cortex=22, annulus=30, csf=235, cord=112,
               root=70, ligament=18, bowel=80, vessel=14, disc=(62, 205)),
    "T1": dict(air=4, fat=218, muscle=74, bone=142, cortex=26, annulus=62, csf=46, cord=98,
               root=84, ligament=30, bowel=96, vessel=16, disc=(84, 92)),
    "XR": dict(air=14, fat=60, muscle=72, bone=150, cortex=205, annulus=74, csf=74, cord=74,
               root=74, ligament=74, bowel=64, vessel=72, disc=(78, 78)),
}
SUPER = 4


class Canvas:
    """A picture in millimetres, `SUPER` times too large until it is finished."""

    def __init__(self, width_mm, height_mm, px_mm, background):
        self.px, self.scale = px_mm, SUPER / px_mm
        self.cols, self.rows = round(width_mm / px_mm), round(height_mm / px_mm)
        self.image = Image.new("L", (self.cols * SUPER, self.rows * SUPER), background)
        self.draw = ImageDraw.Draw(self.image)

    def polygon(self, points, grey):
        self.draw.polygon([(x * self.scale, y * self.scale) for x, y in points], fill=grey)

    def line(self, points, grey, width_mm):
        width = max(1, round(width_mm * self.scale))
        self.draw.line([(x * self.scale, y * self.scale) for x, y in points], fill=grey,
                       width=width, joint="curve")

    def ellipse(self, x, y, rx, ry, grey, angle=0.0):
        turn = math.radians(angle)
        ring = []
        for step in range(72):
            t = step * math.tau / 72
            u, v = rx * math.cos(t), ry * math.sin(t)
            ring.append((x + u * math.cos(turn) - v * math.sin(turn),
                         y + u * math.sin(turn) + v * math.cos(turn)))
        self.polygon(ring, grey)

    def finish(self, seed, noise=5.0, blur=0.6):
        """The picture as 8-bit array, softened and with noise."""
        soft = self.image.filter(ImageFilter.GaussianBlur(blur * SUPER))
        small = np.asarray(soft.resize((self.cols, self.rows), Image.Resampling.BOX), dtype=float)
        rough = np.random.Generator(np.random.PCG64(seed)).normal(0.0, noise, small.shape)
        shade = 1.0 - 0.16 * np.linspace(-1, 1, self.cols)[None, :] ** 2
        return np.clip(np.rint(small * shade + rough), 0, 255).astype(np.uint8)


@dataclass
class Spine:
    """A column of vertebrae seen from the side, and what is wrong with it."""

    names: list
    heights: list                       # mm, one per vertebra
    discs: list                         # mm, one per pair of vertebrae
    depth: float                        # mm, front to back
    tilt: list                          # degrees from the vertical at each vertebra's middle
    top: tuple = (80.0, 14.0)           # mm, where the column starts
    canal: float = 15.0                 # mm, front to back
    wear: dict = field(default_factory=dict)     # disc -> 0 (white) to 1 (black)
    collapse: dict = field(default_factory=dict) # disc -> lost part of its height
    narrow: dict = field(default_factory=dict)   # disc -> canal that is left, mm
    slip: dict = field(default_factory=dict)     # vertebra -> mm forward, with all above it
    wedge: dict = field(default_factory=dict)    # vertebra -> lost part of its front height
    stain: dict = field(default_factory=dict)    # disc -> grey of the endplates beside it
    dark_bone: dict = field(default_factory=dict)  # vertebra -> grey of the whole body

    def __post_init__(self):
        self.spans, at = {}, 0.0
        for i, name in enumerate(self.names):
            self.spans[name] = (at, at + self.heights[i])
            at += self.heights[i]
            if i + 1 < len(self.names):
                pair = f"{name}/{self.names[i + 1]}"
                gap = self.discs[i] * (1 - self.collapse.get(pair, 0.0))
                self.spans[pair] = (at, at + gap)
                at += gap
        self.length = at
        knots = [sum(self.spans[n]) / 2 for n in self.names]
        steps = np.arange(-40.0, at + 60.0, 0.25)
        angle = np.radians(np.interp(steps, knots, self.tilt))
        x, y = np.cumsum(np.sin(angle)) * 0.25, np.cumsum(np.cos(angle)) * 0.25
        zero = int(np.searchsorted(steps, 0.0))
        self._s, self._angle = steps, angle
        self._x, self._y = x - x[zero] + self.top[0], y - y[zero] + self.top[1]

    def at(self, s, offset, soft=True):
        """The point `offset` mm behind the column's axis at length `s`.

        A slip moves bones at once; soft parts follow it over some 2 cm.
        """
        a = np.interp(s, self._s, self._angle)
        forward = 0.0
        for name, mm in self.slip.items():
            edge = self.spans[name][1] + 1.0
            forward += mm / (1 + math.exp((s - edge - 3.0) / 4.0)) if soft else mm * (s < edge)
        return (float(np.interp(s, self._s, self._x) + offset * math.cos(a)) - forward,
                float(np.interp(s, self._s, self._y) - offset * math.sin(a)))

    def body(self, name, shrink=0.0):
        """The outline of a vertebral body."""
        a, b = self.spans[name]
        a, b, half = a + shrink, b - shrink, self.depth / 2 - shrink
        if name.startswith("S"):
            half *= 1.0 - 0.16 * (int(name[1:]) - 1)
        lost = (b - a) * self.wedge.get(name, 0.0)
        waist = 0.06 * self.depth
        sides = [(a + lost, -half), (a, half), ((a + b) / 2, half - waist), (b, half), (b, -half),
                 ((a + b + lost) / 2, -half + waist)]
        if lost:
            sides.insert(1, (a + lost * 0.6, 0.1 * half))
        return [self.at(s, o, soft=False) for s, o in sides]

    def disc(self, pair, bulge=0.0, inset=0.0):
        """The outline of a disc, bulging `bulge` mm into the canal."""
        a, b = self.spans[pair]
        above = pair.split("/")[0]
        half, mid = self.depth / 2 - inset, (a + b) / 2
        forward = self.slip.get(above, 0.0)
        ring = [(a, -half), (a, half), (mid, half + 0.8 + bulge), (b, half), (b, -half),
                (mid, -half - 1.2)]
        points = []
        for s, o in ring:
            x, y = self.at(s, o, soft=False)
            if forward:
                x += forward * (s <= a + 1.0) - forward * (b - s) / max(b - a, 0.1)
            points.append((x, y))
        return points

    def squeeze(self, s):
        """How much of the canal is lost at `s`: (from the front, from behind), mm."""
        front = back = 0.0
        for pair, left in self.narrow.items():
            a, b = self.spans[pair]
            bell = math.exp(-(((s - (a + b) / 2) / 5.0) ** 2))
            front = max(front, (self.canal - left) * 0.55 * bell)
            back = max(back, (self.canal - left) * 0.45 * bell)
        return front, back

    def sac(self, start, end, margin=0.0):
        """The outline of the dural sac, narrowed where `narrow` says so."""
        front, back = [], []
        for s in np.arange(start, end, 1.0):
            lost_front, lost_back = self.squeeze(s)
            taper = min(1.0, max(0.12, (end - s) / 26.0))
            wall = self.depth / 2 + 1.6
            front.append(self.at(s, wall + lost_front + margin))
            back.append(self.at(s, wall + max(self.canal * taper - lost_back,
                                              lost_front + 0.8) - margin))
        return front + back[::-1]


def lumbar(**changes):
    """A lumbar column from T12 to S3 with usual sizes."""
    names = ["T12", "L1", "L2", "L3", "L4", "L5", "S1", "S2", "S3"]
    given = dict(names=names, heights=[25, 26, 27, 27.5, 27.5, 27, 26, 21, 18],
                 discs=[6.5, 7.5, 8.5, 9.5, 10.5, 9.5, 2.0, 1.5], depth=34.0,
                 tilt=[-11, -14, -13, -8, 1, 13, 34, 46, 52], top=(94.0, -2.0))
    given.update(changes)
    return Spine(**given)


def thoracolumbar(**changes):
    """A column from T10 to L4."""
    names = ["T10", "T11", "T12", "L1", "L2", "L3", "L4"]
    given = dict(names=names, heights=[23, 24, 25, 26, 27, 27.5, 27.5],
                 discs=[5, 5.5, 6.5, 7.5, 8.5, 9.5], depth=33.0,
                 tilt=[8, 6, 2, -4, -8, -8, -2], top=(66.0, 4.0))
    given.update(changes)
    return Spine(**given)


def cervical(**changes):
    """A cervical column from C2 to T2."""
    names = ["C2", "C3", "C4", "C5", "C6", "C7", "T1", "T2"]
    given = dict(names=names, heights=[19, 13.5, 13.5, 13, 13, 14.5, 16.5, 18],
                 discs=[5.5, 5.5, 5.5, 5.5, 5.5, 4.5, 4.0], depth=16.5,
                 tilt=[-6, -10, -9, -4, 3, 9, 13, 14], top=(64.0, 34.0), canal=14.0)
    given.update(changes)
    return Spine(**given)


def _bones(canvas, spine, grey):
    """Bodies and discs."""
    low, high = grey["disc"]
    for name in spine.names:
        canvas.polygon(spine.body(name), grey["cortex"])
        canvas.polygon(spine.body(name, 1.1), spine.dark_bone.get(name, grey["bone"]))
    for pair, tone in spine.stain.items():
        for name, near_end in zip(pair.split("/"), (True, False)):
            a, b = spine.spans[name]
            s0, s1 = (b - 9.0, b - 1.2) if near_end else (a + 1.2, a + 9.0)
            half = spine.depth / 2 - 2.2
            canvas.polygon([spine.at(s0, -half), spine.at(s0, half), spine.at(s1, half),
                            spine.at(s1, -half)], tone)
    for pair in [p for p in spine.spans if "/" in p]:
        lost_front = spine.squeeze(sum(spine.spans[pair]) / 2)[0]
        canvas.polygon(spine.disc(pair, lost_front), grey["annulus"])
        wear = spine.wear.get(pair, 0.15)
        core = high + (low - high) * wear
        a, b = spine.spans[pair]
        if b - a > 4.0:
            points = spine.disc(pair, lost_front * 0.5, 4.0)
            mid = np.mean(points, axis=0)
            canvas.polygon([tuple(mid + (np.array(p) - mid) * (0.9, 0.62)) for p in points],
                           round(core))


def _posterior(canvas, spine, grey):
    """Spinous processes with fat between them."""
    for name in spine.names:
        a, b = spine.spans[name]
        wall = spine.depth / 2 + spine.canal + 4.0
        long = spine.depth * (0.75 if not name.startswith("S") else 0.3)
        drop = 0.35 * (b - a)
        quad = [(a + drop, wall), (a + drop + 2, wall + long), (b + drop - 1, wall + long),
                (b + drop * 0.6, wall + 1)]
        canvas.polygon([spine.at(s, o) for s, o in quad], grey["cortex"])
        inner = [(a + drop + 1.3, wall + 1.4), (a + drop + 3, wall + long - 1.4),
                 (b + drop - 2.3, wall + long - 1.4), (b + drop * 0.6 - 1.3, wall + 2.2)]
        canvas.polygon([spine.at(s, o) for s, o in inner], grey["bone"])


def _band(spine, inner, outer, grey, canvas, start=-40.0, end=None):
    end = spine.length + 55.0 if end is None else end
    steps = np.arange(start, end, 3.0)
    canvas.polygon([spine.at(s, inner) for s in steps]
                   + [spine.at(s, outer) for s in steps[::-1]], grey)


def sagittal_lumbar(sequence, spine, px=1.25, seed=1, size=(180.0, 240.0)):
    """A midline sagittal picture of the lumbar spine."""
    grey = GREY[sequence]
    canvas = Canvas(*size, px, grey["bowel"])
    half = spine.depth / 2
    _band(spine, -half - 14, -half - 3, grey["vessel"], canvas, end=spine.spans["L4"][1])
    _band(spine, half, half + 62, grey["fat"], canvas)
    _band(spine, half + spine.canal + 4, half + spine.canal + 30, grey["muscle"], canvas)
    _band(spine, half + 72, half + 160, grey["air"], canvas)
    _posterior(canvas, spine, grey)
    end = spine.spans["S2"][1]
    canvas.polygon(spine.sac(-20.0, end, -0.9), grey["ligament"])
    canvas.polygon(spine.sac(-20.0, end), grey["csf"])
    conus = spine.spans["L1"][1] - 3.0
    core = half + 1.6 + spine.canal * 0.52
    cord = [(s, 3.6 * min(1.0, max(0.1, (conus - s) / 24.0))) for s in np.arange(-20, conus, 1.5)]
    canvas.polygon([spine.at(s, core - w) for s, w in cord]
                   + [spine.at(s, core + w) for s, w in cord[::-1]], grey["cord"])
    for lane in (0.62, 0.72, 0.82):
        canvas.line([_root(spine, s, lane) for s in np.arange(conus - 8, end - 14, 2.0)],
                    grey["root"], 0.7)
    _bones(canvas, spine, grey)
    return canvas.finish(seed)


def _root(spine, s, lane):
    front, back = spine.squeeze(s)
    wall = spine.depth / 2 + 1.6
    return spine.at(s, wall + front + (spine.canal - front - back) * lane)


def parasagittal_lumbar(sequence, spine, foramina, px=1.25, seed=1, size=(180.0, 240.0)):
    """A sagittal picture through the pedicles; `foramina` maps a disc to 0, 1 or 2 (severe)."""
    grey = GREY[sequence]
    canvas = Canvas(*size, px, grey["bowel"])
    half = spine.depth / 2
    _band(spine, half, half + 62, grey["muscle"], canvas)
    _band(spine, half + 50, half + 75, grey["fat"], canvas)
    _band(spine, half + 72, half + 160, grey["air"], canvas)
    for name in spine.names:
        _pillar(canvas, spine, name, grey)
    _bones(canvas, spine, grey)
    for pair in [p for p in spine.spans if "/" in p and "/S" not in p.replace("/S1", "")]:
        _foramen(canvas, spine, pair, foramina.get(pair, 0), grey)
    return canvas.finish(seed)


def _pillar(canvas, spine, name, grey):
    a, b = spine.spans[name]
    half, tall = spine.depth / 2, b - a
    shapes = [[(a + 2, half - 2), (a + 2, half + 16), (a + 0.52 * tall, half + 16),
               (a + 0.52 * tall, half - 2)],
              [(a - 8, half + 14), (a - 8, half + 22), (b + 5, half + 26), (b + 5, half + 17),
               (a + 0.5 * tall, half + 13)]]
    forward = sum(mm for above, mm in spine.slip.items()
                  if spine.names.index(name) <= spine.names.index(above))
    shapes = [[spine.at(min(s, b), o, soft=False) for s, o in shape] if forward
              else [spine.at(s, o, soft=False) for s, o in shape] for shape in shapes]
    for shape in shapes:
        canvas.polygon(shape, grey["cortex"])
    for shape in shapes:
        mid = np.mean(shape, axis=0)
        canvas.polygon([tuple(mid + (np.array(p) - mid) * 0.84) for p in shape], grey["bone"])


def foramen_centre(spine, pair):
    """Where the foramen beside a disc lies, mm."""
    above, below = pair.split("/")
    top = spine.spans[above][0] + 0.52 * (spine.spans[above][1] - spine.spans[above][0])
    return spine.at((top + spine.spans[below][0] + 2) / 2 - 3, spine.depth / 2 + 7.5)


def _foramen(canvas, spine, pair, grade, grey):
    above, below = pair.split("/")
    a, b = spine.spans[above]
    top, bottom = a + 0.52 * (b - a) + 0.8, spine.spans[below][0] + 1.2
    half = spine.depth / 2
    wide, low = ((14.0, 1.0), (9.5, 0.72), (5.5, 0.50))[grade]
    bottom = top + (bottom - top) * low
    waist = 0.55 if grade == 0 else 0.4
    keyhole = [(top, half + 0.6), (top, half + 0.6 + wide), (top + (bottom - top) * 0.55,
               half + 0.6 + wide), (bottom, half + 0.6 + wide * waist), (bottom, half + 1.0)]
    full = [(top, half), (top, half + 15), (spine.spans[below][0], half + 13),
            (spine.spans[below][0] + 1, half)]
    canvas.polygon([spine.at(s, o) for s, o in full], grey["annulus"])
    if grade < 2:
        canvas.polygon([spine.at(s, o) for s, o in keyhole], grey["fat"])
    x, y = spine.at(top + 4.6, half + 0.6 + wide / 2)
    rx, ry = ((3.3, 3.6), (3.0, 3.2), (2.2, 3.6))[grade]
    canvas.ellipse(x, y, rx + 0.5, ry + 0.5, grey["annulus"])
    canvas.ellipse(x, y, rx, ry, grey["root"])


def axial_lumbar(sequence="T2", canal=0, left=0, right=0, wear=0.2, px=1.25, seed=1,
                 size=(140.0, 140.0), low=False, paracentral=None):
    """An axial picture at a disc.

    `canal`, `left` and `right` grade the sac and the lateral recesses from 0 to 2 (severe);
    `paracentral` is the side of a herniation, `low` draws the iliac vessels.
    """
    grey = GREY[sequence]
    canvas = Canvas(*size, px, grey["air"])
    cx, cy = size[0] / 2, size[1] * 0.44
    canvas.ellipse(cx, cy + 4, 84, 66, grey["fat"])
    canvas.ellipse(cx, cy - 26, 62, 44, grey["bowel"])
    for side in (-1, 1):
        canvas.ellipse(cx + side * 41, cy - 2, 14, 17, grey["muscle"], side * 18)
        canvas.ellipse(cx + side * 25, cy + 44, 20, 17, grey["muscle"], side * 12)
    vessels = [(-17, -29, 6.5), (15, -30, 6.5)] if low else [(-13, -28, 7.5), (9, -30, 7.5)]
    for dx, dy, r in vessels:
        canvas.ellipse(cx + dx, cy + dy, r, r * 0.9, grey["vessel"])
    _arch(canvas, cx, cy, grey)
    lo, hi = grey["disc"]
    canvas.ellipse(cx, cy, 26.5, 18.5, grey["annulus"])
    canvas.ellipse(cx, cy - 1, 18.5, 11.0, round(hi + (lo - hi) * wear))
    _canal(canvas, cx, cy + 18.0, canal, {-1: right, 1: left}, grey)
    if paracentral:
        side = 1 if paracentral == "left" else -1
        canvas.ellipse(cx + side * 5.8, cy + 19.8, 5.8, 5.6, grey["annulus"])
        canvas.ellipse(cx + side * 5.8, cy + 19.3, 4.3, 4.1, round(lo * 1.15))
    return canvas.finish(seed)


def _arch(canvas, cx, cy, grey):
    """Facet joints, laminae and the spinous process."""
    for side in (-1, 1):
        canvas.line([(cx + side * 19, cy + 30), (cx + side * 2, cy + 47)], grey["cortex"], 7.0)
        canvas.line([(cx + side * 19, cy + 30), (cx + side * 2, cy + 47)], grey["bone"], 4.0)
        canvas.ellipse(cx + side * 20, cy + 27, 9.0, 7.5, grey["cortex"], -side * 50)
        canvas.ellipse(cx + side * 20, cy + 27, 7.4, 5.9, grey["bone"], -side * 50)
        canvas.line([(cx + side * 16, cy + 32), (cx + side * 23, cy + 22)], grey["cortex"], 1.8)
    canvas.polygon([(cx - 3.5, cy + 46), (cx + 3.5, cy + 46), (cx + 2.5, cy + 66),
                    (cx - 2.5, cy + 66)], grey["cortex"])
    canvas.polygon([(cx - 2.2, cy + 46), (cx + 2.2, cy + 46), (cx + 1.3, cy + 64.5),
                    (cx - 1.3, cy + 64.5)], grey["bone"])


def _canal(canvas, cx, top, canal, recess, grey):
    """The dural sac, the recesses with their roots, and the yellow ligament."""
    opening = [(cx - 15, top - 1), (cx + 15, top - 1), (cx + 12, top + 11), (cx, top + 25),
               (cx - 12, top + 11)]
    canvas.polygon(opening, grey["ligament"])
    inner = [(cx - 13, top), (cx + 13, top), (cx + 9, top + 9), (cx, top + 22), (cx - 9, top + 9)]
    canvas.polygon(inner, grey["fat"])
    for side in (-1, 1):
        thick = (2.0, 4.0, 6.0)[canal]
        canvas.line([(cx + side * 12.5, top + 6), (cx + side * 1.5, top + 21)], grey["ligament"],
                    thick)
    half, tall = ((9.6, 14.5), (7.4, 9.0), (4.4, 4.6))[canal]
    y = top + 0.6 + tall / 2 + (0.0, 0.8, 1.4)[canal]
    if canal == 2:
        canvas.polygon([(cx - 13, top - 1), (cx + 13, top - 1), (cx + 7, top + 11),
                        (cx - 7, top + 11)], grey["annulus"])
    canvas.ellipse(cx, y, half + 0.7, tall / 2 + 0.7, grey["ligament"])
    canvas.ellipse(cx, y, half, tall / 2, grey["csf"] if canal < 2 else 88)
    if canal < 2:
        spread = (0.62, 0.60)[canal]
        for k in range(9):
            angle = math.pi * (0.08 + 0.105 * k)
            canvas.ellipse(cx + half * spread * math.cos(angle),
                           y + tall / 2 * spread * math.sin(angle), 0.85, 0.85, grey["root"])
    for side in (-1, 1):
        grade = recess[side]
        x = cx + side * (half + 2.6 if canal else 11.4)
        room = ((4.2, 3.6), (2.9, 2.6), (0.0, 0.0))[grade]
        if grade:
            canvas.ellipse(cx + side * 13.5, top + 5.2, 4.6 + grade * 1.2, 5.6, grey["ligament"])
            canvas.ellipse(cx + side * 9.5, top + 0.2, 5.4, 1.2 + grade * 1.2, grey["annulus"])
        if grade < 2 and canal < 2:
            canvas.ellipse(x, top + 3.4, *room, grey["fat"])
        canvas.ellipse(x, top + (3.4, 3.6, 3.4)[grade], *((1.9, 1.9), (1.7, 1.6), (1.5, 1.0))[grade],
                       grey["root"])


def sagittal_cervical(sequence, spine, px=0.9, seed=1, size=(150.0, 190.0), signal=()):
    """A midline sagittal picture of the neck; `signal` names discs with bright cord."""
    grey = GREY[sequence]
    canvas = Canvas(*size, px, grey["muscle"])
    half = spine.depth / 2
    _band(spine, -half - 14, -half - 7, grey["air"], canvas, start=-30)
    _band(spine, -half - 120, -half - 26, grey["fat"], canvas, start=20)
    _band(spine, -half - 180, -half - 46, grey["air"], canvas, start=-30)
    _band(spine, half + spine.canal + 36, half + spine.canal + 46, grey["fat"], canvas)
    _band(spine, half + spine.canal + 45, half + 160, grey["air"], canvas)
    _posterior(canvas, spine, grey)
    end = spine.length + 40
    canvas.polygon(spine.sac(-34.0, end, -0.8), grey["ligament"])
    canvas.polygon(spine.sac(-34.0, end), grey["csf"])
    _cord(canvas, spine, grey, signal)
    canvas.ellipse(*spine.at(-18.0, half + 40), 24, 15, grey["cord"])
    canvas.ellipse(*spine.at(-30.0, half + 6), 9, 15, grey["cord"])
    canvas.ellipse(*spine.at(-7.0, -half - 4.5), 3.2, 5.0, grey["bone"])
    canvas.polygon([spine.at(s, o) for s, o in
                    [(-14, -half * 0.45), (-14, half * 0.55), (2, half * 0.8), (2, -half * 0.8)]],
                   grey["bone"])
    _bones(canvas, spine, grey)
    return canvas.finish(seed)


def _cord(canvas, spine, grey, signal):
    front, back, wall = [], [], spine.depth / 2 + 1.6
    for s in np.arange(-34.0, spine.length + 40, 1.0):
        lost_front, lost_back = spine.squeeze(s)
        room = spine.canal - lost_front - lost_back
        wide = min(7.6, room * 0.94)
        mid = wall + lost_front + room / 2
        front.append(spine.at(s, mid - wide / 2))
        back.append(spine.at(s, mid + wide / 2))
    canvas.polygon(front + back[::-1], grey["cord"])
    for pair in signal:
        a, b = spine.spans[pair]
        lost_front, lost_back = spine.squeeze((a + b) / 2)
        mid = wall + lost_front + (spine.canal - lost_front - lost_back) / 2
        angle = -math.degrees(float(np.interp((a + b) / 2, spine._s, spine._angle)))
        canvas.ellipse(*spine.at((a + b) / 2, mid), 1.3, 5.5, 205, angle)


def radiograph(spine, px=0.8, seed=1, size=(150.0, 190.0)):
    """A lateral radiograph: bone bright, everything else soft."""
    grey = GREY["XR"]
    canvas = Canvas(*size, px, grey["muscle"])
    half = spine.depth / 2
    _band(spine, -half - 120, -half - 4, grey["bowel"], canvas)
    _band(spine, half + 58, half + 200, grey["air"], canvas)
    for name in spine.names:
        _pillar(canvas, spine, name, dict(grey, cortex=118, bone=108))
    for name in spine.names:
        canvas.polygon(spine.body(name), grey["cortex"])
        canvas.polygon(spine.body(name, 1.3), grey["bone"])
    return canvas.finish(seed, noise=4.0, blur=0.8)
