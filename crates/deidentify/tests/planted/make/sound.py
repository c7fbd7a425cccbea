"""Ultrasound: single pictures and clips in colour, with the identity burned in."""

import io
import unicodedata

import numpy as np
from PIL import Image
from pydicom.encaps import encapsulate
from pydicom.uid import JPEGBaseline8Bit

from .pictures import burn, fan, pixels
from .planted import Planted, item, items

US = "1.2.840.10008.5.1.4.1.1.6.1"
US_MULTI = "1.2.840.10008.5.1.4.1.1.3.1"


def picture(file, study, frames=1, rows=160, columns=224, **more):
    """The header of an ultrasound object; `o.array` is frames, rows, columns, 3."""
    o = Planted(file, study, US_MULTI if frames > 1 else US, "US", **more)
    ds = o.ds
    ds.ContentDate, ds.ContentTime = study.date, "120000"
    ds.AcquisitionDateTime = f"{study.date}120000"
    ds.ImageType = ["ORIGINAL", "PRIMARY", "", "0001"]
    ds.PatientOrientation = ""
    ds.LossyImageCompression = "00"
    ds.TransducerType, ds.TransducerData = "SECTOR_PHASED", ["C5-1", "", ""]
    ds.SequenceOfUltrasoundRegions = items(
        item(
            RegionSpatialFormat=1, RegionDataType=1, RegionFlags=0,
            RegionLocationMinX0=30, RegionLocationMinY0=20,
            RegionLocationMaxX1=190, RegionLocationMaxY1=150,
            PhysicalUnitsXDirection=3, PhysicalUnitsYDirection=3,
            PhysicalDeltaX=0.05, PhysicalDeltaY=0.05,
        )
    )  # fmt: skip
    o.keep("geometry", *("PhysicalDeltaX", "PhysicalDeltaY"), ds=ds.SequenceOfUltrasoundRegions[0])
    if frames > 1:
        ds.FrameTime = "40"
        ds.FrameIncrementPointer = 0x00181063
        o.keep("physics", "FrameTime")
    o.top("SeriesDescription", "Paraspinal muscle left L4", "descriptor", ["left", "L4"])
    o.array = fan(rows, columns, file, frames)
    return o


def banner(o, where=None, channel=None, value=235, top=3):
    """Name, number, birth date and hospital across the top and bottom, as scanners do."""
    person, rows = o.person, o.array.shape[1]
    # The font has no letters with accents, nor have many scanners.
    family = unicodedata.normalize("NFD", person.family().split("-")[0])
    family = "".join(c for c in family if c.isascii())
    birth = person.birth
    lines = [
        (family, (4, top), 13),
        (f"ID {person.id}", (4, top + 15), 11),
        (f"DOB {birth[6:]}.{birth[4:6]}.{birth[:4]}", (128, top), 11),
        (person.hospital[:20], (4, rows - 16), 11),
    ]
    for text, at, size in lines:
        burn(o, o.array, text, at, size, value, where, channel)
    o.date(birth)


def finish(o, photometric="RGB", planar=0):
    array = o.array if o.array.shape[0] > 1 else o.array[0]
    pixels(o, array, 8, 8, photometric, planar=planar)
    return o


def half_chroma(o):
    """YBR_FULL_422: two luma samples share their chroma (PS3.3, C.7.6.3.1.2)."""
    rgb = o.array.astype(np.float64)
    r, g, b = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    y = 0.299 * r + 0.587 * g + 0.114 * b
    cb = 128 + (b - y) / 1.772
    cr = 128 + (r - y) / 1.402
    cb, cr = (c[..., 0::2] / 2 + c[..., 1::2] / 2 for c in (cb, cr))
    packed = np.stack([y[..., 0::2], y[..., 1::2], cb, cr], axis=-1)
    raw = np.rint(packed).clip(0, 255).astype(np.uint8).tobytes()
    finish(o, "YBR_FULL_422")
    o.ds.PixelData = raw
    o.ds["PixelData"].VR = "OB"
    return o


def jpeg(o, quality=92, comment=None, application=None):
    """Each frame as JPEG baseline, with a comment and an application segment where asked."""
    grey = o.array.ndim == 3
    finish_grey = (lambda: pixels(o, o.array, 8, 8)) if grey else (lambda: finish(o, "YBR_FULL_422"))
    finish_grey()
    fragments = []
    for frame in o.array:
        out = io.BytesIO()
        more = {} if comment is None else {"comment": comment.encode()}
        subsampling = 0 if grey else 1
        Image.fromarray(frame.astype(np.uint8)).save(
            out, "JPEG", quality=quality, subsampling=subsampling, **more
        )
        data = out.getvalue()
        if application:
            body = application.encode()
            segment = b"\xff\xed" + (len(body) + 2).to_bytes(2, "big") + body
            data = data[:2] + segment + data[2:]
        fragments.append(data + bytes(len(data) % 2))
    o.ds.PixelData = encapsulate(fragments, has_bot=True)
    o.ds["PixelData"].VR = "OB"
    o.ds["PixelData"].is_undefined_length = True
    o.ds.LossyImageCompression = "01"
    o.ds.LossyImageCompressionRatio = "8"
    o.ds.LossyImageCompressionMethod = "ISO_10918_1"
    o.syntax = JPEGBaseline8Bit
    return o
