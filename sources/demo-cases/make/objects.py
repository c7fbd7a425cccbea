"""DICOM objects of invented patients (PS3.3, PS3.5, PS3.10), with planted identifiers.

`who` is a person and their hospital (see `people.py`), `study` one of that person's studies,
`series` a dict of what its pictures have in common.  All UIDs grow from the hospital's root.
"""

import numpy as np
from pydicom import config, uid
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate

# A value that its VR does not allow stops the script.
config.settings.writing_validation_mode = config.RAISE


def item(**tags):
    """A dataset with the given attributes; a dict or list of dicts makes a sequence."""
    ds = Dataset()
    for keyword, value in tags.items():
        setattr(ds, keyword, value)
    return ds


def code(value, scheme, meaning):
    return item(CodeValue=value, CodingSchemeDesignator=scheme, CodeMeaning=meaning)


def new_uid(who, study, *numbers):
    return ".".join([who["root"], study["number"], *map(str, numbers)])


def shell(who, study, series, number, sop_class, syntax=uid.ExplicitVRLittleEndian):
    """An object with all that does not depend on its class."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = sop_class
    meta.MediaStorageSOPInstanceUID = new_uid(who, study, series["number"], number)
    meta.TransferSyntaxUID = syntax
    meta.ImplementationClassUID = who["root"] + ".99"
    meta.ImplementationVersionName = "DEMO_CASES_1"
    meta.SourceApplicationEntityTitle = who["ae"]
    ds = FileDataset("", Dataset(), file_meta=meta, preamble=b"\0" * 128)
    ds.SpecificCharacterSet = who["charset"]
    ds.SOPClassUID, ds.SOPInstanceUID = sop_class, meta.MediaStorageSOPInstanceUID
    ds.InstanceCreationDate, ds.InstanceCreationTime = study["date"], study["time"]
    ds.InstanceCreatorUID = who["root"] + ".98"
    ds.StudyInstanceUID = new_uid(who, study)
    ds.SeriesInstanceUID = new_uid(who, study, series["number"])
    ds.SeriesNumber, ds.InstanceNumber = series["number"], number
    patient(ds, who)
    occasion(ds, who, study, series)
    equipment(ds, who)
    return ds


def patient(ds, who):
    """Patient and Patient Study modules."""
    ds.PatientName, ds.PatientID = who["name"], who["id"]
    ds.IssuerOfPatientID = who["issuer"]
    ds.PatientBirthDate, ds.PatientSex, ds.PatientAge = who["birth"], who["sex"], who["age"]
    ds.PatientBirthTime = who["birth_time"]
    ds.OtherPatientNames = who["other_name"]
    ds.OtherPatientIDsSequence = [item(
        PatientID=who["other_id"], IssuerOfPatientID=who["issuer"], TypeOfPatientID="TEXT")]
    ds.PatientAddress, ds.PatientTelephoneNumbers = who["home"], who["phone"]
    ds.PatientMotherBirthName = who["mother"]
    ds.PatientComments = who["patient_comment"]
    ds.AdditionalPatientHistory = who["history_note"]
    ds.Occupation = who["occupation"]
    ds.MedicalRecordLocator = who["record_locator"]


def occasion(ds, who, study, series):
    """Study and series, the order behind them, and those who did the work."""
    ds.StudyDate = ds.SeriesDate = ds.AcquisitionDate = ds.ContentDate = study["date"]
    ds.StudyTime = ds.SeriesTime = ds.AcquisitionTime = ds.ContentTime = study["time"]
    ds.AccessionNumber, ds.StudyID = study["accession"], study["id"]
    ds.StudyDescription = study["description"]
    ds.SeriesDescription, ds.Modality = series["description"], series["modality"]
    ds.ProtocolName = series["protocol"]
    ds.ReferringPhysicianName = who["referring"]
    ds.ReferringPhysicianIdentificationSequence = [person(who, who["referring"], "D1")]
    ds.PerformingPhysicianName = who["performing"]
    ds.PerformingPhysicianIdentificationSequence = [person(who, who["performing"], "D2")]
    ds.NameOfPhysiciansReadingStudy, ds.OperatorsName = who["reading"], who["operator"]
    ds.RequestAttributesSequence = [order(who, study)]
    ds.ReferencedPerformedProcedureStepSequence = [item(
        ReferencedSOPClassUID="1.2.840.10008.3.1.2.3.3",
        ReferencedSOPInstanceUID=new_uid(who, study, 900, 1))]
    ds.PerformedProcedureStepStartDate, ds.PerformedProcedureStepStartTime = study["date"], study["time"]
    ds.PerformedProcedureStepID = "PPS" + study["accession"][-6:]
    ds.PerformedProcedureStepDescription = study["description"]
    ds.RequestingPhysician, ds.RequestingService = who["referring"], who["department"]


def person(who, name, value):
    """Person Identification macro (PS3.3 table 10-1)."""
    return item(PersonIdentificationCodeSequence=[code(value, "99SPMDEMO", plain(name))],
                PersonTelephoneNumbers=who["desk_phone"], PersonAddress=who["address"],
                InstitutionName=who["institution"])


def plain(name):
    """`Family^Given=Ideographic` as one would say it."""
    return name.split("=")[-1].replace("^", " ")


def order(who, study):
    """Request Attributes (PS3.3 table 10-9), nested down to the fourth level."""
    context = item(ValueType="TEXT", ConceptNameCodeSequence=[code("121106", "DCM", "Comment")],
                   TextValue=who["order_comment"])
    protocol = code("P" + study["id"], "99SPMDEMO", study["procedure"])
    protocol.ProtocolContextSequence = [context]
    reason = code("R1", "99SPMDEMO", who["order_reason"])
    return item(
        RequestedProcedureID="RP" + study["accession"][-6:], AccessionNumber=study["accession"],
        ScheduledProcedureStepID="SPS" + study["accession"][-6:],
        ScheduledProcedureStepDescription=study["procedure"],
        RequestedProcedureDescription=study["procedure"],
        ReasonForRequestedProcedureCodeSequence=[reason],
        ScheduledProtocolCodeSequence=[protocol], StudyInstanceUID=new_uid(who, study),
        ReferencedStudySequence=[item(ReferencedSOPClassUID="1.2.840.10008.3.1.2.3.1",
                                      ReferencedSOPInstanceUID=new_uid(who, study, 901, 1))])


def equipment(ds, who):
    """General Equipment."""
    ds.Manufacturer, ds.ManufacturerModelName = "SpineMed demo", "Drawn phantom"
    ds.InstitutionName, ds.InstitutionAddress = who["institution"], who["address"]
    ds.InstitutionalDepartmentName = who["department"]
    ds.InstitutionCodeSequence = [code("H1", "99SPMDEMO", who["institution"])]
    ds.StationName, ds.DeviceSerialNumber = who["station"], who["serial"]
    ds.SoftwareVersions = "1"


def image(ds, pixels, place, stored):
    """Image Pixel and, where the series has a place in space, Image Plane."""
    values = stored["values"](pixels)
    ds.Rows, ds.Columns = values.shape[:2]
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, stored.get("photometric", "MONOCHROME2")
    ds.BitsAllocated, ds.BitsStored = stored["allocated"], stored["bits"]
    ds.HighBit, ds.PixelRepresentation = stored["bits"] - 1, stored.get("signed", 0)
    ds.WindowCenter, ds.WindowWidth = stored["window"]
    ds.PixelData = data(values, stored["allocated"])
    ds["PixelData"].VR = "OW" if stored["allocated"] == 16 else "OB"
    if place:
        ds.ImagePositionPatient = [f"{v:.3f}" for v in place["corner"]]
        ds.ImageOrientationPatient = place["turn"]
        ds.PixelSpacing = [place["spacing"], place["spacing"]]
        ds.SliceThickness = place["thick"]
        ds.SliceLocation = f"{place['along']:.3f}"


def data(values, allocated):
    raw = values.astype("<i2" if values.dtype.kind == "i" else f"<u{allocated // 8}").tobytes()
    return padded(raw)


def sagittal_place(px, x):
    """Rows run backwards, columns down; the picture's x is the patient's y."""
    return dict(spacing=px, thick=4.0, turn=[0, 1, 0, 0, 0, -1], corner=[x, -90.0, 120.0], along=x)


def axial_place(px, spine, s, lift, size=140.0, centre=0.44, thick=4.0):
    """An upright slice through the column at length `s`, matching `sagittal_place`."""
    x, y = spine.at(s, 0.0)
    z = 120.0 - y + lift
    return dict(spacing=px, thick=thick, turn=[1, 0, 0, 0, 1, 0], along=z,
                corner=[-size / 2, x - 90.0 - size * centre, z])


def mr(who, study, series, number, pixels, place, syntax=uid.ExplicitVRLittleEndian):
    """MR Image Storage (PS3.3 A.4)."""
    ds = shell(who, study, series, number, uid.MRImageStorage, syntax)
    ds.ImageType = ["ORIGINAL", "PRIMARY", "M", "SE"]
    ds.PatientPosition, ds.BodyPartExamined = "HFS", "LSPINE"
    ds.FrameOfReferenceUID, ds.PositionReferenceIndicator = new_uid(who, study, 800), ""
    ds.ScanningSequence, ds.SequenceVariant, ds.ScanOptions = "SE", series["variant"], ""
    ds.MRAcquisitionType, ds.SequenceName = "2D", series["sequence_name"]
    ds.RepetitionTime, ds.EchoTime = series["tr"], series["te"]
    ds.EchoTrainLength, ds.MagneticFieldStrength, ds.FlipAngle = series["etl"], 1.5, 90
    ds.ImagedNucleus, ds.NumberOfAverages = "1H", 2
    ds.SpacingBetweenSlices = series["gap"]
    ds.AcquisitionNumber = 1
    image(ds, pixels, place, MR_STORED)
    return ds


def ct(who, study, series, number, pixels, place, stored):
    """CT Image Storage (PS3.3 A.3)."""
    ds = shell(who, study, series, number, uid.CTImageStorage)
    ds.ImageType = series["image_type"]
    ds.PatientPosition, ds.BodyPartExamined = "HFS", "TLSPINE"
    ds.FrameOfReferenceUID, ds.PositionReferenceIndicator = new_uid(who, study, 800), ""
    ds.KVP, ds.XRayTubeCurrent, ds.ExposureTime = 120, 210, 750
    ds.ConvolutionKernel, ds.GantryDetectorTilt, ds.AcquisitionNumber = "BONE", 0, 1
    ds.RescaleIntercept, ds.RescaleSlope, ds.RescaleType = stored["intercept"], 1, "HU"
    image(ds, pixels, place, stored)
    return ds


def cr(who, study, series, number, pixels, stored):
    """Computed Radiography Image Storage (PS3.3 A.2)."""
    ds = shell(who, study, series, number, uid.ComputedRadiographyImageStorage)
    ds.ImageType = ["ORIGINAL", "PRIMARY"]
    ds.BodyPartExamined, ds.ViewPosition = "CSPINE", series["view"]
    ds.PatientOrientation = series["orientation"]
    ds.KVP, ds.DistanceSourceToDetector, ds.AcquisitionNumber = 70, 1500, 1
    ds.PlateID, ds.CassetteID = who["plate"], who["plate"]
    ds.ImagerPixelSpacing = [stored["spacing"], stored["spacing"]]
    image(ds, pixels, None, stored)
    return ds


def capture(who, study, series, number, screen):
    """Secondary Capture Image Storage (PS3.3 A.8) in colour."""
    ds = shell(who, study, series, number, uid.SecondaryCaptureImageStorage)
    ds.ImageType, ds.ConversionType = ["DERIVED", "SECONDARY"], "WSD"
    ds.PatientOrientation, ds.Laterality = "", ""
    ds.SecondaryCaptureDeviceID = who["station"]
    ds.DateOfSecondaryCapture, ds.TimeOfSecondaryCapture = study["date"], study["time"]
    ds.Rows, ds.Columns, ds.SamplesPerPixel = *screen.shape[:2], 3
    ds.PhotometricInterpretation, ds.PlanarConfiguration = "RGB", 0
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 8, 8, 7, 0
    ds.PixelData = data(screen, 8)
    ds["PixelData"].VR = "OB"
    return ds


def rle(ds):
    """The same object, its one frame in RLE Lossless (PS3.5 annex G)."""
    from pydicom.pixels.encoders import RLELosslessEncoder
    frame = RLELosslessEncoder.encode(ds, index=0, encoding_plugin="pydicom")
    ds.file_meta.TransferSyntaxUID = uid.RLELossless
    ds.PixelData = encapsulate([frame])
    ds["PixelData"].VR = "OB"
    ds["PixelData"].is_undefined_length = True
    return ds


# Pictures have 8-bit greys; stored values have the depth that a scanner writes.
MR_STORED = dict(values=lambda p: p.astype(np.uint16) * 4, allocated=16, bits=12,
                 window=(440, 960))
CT_UNSIGNED = dict(values=lambda p: hounsfield(p, 1024).astype(np.uint16), allocated=16, bits=12,
                   intercept=-1024, window=(300, 1500))
CT_SIGNED = dict(values=lambda p: hounsfield(p, 0).astype(np.int16), allocated=16, bits=16,
                 signed=1, intercept=0, window=(300, 1500))


def hounsfield(pixels, offset):
    """CT greys in HU, 4 to a grey, water at 75, plus an offset."""
    values = (pixels.astype(np.int32) - 75) * 4
    return np.where(pixels < 25, values * 3 - 100, values).clip(-1000, 3000) + offset


def padded(raw):
    """Bytes of even length (PS3.5 7.1)."""
    return raw + b"\0" * (len(raw) % 2)


def save(ds, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    ds.save_as(str(path), enforce_file_format=True)
