"""One object with planted identities, and what the key says of it."""

import dataclasses

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian

from .people import Person, uid

IMPLEMENTATION = uid("implementation")


@dataclasses.dataclass(frozen=True)
class Study:
    """One visit. The date is `yyyymmdd`."""

    person: Person
    number: int
    date: str
    description: str
    keep: tuple[str, ...]
    body: str = "LSPINE"

    @property
    def uid(self) -> str:
        return uid(f"study {self.person.label} {self.number}")

    @property
    def frame(self) -> str:
        return uid(f"frame {self.person.label} {self.number}")

    @property
    def accession(self) -> str:
        return f"AC{int(self.uid[-9:]) % 10**7:07}{self.number}"

    def series(self, number: int) -> str:
        return uid(f"series {self.person.label} {self.number} {number}")

    def instance(self, series: int, number: int) -> str:
        return uid(f"instance {self.person.label} {self.number} {series} {number}")


class Planted:
    """A data set on its way to a file, with marks of what must go and what ought to stay."""

    def __init__(self, file, study, sop_class, modality, series=1, number=1, **more):
        self.file = file
        self.kind = more.get("kind", modality)
        self.study = study
        self.person = study.person
        self.syntax = more.get("syntax", ExplicitVRLittleEndian)
        self.outcome = more.get("outcome", "clean")
        self.why = more.get("why", "")
        self.words: list[tuple[str, str]] = list(self.person.words())
        self.words += [("id", study.accession)]
        self.dates: list[str] = []
        self.glyphs: list[dict] = []
        self.marks: dict[tuple[int, int], tuple[str, tuple[str, ...]]] = {}
        self.pixels = "none"
        self.preamble = bytes(128)
        self.after = None
        self.meta = FileMetaDataset()
        self.meta.MediaStorageSOPClassUID = sop_class
        self.meta.ImplementationClassUID = IMPLEMENTATION
        self.meta.ImplementationVersionName = "PLANTED_1"
        self.ds = Dataset()
        self._common(sop_class, modality, series, number)

    # What is planted, and what ought to stay.

    def plant(self, kind: str, text: str) -> str:
        """Marks a string as one that nobody may find in the output."""
        self.words.append((kind, text))
        return text

    def date(self, day: str) -> str:
        """Marks a date, `yyyymmdd`, that stands in a text, in any way of writing it."""
        self.dates.append(day)
        return day

    def put(self, ds, keyword, value, kind=None, keep=()):
        """Sets an attribute; the words of `keep` ought to be in its output value."""
        setattr(ds, keyword, value)
        if kind:
            self.marks[(id(ds), ds[keyword].tag)] = (kind, tuple(keep))
        return value

    def top(self, keyword, value, kind=None, keep=()):
        return self.put(self.ds, keyword, value, kind, keep)

    def keep(self, kind, *keywords, ds=None):
        """Says that these attributes ought to stay as they are."""
        ds = self.ds if ds is None else ds
        for keyword in keywords:
            self.marks[(id(ds), ds[keyword].tag)] = (kind, ())

    # The modules that every object has (PS3.3, C.7.1 to C.7.5 and C.12.1).

    def _common(self, sop_class, modality, series, number):
        ds, person, study = self.ds, self.person, self.study
        if person.charset != "ISO_IR 6":
            ds.SpecificCharacterSet = person.charset.split("\\")
        ds.SOPClassUID = sop_class
        ds.SOPInstanceUID = study.instance(series, number)
        ds.StudyDate, ds.StudyTime = study.date, "101530"
        ds.SeriesDate, ds.SeriesTime = study.date, "102011.5"
        ds.AccessionNumber = study.accession
        ds.Modality = modality
        ds.Manufacturer = "Imaginary Devices"
        ds.ManufacturerModelName = "Phantom 3000"
        ds.InstitutionName = person.hospital
        ds.InstitutionAddress = f"{person.street}, {person.town}"
        ds.ReferringPhysicianName = person.referring
        ds.PerformingPhysicianName = person.performing
        ds.OperatorsName = person.operator
        ds.StationName = person.station
        ds.DeviceSerialNumber = person.serial
        ds.SoftwareVersions = "P4.2"
        self.top("StudyDescription", study.description, "descriptor", study.keep)
        ds.PatientName = person.name
        ds.PatientID = person.id
        ds.PatientBirthDate = person.birth
        ds.PatientSex = person.sex
        ds.OtherPatientIDsSequence = Sequence([self._other_id()])
        ds.PatientAge = person.age
        ds.PatientSize, ds.PatientWeight = "1.71", "70.5"
        ds.PatientAddress = f"{person.street}, {person.town}"
        ds.PatientTelephoneNumbers = person.phone
        kept = ["PatientSex", "PatientSize", "PatientWeight"]
        kept += [] if int(person.age[:3]) > 89 else ["PatientAge"]
        self.keep("characteristics", *kept)
        if int(person.age[:3]) > 89:
            self.plant("age", person.age)
        ds.StudyInstanceUID, ds.SeriesInstanceUID = study.uid, study.series(series)
        ds.StudyID = f"ST{study.accession[-5:]}"
        self.plant("id", ds.StudyID)
        ds.SeriesNumber, ds.InstanceNumber = str(series), str(number)

    def _other_id(self):
        item = Dataset()
        item.PatientID = self.person.other_id
        item.TypeOfPatientID = "TEXT"
        return item


def item(**attributes) -> Dataset:
    """An item of a sequence."""
    ds = Dataset()
    for keyword, value in attributes.items():
        setattr(ds, keyword, value)
    return ds


def items(*all_items) -> Sequence:
    return Sequence(list(all_items))


def code(value: str, scheme: str, meaning: str) -> Dataset:
    """A code item (PS3.3, 8.8)."""
    return item(CodeValue=value, CodingSchemeDesignator=scheme, CodeMeaning=meaning)


def reference(sop_class: str, instance: str, **more) -> Dataset:
    return item(ReferencedSOPClassUID=sop_class, ReferencedSOPInstanceUID=instance, **more)
