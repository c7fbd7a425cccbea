"""The key in the format that the MIDI-B validator reads (CBIIT/MIDI_validation_script).

A table `answer_data` with one row for each instance; its column `AnswerData` holds JSON, one
entry for each required action. Values and tags stand in angle brackets. The validator compares
`tag_ds` with paths that it makes of the output: `<(0040,a730)>[<0002]><(0040,a160)>`, where a
private tag is `(0011,"CREATOR",01)`.
"""

import json
import sqlite3
from pathlib import Path

import pydicom
from pydicom.datadict import dictionary_description, dictionary_has_tag
from pydicom.tag import Tag

#: Classes of planted strings as classes of identifiers, 45 CFR 164.514(b)(2)(i).
HIPAA = {
    "name": "HIPAA-A", "address": "HIPAA-B", "institution": "HIPAA-B", "age": "HIPAA-C",
    "date": "HIPAA-C", "phone": "HIPAA-D", "email": "HIPAA-F", "ssn": "HIPAA-G",
    "id": "HIPAA-H", "device": "HIPAA-M", "url": "HIPAA-N", "ip": "HIPAA-O",
}  # fmt: skip
COLUMNS = ("SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID", "PatientID", "Modality",
           "SOPClassUID", "AnswerData")  # fmt: skip


def write(key: dict, objects: Path, database: Path) -> int:
    """Writes the database; the number of actions in it."""
    database.unlink(missing_ok=True)
    connection = sqlite3.connect(database)
    columns = ", ".join(f"{name} TEXT" for name in COLUMNS)
    connection.execute(f"CREATE TABLE answer_data ({columns})")
    count = 0
    for entry in key["objects"]:
        if entry["outcome"] == "refused" or not entry["ids"]["instance"]:
            continue
        ds = pydicom.dcmread(objects / entry["file"], force=True)
        answers = list(_answers(entry, ds))
        count += len(answers)
        ids = entry["ids"]
        row = [ids[name] for name in ("instance", "study", "series", "patient", "modality", "class")]
        data = json.dumps({str(n): answer for n, answer in enumerate(answers)}, ensure_ascii=False)
        marks = ", ".join("?" * len(COLUMNS))
        connection.execute(f"INSERT INTO answer_data VALUES ({marks})", [*row, data])
    connection.commit()
    connection.close()
    return count


def _answers(entry, ds):
    for action, found in entry["actions"].items():
        for path, text in found.items():
            tag_ds, tag, value = _locate(ds, path.split("#")[0])
            if tag_ds is None:
                continue
            if action == "pixels_hidden":
                glyph = entry["glyphs"][int(path.split("#")[1])]
                # The validator looks at one picture's rows and columns.
                if len(glyph["frames"]) > 1 or int(ds.get("NumberOfFrames", 1) or 1) > 1:
                    continue
                x0, y0, x1, y1 = glyph["box"]
                text = json.dumps(
                    {"text": text, "top_left": [x0, y0], "bottom_right": [x1, y1]},
                    ensure_ascii=False,
                )
            if action == "uid_consistent" or action == "uid_changed":
                value = text
            yield {
                "tag": f"<{tag}>",
                "tag_ds": tag_ds,
                "tag_name": f"<{_name(path)}>",
                "value": f"<{value}>",
                "action": f"<{action}>",
                "action_text": f"<{text}>",
                "answer_category_v2": _category(action, text, entry),
            }


def _category(action, text, entry):
    hipaa = None
    if action == "text_removed":
        classes = [kind for kind, word in entry["strings"] if word in text]
        hipaa = HIPAA.get(classes[0] if classes else "", "HIPAA-R")
    kept = action in ("tag_retained", "text_notnull")
    return {
        "hipaa": {"z": hipaa, "m": hipaa},
        "dicom": {"p15": None, "iod": "DICOM-IOD-1" if kept else None, "safe": None},
        "tcia": {
            "ptkb": None,
            "p15": {"pixels_retained": "TCIA-P15-PIX-K", "text_retained": "TCIA-P15-DESC-C"}.get(action),
            "rev": None,
        },
        "prev_cat": None,
    }


def _locate(ds, path):
    """The validator's path to an element, its tag, and the value it has in the input."""
    made, count, depth = "", 0, 0
    parts = path.split("/")
    for n, part in enumerate(parts):
        tag = Tag(int(part[:8], 16))
        if tag not in ds:
            return None, None, None
        element = ds[tag]
        label = _label(element)
        made = f"<{label}>" if depth == 0 else f"{made}[<{count:04}>]<{label}>"
        if n + 1 == len(parts):
            value = "" if element.VR == "SQ" or isinstance(element.value, bytes) else element.value
            return made, label, str(value).strip()
        count, depth = int(part[9:-1]), depth + 1
        ds = element.value[count]
    return None, None, None


def _label(element):
    tag = element.tag
    if tag.is_private and element.private_creator:
        creator = str(element.private_creator).upper()
        return f'({tag.group:04x},"{creator}",{tag.element & 0xFF:02x})'
    return f"({tag.group:04x},{tag.element:04x})"


def _name(path):
    tag = Tag(int(path.split("#")[0].split("/")[-1][:8], 16))
    return dictionary_description(tag) if dictionary_has_tag(tag) else "Private tag data"
