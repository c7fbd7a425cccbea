"""Writes the demo dataset in the layout of RSNA 2024 lumbar: `python make.py OUT`.

Studies, labels and pictures come from the table below; each label is drawn as it is written.
"""

import csv
import sys
import uuid
from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, MRImageStorage

import phantom

DISCS = ["L1/L2", "L2/L3", "L3/L4", "L4/L5", "L5/S1"]
CONDITIONS = ["spinal_canal_stenosis", "left_neural_foraminal_narrowing",
              "right_neural_foraminal_narrowing", "left_subarticular_stenosis",
              "right_subarticular_stenosis"]
WORDS = {"0": "Normal/Mild", "1": "Moderate", "2": "Severe", "-": ""}
CANAL_MM = {"0": 15.0, "1": 9.5, "2": 4.5, "-": 15.0}

# study: canal, left foramen, right foramen, left recess, right recess; one sign per disc from
# L1/L2 to L5/S1: 0 Normal/Mild, 1 Moderate, 2 Severe, - not graded.
STUDIES = {
    9000101: ("00020", "00010", "00010", "--020", "--021"),
    9000102: ("00000", "00002", "00000", "--001", "--000"),
    9000103: ("00012", "00001", "00012", "--011", "--022"),
    9000104: ("00000", "00000", "00000", "--000", "--000"),
    9000105: ("00120", "00110", "00011", "00121", "00120"),
    9000106: ("01210", "00100", "00110", "01210", "00210"),
    9000107: ("00000", "00020", "00000", "--010", "--000"),
    9000108: ("00010", "00011", "00002", "-----", "-----"),
    9000109: ("0-001", "00000", "00001", "--002", "--000"),
    9000110: ("00210", "00120", "00010", "--210", "--110"),
    9000111: ("00000", "00001", "00021", "--000", "--021"),
    9000112: ("12221", "01122", "01121", "12221", "01221"),
    9000113: ("00001", "-----", "-----", "--002", "--001"),
}
WORN = {"0": 0.2, "1": 0.7, "2": 0.95, "-": 0.3}


def main(out):
    tables = {"train.csv": [["study_id"] + [f"{c}_{d.lower().replace('/', '_')}"
                                            for c in CONDITIONS for d in DISCS]],
              "train_label_coordinates.csv": [["study_id", "series_id", "instance_number",
                                               "condition", "level", "x", "y"]],
              "train_series_descriptions.csv": [["study_id", "series_id", "series_description"]]}
    for study, grades in STUDIES.items():
        tables["train.csv"].append([study] + [WORDS[g] for row in grades for g in row])
        for series, description, pictures in series_of(study, grades):
            tables["train_series_descriptions.csv"].append([study, series, description])
            for number, (pixels, place, marks) in enumerate(pictures, 1):
                save(out, study, series, number, description, pixels, place)
                for condition, disc, x, y in marks:
                    tables["train_label_coordinates.csv"].append(
                        [study, series, number, title(condition), disc, f"{x:.4f}", f"{y:.4f}"])
    for name, rows in tables.items():
        with open(out / name, "w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)


def uid(*names):
    """A UID from a name-based UUID (PS3.5 B.2): the same names give the same UID."""
    url = "https://spinemed.example/demo-rsna/" + "/".join(str(n) for n in names)
    return f"2.25.{uuid.uuid5(uuid.NAMESPACE_URL, url).int}"


def title(condition):
    return condition.replace("_", " ").title()


def spine_of(study, grades):
    """The study's column: discs darken and the canal narrows as the labels say."""
    worst = [max((row[i] for row in grades if row[i] != "-"), default="0") for i in range(5)]
    sway = (study % 5) - 2
    return phantom.lumbar(
        wear={d: min(1.0, WORN[g] + 0.04 * sway) for d, g in zip(DISCS, worst)},
        collapse={d: {"0": 0.0, "1": 0.12, "2": 0.28}[g] for d, g in zip(DISCS, worst)},
        narrow={d: CANAL_MM[g] for d, g in zip(DISCS, grades[0]) if g in "12"},
        top=(92.0 + 1.5 * sway, -2.0), depth=34.0 + 0.5 * sway)


def series_of(study, grades):
    """(series id, description, [(pixels, place, marks)]) of a study."""
    spine = spine_of(study, grades)
    first = study * 100 + 1
    yield first, "Sagittal T2/STIR", [midline(study, spine, grades)]
    if grades[1] != "-----":
        yield first + 1, "Sagittal T1", [foramina(study, spine, grades, side)
                                         for side in ("right", "left")]
    chosen = [i for i in range(5) if grades[3][i] != "-"]
    if study == 9000112:
        yield first + 2, "Axial T2", [axial(study, spine, grades, i) for i in chosen[:2]]
        yield first + 3, "Axial T2", [axial(study, spine, grades, i) for i in chosen[2:]]
    elif chosen:
        yield first + 2, "Axial T2", [axial(study, spine, grades, i) for i in chosen]


def midline(study, spine, grades):
    px = 1.25
    pixels = phantom.sagittal_lumbar("T2", spine, px, seed=study)
    marks = []
    for disc, grade in zip(DISCS, grades[0]):
        if grade != "-":
            s = sum(spine.spans[disc]) / 2
            front, back = spine.squeeze(s)
            x, y = spine.at(s, spine.depth / 2 + 1.6 + (spine.canal + front - back) / 2)
            marks.append((CONDITIONS[0], disc, x / px, y / px))
    return pixels, sagittal_place(px, pixels, 0.0), marks


def foramina(study, spine, grades, side):
    px, row = 1.875, grades[1] if side == "left" else grades[2]
    drawn = {d: int(g) for d, g in zip(DISCS, row) if g != "-"}
    pixels = phantom.parasagittal_lumbar("T1", spine, drawn, px, seed=study + len(side))
    marks = []
    for disc in drawn:
        x, y = phantom.foramen_centre(spine, disc)
        marks.append((f"{side}_neural_foraminal_narrowing", disc, x / px, y / px))
    # Patient's left is +x in DICOM's coordinates (PS3.3 C.7.6.2.1.1).
    return pixels, sagittal_place(px, pixels, 19.0 if side == "left" else -19.0), marks


def axial(study, spine, grades, index):
    px, disc = 1.4, DISCS[index]
    grade = [row[index] for row in grades]
    pixels = phantom.axial_lumbar(
        "T2", int(grade[0].replace("-", "0")), int(grade[3]), int(grade[4]),
        wear=spine.wear[disc], px=px, seed=study + index, low=index >= 3)
    centre = pixels.shape[1] * px / 2
    y = 140.0 * 0.44 + 18.0 + 3.6
    marks = [("left_subarticular_stenosis", disc, (centre + 10.5) / px, y / px),
             ("right_subarticular_stenosis", disc, (centre - 10.5) / px, y / px)]
    s = sum(spine.spans[disc]) / 2
    middle = spine.at(s, 0.0)
    # The slice is drawn upright through the disc's middle; its tilt is left out.
    corner = [-centre, middle[0] - 90.0 - 140.0 * 0.44, 120.0 - middle[1]]
    return pixels, dict(spacing=px, thick=4.0, turn=[1, 0, 0, 0, 1, 0], corner=corner), marks


def sagittal_place(px, pixels, x):
    return dict(spacing=px, thick=4.0, turn=[0, 1, 0, 0, 0, -1], corner=[x, -90.0, 120.0])


def save(out, study, series, number, description, pixels, place):
    """One MR Image Storage object (PS3.3 A.4), explicit VR little endian."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = MRImageStorage
    meta.MediaStorageSOPInstanceUID = uid(study, series, number)
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = uid("implementation")
    meta.ImplementationVersionName = "SPINEMED_DEMO_1"
    folder = out / "train_images" / str(study) / str(series)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{number}.dcm"
    ds = FileDataset(str(path), Dataset(), file_meta=meta, preamble=b"\0" * 128)
    describe(ds, meta, study, series, number, description, place)
    values = (pixels.astype(np.uint16) * 4)
    ds.Rows, ds.Columns = values.shape
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 16, 12, 11, 0
    ds.SmallestImagePixelValue, ds.LargestImagePixelValue = int(values.min()), int(values.max())
    ds.WindowCenter, ds.WindowWidth = 440, 960
    ds.PixelData = values.astype("<u2").tobytes()
    ds.save_as(str(path), enforce_file_format=True)


def describe(ds, meta, study, series, number, description, place):
    """Identity, geometry and acquisition tags.  No person: the patient is the phantom."""
    t1, axial_ = "T1" in description, description.startswith("Axial")
    ds.SpecificCharacterSet = "ISO_IR 192"
    ds.ImageType = ["DERIVED", "SECONDARY", "OTHER"]
    ds.SOPClassUID, ds.SOPInstanceUID = MRImageStorage, meta.MediaStorageSOPInstanceUID
    ds.StudyDate = ds.SeriesDate = ds.ContentDate = "20250101"
    ds.StudyTime = ds.SeriesTime = ds.ContentTime = "120000"
    ds.AccessionNumber, ds.ReferringPhysicianName = "", ""
    ds.Modality, ds.Manufacturer = "MR", "SpineMed demo (drawn phantom)"
    ds.StudyDescription = "Lumbar spine phantom"
    ds.SeriesDescription = description
    ds.PatientName, ds.PatientID = f"Phantom^{study}", str(study)
    ds.PatientBirthDate, ds.PatientSex = "", "O"
    ds.BodyPartExamined = "LSPINE"
    ds.ScanningSequence, ds.SequenceVariant, ds.ScanOptions = "SE", "SK" if not t1 else "NONE", ""
    ds.MRAcquisitionType, ds.EchoTrainLength = "2D", 1 if t1 else 16
    ds.SliceThickness, ds.SpacingBetweenSlices = place["thick"], place["thick"] + 0.4
    ds.RepetitionTime, ds.EchoTime = (550.0, 10.0) if t1 else (3500.0, 105.0)
    ds.MagneticFieldStrength = 1.5
    ds.PatientPosition = "HFS"
    ds.StudyInstanceUID = uid(study)
    ds.SeriesInstanceUID = uid(study, series)
    ds.FrameOfReferenceUID, ds.PositionReferenceIndicator = uid(study, "frame"), ""
    ds.StudyID, ds.SeriesNumber, ds.InstanceNumber = "1", series % 100, number
    ds.ImagePositionPatient = [f"{v:.3f}" for v in place["corner"]]
    ds.ImageOrientationPatient = place["turn"]
    ds.SliceLocation = f"{place['corner'][2 if axial_ else 0]:.3f}"
    ds.PixelSpacing = [place["spacing"], place["spacing"]]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
