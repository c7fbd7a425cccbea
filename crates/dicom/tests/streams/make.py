"""Makes the streams beside this file from numbers alone, with encoders that share no code with
the decoders under test: imagecodecs (CharLS, OpenJPEG, OpenJPH, libjpeg-turbo).

    pip install numpy imagecodecs && python make.py

`crates/dicom/tests/streams.rs` makes the same numbers again and compares.
"""
import imagecodecs as ic
import numpy as np

ROWS, COLUMNS = 23, 37


def picture(bits, samples, smooth=False):
    y, x, c = np.mgrid[0:ROWS, 0:COLUMNS, 0:samples].astype(np.int64)
    top = (1 << bits) - 1
    if smooth:
        values = top * (20 * x + 12 * y + 60 * c) // 1400
    else:
        values = top * (20 * x + 12 * y + 60 * c) // 1400 + (x * x * 5 + y * 7 + x * y * 3) % 17
        values = np.where((x // 9 + y // 6) % 4 == 3, top // 3, values)
    values = np.minimum(values, top).astype(np.uint8 if bits <= 8 else np.uint16)
    return np.ascontiguousarray(values[..., 0] if samples == 1 else values)


def keep(name, stream):
    open(name, "wb").write(bytes(stream))


def lossless_jpeg():
    for predictor in range(1, 8):
        keep(f"ljpeg-16-1-p{predictor}.jpg",
             ic.jpeg8_encode(picture(16, 1), lossless=True, predictor=predictor, bitspersample=16))
    for bits, samples in ((8, 1), (8, 3), (12, 1), (16, 3)):
        keep(f"ljpeg-{bits}-{samples}-p1.jpg",
             ic.jpeg8_encode(picture(bits, samples), lossless=True, predictor=1, bitspersample=bits,
                             **({"colorspace": "rgb", "outcolorspace": "rgb"} if samples == 3 else {})))


def main():
    for bits in (8, 12, 16):
        keep(f"jls-{bits}-1.jls", ic.jpegls_encode(picture(bits, 1)))
    keep("jls-8-3.jls", ic.jpegls_encode(picture(8, 3)))
    keep("jlsnear-8-1.jls", ic.jpegls_encode(picture(8, 1), level=3))
    keep("jlsnear-16-1.jls", ic.jpegls_encode(picture(16, 1), level=5))
    lossless_jpeg()
    keep("jpeg-8-1.jpg", ic.jpeg8_encode(picture(8, 1, True), level=95))
    keep("jpeg-8-3.jpg", ic.jpeg8_encode(picture(8, 3, True), level=95))
    keep("jpeg-12-1.jpg", ic.jpeg8_encode(picture(12, 1, True), level=95, bitspersample=12))
    for bits, samples in ((8, 1), (8, 3), (12, 1), (16, 1)):
        data = picture(bits, samples)
        keep(f"j2k-{bits}-{samples}.j2k",
             ic.jpeg2k_encode(data, level=0, codecformat="j2k", reversible=True, bitspersample=bits))
        keep(f"htj2k-{bits}-{samples}.j2c", ic.htj2k_encode(data, reversible=True))
    keep("j2klossy-12-1.j2k",
         ic.jpeg2k_encode(picture(12, 1, True), level=60, codecformat="j2k", reversible=False,
                          bitspersample=12))
    keep("htj2klossy-16-1.j2c", ic.htj2k_encode(picture(16, 1, True), reversible=False, level=0.001))


main()
