"""Files, byte for byte the same each time."""

import io

from pydicom import dcmwrite
from pydicom.dataset import FileDataset
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian, ImplicitVRLittleEndian


def file_bytes(planted) -> bytes:
    """The object as a file (PS3.10, 7.1)."""
    meta = planted.meta
    meta.TransferSyntaxUID = planted.syntax
    if "SOPInstanceUID" in planted.ds:
        meta.MediaStorageSOPInstanceUID = planted.ds.SOPInstanceUID
    implicit = planted.syntax == ImplicitVRLittleEndian
    little = planted.syntax != ExplicitVRBigEndian
    out = io.BytesIO()
    dataset = FileDataset(None, planted.ds, file_meta=meta, preamble=planted.preamble)
    ds = planted.ds
    if not little and "PixelData" in ds and ds.BitsAllocated == 16:
        raw = bytearray(ds.PixelData)
        raw[0::2], raw[1::2] = raw[1::2], raw[0::2]
        dataset.PixelData = bytes(raw)
        dataset["PixelData"].VR = "OW"
    del implicit
    dcmwrite(out, dataset, enforce_file_format=True)
    data = out.getvalue()
    if planted.after and planted.syntax != DeflatedExplicitVRLittleEndian:
        data = planted.after(data)
    return data
