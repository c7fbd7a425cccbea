"""Structured reports, key object selections and encapsulated documents."""

from .clips import MONT_1
from .people import ADA, BEN, LAN, XIE
from .plain import ADA_1, ADA_2, BEN_1
from .planted import Planted, Study, code, item, items, reference
from .scans import CT, MR

BASIC_TEXT = "1.2.840.10008.5.1.4.1.1.88.11"
COMPREHENSIVE = "1.2.840.10008.5.1.4.1.1.88.33"
KEY_OBJECTS = "1.2.840.10008.5.1.4.1.1.88.59"
PDF = "1.2.840.10008.5.1.4.1.1.104.1"

XIE_1 = Study(XIE, 1, "20240125", "腰椎MRI平扫", ("腰椎",))
LAN_1 = Study(LAN, 1, "20240708", "CT 颈椎 C5 左侧", ("CT", "颈椎", "C5"))


def made():
    yield basic_text()
    yield comprehensive()
    yield chinese_report()
    yield key_objects()
    yield pdf("pdf-report", ADA_2)
    yield pdf("pdf-ultrasound", MONT_1)


def container(title, *content, **more):
    return item(
        RelationshipType="CONTAINS",
        ValueType="CONTAINER",
        ConceptNameCodeSequence=items(title),
        ContinuityOfContent="SEPARATE",
        ContentSequence=items(*content),
        **more,
    )


def node(kind, name, relationship="CONTAINS", **value):
    return item(
        RelationshipType=relationship,
        ValueType=kind,
        ConceptNameCodeSequence=items(name),
        **value,
    )


def text(o, name, value, kept=(), relationship="CONTAINS"):
    found = node("TEXT", name, relationship, TextValue=value)
    if kept:
        o.marks[(id(found), found["TextValue"].tag)] = ("sr-text", tuple(kept))
    return found


def number(o, name, value, unit):
    measured = item(
        MeasurementUnitsCodeSequence=items(code(unit, "UCUM", unit)), NumericValue=value
    )
    o.keep("sr-number", "NumericValue", ds=measured)
    found = node("NUM", name, MeasuredValueSequence=items(measured))
    o.keep("sr-code", "ConceptNameCodeSequence", ds=found)
    return found


def _report(file, study, sop_class, series, title, shown, kind):
    o = Planted(file, study, sop_class, "SR", series, kind=kind)
    ds, person = o.ds, o.person
    ds.ContentDate, ds.ContentTime = study.date, "150000"
    ds.ReferencedPerformedProcedureStepSequence = items()
    ds.PerformedProcedureCodeSequence = items()
    ds.CompletionFlag, ds.VerificationFlag = "COMPLETE", "VERIFIED"
    ds.VerifyingObserverSequence = items(
        item(
            VerifyingOrganization=person.hospital,
            VerificationDateTime=f"{study.date}151500",
            VerifyingObserverName=person.performing,
            VerifyingObserverIdentificationCodeSequence=items(),
        )
    )
    ds.ValueType, ds.ContinuityOfContent = "CONTAINER", "SEPARATE"
    ds.ConceptNameCodeSequence = items(title)
    ds.CurrentRequestedProcedureEvidenceSequence = items(evidence(study, *shown))
    o.top("SeriesDescription", "Radiology report", "descriptor", ["report"])
    return o


def evidence(study, sop_class, series, instances):
    return item(
        StudyInstanceUID=study.uid,
        ReferencedSeriesSequence=items(
            item(
                SeriesInstanceUID=study.series(series),
                ReferencedSOPSequence=items(
                    *(reference(sop_class, study.instance(series, n)) for n in instances)
                ),
            )
        ),
    )


def image(sop_class, uid, relationship="CONTAINS"):
    return item(
        RelationshipType=relationship,
        ValueType="IMAGE",
        ReferencedSOPSequence=items(reference(sop_class, uid)),
    )


def basic_text():
    title = code("18748-4", "LN", "Diagnostic imaging study")
    o = _report("sr-basic-text", ADA_1, BASIC_TEXT, 20, title, (CT, 1, [1, 2]), "SR basic text")
    person = o.person
    finding, history = code("59776-5", "LN", "Findings"), code("11329-0", "LN", "History")
    o.ds.ContentSequence = items(
        node("PNAME", code("121008", "DCM", "Person Observer Name"), "HAS OBS CONTEXT",
             PersonName=person.performing),
        node("DATE", code("111060", "DCM", "Study Date"), Date=o.study.date),
        text(o, history, f"{person.plain()}, 73 y, fell on 12 February 2024 in {person.town}. "
             f"Refer to Dr {person.plain('referring')}, tel {person.phone}."),
        container(finding, text(
            o, finding, f"Wedge fracture of L2, left pedicle intact. Told {person.plain('referring')}"
            " by phone.", ["Wedge", "fracture", "L2", "left", "pedicle", "intact"])),
        image(CT, o.study.instance(1, 2)),
    )  # fmt: skip
    o.date("20240212")
    return o


def comprehensive():
    title = code("18748-4", "LN", "Diagnostic imaging study")
    o = _report("sr-comprehensive", BEN_1, COMPREHENSIVE, 20, title, (MR, 1, [1, 2]),
                "SR comprehensive")  # fmt: skip
    person = o.person
    finding = code("59776-5", "LN", "Findings")
    o.ds.ContentSequence = items(
        node("PNAME", code("121008", "DCM", "Person Observer Name"), "HAS OBS CONTEXT",
             PersonName=person.performing),
        node("UIDREF", code("121018", "DCM", "Procedure Study Instance UID"), "HAS OBS CONTEXT",
             UID=o.study.uid),
        node("DATETIME", code("111535", "DCM", "DateTime of Procedure"),
             DateTime=f"{o.study.date}101530"),
        container(
            finding,
            text(o, finding, f"L4/L5: disc bulge, right foramen narrow. Prior {_dots('20230411')}.",
                 ["L4/L5", "disc", "bulge", "right", "foramen"]),
            number(o, code("81827009", "SCT", "Diameter of the canal"), "9.4", "mm"),
            number(o, code("121206", "DCM", "Slip of L4 on L5"), "6.2", "mm"),
            node("CODE", code("121071", "DCM", "Finding"),
                 ConceptCodeSequence=items(code("76107001", "SCT", "Spinal stenosis"))),
            node("CODE", code("121071", "DCM", "Finding"), ConceptCodeSequence=items(
                code("99X1", "99LOCAL", f"Ask {person.plain('referring')}"))),
        ),
        image(MR, o.study.instance(1, 2)),
        node("SCOORD", code("121055", "DCM", "Path"), GraphicType="POLYLINE",
             GraphicData=[10.0, 12.0, 30.0, 31.0],
             ContentSequence=items(image(MR, o.study.instance(1, 1), "SELECTED FROM"))),
    )  # fmt: skip
    o.date("20230411")
    codes = o.ds.ContentSequence[3].ContentSequence[3]
    o.keep("sr-code", "ConceptCodeSequence", ds=codes)
    o.keep("graphics", "GraphicData", ds=o.ds.ContentSequence[5])
    return o


def _dots(day):
    return f"{day[6:]}.{day[4:6]}.{day[:4]}"


def chinese_report():
    title = code("18748-4", "LN", "Diagnostic imaging study")
    o = _report("sr-chinese", XIE_1, COMPREHENSIVE, 20, title, (MR, 1, [1]), "SR comprehensive")
    person = o.person
    finding = code("59776-5", "LN", "所见")
    name = person.name.split("=")[1].replace("^", "")
    doctor = person.referring.split("=")[1].replace("^", "")
    o.plant("name", name), o.plant("name", doctor)
    o.ds.ContentSequence = items(
        text(o, code("11329-0", "LN", "病史"),
             f"患者{name},女,38岁,住{person.town},电话{o.plant('phone', '13907215566')},"
             f"2024年1月20日由{doctor}医生转来。", ),
        text(o, finding, f"腰4/5椎间盘突出,左侧神经根受压。{doctor}医师已阅。",
             ["椎间盘突出", "左侧", "神经根"]),
        number(o, code("81827009", "SCT", "椎管前后径"), "8.7", "mm"),
        image(MR, o.study.instance(1, 1)),
    )  # fmt: skip
    o.date("20240120")
    return o


def key_objects():
    o = Planted("ko-1", ADA_1, KEY_OBJECTS, "KO", 21, kind="key objects")
    ds = o.ds
    ds.ContentDate, ds.ContentTime = o.study.date, "160000"
    ds.ReferencedPerformedProcedureStepSequence = items()
    ds.ValueType, ds.ContinuityOfContent = "CONTAINER", "SEPARATE"
    ds.ConceptNameCodeSequence = items(code("113000", "DCM", "Of Interest"))
    ds.ContentTemplateSequence = items(item(MappingResource="DCMR", TemplateIdentifier="2010"))
    ds.CurrentRequestedProcedureEvidenceSequence = items(evidence(o.study, CT, 1, [2, 3]))
    ds.ContentSequence = items(
        image(CT, o.study.instance(1, 2)),
        image(CT, o.study.instance(1, 3)),
        text(o, code("113012", "DCM", "Key Object Description"),
             f"Fracture L2 for {ADA.plain('referring')}", ["Fracture", "L2"]),
    )  # fmt: skip
    return o


def pdf(file, study):
    """A page that names the patient; the whole document cannot be cleaned, so it may not pass."""
    o = Planted(file, study, PDF, "DOC", 30, kind="encapsulated PDF", outcome="either",
                why="a document inside cannot be cleaned: refused, or without it")  # fmt: skip
    ds, person = o.ds, o.person
    ds.ConversionType = "WSD"
    ds.ContentDate, ds.ContentTime = study.date, "170000"
    ds.AcquisitionDateTime = f"{study.date}170000"
    ds.BurnedInAnnotation = "YES"
    ds.DocumentTitle = f"Letter about {person.plain()}"
    ds.ConceptNameCodeSequence = items()
    ds.MIMETypeOfEncapsulatedDocument = "application/pdf"
    drawn = f"BT /F1 12 Tf 40 700 Td ({person.family()} {person.id}) Tj ET"
    drawn = drawn.encode("latin-1", "replace")
    body = b"".join(
        [
            b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n",
            b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n",
            b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>endobj\n",
            b"4 0 obj<</Length %d>>stream\n%s\nendstream endobj\n" % (len(drawn), drawn),
            b"trailer<</Root 1 0 R>>\n%%EOF\n",
        ]
    )
    ds.EncapsulatedDocument = body + bytes(len(body) % 2)
    ds.EncapsulatedDocumentLength = len(body)
    return o


__all__ = ["BEN", "LAN_1", "XIE_1", "made"]
