"""Makes the DICOM seeds of `crates/fuzz` from numbers alone and from the streams beside this
file, with pydicom: one small object for each encoding, transfer syntax and layout.

    pip install pydicom && python seeds.py ../../../fuzz/seeds/dicom
"""
import io
import sys
import zlib
from pathlib import Path

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.filewriter import dcmwrite
from pydicom.sequence import Sequence
from pydicom.uid import UID

HERE = Path(__file__).parent
OUT = Path(sys.argv[1])
ILE, ELE, EBE = "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2"


def plain(rows=4, columns=6, samples=1, bits=16, signed=0, photometric="MONOCHROME2", frames=1):
    ds = Dataset()
    ds.SOPClassUID = "1.2.840.10008.5.1.4.1.1.4"
    ds.SOPInstanceUID = "1.2.3.4"
    ds.Modality = "MR"
    ds.StudyInstanceUID, ds.SeriesInstanceUID = "1.2.3", "1.2.3.1"
    ds.ImagePositionPatient = [0, 0, 0]
    ds.ImageOrientationPatient = [0, 1, 0, 0, 0, -1]
    ds.SamplesPerPixel, ds.PhotometricInterpretation = samples, photometric
    if samples > 1:
        ds.PlanarConfiguration = 0
    ds.NumberOfFrames = frames
    ds.Rows, ds.Columns = rows, columns
    ds.PixelSpacing = [0.5, 0.5]
    wide = 8 if bits <= 8 else 16 if bits <= 16 else 32
    ds.BitsAllocated = 1 if bits == 1 else wide
    ds.BitsStored, ds.HighBit, ds.PixelRepresentation = bits, bits - 1, signed
    size = (rows * columns * samples * frames * ds.BitsAllocated + 7) // 8
    ds.PixelData = bytes(i * 37 % 251 for i in range(size + size % 2))
    ds["PixelData"].VR = "OW" if bits > 8 else "OB"
    return ds


def made(ds, syntax):
    """Header and data set."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = ds.SOPClassUID, ds.SOPInstanceUID
    meta.TransferSyntaxUID, meta.ImplementationClassUID = UID(syntax), "1.2.3.9"
    ds.file_meta, ds.preamble = meta, bytes(128)
    out = io.BytesIO()
    dcmwrite(out, ds, enforce_file_format=True)
    data = out.getvalue()
    end = 144 + int.from_bytes(data[140:144], "little")
    return data[:end], data[end:]


def keep(name, ds, syntax=ELE, head=True, edit=lambda b: b):
    header, data = made(ds, syntax)
    (OUT / f"{name}.dcm").write_bytes(edit(header + data if head else data))


def coded(name, stream, syntax, bits, samples=1):
    ds = plain(23, 37, samples, bits, photometric="RGB" if samples == 3 else "MONOCHROME2")
    ds.PixelData = encapsulate([(HERE / stream).read_bytes()])
    ds["PixelData"].VR = "OB"
    ds["PixelData"].is_undefined_length = True
    keep(name, ds, f"1.2.840.10008.1.2.4.{syntax}")


def encodings():
    keep("implicit", plain(), ILE)
    keep("big-endian", plain(), EBE)
    keep("big-endian-32", plain(bits=32), EBE)
    keep("deflated", plain(), "1.2.840.10008.1.2.1.99")
    keep("no-header-explicit", plain(), ELE, head=False)
    keep("no-header-implicit", plain(), ILE, head=False)
    keep("no-header-big", plain(), EBE, head=False)
    keep("truncated", plain(), edit=lambda b: b[:-20])
    keep("padded", plain(), edit=lambda b: b + bytes(40))
    says, is_ = made(plain(), ELE)[0], made(plain(), ILE)[1]
    (OUT / "says-explicit.dcm").write_bytes(says + is_)


def layouts():
    keep("signed", plain(bits=12, signed=1))
    keep("bits", plain(8, 8, bits=1, frames=3))
    ds = plain(samples=3, bits=8, photometric="RGB")
    ds.PlanarConfiguration = 1
    keep("planes", ds)
    ds = plain(samples=3, bits=8, photometric="YBR_FULL_422")
    ds.PixelData = bytes(range(48))
    keep("ybr422", ds)
    ds = plain(bits=8, photometric="PALETTE COLOR")
    for colour in ("Red", "Green", "Blue"):
        setattr(ds, f"{colour}PaletteColorLookupTableDescriptor", [256, 0, 16])
        setattr(ds, f"{colour}PaletteColorLookupTableData", bytes(512))
    keep("palette", ds)
    ds = plain(bits=12)
    item = Dataset()
    item.LUTDescriptor, item.LUTData = [4, 0, 12], [0, 9, 99, 4095]
    item["LUTDescriptor"].VR = item["LUTData"].VR = "US"
    ds.VOILUTSequence = Sequence([item])
    keep("voi-lut", ds)


def structures():
    ds = plain(frames=2)
    shared, frames = Dataset(), []
    for at in range(2):
        frame, place, scale = Dataset(), Dataset(), Dataset()
        place.ImagePositionPatient = [0, 0, at]
        scale.RescaleSlope, scale.RescaleIntercept, scale.RescaleType = at + 1, 0, "US"
        frame.PlanePositionSequence = Sequence([place])
        frame.PixelValueTransformationSequence = Sequence([scale])
        frames.append(frame)
    ds.SharedFunctionalGroupsSequence = Sequence([shared])
    ds.PerFrameFunctionalGroupsSequence = Sequence(frames)
    keep("enhanced", ds)
    ds, item = plain(), Dataset()
    for _ in range(6):
        outer = Dataset()
        outer.ReferencedImageSequence = Sequence([item])
        outer["ReferencedImageSequence"].is_undefined_length = True
        item = outer
    ds.ReferencedImageSequence = Sequence([item])
    keep("nested", ds)
    unknown = b"\x08\0\x40\x11UN\0\0\xff\xff\xff\xff\xfe\xff\0\xe0\xff\xff\xff\xff\x08\0\x50\x11\6\0\0\x001.2.3\0"
    unknown += b"\xfe\xff\x0d\xe0\0\0\0\0\xfe\xff\xdd\xe0\0\0\0\0"
    keep("unknown-sequence", plain(), edit=lambda b: b.replace(b" \0\x0d\0", unknown + b" \0\x0d\0", 1))


def streams():
    for name, stream, syntax, bits, samples in (
        ("jpeg", "jpeg-8-3.jpg", 50, 8, 3), ("jpeg-12", "jpeg-12-1.jpg", 51, 12, 1),
        ("jpeg-lossless", "ljpeg-16-1-p4.jpg", 57, 16, 1), ("jpeg-ls", "jls-12-1.jls", 80, 12, 1),
        ("jpeg-ls-rgb", "jls-8-3.jls", 80, 8, 3), ("jpeg-ls-near", "jlsnear-8-1.jls", 81, 8, 1),
        ("jpeg-2000", "j2k-12-1.j2k", 90, 12, 1), ("htj2k", "htj2k-16-1.j2c", 201, 16, 1),
        ("video", "jpeg-8-1.jpg", 102, 8, 1),
    ):
        coded(name, stream, syntax, bits, samples)
    ds = plain()
    raw = zlib.compressobj(wbits=-15)
    ds.PixelData = encapsulate([raw.compress(ds.PixelData) + raw.flush()])
    ds["PixelData"].VR = "OB"
    ds["PixelData"].is_undefined_length = True
    # A syntax that pydicom does not know.
    other, new = b"1.2.840.10008.1.2.1.98", b"1.2.840.10008.1.2.8.1\0"
    keep("deflated-frame", ds, other.decode(), edit=lambda b: b.replace(other, new))
    ds = plain()
    ds.PixelData = encapsulate([ds.PixelData])
    ds["PixelData"].VR = "OB"
    ds["PixelData"].is_undefined_length = True
    keep("encapsulated", ds, "1.2.840.10008.1.2.1.98")


encodings()
layouts()
structures()
streams()
