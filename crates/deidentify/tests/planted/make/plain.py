"""Plain scans of several patients: priors, follow-ups, comments, private groups, ages."""

from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ImplicitVRLittleEndian,
)

from . import scans
from .people import ADA, ARCHIE, BEN, FIA, LAKSH, MARY
from .pictures import burn, phantom, pixels, run_length
from .planted import Study, code, item, items, reference

ADA_1 = Study(ADA, 1, "20240215", f"CT lumbar spine Dr {ADA.family('referring')} {ADA.phone}",
              ("CT", "lumbar", "spine"))  # fmt: skip
ADA_2 = Study(ADA, 2, "20240903", "CT lumbar spine follow up", ("CT", "lumbar", "spine", "follow"))
BEN_1 = Study(BEN, 1, "20231107", f"MRI L-SPINE {BEN.family('referring').upper()} X4471",
              ("MRI", "L-SPINE"))  # fmt: skip
ARCHIE_1 = Study(ARCHIE, 1, "20240611", "PET CT whole body 93 y old veteran", ("PET", "CT"))
LAKSH_1 = Study(LAKSH, 1, "20240330", "X-ray T-spine AP erect", ("T-spine", "AP"), "TSPINE")
LAKSH_2 = Study(LAKSH, 2, "20240705", "X-ray T-spine AP, brace off", ("T-spine", "AP"), "TSPINE")
FIA_1 = Study(FIA, 1, "20240819", "Vertebroplasty L3", ("Vertebroplasty", "L3"))
MARY_1 = Study(MARY, 1, "20240422", "MRI cervical spine", ("MRI", "cervical", "spine"), "CSPINE")


def made():
    yield from _ada()
    yield from _ben()
    yield from _archie()
    yield from _laksh()
    yield from _fia()
    yield from _mary()


def _ada():
    for number in (1, 2, 3):
        o = scans.ct(f"ct-{number}", ADA_1, 1, number)
        if number == 1:
            _private_groups(o)
        if number == 2:
            _request(o)
        if number == 3:
            _comments(o)
        yield o
    for number in (1, 2):
        o = scans.ct(f"ct-later-{number}", ADA_2, 1, number)
        o.top("ImageComments", f"Compared with the study of {_iso(ADA_1.date)}; fracture L2 stable",
              "descriptor", ["fracture", "L2", "stable"])  # fmt: skip
        o.date(ADA_1.date)
        yield o


def _iso(day):
    return f"{day[:4]}-{day[4:6]}-{day[6:]}"


def _private_groups(o):
    """Three creators in one group, one in another; names, dates, UIDs and nested data inside."""
    ds, person = o.ds, o.person
    first = ds.private_block(0x0011, "ACME SCAN 1.0", create=True)
    first.add_new(0x01, "LO", f"Booked by {o.plant('name', 'Quartermaine Jocasta')}")
    first.add_new(0x02, "DA", "20240101")
    first.add_new(0x03, "UI", o.study.instance(77, 1))
    second = ds.private_block(0x0011, "ACME SCAN 2.0", create=True)
    inner = item(PatientName=person.name, PatientID=person.id)
    deeper = inner.private_block(0x0013, "ACME DEEP", create=True)
    deeper.add_new(0x10, "UT", f"{person.plain()}, {person.street}, {person.phone}")
    second.add_new(0x08, "SQ", items(inner))
    third = ds.private_block(0x0019, "OTHER VENDOR", create=True)
    third.add_new(0x20, "UN", f"NM {o.plant('name', 'Featherstonehaugh')}".encode())
    third.add_new(0x21, "OB", f"PATIENT={person.name};{person.id}\0".encode().ljust(64, b"\0"))


def _request(o):
    """Request attributes and procedure steps, with codes whose meanings speak."""
    ds, person = o.ds, o.person
    step = item(
        RequestedProcedureID=o.plant("id", "RQ-88310-K"),
        ScheduledProcedureStepID=o.plant("id", "SPS-88310-1"),
        ScheduledProcedureStepDescription=f"lumbar spine CT for {person.family('referring')}",
        ScheduledProtocolCodeSequence=items(code("99L01", "99LOCAL", f"CT L-spine {person.plain()}")),
        RequestedProcedureDescription="CT lumbar spine",
    )
    ds.RequestAttributesSequence = items(step)
    ds.PerformedProcedureStepID = o.plant("id", "PPS-4477120")
    ds.PerformedProcedureStepStartDate, ds.PerformedProcedureStepStartTime = o.study.date, "100500"
    o.top("PerformedProcedureStepDescription", f"CT lumbar, patient {person.plain()}",
          "descriptor", ["CT", "lumbar"])  # fmt: skip
    ds.ProcedureCodeSequence = items(code("24627-2", "LN", "CT Spine lumbar"))
    ds.RequestingPhysician = f"{o.plant('name', 'Ravenscroft')}^{o.plant('name', 'Leopoldine')}"
    ds.RequestingService = f"Ward of Dr {person.family('referring')}"
    ds.AdmissionID = o.plant("id", "ADM-20240214-33")
    ds.CurrentPatientLocation = o.plant("address", "Bluebell Wing 4")
    ds.ReferencedImageSequence = items(reference(scans.CT, o.study.instance(1, 1)))


def _comments(o):
    person = o.person
    name = person.plain().lower()
    o.top("ImageComments", f"{name} dob {_us(person.birth)} moved; repeat axial L4/L5",
          "descriptor", ["repeat", "axial", "L4/L5"])  # fmt: skip
    o.date(person.birth)
    o.top("PatientComments",
          f"Call daughter {o.plant('name', 'Philomena Thornquist-Oakes')} on "
          f"{o.plant('phone', '+1 614 555 0182')} or {person.email}")  # fmt: skip
    o.ds.AdditionalPatientHistory = (
        f"73 year old woman of {person.town}, SSN {o.plant('ssn', '219-44-8806')}, "
        f"seen 02/11/2024 by Dr. {person.family('referring')}. Low back pain, left leg."
    )
    o.marks[(id(o.ds), o.ds["AdditionalPatientHistory"].tag)] = (
        "descriptor", ("back", "pain", "left", "leg"))  # fmt: skip
    o.date("20240211")
    o.ds.MedicalRecordLocator = person.id
    o.ds.PatientBirthName = f"{o.plant('name', 'Delacourtney')}^WILHELMINA"
    o.ds.PatientMotherBirthName = o.plant("name", "Umbridgeworth")
    o.ds.OtherPatientNames = f"{o.plant('name', 'Willowmina')}^{person.family()}"
    o.ds.CountryOfResidence = o.plant("address", "Ruritania")
    o.ds.InsurancePlanIdentification = o.plant("id", "HPX-0099-1123")


def _us(day):
    return f"{day[4:6]}/{day[6:]}/{day[:4]}"


def _ben():
    for number in (1, 2):
        o = scans.mr(f"mr-{number}", BEN_1, 1, number)
        o.top("SeriesDescription", f"T2 TSE sag DR {BEN.family('referring').upper()} CALL 555-0199",
              "descriptor", ["T2", "TSE", "sag"])  # fmt: skip
        o.plant("phone", "555-0199")
        if number == 2:
            o.top("ProtocolName", f"LSPINE_{BEN.family().split('-')[0]}_T2", "descriptor", ["T2"])
            o.ds.PerformedStationName = o.plant("device", "MRSUITE7B")
            o.ds.PerformedStationAETitle = o.plant("device", "DUNW_MR_7B")
            o.ds.PerformedLocation = o.plant("address", "Cellar Annex 3")
        yield o
    o = scans.mr("mr-stir", BEN_1, 2, 1)
    o.syntax = ImplicitVRLittleEndian
    o.top("SeriesDescription", "STIR coronal right foramen", "descriptor",
          ["STIR", "coronal", "right", "foramen"])  # fmt: skip
    yield o


def _archie():
    for number in (1, 2):
        o = scans.pet(f"pet-{number}", ARCHIE_1, 1, number)
        o.plant("age", "93 y old")
        if number == 2:
            o.ds.AdditionalPatientHistory = (
                f"{o.plant('age', '93-year-old')} veteran, born {_iso(ARCHIE.birth)}, "
                "prostate cancer, bone metastases of the thoracic spine"
            )
            o.date(ARCHIE.birth)
            o.marks[(id(o.ds), o.ds["AdditionalPatientHistory"].tag)] = (
                "descriptor", ("bone", "metastases", "thoracic", "spine"))  # fmt: skip
        yield o
    yield scans.ct("ct-big-endian", ARCHIE_1, 2, 1, syntax=ExplicitVRBigEndian)
    yield scans.mr("mr-deflated", ARCHIE_1, 3, 1, syntax=DeflatedExplicitVRLittleEndian)


def _laksh():
    plain = phantom(160, 128, "dx-plain", 3600)
    o = scans.dx("dx-clean", LAKSH_1, plain)
    pixels(o, o.array, 16, 12, "MONOCHROME1")
    yield o
    o = scans.dx("dx-burned", LAKSH_2, plain[None].copy(), kind="DX burned in")
    person = o.person
    # On inverted pictures dark letters have high values.
    burn(o, o.array, person.family(), (4, 4), 13, 4000)
    burn(o, o.array, f"{person.id} {_us(person.birth)}", (4, 144), 10, 4000)
    o.date(person.birth)
    o.array = o.array[0]
    pixels(o, o.array, 16, 12, "MONOCHROME1")
    yield o


def _fia():
    o = scans.xa("xa-clean", FIA_1)
    pixels(o, o.array, 8, 8)
    yield o
    o = scans.xa("xa-burned", FIA_1, 2, kind="XA burned in")
    burn(o, o.array, o.person.plain("referring").split(" ")[1], (4, 3), 11, 255)
    burn(o, o.array, f"MRN {o.person.id}", (4, 80), 10, 255)
    pixels(o, o.array, 8, 8)
    yield o
    o = scans.ct("ct-rle", FIA_1, 3, 1)
    yield run_length(o)


def _mary():
    o = scans.mr("mr-lower-case", MARY_1, 1, 1)
    low = MARY.plain().lower()
    o.top("ImageComments", f"{low} could not lie still, c5/c6 disc left", "descriptor",
          ["c5/c6", "disc", "left"])  # fmt: skip
    o.ds.SeriesDescription = f"t1 tse sag {MARY.family().lower()}"
    o.marks[(id(o.ds), o.ds["SeriesDescription"].tag)] = ("descriptor", ("t1", "tse", "sag"))
    o.ds.AcquisitionProtocolDescription = f"cervical spine, mw {MARY.family('performing').lower()}"
    o.ds.PatientComments = f"mail {MARY.email.upper()}; see https://chart.example/{MARY.id}"
    o.ds.DerivationDescription = f"Resliced for {MARY.plain('operator')} on 22.04.2024"
    o.date("20240422")
    o.ds.ReasonForStudy = f"Mevrouw {MARY.family()}, neck pain C6"
    yield o
