"""Makes many small objects of a few, so that what is measured is no start of a program.

    deid_many.py OBJECTS OUT [--count 2000] [--series 100] [--side 0]

Takes the uncompressed CT and MR objects of a folder (`ct-*.dcm`, `mr-*.dcm`) in turn. Each
series is of one patient, with a patient identifier, a study and a frame of reference of its
own; each object has its own SOP Instance UID. `--side N` lays the picture out again and again
until it is N by N, the size that scanners write. UIDs are counted, so that two runs make the
same bytes.
"""

import argparse
import warnings
from pathlib import Path

import pydicom
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

ROOT = "1.2.826.0.1.3680043.10.1490.77"
PLAIN = (ExplicitVRLittleEndian, ImplicitVRLittleEndian)


def bases(folder):
    for path in sorted([*folder.glob("ct-*.dcm"), *folder.glob("mr-*.dcm")]):
        dataset = pydicom.dcmread(path)
        if dataset.file_meta.TransferSyntaxUID in PLAIN and "PixelData" in dataset:
            yield path


def enlarge(dataset, side):
    rows, columns, deep = dataset.Rows, dataset.Columns, dataset.BitsAllocated // 8
    step = columns * deep
    lines = [dataset.PixelData[row * step : (row + 1) * step] for row in range(rows)]
    wide = [(line * (side // columns + 1))[: side * deep] for line in lines]
    dataset.PixelData = b"".join(wide[row % rows] for row in range(side))
    dataset.Rows = dataset.Columns = side


def make(arguments):
    sources = list(bases(arguments.objects))
    for number in range(arguments.count):
        series, place = divmod(number, arguments.series)
        dataset = pydicom.dcmread(sources[series % len(sources)])
        dataset.PatientID = f"MANY-{series:05}"
        dataset.StudyInstanceUID = f"{ROOT}.1.{series + 1}"
        dataset.SeriesInstanceUID = f"{ROOT}.2.{series + 1}"
        if "FrameOfReferenceUID" in dataset:
            dataset.FrameOfReferenceUID = f"{ROOT}.3.{series + 1}"
        dataset.SOPInstanceUID = f"{ROOT}.4.{number + 1}"
        dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
        dataset.InstanceNumber = place + 1
        if arguments.side:
            enlarge(dataset, arguments.side)
        target = arguments.out / f"{series:05}" / f"{place:05}.dcm"
        target.parent.mkdir(parents=True, exist_ok=True)
        dataset.save_as(target)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("objects", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--series", type=int, default=100)
    parser.add_argument("--side", type=int, default=0)
    warnings.simplefilter("ignore")
    make(parser.parse_args())


if __name__ == "__main__":
    main()
