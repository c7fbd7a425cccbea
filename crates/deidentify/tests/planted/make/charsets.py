"""Names and comments in other alphabets than English (PS3.5, annexes H to K)."""

from . import scans
from .documents import LAN_1, XIE_1
from .people import GRAZ, JORG, KURI, SEO
from .planted import Study, code, item, items

KURI_1 = Study(KURI, 1, "20240612", "L-spine MRI 腰椎", ("L-spine", "MRI"))
SEO_1 = Study(SEO, 1, "20240227", "C-spine 경추", ("C-spine",), "CSPINE")
GRAZ_1 = Study(GRAZ, 1, "20240903", f"RTG kręgosłupa, dr {GRAZ.family('referring')}", ("RTG",))
GRAZ_2 = Study(GRAZ, 2, "20241113", "RTG L-spine AP", ("L-spine", "AP"))
JORG_2 = Study(JORG, 2, "20240702", f"MRT LWS {JORG.family()} Kontrolle", ("MRT", "LWS"))


def made():
    yield _chinese_gb()
    yield _chinese_utf8()
    yield _japanese()
    yield _korean()
    for number, study in enumerate((GRAZ_1, GRAZ_2), 1):
        o = scans.cr(f"cr-latin2-{number}", study, 1, 1, "AP")
        o.ds.ImageComments = f"{o.person.plain()} ({o.person.town}), {o.person.phone}"
        yield o
    o = scans.mr("mr-latin1", JORG_2, 1, 1)
    o.top("ImageComments", f"Herr {JORG.plain()}, geb. 22.05.1944, L4/L5 rechts", "descriptor",
          ["L4/L5"])  # fmt: skip
    o.date("19440522")
    o.ds.PatientComments = f"Anruf der Tochter {o.plant('name', 'Mechthilde')} am 03.07.2024"
    o.date("20240703")
    yield o


def _han(person, which="name"):
    return getattr(person, which).split("=")[1].replace("^", "")


def _chinese_gb():
    o = scans.mr("mr-gb18030", XIE_1, 1, 1)
    person = o.person
    name = o.plant("name", _han(person))
    o.plant("name", _han(person, "referring"))
    o.top("SeriesDescription", "T2 矢状位 腰椎", "descriptor", ["T2", "矢状位", "腰椎"])
    o.top("ImageComments", f"{name}女士 腰4椎体压缩骨折,请{_han(person, 'referring')}医生会诊",
          "descriptor", ["椎体", "骨折"])  # fmt: skip
    o.ds.PatientComments = f"{name},住{person.town}河东路{o.plant('address', '127弄16号')},手机{o.plant('phone', '13622980417')}"
    o.ds.AdditionalPatientHistory = f"{name} 2023年12月9日摔伤,身份证{o.plant('ssn', '420106198602143328')}"
    o.date("20231209")
    o.ds.RequestedProcedureDescription = f"腰椎平扫 {name}"
    yield_codes(o, f"腰椎MRI {name}")
    return o


def yield_codes(o, meaning):
    o.ds.RequestedProcedureCodeSequence = items(code("99M22", "99HIS", meaning))


def _chinese_utf8():
    o = scans.ct("ct-utf8", LAN_1, 1, 1)
    person = o.person
    name = o.plant("name", _han(person))
    doctor = o.plant("name", _han(person, "referring"))
    o.top("SeriesDescription", "颈椎 骨窗 C5 左侧", "descriptor", ["颈椎", "骨窗", "C5", "左侧"])
    o.ds.ImageComments = f"患者 {name} 出生1993年8月9日 病案号{person.id}"
    o.date("19930809")
    o.ds.PatientComments = f"家属{o.plant('name', '钟离若水')}电话{o.plant('phone', '0731-88213390')}"
    o.ds.ReasonForStudy = f"{doctor}主任: 颈痛"
    o.ds.RequestAttributesSequence = items(
        item(
            RequestedProcedureID=o.plant("id", "LJ-20240708-9"),
            ScheduledProcedureStepID="1",
            ScheduledProcedureStepDescription=f"颈椎CT({name})",
        )
    )
    yield_codes(o, f"颈椎CT {doctor}")
    return o


def _japanese():
    o = scans.mr("mr-iso2022", KURI_1, 1, 1)
    person = o.person
    o.plant("name", "栗原沙也加")
    o.top("SeriesDescription", "T1 矢状断 L5/S1", "descriptor", ["T1", "L5/S1"])
    o.ds.ImageComments = f"栗原沙也加 {person.id} 動きあり"
    o.ds.PatientComments = f"連絡先 {o.plant('name', '栗原健太郎')} {o.plant('phone', '090-4417-2256')}"
    return o


def _korean():
    o = scans.cr("cr-iso2022-kr", SEO_1, 1, 1)
    o.plant("name", "황보서연")
    o.ds.ImageComments = f"황보서연 {o.person.id} C5"
    return o
