"""Case 3: cervical spondylosis with a slip at C4/C5, radiographs, in English."""

import numpy as np

import objects
import pictures
import plant
from people import CERVICAL as WHO
from pictures import phantom

STUDY = dict(number="5", date="20230314", time="101526.905300", accession="BX-CR-558201", id="XR3317",
             description="C-spine 2 views VASHCHENKO", procedure="Cervical spine for Dr Oxtoby")
FOLDER = "XR 14-03-2023"
LATERAL = dict(number=1, modality="CR", description="Lateral neck", protocol="Kestrel C-spine", view="LL",
               orientation=["P", "F"])
FRONTAL = dict(LATERAL, number=2, description="AP neck", view="AP", orientation=["L", "F"])
LETTER = dict(number=6, modality="OT", description="Referral letter", protocol="Letter")
SPACING = 0.5
# The scanner inverts the lateral view: 0 is white (PS3.3 C.7.6.3.1.2).
INVERTED = dict(values=lambda p: 1023 - p.astype(np.uint16) * 4, allocated=16, bits=10, spacing=SPACING,
                photometric="MONOCHROME1", window=(512, 1000))
BYTES = dict(values=lambda p: p, allocated=8, bits=8, spacing=SPACING, window=(128, 256))


def write(out):
    """Writes the objects; returns (path, object, expectation, class) of each."""
    made = [lateral(), frontal(), letter()]
    for path, ds, *_ in made:
        objects.save(ds, out / path)
    return made


def lateral():
    spine = phantom.cervical(slip={"C4": 2.6}, collapse={"C5/C6": 0.5, "C6/C7": 0.15},
                             tilt=[0, -1, -1, 1, 4, 8, 12, 14], top=(66.0, 34.0))
    pixels = pictures.lateral_neck(spine, SPACING, 601, ["C5/C6"])
    ds = objects.cr(WHO, STUDY, LATERAL, 1, pixels, INVERTED)
    plant.private(ds, "BRACKMOOR", ["Vashchenko, Torvald", "Dr Strathclune"], "Vashchenko T, sister Ashgrovel")
    plant.original(ds, WHO, STUDY)
    plant.margins(ds, "VASHCHENKO TORVALD KZ88-51907", "Brackmoor export, Vashchenko", "Brackmoor tail Vashchenko", WHO)
    ds.ImageComments = "Repeat of 03/14/2023 10:02, Mr Vashchenko moved"
    return f"{FOLDER}/VASHCHENKO_LAT.dcm", ds, "kept", None


def frontal():
    """Name, number and date are burned in; Burned In Annotation (0028,0301) is absent."""
    pixels = pictures.frontal_neck(SPACING, 602)
    lines = ["VASHCHENKO, TORVALD", "ID: KZ88-51907   M", "14 MAR 2023  10:15"]
    pixels = pictures.letter(pixels, lines, (8, 326), 13)
    ds = objects.cr(WHO, STUDY, FRONTAL, 1, pixels, BYTES)
    return f"{FOLDER}/VASHCHENKO_AP.dcm", ds, "withheld", "burned-in-text"


def letter():
    """Encapsulated PDF Storage (PS3.3 A.45.1): the general practitioner's letter."""
    ds = objects.shell(WHO, STUDY, LETTER, 1, "1.2.840.10008.5.1.4.1.1.104.1")
    ds.ConversionType, ds.BurnedInAnnotation = "WSD", "YES"
    ds.DocumentTitle = "Letter of Dr Peregrine Oxtoby on Mr Vashchenko"
    ds.MIMETypeOfEncapsulatedDocument = "application/pdf"
    ds.ConceptNameCodeSequence = []
    ds.AcquisitionDateTime = STUDY["date"] + STUDY["time"]
    ds.EncapsulatedDocument = objects.padded(pdf("Dear colleague, please see Mr Torvald Vashchenko, NHS 771 442 9036."))
    return f"{FOLDER}/letter Oxtoby.dcm", ds, "refused", "encapsulated-document"


def pdf(words):
    """A one-page PDF (ISO 32000-1, 7.5)."""
    stream = f"BT /F1 11 Tf 60 780 Td ({words}) Tj ET"
    parts = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
             "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
             "/Resources << /Font << /F1 5 0 R >> >> >>",
             f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
             "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    out, places = "%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{part}\nendobj\n"
    start, rows = len(out), "".join(f"{p:010d} 00000 n \n" for p in places)
    out += f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n{rows}"
    out += f"trailer\n<< /Size {len(parts) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return out.encode("ascii")


def record():
    """What `case.json` says."""
    i1 = dict(imaging="i1")
    series = [objects.new_uid(WHO, STUDY, s["number"]) for s in (LATERAL, FRONTAL)]
    return {
        "schema": "spinemed-case/1", "patient": {
            "id": WHO["id"], "names": ["Torvald Vashchenko", "Vashchenko-Lindqvaert"], "birth_date": "1961-11-30",
            "identifiers": {
                "physician": ["Peregrine Oxtoby", "Ailith Strathclune", "Zoé Brévelle", "Chidubem Nwabuezeh"],
                "phone": [WHO["phone"], "01632 960582"], "address": [WHO["home"], WHO["address"]],
                "insurance": [WHO["other_id"]], "relative": ["Ludmyra Ashgrovel"],
                "email": ["peregrine.oxtoby@grebeford.example"], "place": ["Brackmoor Infirmary", "Grebeford"],
                "accession": [STUDY["accession"]]}},
        "language": "en", "age": 61, "sex": "M", "site": "Brackmoor Infirmary, Kestrel Hill",
        "consent": {"status": "waived", "expires": "2099-12-31"},
        "ethics": {"number": "REC 23/BX/0419-K", "expires": "2099-12-31"},
        "complaint": {
            "text": "Neck pain for two years, with tingling from the right side of the neck to the thumb for three months.",
            "symptoms": [{"concept": "neck-pain", "duration": "P2Y"},
                         {"concept": "radiculopathy", "side": "right", "duration": "P3M"}]},
        "history": "Mr Vashchenko was referred by Dr Peregrine Oxtoby of Grebeford Surgery. The pain is worse on looking "
                   "up and on turning to the right. There was no injury. He has no clumsiness of the hands, no change of "
                   "gait and no bladder symptoms. He smoked until 2009. NHS number 771 442 9036, telephone 01632 960471. "
                   "His sister, Mrs Ashgrovel, came with him.",
        "examination": "Neck extension is limited to 20 degrees and painful, rotation to the right to 45 degrees. Spurling's "
                       "test is positive on the right. Power is 5/5 in all arm muscles but 4+/5 in right wrist extension. "
                       "The right brachioradialis reflex is weaker than the left. Light touch is reduced over the right "
                       "thumb. Hoffmann's sign is absent on both sides; gait is normal.",
        "imaging": [{
            "id": "i1", "modality": "DX", "date": "2023-03-14", "study_uid": objects.new_uid(WHO, STUDY),
            "text": "Cervical spine, frontal and lateral views, 14 March 2023 (BX-CR-558201), compared with a film from "
                    "Grebeford of 2019. C1 to T1 are seen. C4 has slipped forward on C5 by about 2.6 mm, Meyerding grade I. "
                    "The C5/C6 disc space is moderately narrowed with osteophytes at the facing edges of C5 and C6. The "
                    "other disc spaces are kept. The cervical lordosis is lost. No fracture of a vertebral body. No "
                    "ossification of the posterior longitudinal ligament at C5/C6. The atlantoaxial joint is stable. "
                    "Reported by Ailith Strathclune.",
            "impression": "Grade I spondylolisthesis at C4/C5. Cervical spondylosis with moderate disc space narrowing and "
                          "osteophytes at C5/C6. Loss of lordosis. No fracture."}],
        "findings": [
            {"concept": "spondylolisthesis", "level": "C4/C5", "grade": {"scale": "meyerding", "value": "I"},
             "measure": {"value": "2.6", "unit": "mm"}, **i1, "shown": ["k1"]},
            {"concept": "disc-height-loss", "level": "C5/C6", "grade": {"scale": "severity", "value": "Moderate"},
             **i1, "shown": ["k1"]},
            {"concept": "osteophyte", "level": "C5", **i1, "shown": ["k1"]},
            {"concept": "osteophyte", "level": "C6", **i1, "shown": ["k1"]},
            {"concept": "loss-of-lordosis", "level": "C2..C7", **i1, "shown": ["k1"]},
            {"concept": "vertebral-fracture", "level": "C5", "negated": True, **i1, "shown": ["k1", "k2"]},
            {"concept": "opll", "level": "C5/C6", "negated": True, **i1, "shown": ["k1"]},
            {"concept": "atlantoaxial-instability", "level": "C1/C2", "negated": True, **i1, "shown": ["k1"]}],
        "diagnoses": [{"concept": "spondylosis", "level": "C4..C6"},
                      {"concept": "spondylolisthesis", "level": "C4/C5"},
                      {"concept": "radiculopathy", "level": "C6 root", "side": "right"}],
        "treatments": [
            {"concept": "physical-therapy", "date": "2023-03-28",
             "text": "Twelve weeks of deep neck flexor training and posture advice, with simple analgesics as needed."}],
        "course": "He was treated as an outpatient. MRI was planned if weakness or signs of myelopathy appeared; they did not.",
        "complications": [],
        "outcome": "The tingling cleared by week eight. Neck Disability Index fell from 34 to 16 percent; wrist extension "
                   "returned to 5/5.",
        "follow_up": [
            {"date": "2023-06-20", "text": "Fourteen weeks: neck pain 2 of 10, no arm symptoms. Dr Oxtoby informed by "
                                           "letter of 22 June 2023."},
            {"date": "2024-03-19", "text": "One year: unchanged, no neurological deficit; flexion and extension views were "
                                           "not needed."}],
        "key_images": [
            {"id": "k1", "series_uid": series[0], "instance_uid": objects.new_uid(WHO, STUDY, 1, 1)},
            {"id": "k2", "series_uid": series[1], "instance_uid": objects.new_uid(WHO, STUDY, 2, 1)}],
    }


# Identifiers of this case beyond those of `people.py`: id, kind of place, spellings.
PLANTED = [
    ("study-date", "header, report, image comments, folder name, pixels",
     ["20230314", "2023-03-14", "14 March 2023", "14-03-2023", "03/14/2023"]),
    ("study-time", "header", ["101526.905300"]),
    ("birth-date", "header, case file", ["19611130", "1961-11-30"]),
    ("therapy-date", "treatment", ["2023-03-28"]),
    ("fourteen-weeks-date", "follow-up", ["2023-06-20"]),
    ("letter-date", "follow-up", ["22 June 2023"]),
    ("one-year-date", "follow-up", ["2024-03-19"]),
    ("accession", "header, nested sequence, report", ["BX-CR-558201"]),
    ("study-id", "header", ["XR3317"]),
    ("sister", "patient comments, history, private sequence", ["Ludmyra Ashgrovel", "Ashgrovel", "Ludmyra"]),
    ("phone-sister", "patient comments", ["01632 960582"]),
    ("insurance", "header, history, encapsulated document", ["771 442 9036"]),
    ("practice", "additional patient history, history", ["Grebeford Surgery", "Grebeford"]),
    ("email", "sequence at depth 3", ["peregrine.oxtoby@grebeford.example", "grebeford.example"]),
    ("plate", "header", ["PLATE-BX40719"]),
    ("ethics", "case file", ["REC 23/BX/0419-K", "23/BX/0419"]),
    ("site", "case file", ["Brackmoor Infirmary", "Brackmoor", "Kestrel"]),
    ("streets", "header, case file", ["Toll House", "BX9 4ZZ", "BX9 1QQ"]),
    ("private-creator", "private elements", ["BRACKMOOR"]),
    ("file-name", "file names", ["VASHCHENKO_LAT", "VASHCHENKO_AP", "letter Oxtoby"]),
    ("uppercase-name", "preamble, study description, pixels", ["VASHCHENKO"]),
]
SURVIVES = [
    ("/complaint/text", ["Neck pain for two years", "to the thumb for three months"]),
    ("/history", ["no clumsiness of the hands", "worse on looking up"]),
    ("/examination", ["Spurling's test is positive on the right", "4+/5 in right wrist extension",
                      "Hoffmann's sign is absent on both sides", "Light touch is reduced over the right thumb"]),
    ("/imaging/0/text", ["Meyerding grade I", "C5/C6 disc space is moderately narrowed", "about 2.6 mm"]),
    ("/imaging/0/impression", ["Grade I spondylolisthesis at C4/C5"]),
    ("/outcome", ["from 34 to 16 percent"]),
]
