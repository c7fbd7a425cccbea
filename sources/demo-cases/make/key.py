"""The answer key: what was planted, and what must be left when it is gone."""

import hashlib
from datetime import date

TAGS = {
    "name": "Patient's Name", "other_name": "Other Patient Names and nested Patient's Name",
    "id": "Patient ID", "other_id": "Other Patient IDs Sequence, depth 1 to 5",
    "issuer": "Issuer of Patient ID, nested", "birth_time": "Patient's Birth Time",
    "home": "Patient's Address", "phone": "Patient's Telephone Numbers",
    "mother": "Patient's Mother's Birth Name", "occupation": "Occupation",
    "record_locator": "Medical Record Locator", "referring": "Referring Physician, sequences at depth 2",
    "performing": "Performing Physician, sequences at depth 2", "reading": "Physicians Reading Study",
    "operator": "Operators' Name, private elements", "institution": "Institution Name, nested",
    "address": "Institution Address, nested", "department": "Department, Requesting Service",
    "station": "Station Name", "serial": "Device Serial Number",
    "desk_phone": "Person's Telephone Numbers at depth 2", "root": "every UID", "ae": "file meta",
}


def planted(case, who):
    """Entries of the answer key for one case."""
    rows = [(name.replace("_", "-"), place, spellings(who[name]))
            for name, place in TAGS.items() if who[name]]
    rows += [("folder", "folder name", [who["folder"]])] + case.PLANTED
    return [dict(id=f"{case.__name__}/{name}", where=dict(case=who["folder"], kind=kind),
                 strings=list(dict.fromkeys(strings)), expect="absent")
            for name, kind, strings in rows]


def spellings(value):
    """A value and its parts: `Family^Given=Ideographic` in all orders."""
    if "^" not in value:
        return [value]
    found = []
    for group in value.split("="):
        parts = group.split("^")
        found += [group, "^".join(parts[:2]), " ".join(reversed(parts[:2])), ", ".join(parts[:2])]
        found += ["".join(parts)] if not group.isascii() else [p for p in parts if len(p) > 5]
    return found


def intervals(folder, record):
    """Days between the first imaging and every other date: they must stay."""
    dates = {f"/{part}/{at}/date": entry["date"]
             for part in ("imaging", "treatments", "follow_up")
             for at, entry in enumerate(record[part])}
    first = dates["/imaging/0/date"]
    return [{"case": folder, "from": "/imaging/0/date", "to": place,
             "days": (date.fromisoformat(text) - date.fromisoformat(first)).days}
            for place, text in dates.items() if place != "/imaging/0/date"]


def objects(folder, made):
    """What must become of every object, by file."""
    return [dict(case=folder, file=path, sop_instance_uid=str(ds.SOPInstanceUID),
                 frames=int(ds.get("NumberOfFrames", 1)) if "Rows" in ds else 0,
                 expect=expect, **({"class": cause} if cause else {}))
            for path, ds, expect, cause in made]


def survives(case, folder, record):
    """Clinical words that must still be there; each is checked against the text as written."""
    rows = []
    for pointer, strings in case.SURVIVES:
        text = record
        for step in pointer.split("/")[1:]:
            text = text[int(step) if step.isdigit() else step]
        missing = [s for s in strings if s not in text]
        if missing:
            raise SystemExit(f"{folder}{pointer}: {missing} is not in the text")
        rows.append(dict(case=folder, path=pointer, strings=strings))
    return rows


def check(entries, survivors, out):
    """Refuses a key that could not fail: every identifier must lie in some file or name."""
    files = [p for p in sorted(out.rglob("*")) if p.is_file()]
    heap = b"\n".join(p.read_bytes() + str(p.relative_to(out)).encode() for p in files)
    kept = "\n".join(s for row in survivors for s in row["strings"])
    for entry in entries:
        spelled = [s for s in entry["strings"] if any(code in heap for code in encodings(s))]
        if not spelled:
            raise SystemExit(f"{entry['id']} is planted nowhere")
        clash = [s for s in entry["strings"] if s in kept]
        if clash:
            raise SystemExit(f"{entry['id']}: {clash} is a clinical word")


def encodings(text):
    """The bytes of a text in the character sets of the cases."""
    for codec in ("utf-8", "gb18030", "latin-1"):
        try:
            yield text.encode(codec)
        except UnicodeEncodeError:
            continue


def public_key():
    """A fixed key that hides nothing: the digest of a sentence anyone can read."""
    return hashlib.sha256(b"SpineMed demo cases: this key is public and protects nobody").hexdigest()
