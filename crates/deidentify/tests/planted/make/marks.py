"""Presentation states, segmentations, structure sets, overlays, icons and curves."""

import numpy as np
from pydicom.pixels import pack_bits

from . import scans
from .clips import MARY_2
from .people import JORG, TORB, uid
from .pictures import letters, phantom, pixels
from .plain import ADA_1, BEN_1
from .planted import Planted, Study, code, item, items, reference

GSPS = "1.2.840.10008.5.1.4.1.1.11.1"
SEG = "1.2.840.10008.5.1.4.1.1.66.4"
RTSTRUCT = "1.2.840.10008.5.1.4.1.1.481.3"

JORG_1 = Study(JORG, 1, "20240118", f"HWS in 2 Ebenen, Dr. {JORG.family('referring')}",
               ("HWS",), "CSPINE")  # fmt: skip
TORB_1 = Study(TORB, 1, "20240207", "RT planning thoracic spine", ("RT", "thoracic", "spine"))


def made():
    yield presentation_state("pr-1", ADA_1, scans.CT, 1, 2)
    yield presentation_state("pr-2", BEN_1, scans.MR, 1, 1)
    yield segmentation()
    for number in (1, 2):
        yield scans.ct(f"ct-planning-{number}", TORB_1, 1, number)
    yield structure_set()
    yield overlay_plane()
    yield overlay_in_pixels()
    yield icon()
    yield curve()


def presentation_state(file, study, sop_class, series, number):
    o = Planted(file, study, GSPS, "PR", 40, kind="presentation state")
    ds, person = o.ds, o.person
    at = reference(sop_class, study.instance(series, number))
    ds.ContentLabel = "L2_FRACTURE"
    ds.ContentDescription = f"Arrow at L2 for Dr {person.family('referring')}"
    ds.PresentationCreationDate, ds.PresentationCreationTime = study.date, "180000"
    ds.ContentCreatorName = person.performing
    ds.ReferencedSeriesSequence = items(
        item(SeriesInstanceUID=study.series(series), ReferencedImageSequence=items(at))
    )
    ds.DisplayedAreaSelectionSequence = items(
        item(
            DisplayedAreaTopLeftHandCorner=[1, 1],
            DisplayedAreaBottomRightHandCorner=[64, 64],
            PresentationSizeMode="SCALE TO FIT",
            PresentationPixelAspectRatio=["1", "1"],
        )
    )
    ds.PresentationLUTShape = "IDENTITY"
    ds.SoftcopyVOILUTSequence = items(item(WindowCenter="300", WindowWidth="1500"))
    o.keep("graphics", "WindowCenter", "WindowWidth", ds=ds.SoftcopyVOILUTSequence[0])
    ds.GraphicLayerSequence = items(
        item(GraphicLayer="NOTES", GraphicLayerOrder="1",
             GraphicLayerDescription=f"notes of {person.plain('performing')}")
    )  # fmt: skip
    words = item(
        BoundingBoxAnnotationUnits="PIXEL",
        UnformattedTextValue=f"{person.plain()} {person.id} see Dr {person.family('performing')}",
        BoundingBoxTopLeftHandCorner=[2.0, 2.0],
        BoundingBoxBottomRightHandCorner=[60.0, 12.0],
        BoundingBoxTextHorizontalJustification="LEFT",
    )
    plain = item(
        BoundingBoxAnnotationUnits="PIXEL",
        UnformattedTextValue="Fracture L2",
        BoundingBoxTopLeftHandCorner=[2.0, 40.0],
        BoundingBoxBottomRightHandCorner=[60.0, 52.0],
        BoundingBoxTextHorizontalJustification="LEFT",
    )
    o.marks[(id(plain), plain["UnformattedTextValue"].tag)] = ("graphics", ("Fracture", "L2"))
    line = item(
        GraphicAnnotationUnits="PIXEL",
        GraphicDimensions=2,
        NumberOfGraphicPoints=2,
        GraphicData=[20.0, 20.0, 31.5, 33.0],
        GraphicType="POLYLINE",
        GraphicFilled="N",
    )
    o.keep("graphics", "GraphicData", "GraphicType", ds=line)
    ds.GraphicAnnotationSequence = items(
        item(
            ReferencedImageSequence=items(at),
            GraphicLayer="NOTES",
            TextObjectSequence=items(words, plain),
            GraphicObjectSequence=items(line),
        )
    )
    return o


def segmentation():
    """Two vertebrae on two slices of the lumbar MR."""
    o = Planted("seg-1", BEN_1, SEG, "SEG", 50, kind="segmentation")
    ds, person, study = o.ds, o.person, o.study
    ds.ContentDate, ds.ContentTime = study.date, "140000"
    ds.ImageType = ["DERIVED", "PRIMARY"]
    ds.FrameOfReferenceUID, ds.PositionReferenceIndicator = study.frame, ""
    mask = np.zeros((2, 64, 64), np.uint8)
    mask[0, 20:30, 26:38], mask[1, 34:44, 26:38] = 1, 1
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    ds.NumberOfFrames, ds.Rows, ds.Columns = "2", 64, 64
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 1, 1, 0, 0
    ds.PixelData = pack_bits(mask.ravel())
    ds["PixelData"].VR = "OB"
    o.pixels = "kept"
    ds.LossyImageCompression = "00"
    ds.SegmentationType, ds.ContentLabel = "BINARY", "VERTEBRAE"
    ds.ContentDescription = f"Vertebrae of {person.plain()}"
    ds.ContentCreatorName = person.operator
    ds.SegmentSequence = items(*(_segment(o, n, level) for n, level in ((1, "L4"), (2, "L5"))))
    ds.SharedFunctionalGroupsSequence = items(
        item(
            PixelMeasuresSequence=items(item(SliceThickness="3", PixelSpacing=["0.8", "0.8"])),
            PlaneOrientationSequence=items(item(ImageOrientationPatient=scans.SAGITTAL)),
        )
    )
    organization = uid("dimensions seg")
    ds.DimensionOrganizationSequence = items(item(DimensionOrganizationUID=organization))
    ds.DimensionIndexSequence = items(
        item(DimensionOrganizationUID=organization, DimensionIndexPointer=0x0062000B,
             FunctionalGroupPointer=0x0062000A),
        item(DimensionOrganizationUID=organization, DimensionIndexPointer=0x00200032,
             FunctionalGroupPointer=0x00209113),
    )  # fmt: skip
    ds.PerFrameFunctionalGroupsSequence = items(
        *(
            item(
                FrameContentSequence=items(item(DimensionIndexValues=[n, 1])),
                PlanePositionSequence=items(
                    item(ImagePositionPatient=[str(4 * n - 8), "-90", "110"])
                ),
                SegmentIdentificationSequence=items(item(ReferencedSegmentNumber=n)),
                DerivationImageSequence=items(_derived(study, n)),
            )
            for n in (1, 2)
        )
    )
    ds.ReferencedSeriesSequence = items(
        item(
            SeriesInstanceUID=study.series(1),
            ReferencedInstanceSequence=items(
                *(reference(scans.MR, study.instance(1, n)) for n in (1, 2))
            ),
        )
    )
    ds.InstanceNumber = "1"
    return o


def _derived(study, n):
    purpose = code("121322", "DCM", "Source image for image processing operation")
    source = reference(scans.MR, study.instance(1, n), PurposeOfReferenceCodeSequence=items(purpose))
    derivation = code("113076", "DCM", "Segmentation")
    return item(DerivationCodeSequence=items(derivation), SourceImageSequence=items(source))


def _segment(o, number, level):
    levels = {"L4": ("11994002", "Fourth lumbar vertebra"), "L5": ("49668003", "Fifth lumbar vertebra")}
    value, meaning = levels[level]
    segment = item(
        SegmentNumber=number,
        SegmentLabel=f"{level} vertebra",
        SegmentDescription=f"{level} drawn by {o.person.plain('operator')}",
        SegmentAlgorithmType="MANUAL",
        SegmentedPropertyCategoryCodeSequence=items(code("123037004", "SCT", "Anatomical Structure")),
        SegmentedPropertyTypeCodeSequence=items(code(value, "SCT", meaning)),
    )
    o.marks[(id(segment), segment["SegmentLabel"].tag)] = ("segment", (level, "vertebra"))
    o.keep("segment", "SegmentedPropertyTypeCodeSequence", "SegmentNumber", ds=segment)
    return segment


def structure_set():
    o = Planted("rtstruct-1", TORB_1, RTSTRUCT, "RTSTRUCT", 60, kind="structure set")
    ds, person, study = o.ds, o.person, o.study
    ds.FrameOfReferenceUID, ds.PositionReferenceIndicator = study.frame, ""
    ds.StructureSetLabel = f"PLAN {person.family()[:10]}"
    o.plant("name", person.family()[:10])
    ds.StructureSetName = f"T7 {person.plain()}"
    ds.StructureSetDescription = f"T7 metastasis, asked by {person.plain('referring')}"
    ds.StructureSetDate, ds.StructureSetTime = study.date, "130000"
    contours = [
        item(
            ContourImageSequence=items(reference(scans.CT, study.instance(1, n))),
            ContourGeometricType="CLOSED_PLANAR",
            NumberOfContourPoints=3,
            ContourData=["1.5", "2", str(3 * n), "9", "2", str(3 * n), "5", "8.25", str(3 * n)],
        )
        for n in (1, 2)
    ]
    for contour in contours:
        o.keep("graphics", "ContourData", ds=contour)
    rt_series = item(
        SeriesInstanceUID=study.series(1),
        ContourImageSequence=items(
            *(reference(scans.CT, study.instance(1, n)) for n in (1, 2))
        ),
    )
    rt_study = reference("1.2.840.10008.3.1.2.3.1", study.uid,
                         RTReferencedSeriesSequence=items(rt_series))  # fmt: skip
    ds.ReferencedFrameOfReferenceSequence = items(
        item(FrameOfReferenceUID=study.frame, RTReferencedStudySequence=items(rt_study))
    )
    names = ["SpinalCord", f"GTV T7 {person.family()}", f"Bowel dr {person.family('performing')}"]
    ds.StructureSetROISequence = items(
        *(
            item(ROINumber=str(n), ReferencedFrameOfReferenceUID=study.frame, ROIName=name,
                 ROIDescription=f"by {person.plain('operator')}", ROIGenerationAlgorithm="MANUAL")
            for n, name in enumerate(names, 1)
        )
    )  # fmt: skip
    for roi, kept in zip(ds.StructureSetROISequence, ("SpinalCord", "T7", "Bowel")):
        o.marks[(id(roi), roi["ROIName"].tag)] = ("segment", (kept,))
    ds.ROIContourSequence = items(
        item(ReferencedROINumber="1", ContourSequence=items(*contours)),
        item(ReferencedROINumber="2"),
        item(ReferencedROINumber="3"),
    )
    ds.RTROIObservationsSequence = items(
        *(
            item(ObservationNumber=str(n), ReferencedROINumber=str(n), RTROIInterpretedType=kind,
                 ROIInterpreter=person.performing, ROIObservationLabel=f"seen {person.family()}"[:16])
            for n, kind in ((1, "ORGAN"), (2, "GTV"), (3, "ORGAN"))
        )
    )  # fmt: skip
    o.plant("name", f"seen {person.family()}"[:16].split(" ")[1])
    return o


def _name_bits(person, rows, columns):
    bits = np.zeros((rows, columns), np.uint8)
    for n, text in enumerate((person.family()[:10], person.id)):
        ink = letters(text, 11, smooth=False) >= 128
        bits[6 + 20 * n : 6 + 20 * n + ink.shape[0], 4 : 4 + ink.shape[1]] = ink[:, : columns - 4]
    return bits


def overlay_plane():
    """An overlay of its own whose bits spell the patient's name (PS3.3, C.9.2)."""
    o = scans.cr("cr-overlay", JORG_1, 1, 1, kind="overlay in 60xx")
    ds, person = o.ds, o.person
    rows, columns = int(ds.Rows), int(ds.Columns)
    bits = _name_bits(person, rows, columns)
    ds.add_new(0x60000010, "US", rows)
    ds.add_new(0x60000011, "US", columns)
    ds.add_new(0x60000022, "LO", f"Name of {person.plain()}")
    ds.add_new(0x60000040, "CS", "G")
    ds.add_new(0x60000050, "SS", [1, 1])
    ds.add_new(0x60000100, "US", 1)
    ds.add_new(0x60000102, "US", 0)
    ds.add_new(0x60001500, "LO", f"{person.id}")
    packed = pack_bits(bits.ravel())
    ds.add_new(0x60003000, "OW", packed)
    o.hidden = packed
    return o


def overlay_in_pixels():
    """The retired kind: the overlay's bits in unused high bits of the pixels."""
    o = scans.cr("cr-overlay-in-pixels", JORG_1, 2, 1, "AP", kind="overlay in pixel bits",
                outcome="either", why="an overlay in the pixels' bits: refused, or its bits cleared")  # fmt: skip
    ds = o.ds
    rows, columns = int(ds.Rows), int(ds.Columns)
    bits = _name_bits(o.person, rows, columns)
    values = np.frombuffer(ds.PixelData, "<u2").reshape(rows, columns)
    mixed = values | (bits.astype(np.uint16) << 12)
    ds.PixelData = mixed.astype("<u2").tobytes()
    ds.add_new(0x60000010, "US", rows)
    ds.add_new(0x60000011, "US", columns)
    ds.add_new(0x60000040, "CS", "G")
    ds.add_new(0x60000050, "SS", [1, 1])
    ds.add_new(0x60000100, "US", 16)
    ds.add_new(0x60000102, "US", 12)
    o.pixels = "touched"
    ys, xs = np.nonzero(bits)
    y0, y1, x0, x1 = ys.min(), ys.max() + 1, xs.min(), xs.max() + 1
    from .pictures import runs

    o.glyphs.append(
        {"text": "overlay bits", "frames": [1], "box": [int(x0), int(y0), int(x1), int(y1)],
         "runs": runs(bits[y0:y1, x0:x1]), "bit": 12}
    )  # fmt: skip
    return o


def icon():
    """An icon that shows what the picture shows (PS3.3, F.7)."""
    o = scans.cr("cr-icon", JORG_1, 3, 1, kind="icon image")
    small = phantom(48, 64, "icon", 120)
    ink = letters(o.person.family()[:9], 10, smooth=False)
    small[2 : 2 + ink.shape[0], 2 : 2 + min(ink.shape[1], 62)][ink[:, :62] >= 128] = 255
    o.ds.IconImageSequence = items(
        item(
            SamplesPerPixel=1, PhotometricInterpretation="MONOCHROME2", Rows=48, Columns=64,
            BitsAllocated=8, BitsStored=8, HighBit=7, PixelRepresentation=0,
            PixelData=small.astype(np.uint8).tobytes(),
        )
    )  # fmt: skip
    o.ds.IconImageSequence[0]["PixelData"].VR = "OB"
    o.ds.PerformingPhysicianName = f"{o.person.performing}"
    return o


def curve():
    """A retired curve with a label and a description (PS3.3-2004, C.10.2)."""
    o = scans.mr("mr-curve", MARY_2, 7, 1, kind="curve")
    ds, person = o.ds, o.person
    ds.add_new(0x50000005, "US", 1)
    ds.add_new(0x50000010, "US", 4)
    ds.add_new(0x50000020, "CS", "ECG")
    ds.add_new(0x50000022, "LO", f"ECG of {person.plain()}")
    ds.add_new(0x50000103, "US", 0)
    ds.add_new(0x50002500, "LO", f"lead {person.id}")
    ds.add_new(0x50003000, "OW", person.name.encode().ljust(24, b" "))
    return o


__all__ = ["made", "pixels"]
