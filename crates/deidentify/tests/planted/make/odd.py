"""Odd places: file meta information, preamble, padding, signatures, UN, rare value representations."""

from pydicom import config
from pydicom.dataset import Dataset
from pydicom.tag import Tag
from pydicom.uid import ImplicitVRLittleEndian

from . import scans
from .people import ADA, BEN, FIA, LAN, MONT
from .planted import Planted, Study, code, item, items, reference

ADA_3 = Study(ADA, 3, "20250110", "CT lumbar spine", ("CT", "lumbar", "spine"))
BEN_3 = Study(BEN, 3, "20250214", "MRI lumbar spine", ("MRI", "lumbar", "spine"))
FIA_3 = Study(FIA, 3, "20250301", "MRI sacrum", ("MRI", "sacrum"), "LSPINE")
LAN_3 = Study(LAN, 3, "20250115", "MRI 骶骨", ("MRI",))
MONT_3 = Study(MONT, 3, "20250420", "CT sacrum", ("CT", "sacrum"), "LSPINE")
# Known attributes are written as UN on purpose.
config.replace_un_with_known_vr = False
RAW = "1.2.840.10008.5.1.4.1.1.66"


def made():
    for maker in (
        _preamble, _file_meta, _padding, _original_attributes, _signatures, _digests, _unknown_vr,
        _numbers, _bad_numbers, _orphans, _wide_texts, _uid_places, _dates, _spread, _no_id,
        _no_id_at_all, _raw_data, _directory,
    ):  # fmt: skip
        yield maker()


def _preamble():
    o = scans.ct("odd-preamble", ADA_3, 1, 1)
    o.preamble = f"{ADA.plain()} {ADA.id} {ADA.birth}".encode().ljust(128, b"\0")
    return o


def _file_meta():
    o = scans.ct("odd-file-meta", ADA_3, 1, 2)
    o.meta.SourceApplicationEntityTitle = o.plant("device", "NORTHLAKE_CT")
    o.meta.SendingApplicationEntityTitle = o.plant("device", "NORTHLAKE_SEND")
    o.meta.ReceivingApplicationEntityTitle = o.plant("device", "NORTHLAKE_RECV")
    o.meta.PrivateInformationCreatorUID = o.study.instance(88, 1)
    o.meta.PrivateInformation = f"sent for {ADA.plain()} {ADA.phone}".encode().ljust(48, b"\0")
    o.plant("uid", o.study.instance(88, 1))
    return o


def _padding():
    o = scans.ct("odd-padding", ADA_3, 1, 3)
    note = f"{ADA.plain()} {ADA.street}".encode()
    o.ds.DataSetTrailingPadding = note.ljust(64, b"\0")
    return o


def _original_attributes():
    o = scans.ct("odd-original-attributes", ADA_3, 1, 4)
    before = item(
        PatientName=ADA.name,
        PatientID=ADA.other_id,
        StudyInstanceUID=o.study.instance(90, 1),
        StudyDate="20250109",
        AccessionNumber=o.plant("id", "OLDACC-77120"),
    )
    o.ds.OriginalAttributesSequence = items(
        item(
            SourceOfPreviousValues=ADA.hospital,
            AttributeModificationDateTime="20250111090000",
            ModifyingSystem=o.plant("device", "PACSFIXER-03"),
            ReasonForTheAttributeModification="CORRECT",
            ModifiedAttributesSequence=items(before),
        )
    )
    return o


def _signatures():
    o = scans.mr("odd-signature", BEN_3, 1, 1)
    note = f"CN={BEN.plain('performing')},O={BEN.hospital}".encode()
    o.ds.MACParametersSequence = items(
        item(
            MACIDNumber=1,
            MACCalculationTransferSyntaxUID="1.2.840.10008.1.2.1",
            MACAlgorithm="SHA256",
            DataElementsSigned=[Tag(0x00080018), Tag(0x00100010)],
        )
    )
    o.ds.DigitalSignaturesSequence = items(
        item(
            MACIDNumber=1,
            DigitalSignatureUID=o.study.instance(91, 1),
            DigitalSignatureDateTime="20250214120000",
            CertificateType="X509_1993_SIG",
            CertificateOfSigner=note + bytes(len(note) % 2),
            Signature=bytes(range(64)),
        )
    )
    return o


def _digests():
    """Encrypted attributes: a copy of what was there, for whoever has the key."""
    o = scans.mr("odd-encrypted", BEN_3, 1, 2)
    o.ds.EncryptedAttributesSequence = items(
        item(
            EncryptedContentTransferSyntaxUID="1.2.840.10008.1.2.1",
            EncryptedContent=BEN.name.encode().ljust(64, b"\0"),
        )
    )
    return o


def _unknown_vr():
    """UN: a known text attribute, an unknown one, and a sequence of undefined length."""
    o = scans.mr("odd-unknown-vr", FIA_3, 1, 1)
    o.ds.add_new(0x00102160, "UN", b"Kilbrannanisle")
    o.plant("address", "Kilbrannanisle")
    o.ds.add_new(0x00080092, "UN", FIA.street.encode().ljust(40))
    inner = b"".join(
        tag + len(value).to_bytes(4, "little") + value
        for tag, value in (
            (b"\x10\x00\x10\x00", FIA.name.encode().ljust(24)),
            (b"\x10\x00\x20\x00", FIA.id.encode().ljust(14)),
        )
    )
    sequence = (
        b"\xfe\xff\x00\xe0" + len(inner).to_bytes(4, "little") + inner
    )
    # An item of defined length inside a UN value of defined length.
    o.ds.add_new(0x00400275, "UN", sequence)
    return o


def _numbers():
    o = scans.ct("odd-number-vrs", MONT_3, 1, 1)
    block = o.ds.private_block(0x0035, "NUMBERS", create=True)
    block.add_new(0x01, "SV", -19590401)
    block.add_new(0x02, "UV", 19590401)
    block.add_new(0x03, "OV", b"8821140\0" * 2)
    block.add_new(0x04, "OL", b"HC88\x00\x00\x00\x01")
    block.add_new(0x05, "OD", b"\0" * 8)
    block.add_new(0x06, "AT", [0x00100010])
    block.add_new(0x07, "UR", f"https://pacs.example/{MONT.serial}")
    block.add_new(0x08, "UC", f"{MONT.plain()}")
    o.ds.add_new(0x00080120, "UR", f"https://pacs.example/{o.plant('id', 'hc8821140')}")
    return o


def _bad_numbers():
    """Text where a number ought to stand."""
    o = scans.ct("odd-bad-numbers", MONT_3, 1, 2)
    o.ds.add_new(0x00181405, "LO", MONT.family("referring"))
    o.ds.add_new(0x00181152, "LO", f"see {MONT.family('performing')}")
    return o


def _orphans():
    """Private elements whose creator is missing, or reserves another block."""
    o = scans.mr("odd-orphans", FIA_3, 1, 2)
    o.ds.add_new(0x00111001, "LO", f"orphan {FIA.plain()}")
    o.ds.add_new(0x00131201, "PN", FIA.name)
    o.ds.add_new(0x00130010, "LO", f"{o.plant('name', 'Cholmondeley')} SOFTWARE")
    o.ds.add_new(0x00131305, "SQ", items(item(PatientName=FIA.name)))
    o.ds.add_new(0x00090010, "LO", "GEMS_IDEN_01")
    o.ds.add_new(0x00091002, "SH", o.plant("device", "EIRSUITE44"))
    o.ds.add_new(0x00091027, "SL", 1740787200)
    return o


def _wide_texts():
    """Names in every kind of text, under implicit VR."""
    o = scans.mr("odd-wide-texts", LAN_3, 1, 1, syntax=ImplicitVRLittleEndian)
    name = o.plant("name", LAN.name.split("=")[1].replace("^", ""))
    o.ds.ImageComments = f"{name} {LAN.family().upper()} {LAN.plain().swapcase()}"
    o.ds.InterpretationText = f"{LAN.plain()} / {name}"
    o.ds.NamesOfIntendedRecipientsOfResults = [LAN.referring, LAN.performing]
    o.ds.PersonAddress = f"{LAN.street} {LAN.town}"
    o.ds.ContrastBolusAgent = "none"
    o.ds.StudyComments = f"IP {o.plant('ip', '10.44.201.17')}, {o.plant('url', 'http://ris.example/p/31066')}"
    return o


def _uid_places():
    """UIDs where they are not looked for: in texts, in code items, in private values."""
    o = scans.ct("odd-uid-places", MONT_3, 1, 3)
    other = o.study.instance(92, 1)
    o.plant("uid", other), o.plant("uid", o.study.uid)
    o.ds.ImageComments = f"copied from {other} of study {o.study.uid}"
    o.ds.SourceImageSequence = items(reference(scans.CT, other))
    o.ds.IrradiationEventUID = o.study.instance(93, 1)
    o.ds.DeviceUID = o.study.instance(94, 1)
    local = code("UIDS", "99LOCAL", "Study of origin")
    local.ContextGroupExtensionFlag = "Y"
    local.ContextIdentifier = "9999"
    local.MappingResource, local.ContextGroupVersion = "DCMR", "20020904"
    local.ContextGroupLocalVersion = "20240101"
    local.ContextGroupExtensionCreatorUID = o.study.instance(95, 1)
    o.ds.AnatomicRegionSequence = items(local)
    return o


def _dates():
    """Dates and times in all value representations."""
    o = scans.ct("odd-dates", MONT_3, 1, 4)
    ds = o.ds
    ds.InstanceCreationDate, ds.InstanceCreationTime = "20250421", "080000"
    ds.AcquisitionDateTime = "20250420102200.123456+0200"
    ds.DateOfLastCalibration = ["20250101", "20250301"]
    ds.TimeOfLastCalibration = ["070000", "070500"]
    ds.TimezoneOffsetFromUTC = "+0200"
    ds.PatientBirthTime = "043000"
    ds.LastMenstrualDate = "20250401"
    ds.AdmittingDate = "20250419"
    ds.ContrastBolusAgent = ""
    ds.ScheduledProcedureStepStartDate = "20250420"
    o.top("ImageComments", "Sacrum S1; operated 1 March 2025, again 2025-03-15 and on 04/02/2025",
          "descriptor", ["Sacrum", "S1"])  # fmt: skip
    for day in ("20250301", "20250315", "20250402", "20250401", "20250419"):
        o.date(day)
    return o


def _spread():
    """The same name in elements that nobody lists."""
    o = scans.mr("odd-unlisted", FIA_3, 1, 3)
    ds = o.ds
    ds.StudyIDIssuer = FIA.hospital
    ds.FilterType = f"{FIA.family()}"[:16]
    ds.ReceiveCoilName = f"SPINE {FIA.family('operator')}"[:16]
    ds.TransmitCoilName = "BODY"
    ds.AcquisitionComments = f"Repeat for {FIA.plain('referring')}"
    ds.VisitComments = f"{FIA.plain()} came by bus"
    ds.InterventionDescription = f"L5 injection by {FIA.plain('performing')}"
    ds.ContrastBolusRoute = "IV"
    o.plant("name", FIA.family("operator")[:10])
    return o


def _no_id():
    o = scans.ct("odd-empty-id", ADA_3, 2, 1, outcome="refused",
                 why="an empty patient identifier: nothing can be mapped")  # fmt: skip
    o.ds.PatientID = ""
    return o


def _no_id_at_all():
    o = scans.ct("odd-no-id", ADA_3, 2, 2, outcome="refused",
                 why="no patient identifier: nothing can be mapped")  # fmt: skip
    del o.ds.PatientID
    return o


def _raw_data():
    o = Planted("odd-raw-data", BEN_3, RAW, "MR", 9, 1, outcome="either", kind="raw data",
                why="raw data hold what nobody can check: refused, or without it")  # fmt: skip
    o.ds.ContentDate, o.ds.ContentTime = o.study.date, "100000"
    o.ds.AcquisitionContextSequence = items()
    o.ds.CreatorVersionUID = o.study.instance(96, 1)
    block = o.ds.private_block(0x7FE1, "RAW", create=True)
    block.add_new(0x01, "OB", f"{BEN.name} {BEN.id}".encode().ljust(64, b"\0"))
    return o


def _directory():
    """A DICOMDIR: names of patients beside the paths of their files (PS3.3, annex F)."""
    o = Planted("dicomdir", ADA_1_FOR_DIRECTORY, "1.2.840.10008.1.3.10", "", kind="DICOMDIR",
                outcome="refused", why="a directory is refused, or made anew from clean files")  # fmt: skip
    ds = Dataset()
    ds.FileSetID = o.plant("id", "NORTHLAKE7")
    ds.OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity = 0
    ds.OffsetOfTheLastDirectoryRecordOfTheRootDirectoryEntity = 0
    ds.FileSetConsistencyFlag = 0
    ds.DirectoryRecordSequence = items(
        item(
            OffsetOfTheNextDirectoryRecord=0,
            RecordInUseFlag=0xFFFF,
            OffsetOfReferencedLowerLevelDirectoryEntity=0,
            DirectoryRecordType="PATIENT",
            PatientName=ADA.name,
            PatientID=ADA.id,
        )
    )
    o.ds = ds
    o.meta.MediaStorageSOPInstanceUID = o.study.instance(99, 1)
    return o


ADA_1_FOR_DIRECTORY = Study(ADA, 9, "20240215", "", ())
