"""Pictures that look a little like spines, and letters burned into them."""

import zlib

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from pydicom.uid import ExplicitVRLittleEndian, RLELossless


def phantom(rows, columns, seed, top=1000, frames=1, coarse=4):
    """Stacked blocks in an oval, with coarse noise. Grey values from 0 to `top`."""
    random = np.random.default_rng(zlib.crc32(seed.encode()))
    y, x = np.mgrid[0:rows, 0:columns]
    body = ((x / columns - 0.5) / 0.42) ** 2 + ((y / rows - 0.5) / 0.48) ** 2 < 1
    stack = []
    for frame in range(frames):
        shift = 0.02 * frame
        column = np.abs(x / columns - 0.5 - shift) < 0.11
        block = np.sin(y / rows * 18 + frame * 0.2) > -0.55
        grey = body * 0.30 + (column & block & body) * 0.38 + (column & ~block & body) * 0.1
        noise = random.integers(0, coarse, (rows, columns)) / coarse * 0.06 * body
        stack.append(((grey + noise) * top).astype(np.int64))
    stack = np.stack(stack)
    return stack if frames > 1 else stack[0]


def fan(rows, columns, seed, frames=1):
    """An ultrasound sector in RGB: frames, rows, columns, 3."""
    random = np.random.default_rng(zlib.crc32(seed.encode()))
    y, x = np.mgrid[0:rows, 0:columns]
    dx, dy = x - columns / 2, y - rows * 0.12
    inside = (np.hypot(dx, dy) < rows * 0.8) & (dy > np.abs(dx) * 0.9)
    made = []
    for frame in range(frames):
        speckle = random.integers(2, 7, (rows // 2 + 1, columns // 2 + 1)).repeat(2, 0).repeat(2, 1)
        grey = inside * (speckle[:rows, :columns] * 18 + 8 * np.sin(y / 7 + frame))
        made.append(np.repeat(grey[..., None], 3, axis=2).clip(0, 250).astype(np.uint8))
    return np.stack(made)


def letters(text, size, smooth=True):
    """A text's coverage, 0 to 255, cut to its ink. The font is the one that Pillow carries."""
    font = ImageFont.load_default(size)
    left, upper, right, lower = (int(v) for v in font.getbbox(text))
    canvas = Image.new("L", (right + 4, lower + 4), 0)
    draw = ImageDraw.Draw(canvas)
    draw.fontmode = "L" if smooth else "1"
    draw.text((0, 0), text, fill=255, font=font)
    array = np.asarray(canvas)
    ys, xs = np.nonzero(array)
    return array[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1]


def burn(planted, frames, text, at, size, value, where=None, channel=None, smooth=True):
    """Draws a text into `frames` (frames, rows, columns[, samples]) and keys its glyphs.

    `where` names the frames, counted from 0; all if none are named.
    """
    ink = letters(text, size, smooth)
    x, y = at
    height, width = ink.shape
    assert y + height <= frames.shape[1] and x + width <= frames.shape[2], (text, at, ink.shape)
    where = range(frames.shape[0]) if where is None else where
    cover = ink / 255.0
    for frame in where:
        spot = frames[frame, y : y + height, x : x + width]
        if spot.ndim == 3:
            for c in range(3) if channel is None else [channel]:
                spot[..., c] = np.rint(spot[..., c] * (1 - cover) + value * cover)
        else:
            spot[...] = np.rint(spot * (1 - cover) + value * cover)
    planted.glyphs.append(
        {
            "text": text,
            "frames": [frame + 1 for frame in where],
            "box": [x, y, x + width, y + height],
            "runs": runs(ink >= 128),
        }
    )


def runs(mask) -> str:
    """Run lengths of a mask, row by row, the first of pixels that are not set."""
    flat = np.asarray(mask).ravel()
    edges = np.flatnonzero(np.diff(flat.astype(np.int8))) + 1
    bounds = [0, *edges.tolist(), len(flat)]
    lengths = [b - a for a, b in zip(bounds, bounds[1:])]
    if flat[0]:
        lengths.insert(0, 0)
    return " ".join(map(str, lengths))


def pixels(planted, array, bits=16, stored=12, photometric="MONOCHROME2", signed=False, planar=0):
    """Fills the Image Pixel module (PS3.3, C.7.6.3) from (frames,) rows, columns (, 3)."""
    ds = planted.ds
    colour = array.shape[-1] == 3 and array.ndim >= 3
    spatial = array.shape[:-1] if colour else array.shape
    ds.SamplesPerPixel = 3 if colour else 1
    ds.PhotometricInterpretation = photometric
    if colour:
        ds.PlanarConfiguration = planar
    if len(spatial) == 3:
        ds.NumberOfFrames = str(spatial[0])
    ds.Rows, ds.Columns = spatial[-2:]
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = bits, stored, stored - 1
    ds.PixelRepresentation = int(signed)
    if colour and planar:
        array = np.moveaxis(array, -1, -3)
    kind = {(8, False): "<u1", (16, False): "<u2", (16, True): "<i2"}[(bits, signed)]
    raw = np.ascontiguousarray(array.astype(kind)).tobytes()
    ds.PixelData = raw + bytes(len(raw) % 2)
    ds["PixelData"].VR = "OW" if bits == 16 else "OB"
    planted.pixels = "touched" if planted.glyphs else "kept"
    planted.keep("pixels", "Rows", "Columns", "BitsStored")
    if not planted.glyphs:
        # Letters are blanked in decoded samples, and JPEG's colours come out as others.
        planted.keep("pixels", "PhotometricInterpretation")


def run_length(planted):
    """The same pixels as RLE (PS3.5, annex G)."""
    planted.meta.TransferSyntaxUID = ExplicitVRLittleEndian
    planted.ds.file_meta = planted.meta
    planted.ds.compress(RLELossless, generate_instance_uid=False)
    del planted.ds.file_meta
    planted.syntax = RLELossless
    return planted
