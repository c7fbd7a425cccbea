"""Case 1: a disc extrusion at L5/S1 on the left, MR, in English."""

from pydicom import uid

import objects
import pictures
import plant
from people import LUMBAR as WHO
from pictures import phantom

STUDY = dict(number="1", date="20240212", time="094133.718250", accession="ACQ24-993017", id="ST7719",
             description="MRI L-spine M Ondrejka QX77-40318", procedure="MRI lumbar spine for Dr. Tolliver")
FOLDER = "MRI_2024-02-12_ACQ24-993017"
T2 = dict(number=1, modality="MR", description="SAG T2 TSE Ondrejka", protocol="Quillon L-spine v3",
          variant="SK", sequence_name="tse2d1", tr=3500, te=105, etl=16, gap=7)
T1 = dict(T2, number=2, description="SAG T1 TSE", variant="NONE", sequence_name="se2d1", tr=550, te=10,
          etl=1)
AXIAL = dict(T2, number=3, description="AX T2 L4-S1", te=98, tr=4200, gap=4)
REPORT = dict(number=7, modality="SR", description="Report Haverstraw", protocol="Report")
SPACING, DISC = 0.9, "L5/S1"


def spine(narrow=None):
    return phantom.lumbar(wear={"L5/S1": 0.92, "L4/L5": 0.6, "L3/L4": 0.25},
                          collapse={"L5/S1": 0.28, "L4/L5": 0.08}, narrow=narrow or {})


def write(out):
    """Writes the objects; returns (path, object, expectation, class) of each."""
    made = [*sagittal(T2, (-14.0, -7.0, 0.0, 7.0, 14.0), "T2"),
            *sagittal(T1, (-7.0, 0.0, 7.0), "T1"), *axial(), report()]
    for path, ds, *_ in made:
        objects.save(ds, out / path)
    return made


def sagittal(series, places, weight):
    """Sagittal slices from the patient's right (negative) to the left."""
    for number, x in enumerate(places, 1):
        pixels = slice_at(x, weight, 100 * series["number"] + number)
        syntax = uid.ImplicitVRLittleEndian if weight == "T1" else uid.ExplicitVRLittleEndian
        ds = objects.mr(WHO, STUDY, series, number, pixels, objects.sagittal_place(SPACING, x), syntax)
        plant.private(ds, "SORRELGATE QA 1", ["Ondrejka, Maribel", "tech: Quackenbos"],
                        "Recall Ondrejka M., QX77-40318, via Dr. Tolliver")
        if (weight, number) == ("T2", 3):
            plant.original(ds, WHO, STUDY)
            plant.margins(ds, "ONDREJKA MARIBEL QX77-40318 Sorrelgate", "Exported for Ondrejka, Maribel",
                            "padding: Sorrelgate Regional / ondrejka_m", WHO)
            ds.ImageComments = "Best slice for Dr. Tolliver, pt. Ondrejka, DOB 08/23/1979"
        if (weight, number) == ("T2", 5):
            plant.icon(ds, pixels, ["ONDREJKA", "QX77"])
        folder = f"{FOLDER}/T{weight[1]}_SAG_Ondrejka"
        yield f"{folder}/ondrejka_m_{number:02d}.dcm", ds, "kept", None


def slice_at(x, weight, seed):
    if abs(x) > 10:
        foramina = {DISC: 1} if x > 0 else {}
        return pictures.with_extra(pictures.nothing, phantom.parasagittal_lumbar, weight, spine(),
                                   foramina, SPACING, seed)
    bend = {-7.0: {}, 0.0: {DISC: 11.0, "L4/L5": 13.5}, 7.0: {DISC: 9.5, "L4/L5": 13.5}}[x]
    size = {-7.0: 0.0, 0.0: 0.6, 7.0: 1.0}[x]
    column = spine(bend)
    extra = pictures.extrusion(weight, column, DISC, size) if size else pictures.nothing
    return pictures.with_extra(extra, phantom.sagittal_lumbar, weight, column, SPACING, seed)


def axial():
    """Four slices from L4/L5 to below L5/S1; one carries an overlay of text."""
    column, px = spine(), 0.75
    for number, (disc, lift, side) in enumerate([("L4/L5", 0.0, None), (DISC, 4.0, "left"),
                                                 (DISC, 0.0, "left"), (DISC, -4.0, "left")], 1):
        recess = 2 if side else 0
        pixels = phantom.axial_lumbar("T2", 0, recess, 0, wear=column.wear[disc], px=px,
                                      seed=300 + number, low=True, paracentral=side)
        s = sum(column.spans[disc]) / 2
        place = objects.axial_place(px, column, s, lift)
        ds = objects.mr(WHO, STUDY, AXIAL, number, pixels, place)
        if number == 4:
            plant.overlay(ds, ["Maribel ONDREJKA", "QX77-40318"], (6, 6), "Ondrejka name plate")
        yield f"{FOLDER}/AX/IM{number:04d}", ds, "kept", None


def report():
    """Basic Text SR Storage (PS3.3 A.35.1): no picture, full of names."""
    ds = objects.shell(WHO, STUDY, REPORT, 1, uid.BasicTextSRStorage)
    ds.ReferencedPerformedProcedureStepSequence = []
    ds.PerformedProcedureCodeSequence = []
    ds.CompletionFlag, ds.VerificationFlag = "COMPLETE", "VERIFIED"
    ds.VerifyingObserverSequence = [objects.item(
        VerifyingOrganization=WHO["institution"], VerificationDateTime="20240212113000",
        VerifyingObserverName=WHO["reading"], VerifyingObserverIdentificationCodeSequence=[])]
    ds.ValueType, ds.ContinuityOfContent = "CONTAINER", "SEPARATE"
    ds.ConceptNameCodeSequence = [objects.code("18748-4", "LN", "Diagnostic Imaging Report")]
    text = objects.item(
        RelationshipType="CONTAINS", ValueType="TEXT",
        ConceptNameCodeSequence=[objects.code("121070", "DCM", "Findings")],
        TextValue="Ms Ondrejka of Pellwick Crescent has a left L5/S1 extrusion. Dictated by Haverstraw.")
    ds.ContentSequence = [text]
    return f"{FOLDER}/SR_Haverstraw.dcm", ds, "refused", "structured-report"


def series_uid(series):
    return objects.new_uid(WHO, STUDY, series["number"])


def instance_uid(series, number):
    return objects.new_uid(WHO, STUDY, series["number"], number)


def record():
    """What `case.json` says."""
    i1 = dict(imaging="i1")
    return {
        "schema": "spinemed-case/1", "patient": {
            "id": WHO["id"], "names": ["Maribel Quince Ondrejka", "Ondrejka, Maribel", "Velthuysen, Maribel"],
            "birth_date": "1979-08-23", "identifiers": {
                "physician": ["Fenwick Tolliver", "Odalys Brancatelli", "Ruskin Haverstraw", "Pim Quackenbos"],
                "phone": [WHO["phone"], "(312) 555-0163"], "email": ["m.ondrejka@sorrelgate.example"],
                "address": [WHO["home"]], "accession": [STUDY["accession"]],
                "insurance": ["HXM-6620-1985-K"], "relative": ["Casimir Ondrejka"],
                "place": ["Sorrelgate Regional Hospital", "Quillon Wing"], "id": [WHO["other_id"]]}},
        "language": "en", "age": 44, "sex": "F", "site": "Sorrelgate Regional Hospital, Quillon Spine Unit",
        "consent": {"status": "given", "expires": "2099-12-31"},
        "ethics": {"number": "IRB-SOR-2023-0771", "expires": "2099-12-31"},
        "complaint": {
            "text": "Mrs Ondrejka reports low back pain for ten weeks and, for six weeks, pain that runs from the "
                    "left buttock down the back of the thigh and calf to the outer border of the foot.",
            "symptoms": [{"concept": "low-back-pain", "duration": "P10W"},
                         {"concept": "sciatica", "side": "left", "duration": "P6W"}]},
        "history": "Pain began after lifting a box and was first seen by Dr. Tolliver on 12/18/2023. Sitting, coughing "
                   "and sneezing make it worse; lying down eases it. Leg pain is 8 of 10, back pain 4 of 10 on the "
                   "numeric rating scale. Anti-inflammatory drugs gave little relief. There is no fever, no weight "
                   "loss, no earlier malignancy and no change of bladder or bowel function. Her husband Casimir "
                   "Ondrejka can be reached at (312) 555-0163. Record QX77-40318, DOB August 23, 1979.",
        "examination": "Straight leg raising is positive on the left at 35 degrees and negative on the right at 80 "
                       "degrees; crossed straight leg raising is negative. Left plantar flexion is 4/5, toe extension 5/5. "
                       "The left ankle reflex is absent, knee reflexes are equal. Light touch is reduced along the "
                       "lateral border of the left foot. Perianal sensation and anal tone are normal. Examined in "
                       "Ward 7Q by Dr. Greystoke-Mulvaney.",
        "imaging": [{
            "id": "i1", "modality": "MR", "date": "2024-02-12", "study_uid": objects.new_uid(WHO, STUDY),
            "text": "MRI of the lumbar spine without contrast, February 12, 2024, accession ACQ24-993017. Five lumbar "
                    "type vertebrae. Vertebral body heights and alignment are preserved; no fracture. L4/L5: mild "
                    "loss of disc signal, mild broad-based disc bulge, no nerve root compression, no spinal canal "
                    "stenosis. L5/S1: the disc is dark and narrowed, Pfirrmann grade 4. A left paracentral disc "
                    "extrusion of 9 mm extends below the disc behind S1, fills the left lateral recess and displaces "
                    "the left S1 nerve root backward. The left foramen is mildly narrowed, the right one is free. No "
                    "spondylolisthesis. The conus ends at L1 and is normal. Dictated by Ruskin Haverstraw, MD.",
            "impression": "Left paracentral disc extrusion at L5/S1 with compression of the left S1 nerve root and "
                          "severe left subarticular stenosis. Mild disc bulge at L4/L5 without stenosis."}],
        "findings": [
            {"concept": "disc-extrusion", "level": "L5/S1", "side": "left", "measure": {"value": "9", "unit": "mm"},
             **i1, "shown": ["k1", "k2"]},
            {"concept": "nerve-root-compression", "level": "S1 root", "side": "left", **i1, "shown": ["k2"]},
            {"concept": "subarticular-stenosis", "level": "L5/S1", "side": "left",
             "grade": {"scale": "severity", "value": "Severe"}, **i1, "shown": ["k2"]},
            {"concept": "neural-foraminal-narrowing", "level": "L5/S1", "side": "left",
             "grade": {"scale": "severity", "value": "Mild"}, **i1, "shown": []},
            {"concept": "disc-degeneration", "level": "L5/S1", "grade": {"scale": "pfirrmann", "value": "4"},
             **i1, "shown": ["k1"]},
            {"concept": "disc-bulge", "level": "L4/L5", "grade": {"scale": "severity", "value": "Mild"}, **i1,
             "shown": ["k1", "k3"]},
            {"concept": "spinal-canal-stenosis", "level": "L4/L5", "negated": True, **i1, "shown": ["k3"]},
            {"concept": "spondylolisthesis", "level": "L5/S1", "negated": True, **i1, "shown": ["k1"]}],
        "diagnoses": [{"concept": "disc-extrusion", "level": "L5/S1", "side": "left"},
                      {"concept": "radiculopathy", "level": "S1 root", "side": "left"}],
        "treatments": [
            {"concept": "physical-therapy", "date": "2024-01-04",
             "text": "Six weeks of directional exercises, walking and oral anti-inflammatory drugs, without lasting relief."},
            {"concept": "epidural-steroid-injection", "level": "L5/S1", "side": "left", "date": "2024-02-20",
             "text": "Fluoroscopic transforaminal injection by Dr. Brancatelli; relief lasted ten days."},
            {"concept": "discectomy", "level": "L5/S1", "side": "left", "date": "2024-03-18",
             "text": "Left L5/S1 microdiscectomy. A free-lying subligamentous fragment was removed; the S1 nerve root was "
                     "mobile at the end. Blood loss 30 mL."}],
        "course": "Leg pain eased on the day of surgery. She walked on the first evening and went home on March 20, 2024 "
                  "with advice to avoid lifting for six weeks.",
        "complications": [],
        "outcome": "Leg pain fell from 8 to 1 of 10, the Oswestry Disability Index from 52 to 14 percent. Plantar flexion "
                   "returned to 5/5; the ankle reflex stayed absent.",
        "follow_up": [
            {"date": "2024-04-29", "text": "Six weeks: wound healed, leg pain 1 of 10, back at desk work. Seen by Dr. "
                                           "Tolliver, Sorrelgate clinic."},
            {"date": "2024-09-16", "text": "Six months: no recurrence of leg pain, running 5 km twice a week."}],
        "key_images": [
            {"id": "k1", "series_uid": series_uid(T2), "instance_uid": instance_uid(T2, 4)},
            {"id": "k2", "series_uid": series_uid(AXIAL), "instance_uid": instance_uid(AXIAL, 3)},
            {"id": "k3", "series_uid": series_uid(AXIAL), "instance_uid": instance_uid(AXIAL, 1)}],
    }


# Identifiers of this case beyond those of `people.py`: id, kind of place, spellings.
PLANTED = [
    ("study-date", "header, report, folder name", ["20240212", "2024-02-12", "February 12, 2024"]),
    ("study-time", "header", ["094133.718250"]),
    ("birth-date", "header, case file, history", ["19790823", "1979-08-23", "August 23, 1979", "08/23/1979"]),
    ("first-visit", "history", ["12/18/2023"]),
    ("discharge-date", "course", ["March 20, 2024"]),
    ("therapy-date", "treatment", ["2024-01-04"]),
    ("injection-date", "treatment", ["2024-02-20"]),
    ("operation-date", "treatment", ["2024-03-18"]),
    ("six-weeks-date", "follow-up", ["2024-04-29"]),
    ("six-months-date", "follow-up", ["2024-09-16"]),
    ("accession", "header, nested sequence, report, folder name", ["ACQ24-993017"]),
    ("study-id", "header", ["ST7719"]),
    ("phone-husband", "patient comments, history", ["(312) 555-0163", "555-0163"]),
    ("husband", "patient comments, history", ["Casimir Ondrejka", "Casimir"]),
    ("pager", "sequence at depth 3", ["pager 555-0171", "555-0171"]),
    ("email", "additional patient history", ["m.ondrejka@sorrelgate.example", "sorrelgate.example"]),
    ("insurance", "additional patient history, case file", ["HXM-6620-1985-K"]),
    ("ward", "patient comments, examination", ["Ward 7Q"]),
    ("examiner", "examination, named nowhere else", ["Greystoke-Mulvaney", "Greystoke", "Mulvaney"]),
    ("ethics", "case file", ["IRB-SOR-2023-0771"]),
    ("site", "case file", ["Quillon Spine Unit", "Quillon"]),
    ("hospital", "header, preamble, trailing padding, case file, follow-up", ["Sorrelgate"]),
    ("streets", "header, case file, structured report", ["Wexcombe", "Thornquist", "Pellwick"]),
    ("private-creator", "private elements", ["SORRELGATE QA"]),
    ("file-name", "file names", ["ondrejka_m", "SR_Haverstraw", "T2_SAG_Ondrejka"]),
    ("uppercase-name", "preamble, overlay", ["ONDREJKA"]),
]
SURVIVES = [
    ("/complaint/text", ["low back pain for ten weeks", "outer border of the foot"]),
    ("/history", ["numeric rating scale", "no change of bladder or bowel function"]),
    ("/examination", ["positive on the left at 35 degrees", "Left plantar flexion is 4/5"]),
    ("/imaging/0/text", ["Pfirrmann grade 4", "extrusion of 9 mm", "left S1 nerve root"]),
    ("/imaging/0/impression", ["severe left subarticular stenosis"]),
    ("/treatments/2/text", ["Left L5/S1 microdiscectomy", "Blood loss 30 mL"]),
    ("/outcome", ["from 52 to 14 percent"]),
]
