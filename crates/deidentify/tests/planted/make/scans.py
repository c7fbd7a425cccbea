"""Modules of plain images: CT, MR, PET, CR, DX, XA and secondary captures (PS3.3, annex A)."""

import numpy as np

from .pictures import phantom, pixels
from .planted import Planted, code, item, items

CT = "1.2.840.10008.5.1.4.1.1.2"
MR = "1.2.840.10008.5.1.4.1.1.4"
PET = "1.2.840.10008.5.1.4.1.1.128"
CR = "1.2.840.10008.5.1.4.1.1.1"
DX = "1.2.840.10008.5.1.4.1.1.1.1"
XA = "1.2.840.10008.5.1.4.1.1.12.1"
SC = "1.2.840.10008.5.1.4.1.1.7"

AXIAL = ["1", "0", "0", "0", "1", "0"]
SAGITTAL = ["0", "1", "0", "0", "0", "-1"]


def plane(o, position, orientation=AXIAL, spacing="0.8", thickness="3"):
    """Frame of Reference and Image Plane (PS3.3, C.7.4.1 and C.7.6.2)."""
    ds = o.ds
    ds.FrameOfReferenceUID = o.study.frame
    ds.PositionReferenceIndicator = ""
    ds.PatientPosition = "HFS"
    ds.ImagePositionPatient = [str(v) for v in position]
    ds.ImageOrientationPatient = orientation
    ds.PixelSpacing = [spacing, spacing]
    ds.SliceThickness = thickness
    o.keep("geometry", "ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing",
           "SliceThickness")  # fmt: skip


def acquired(o, number="1"):
    ds = o.ds
    ds.AcquisitionDate = ds.ContentDate = o.study.date
    ds.AcquisitionTime = ds.ContentTime = "102200"
    ds.AcquisitionNumber = number


def hounsfield(grey):
    """The phantom's greys as air, soft tissue, discs and bone, stored with an intercept of -1024."""
    return np.rint(np.interp(grey, [0, 300, 400, 680, 760], [-1000, 30, 90, 420, 520])) + 1024


def ct(file, study, series=1, number=1, size=64, **more):
    o = Planted(file, study, CT, "CT", series, number, **more)
    ds = o.ds
    ds.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    acquired(o)
    plane(o, [-25.6, -25.6, 3 * number])
    pixels(o, hounsfield(phantom(size, size, file, 1000)))
    ds.RescaleIntercept, ds.RescaleSlope = "-1024", "1"
    ds.WindowCenter, ds.WindowWidth = "400", "1500"
    ds.KVP, ds.XRayTubeCurrent, ds.ExposureTime = "120", "210", "900"
    ds.ConvolutionKernel = "B60s"
    ds.DataCollectionDiameter, ds.GantryDetectorTilt = "500", "0"
    o.top("BodyPartExamined", study.body, "body-part", [study.body])
    o.keep("physics", "KVP", "XRayTubeCurrent", "ExposureTime", "ConvolutionKernel")
    o.keep("pixels", "RescaleIntercept", "RescaleSlope", "WindowCenter", "WindowWidth")
    o.top("SeriesDescription", "Axial bone 3.0 B60s", "descriptor", ["Axial", "bone"])
    return o


def mr(file, study, series=1, number=1, size=64, **more):
    o = Planted(file, study, MR, "MR", series, number, **more)
    ds = o.ds
    ds.ImageType = ["ORIGINAL", "PRIMARY", "M", "SE"]
    acquired(o)
    plane(o, [4 * number - 8, -90, 110], SAGITTAL)
    pixels(o, phantom(size, size, file, 1900))
    ds.WindowCenter, ds.WindowWidth = "800", "1600"
    ds.ScanningSequence, ds.SequenceVariant, ds.ScanOptions = "SE", "SK", "FS"
    ds.MRAcquisitionType, ds.SequenceName = "2D", "tse2d1_15"
    ds.RepetitionTime, ds.EchoTime, ds.EchoTrainLength = "3200", "98", "15"
    ds.MagneticFieldStrength, ds.FlipAngle, ds.ImagedNucleus = "1.5", "150", "1H"
    o.top("BodyPartExamined", study.body, "body-part", [study.body])
    o.keep("physics", "RepetitionTime", "EchoTime", "EchoTrainLength", "MagneticFieldStrength",
           "FlipAngle", "ScanningSequence", "SequenceVariant", "MRAcquisitionType")  # fmt: skip
    o.top("SeriesDescription", "T2 TSE sagittal", "descriptor", ["T2", "TSE", "sagittal"])
    o.top("ProtocolName", "L-spine T2 sag", "descriptor", ["L-spine", "T2", "sag"])
    return o


def pet(file, study, series=1, number=1, **more):
    o = Planted(file, study, PET, "PT", series, number, **more)
    ds = o.ds
    ds.ImageType = ["ORIGINAL", "PRIMARY"]
    acquired(o)
    plane(o, [-100, -100, 4 * number], spacing="4", thickness="4")
    del ds.PatientPosition  # The codes below say it.
    pixels(o, phantom(48, 48, file, 20000, coarse=3), stored=16, signed=True)
    ds.RescaleIntercept, ds.RescaleSlope = "0", "0.8"
    ds.SeriesType, ds.Units, ds.CountsSource = ["WHOLE BODY", "IMAGE"], "BQML", "EMISSION"
    ds.NumberOfSlices, ds.CorrectedImage = 2, ["DECY", "ATTN"]
    ds.DecayCorrection, ds.CollimatorType = "START", "NONE"
    ds.FrameReferenceTime, ds.ActualFrameDuration = "1000", "120000"
    ds.ImageIndex, ds.DecayFactor, ds.DoseCalibrationFactor = number, "1.02", "1"
    isotope = item(
        Radiopharmaceutical="FDG",
        RadiopharmaceuticalStartTime="091500",
        RadiopharmaceuticalStartDateTime=f"{study.date}091500",
        RadionuclideTotalDose="350000000",
        RadionuclideHalfLife="6586.2",
        RadionuclideCodeSequence=items(code("C-111A1", "SRT", "^18^Fluorine")),
    )
    ds.RadiopharmaceuticalInformationSequence = items(isotope)
    ds.PatientOrientationCodeSequence = items(
        item(
            **{k: v for k, v in (("CodeValue", "F-10450"), ("CodingSchemeDesignator", "SRT"),
                                 ("CodeMeaning", "recumbent"))},
            PatientOrientationModifierCodeSequence=items(code("F-10340", "SRT", "supine")),
        )
    )  # fmt: skip
    ds.PatientGantryRelationshipCodeSequence = items(code("F-10470", "SRT", "headfirst"))
    o.keep("physics", "Units", "DecayCorrection", "FrameReferenceTime", "DecayFactor")
    o.keep("physics", "RadionuclideTotalDose", "RadionuclideHalfLife", ds=isotope)
    o.top("SeriesDescription", "PET whole body", "descriptor", ["PET", "whole", "body"])
    return o


def cr(file, study, series=1, number=1, view="LATERAL", rows=96, columns=80, **more):
    o = Planted(file, study, CR, "CR", series, number, **more)
    ds = o.ds
    ds.ImageType = ["ORIGINAL", "PRIMARY"]
    acquired(o)
    pixels(o, more.get("array", phantom(rows, columns, file, 3000)), 16, 12, "MONOCHROME1")
    ds.BodyPartExamined, ds.ViewPosition = study.body, "LL" if view == "LATERAL" else "AP"
    ds.PatientOrientation = ["A", "F"] if view == "LATERAL" else ["L", "F"]
    ds.ImagerPixelSpacing = ["0.2", "0.2"]
    ds.KVP, ds.PlateType, ds.CassetteSize = "75", "ST-V", "24CMX30CM"
    o.keep("body-part", "BodyPartExamined", "ViewPosition")
    o.keep("geometry", "PatientOrientation", "ImagerPixelSpacing")
    o.top("SeriesDescription", f"C-spine {view}", "descriptor", ["C-spine", view])
    return o


def dx(file, study, array, series=1, number=1, photometric="MONOCHROME1", **more):
    o = Planted(file, study, DX, "DX", series, number, **more)
    ds = o.ds
    acquired(o)
    ds.ImageType = ["ORIGINAL", "PRIMARY", ""]
    ds.PresentationIntentType = "FOR PRESENTATION"
    ds.AnatomicRegionSequence = items(code("T-11502", "SRT", "Thoracic spine"))
    ds.ImageLaterality = "U"
    ds.PatientOrientation = ["L", "F"]
    ds.BodyPartExamined, ds.ViewPosition = "TSPINE", "AP"
    ds.PixelIntensityRelationship, ds.PixelIntensityRelationshipSign = "LOG", 1
    ds.RescaleIntercept, ds.RescaleSlope, ds.RescaleType = "0", "1", "US"
    inverse = photometric == "MONOCHROME1"
    ds.PresentationLUTShape = "INVERSE" if inverse else "IDENTITY"
    ds.WindowCenter, ds.WindowWidth = "2048", "4096"
    ds.LossyImageCompression, ds.BurnedInAnnotation = "00", "NO"
    ds.PositionerType = ""
    ds.DetectorType, ds.ImagerPixelSpacing = "DIRECT", ["0.15", "0.15"]
    ds.KVP, ds.ExposureInuAs = "81", "3200"
    ds.AcquisitionContextSequence = items()
    ds.AcquisitionDeviceProcessingDescription = ""
    o.ds.StudyDescription = study.description
    o.array = array
    o.photometric = photometric
    o.keep("body-part", "BodyPartExamined", "ViewPosition", "AnatomicRegionSequence")
    o.keep("physics", "KVP", "ExposureInuAs", "PixelIntensityRelationship")
    o.top("SeriesDescription", "T-spine AP erect", "descriptor", ["T-spine", "AP"])
    return o


def xa(file, study, series=1, number=1, frames=3, **more):
    o = Planted(file, study, XA, "XA", series, number, **more)
    ds = o.ds
    acquired(o)
    ds.ImageType = ["ORIGINAL", "PRIMARY", "SINGLE PLANE"]
    ds.PixelIntensityRelationship = "LIN"
    ds.KVP, ds.XRayTubeCurrent, ds.ExposureTime = "80", "400", "8"
    ds.RadiationSetting = "GR"
    ds.PositionerMotion = "STATIC"
    ds.PositionerPrimaryAngle, ds.PositionerSecondaryAngle = "0", "10"
    ds.FrameTime = "66.6"
    ds.FrameIncrementPointer = 0x00181063
    ds.PatientOrientation = ["L", "F"]
    ds.LossyImageCompression = "00"
    o.array = phantom(96, 96, file, 220, frames)
    o.keep("physics", "KVP", "XRayTubeCurrent", "FrameTime", "PositionerPrimaryAngle")
    o.top("SeriesDescription", "Vertebroplasty L3 fluoroscopy", "descriptor",
          ["Vertebroplasty", "L3"])  # fmt: skip
    return o


def screenshot(file, study, array, series=9, number=1, **more):
    """A secondary capture in colour: rows, columns, 3."""
    o = Planted(file, study, SC, more.pop("modality", "OT"), series, number, **more)
    ds = o.ds
    ds.ConversionType = "WSD"
    ds.ContentDate, ds.ContentTime = study.date, "113000"
    ds.DateOfSecondaryCapture, ds.TimeOfSecondaryCapture = study.date, "113000"
    ds.SecondaryCaptureDeviceManufacturer = "Imaginary Devices"
    ds.ImageType = ["DERIVED", "SECONDARY"]
    ds.PatientOrientation = ""
    o.array = np.asarray(array)
    o.top("SeriesDescription", "Screen capture", "descriptor", ["Screen", "capture"])
    return o
