"""Enhanced multi-frame objects with functional groups, and sequences six levels deep."""

from pydicom.dataset import Dataset

from .acquisition import ct_shared, mr_pulse_sequence, mr_shared
from .documents import evidence
from .people import BEN, LAKSH, LAN, uid
from .pictures import phantom, pixels
from .planted import Planted, Study, code, item, items, reference
from .scans import MR

ENHANCED_MR = "1.2.840.10008.5.1.4.1.1.4.1"
ENHANCED_CT = "1.2.840.10008.5.1.4.1.1.2.1"

BEN_2 = Study(BEN, 2, "20240606", "MRI lumbar spine enhanced", ("MRI", "lumbar", "spine"))
LAN_2 = Study(LAN, 2, "20240818", "CT thoracic spine", ("CT", "thoracic", "spine"), "TSPINE")
LAKSH_3 = Study(LAKSH, 3, "20240912", "MRI whole spine", ("MRI", "whole", "spine"))


def made():
    yield enhanced_mr("enhanced-mr", BEN_2, 3)
    o = enhanced_mr("enhanced-mr-deep", LAKSH_3, 3)
    _deep(o)
    yield o
    o = enhanced_mr("enhanced-mr-undefined", BEN_2, 2, series=2)
    _private_groups(o)
    _undefined(o.ds)
    yield o
    yield enhanced_ct("enhanced-ct", LAN_2, 3)


def enhanced_mr(file, study, frames, series=1):
    o = Planted(file, study, ENHANCED_MR, "MR", series, kind="enhanced MR")
    ds = o.ds
    _multi_frame(o, frames)
    ds.ImageType = ["ORIGINAL", "PRIMARY", "SPINE", "NONE"]
    ds.PixelPresentation, ds.VolumetricProperties = "MONOCHROME", "VOLUME"
    ds.VolumeBasedCalculationTechnique = "NONE"
    ds.ComplexImageComponent, ds.AcquisitionContrast = "MAGNITUDE", "T2"
    ds.MagneticFieldStrength, ds.ResonantNucleus = 3.0, "1H"
    ds.KSpaceFiltering, ds.ApplicableSafetyStandardAgency = "NONE", "IEC"
    ds.ContentQualification = "RESEARCH"
    o.top("SeriesDescription", "T2 SPACE sag 3D", "descriptor", ["T2", "SPACE", "sag", "3D"])
    o.keep("physics", "MagneticFieldStrength", "ComplexImageComponent", "AcquisitionContrast")
    shared = item(
        PixelMeasuresSequence=items(item(SliceThickness="1", PixelSpacing=["0.8", "0.8"])),
        PlaneOrientationSequence=items(item(ImageOrientationPatient=["0", "1", "0", "0", "0", "-1"])),
        MRTimingAndRelatedParametersSequence=items(
            item(RepetitionTime="1500", FlipAngle="120", EchoTrainLength="60",
                 RFEchoTrainLength=60, GradientEchoTrainLength=0)
        ),
        FrameAnatomySequence=items(
            item(FrameLaterality="U", AnatomicRegionSequence=items(code("T-11503", "SRT", "Lumbar spine")))
        ),
        ReferencedImageSequence=items(
            reference(MR, study.instance(7, 1),
                      PurposeOfReferenceCodeSequence=items(code("121311", "DCM", "Localizer")))
        ),
    )  # fmt: skip
    o.keep("geometry", "SliceThickness", "PixelSpacing", ds=shared.PixelMeasuresSequence[0])
    o.keep("geometry", "ImageOrientationPatient", ds=shared.PlaneOrientationSequence[0])
    o.keep("physics", "RepetitionTime", "FlipAngle", ds=shared.MRTimingAndRelatedParametersSequence[0])
    o.keep("body-part", "AnatomicRegionSequence", ds=shared.FrameAnatomySequence[0])
    mr_pulse_sequence(ds)
    ds.ReferencedImageEvidenceSequence = items(evidence(study, MR, 7, [1]))
    mr_shared(shared)
    ds.SharedFunctionalGroupsSequence = items(shared)
    ds.PerFrameFunctionalGroupsSequence = items(*(_frame(o, n) for n in range(frames)))
    return o


def _frame(o, n):
    """One frame's groups; the comment and the label speak of people."""
    person, study = o.person, o.study
    content = item(
        FrameAcquisitionNumber=1,
        FrameReferenceDateTime=f"{study.date}1022{n:02}",
        FrameAcquisitionDateTime=f"{study.date}1022{n:02}.5",
        FrameAcquisitionDuration=12.0,
        DimensionIndexValues=[1, n + 1],
        StackID="1",
        InStackPositionNumber=n + 1,
        FrameComments=f"{person.plain()} frame {n + 1}, checked by {person.plain('operator')}",
        FrameLabel=f"{person.family()[:10]} L{n + 1}"[:16],
    )
    groups = item(
        FrameContentSequence=items(content),
        PlanePositionSequence=items(item(ImagePositionPatient=[str(n * 2 - 4), "-80", "90"])),
    )
    o.plant("name", person.family()[:10])
    position = groups.PlanePositionSequence[0]
    o.keep("geometry", "ImagePositionPatient", ds=position)
    if o.ds.Modality == "MR":
        groups.MREchoSequence = items(item(EffectiveEchoTime=98.0))
        o.keep("physics", "EffectiveEchoTime", ds=groups.MREchoSequence[0])
    return groups


def _multi_frame(o, frames, size=64):
    ds, study = o.ds, o.study
    ds.ContentDate, ds.ContentTime = study.date, "103000"
    ds.AcquisitionDateTime, ds.AcquisitionDuration = f"{study.date}102200", 60.0
    ds.FrameOfReferenceUID, ds.PositionReferenceIndicator = study.frame, ""
    ds.PatientPosition = "HFS"
    pixels(o, phantom(size, size, o.file, 1800, frames))
    ds.LossyImageCompression, ds.PresentationLUTShape = "00", "IDENTITY"
    ds.BurnedInAnnotation = "NO"
    organization = uid(f"dimensions {o.file}")
    ds.DimensionOrganizationSequence = items(item(DimensionOrganizationUID=organization))
    ds.DimensionIndexSequence = items(
        *(
            item(
                DimensionOrganizationUID=organization,
                DimensionIndexPointer=pointer,
                FunctionalGroupPointer=0x00209111,
            )
            for pointer in (0x00209056, 0x00209057)
        )
    )
    ds.AcquisitionContextSequence = items()
    ds.InstanceNumber = "1"


def enhanced_ct(file, study, frames):
    o = Planted(file, study, ENHANCED_CT, "CT", kind="enhanced CT")
    ds = o.ds
    _multi_frame(o, frames)
    ds.ImageType = ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"]
    ds.PixelPresentation, ds.VolumetricProperties = "MONOCHROME", "VOLUME"
    ds.VolumeBasedCalculationTechnique = "NONE"
    ds.ContentQualification = "PRODUCT"
    o.top("SeriesDescription", "胸椎 CT 薄层 T7", "descriptor", ["CT", "T7"])
    shared = item(
        PixelMeasuresSequence=items(item(SliceThickness="1", PixelSpacing=["0.7", "0.7"])),
        PlaneOrientationSequence=items(item(ImageOrientationPatient=["1", "0", "0", "0", "1", "0"])),
        PixelValueTransformationSequence=items(
            item(RescaleIntercept="-1024", RescaleSlope="1", RescaleType="HU")
        ),
        CTXRayDetailsSequence=items(item(KVP="120", FocalSpots=[0.9], FilterType="WEDGE", FilterMaterial="ALUMINUM")),
    )
    o.keep("geometry", "SliceThickness", "PixelSpacing", ds=shared.PixelMeasuresSequence[0])
    o.keep("pixels", "RescaleIntercept", "RescaleSlope", ds=shared.PixelValueTransformationSequence[0])
    o.keep("physics", "KVP", ds=shared.CTXRayDetailsSequence[0])
    ct_shared(shared, study.instance(90, 1))
    shared.FrameAnatomySequence[0].AnatomicRegionSequence = items(
        code("T-11502", "SRT", "Thoracic spine")
    )
    ds.SharedFunctionalGroupsSequence = items(shared)
    ds.PerFrameFunctionalGroupsSequence = items(*(_frame(o, n) for n in range(frames)))
    return o


def _deep(o):
    """The same identity at depth 1 to 6, in public and private sequences."""
    person = o.person
    inner: Dataset = item(
        PatientName=person.name,
        PatientID=person.id,
        TextValue=f"depth 6: {person.plain('referring')}",
        ReferencedSOPInstanceUID=o.study.instance(5, 5),
    )
    for depth in range(5, 0, -1):
        outer = item(
            InstitutionName=person.hospital,
            PatientComments=f"depth {depth}: {person.plain()} {person.phone}",
            StudyDate="20231231",
        )
        if depth % 2:
            block = outer.private_block(0x0029, "DEEP VENDOR", create=True)
            block.add_new(0x10, "SQ", items(inner))
        else:
            outer.RequestAttributesSequence = items(inner)
        inner = outer
    groups = o.ds.PerFrameFunctionalGroupsSequence[1]
    groups.DerivationImageSequence = items(
        item(
            DerivationDescription=f"Mean of series of {person.plain()}",
            DerivationCodeSequence=items(code("113040", "DCM", "Lossy Compression")),
            SourceImageSequence=items(
                reference(MR, o.study.instance(4, 4),
                          PurposeOfReferenceCodeSequence=items(
                              code("121322", "DCM", "Source image for image processing operation")))
            ),
        )
    )  # fmt: skip
    o.ds.ReferencedStudySequence = items(reference("1.2.840.10008.3.1.2.3.1", o.study.uid))
    o.ds.ReferencedStudySequence[0].RequestAttributesSequence = items(inner)


def _private_groups(o):
    """Private sequences inside the functional groups, as vendors write them."""
    person = o.person
    for n, groups in enumerate(o.ds.PerFrameFunctionalGroupsSequence):
        block = groups.private_block(0x2005, "Imaginary MR Imaging DD 005", create=True)
        nested = item(
            PatientID=person.id,
            StudyDescription=f"exam of {person.plain()}",
            InstanceCreationDate=o.study.date,
        )
        again = nested.private_block(0x2001, "Imaginary Imaging DD 001", create=True)
        again.add_new(0x05, "SQ", items(item(OperatorsName=person.operator)))
        block.add_new(0x0F, "SQ", items(nested))
        block.add_new(0x10, "LO", f"{person.phone} frame {n}")


def _undefined(ds):
    """Every sequence and item without a length (PS3.5, 7.5)."""
    for element in ds:
        if element.VR != "SQ":
            continue
        element.is_undefined_length = True
        for inner in element.value:
            inner.is_undefined_length_sequence_item = True
            _undefined(inner)
