"""Ultrasound clips, secondary captures and compressed pictures with burned-in identities."""

import io

import numpy as np
from PIL import Image
from pydicom.encaps import encapsulate
from pydicom.uid import JPEG2000Lossless

from . import scans, sound
from .people import FIA, MARY, MONT
from .pictures import burn, phantom, pixels, run_length
from .planted import Study

MONT_1 = Study(MONT, 1, "20240510", "US paraspinal muscles left", ("US", "paraspinal", "left"))
MONT_2 = Study(MONT, 2, "20241011", f"US lumbar Dra. {MONT.family('referring')}", ("US", "lumbar"))
FIA_2 = Study(FIA, 2, "20240821", "Control after vertebroplasty", ("Control", "vertebroplasty"))
MARY_2 = Study(MARY, 2, "20240930", "MRI cervical spine", ("MRI", "cervical", "spine"), "CSPINE")


def made():
    yield from _clips()
    yield from _captures()
    yield from _compressed()


def _clips():
    o = sound.picture("us-still-clean", MONT_1, series=1)
    o.ds.BurnedInAnnotation = "NO"
    yield sound.finish(o)

    o = sound.picture("us-still", MONT_1, series=2, kind="US burned in")
    o.ds.BurnedInAnnotation = "NO"
    sound.banner(o)
    yield sound.finish(o)

    o = sound.picture("us-all-frames", MONT_1, 4, 160, 224, series=3, kind="US burned in")
    sound.banner(o)
    yield sound.finish(o, planar=1)

    o = sound.picture("us-one-frame", MONT_1, 4, 160, 224, series=4, kind="US burned in")
    sound.banner(o, where=[2])
    yield sound.finish(o)

    o = sound.picture("us-one-channel", MONT_2, 2, 160, 224, series=1, kind="US burned in")
    sound.banner(o, channel=2, value=250)
    yield sound.finish(o)

    o = sound.picture("us-half-chroma", MONT_2, 3, 160, 224, series=2, kind="US burned in")
    sound.banner(o)
    yield sound.half_chroma(o)

    o = sound.picture("us-clip-clean", MONT_2, 3, 120, 160, series=3)
    yield sound.finish(o, planar=1)

    o = sound.picture("us-jpeg", MONT_2, 2, 160, 224, series=4, kind="US burned in")
    sound.banner(o)
    yield sound.jpeg(o)


def _captures():
    """A page of a worklist, as a screenshot; and a scanner's dose page."""
    page = np.full((1, 200, 256, 3), 28, np.uint8)
    page[:, 24:26] = 90
    o = scans.screenshot("sc-worklist", FIA_2, page, kind="SC burned in")
    person = o.person
    lines = [
        f"Patient: {person.family()}, {person.plain().split(' ')[0]}",
        f"MRN: {person.id}",
        f"Born: {person.birth[:4]}-{person.birth[4:6]}-{person.birth[6:]}",
        f"Ref: {person.plain('referring')}",
        person.hospital,
        f"{person.street}",
    ]
    for n, text in enumerate(lines):
        burn(o, o.array, text, (6, 34 + 24 * n), 13, 225)
    pixels(o, o.array[0], 8, 8, "RGB")
    o.date(person.birth)
    yield o

    grey = phantom(128, 192, "sc-grey", 170)[None].copy()
    o = scans.screenshot("sc-grey", MARY_2, grey, kind="SC burned in")
    burn(o, o.array, MARY.family(), (5, 4), 14, 255, smooth=False)
    burn(o, o.array, f"Pat {MARY.id}", (5, 108), 12, 250, smooth=False)
    pixels(o, o.array[0], 8, 8)
    yield o

    bright = (235 - phantom(128, 192, "sc-bright", 60))[None].copy()
    o = scans.screenshot("sc-bright", MARY_2, bright, series=10, kind="SC burned in")
    burn(o, o.array, MARY.plain(), (5, 4), 13, 8)
    pixels(o, o.array[0], 8, 8)
    yield o


def _compressed():
    """Comments in compressed streams, and burned-in letters below compression."""
    o = scans.xa("xa-jpeg-comment", FIA_2, 1)
    note = f"{FIA.plain()} {FIA.id}"
    yield sound.jpeg(o, comment=note, application=f"Photoshop 3.0\0{FIA.plain('referring')}")

    o = scans.xa("xa-rle-burned", FIA_2, 2, kind="XA burned in")
    burn(o, o.array, FIA.family(), (4, 3), 11, 255, where=[0, 2])
    pixels(o, o.array, 8, 8)
    yield run_length(o)

    o = scans.mr("mr-jpeg2000-comment", MARY_2, 1, 1, size=128)
    yield _jpeg2000(o, f"{MARY.plain()} {MARY.id}")

    o = scans.cr("cr-burned-window", MARY_2, 3, 1, kind="CR burned in",
                 array=_low_contrast_letters())  # fmt: skip
    o.glyphs = list(_LOW.glyphs)
    o.pixels = "touched"
    o.ds.WindowCenter, o.ds.WindowWidth = "1600", "3200"
    yield o


class _Low:
    """Collects glyphs before the object is there."""

    def __init__(self):
        self.glyphs = []


_LOW = _Low()


def _low_contrast_letters():
    """Sixteen-bit letters that are seen in the object's own window alone."""
    _LOW.glyphs.clear()
    array = (phantom(144, 128, "cr-low", 700) + 300)[None].copy()
    burn(_LOW, array, MARY.family(), (4, 3), 13, 3000)
    burn(_LOW, array, MARY.id, (4, 124), 12, 3000)
    return array[0]


def _jpeg2000(o, comment):
    picture = Image.fromarray(np.frombuffer(o.ds.PixelData, "<u2").reshape(o.ds.Rows, o.ds.Columns))
    out = io.BytesIO()
    picture.save(out, "JPEG2000", irreversible=False, no_jp2=True, comment=comment.encode())
    data = out.getvalue()
    o.ds.PixelData = encapsulate([data + bytes(len(data) % 2)])
    o.ds["PixelData"].VR = "OB"
    o.ds["PixelData"].is_undefined_length = True
    o.ds.BitsStored, o.ds.HighBit = 16, 15
    o.syntax = JPEG2000Lossless
    return o
