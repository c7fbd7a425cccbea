"""Outside readers look at what came out, beside what went in.

usage: conformance.py IN OUT KEY [--mapping FOLDER]

IN and OUT are folders of objects; OUT is what the de-identifier wrote of IN, in any layout. KEY
is the `answers.json` of the planted objects. With `--mapping`, the folder that holds `uids.csv`
and `patients.csv` (`id_old,id_new`), those are compared with the objects.

Checked: `dciodvfy` (dicom3tools) reports no kind of error that the input did not have; `pydicom`
finds no planted string, date or UID in any decoded value; every object names itself in its file
meta information; UIDs and patients go one to one, references resolve, and the mapping agrees.
Objects are printed by their output's name and tags, never with a value.
"""

import csv
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pydicom
from pydicom.multival import MultiValue

#: Values in a message differ from object to object; what is wrong does not.
VALUES = re.compile(r"= <[^>]*>|\[\d+\]|<0x[0-9a-f]+>|\d+ dec|<\d+>|<[\d.]{8,}>")


def main(arguments: list[str]) -> int:
    folders = [Path(text) for text in arguments[:3]]
    mapping = Path(arguments[4]) if arguments[3:4] == ["--mapping"] else None
    before, after = (read(folder) for folder in folders[:2])
    key = {entry["ids"]["instance"]: entry for entry in json.loads(folders[2].read_text())["objects"]}
    pairs, faults = match(before, after, key, mapping)
    faults += [f"{out.name}: {what}" for old, out in pairs for what in leaks(key[old], after[out])]
    faults += [f"{out.name}: {what}" for _, out in pairs for what in meta(after[out])]
    faults += consistent(before, after, pairs, key)
    if mapping:
        faults += mapped(before, after, pairs, key, mapping)
    faults += conformance(before, pairs, key)
    print(f"{len(before)} objects in, {len(after)} out, {len(pairs)} matched, {len(faults)} faults")
    for line in faults:
        print(f"  {line}")
    return 1 if faults or not pairs else 0


def read(folder: Path) -> dict[Path, pydicom.Dataset]:
    found = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        try:
            found[path] = pydicom.dcmread(path, force=False)
        except pydicom.errors.InvalidDicomError:
            continue
    return found


def identity(ds) -> str:
    """The instance; a directory has one in its file meta information alone."""
    return ds.get("SOPInstanceUID") or ds.file_meta.MediaStorageSOPInstanceUID


def match(before, after, key, mapping):
    """Old instance UIDs to output files: by name, or by the mapping where names are new."""
    names = {path.name: identity(ds) for path, ds in before.items()}
    if mapping:
        new_to_old = {new: old for old, new in table(mapping / "uids.csv").items()}
        olds = {path: new_to_old.get(identity(ds)) for path, ds in after.items()}
    else:
        olds = {path: names.get(path.name) for path in after}
    pairs = [(old, path) for path, old in olds.items() if old in key]
    strays = [f"{path.name}: is of no planted object" for path, old in olds.items() if old not in key]
    for entry in key.values():
        came = any(old == entry["ids"]["instance"] for old, _ in pairs)
        if came and entry["outcome"] == "refused":
            strays.append(f"{entry['file']}: passes, and ought not to")
        if not came and entry["outcome"] == "clean":
            strays.append(f"{entry['file']}: is missing")
    return pairs, strays


def table(path: Path) -> dict[str, str]:
    with path.open(newline="", encoding="utf-8") as rows:
        return {row["id_old"]: row["id_new"] for row in csv.DictReader(rows)}


def values(ds):
    """Tag and text of every value at any depth, file meta information too."""
    for source in (getattr(ds, "file_meta", None), ds):
        for element in source.iterall() if source is not None else ():
            value = element.value
            if element.VR == "SQ" or element.tag == 0x7FE00010:
                continue
            parts = value if isinstance(value, MultiValue) else [value]
            for part in parts:
                text = part.decode("latin-1") if isinstance(part, bytes) else str(part)
                yield element, text


def leaks(entry, ds):
    words = [(kind, word.casefold()) for kind, word in entry["strings"]]
    old = {uid for text in entry["actions"].get("uid_changed", {}).values() for uid in text.split("\\")}
    for element, text in values(ds):
        folded = text.casefold()
        digits = re.sub(r"[-/. ]", "", text)
        for kind, word in words:
            if word in folded:
                yield f"{element.tag} holds a planted string of class {kind}"
        if any(day in digits for day in entry["dates"]):
            yield f"{element.tag} holds a planted date"
        if text in old:
            yield f"{element.tag} holds an old UID"
        if element.tag.is_private:
            yield f"{element.tag} is private"


def meta(ds):
    if ds.file_meta.MediaStorageSOPInstanceUID != ds.get("SOPInstanceUID"):
        yield "(0002,0003) names another instance"
    if ds.preamble.strip(b"\0"):
        yield "the preamble holds something"
    if ds.get("PatientIdentityRemoved") != "YES":
        yield "(0012,0062) is not YES"


def consistent(before, after, pairs, key):
    """One new UID for each old one at the same place, one patient for each."""
    old_objects = {identity(ds): ds for ds in before.values()}
    new, backward = {}, {}
    for old, out in pairs:
        for path, a, b in both(old_objects[old], after[out]):
            for x, y in zip(a.split("\\"), b.split("\\")):
                if y and (new.setdefault(x, y) != y or backward.setdefault(y, x) != x):
                    yield f"{out.name}: {path} is not mapped one to one"
                if x == y:
                    yield f"{out.name}: {path} is unchanged"
    there = {identity(ds) for ds in after.values()}
    gone = {key[uid]["ids"]["instance"] for uid in key} - {old for old, _ in pairs}
    for old, out in pairs:
        for path, a, b in both(old_objects[old], after[out]):
            if path.endswith("(0008,1155)") and a in key and a not in gone and b and b not in there:
                yield f"{out.name}: {path} does not resolve"


def both(old, new, path=""):
    """Patient and UIDs in both, where the same number of items is left."""
    for element in old:
        other = new.get(element.tag)
        if other is None or other.VR != element.VR:
            continue
        here = f"{path}{element.tag}"
        if element.VR == "SQ" and len(element.value) == len(other.value):
            for a, b in zip(element.value, other.value):
                yield from both(a, b, f"{here}/")
        elif element.VR == "UI" or element.keyword == "PatientID":
            texts = [texts_of(element), texts_of(other)]
            if texts[0] and not texts[0].startswith("1.2.840.10008."):
                yield here, *texts


def texts_of(element):
    value = element.value
    return "\\".join(map(str, value)) if isinstance(value, MultiValue) else str(value or "")


def mapped(before, after, pairs, key, folder):
    old_objects = {identity(ds): ds for ds in before.values()}
    uids, patients = table(folder / "uids.csv"), table(folder / "patients.csv")
    for old, out in pairs:
        if patients.get(key[old]["ids"]["patient"]) != after[out].PatientID:
            yield f"{out.name}: the mapping names another patient"
        for path, a, b in both(old_objects[old], after[out]):
            if path.endswith("(0010,0020)"):
                continue
            for x, y in zip(a.split("\\"), b.split("\\")):
                if y and uids.get(x) != y:
                    yield f"{out.name}: {path} is not as the mapping says"


def conformance(before, pairs, key):
    """Kinds of errors that only the output has."""
    program = shutil.which("dciodvfy")
    if not program:
        print("dciodvfy (dicom3tools) is not installed: conformance was not checked")
        return
    originals = {identity(ds): path for path, ds in before.items()}
    new = 0
    for old, out in pairs:
        known = messages(program, originals[old])
        for message in sorted(messages(program, out) - known):
            new += 1
            yield f"{out.name}: {message}"
    print(f"{len(pairs)} objects before and after dciodvfy, {new} new errors")


def messages(program: str, path: Path) -> set[str]:
    # It does not inflate; pydicom does.
    ds = pydicom.dcmread(path)
    with tempfile.TemporaryDirectory() as folder:
        if ds.file_meta.TransferSyntaxUID == pydicom.uid.DeflatedExplicitVRLittleEndian:
            ds.file_meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
            path = Path(folder) / "plain.dcm"
            ds.save_as(path)
        done = subprocess.run([program, "-new", path], capture_output=True, check=False)
    text = done.stderr.decode("utf-8", "replace")
    errors = (line for line in text.splitlines() if line.startswith("Error"))
    return {VALUES.sub("", line) for line in errors}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
