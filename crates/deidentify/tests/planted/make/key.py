"""What the key says of one object: the actions that PS3.15 Annex E requires, and what ought to stay.

The rules here were written from the standard, for the attributes that this generator uses; they
share nothing with the detectors' tables.
"""

import hashlib

from pydicom.dataset import Dataset

#: Attributes that every object must have, with a value (Type 1; PS3.3).
NOT_NULL = {
    "SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID", "Modality",
    "PatientID", "Rows", "Columns", "BitsAllocated", "BitsStored", "HighBit",
    "PixelRepresentation", "SamplesPerPixel", "PhotometricInterpretation", "NumberOfFrames",
    "ContentLabel", "PresentationCreationDate", "PresentationCreationTime", "StructureSetLabel",
    "SegmentLabel", "CompletionFlag", "VerificationFlag", "ValueType", "ImageOrientationPatient",
    "ImagePositionPatient", "PixelSpacing", "RescaleSlope", "RescaleIntercept", "KVP",
}  # fmt: skip
#: Attributes that must be there and may be empty (Type 2).
PRESENT = {
    "PatientName", "PatientBirthDate", "PatientSex", "StudyDate", "StudyTime",
    "AccessionNumber", "ReferringPhysicianName", "StudyID", "SeriesNumber", "Manufacturer",
}  # fmt: skip
#: Dates that go, and are not moved: options of dates do not speak of them (Table E.1-1).
NOT_MOVED = {"PatientBirthDate"}
TEXT = {"AE", "AS", "CS", "DS", "IS", "LO", "LT", "PN", "SH", "ST", "UC", "UR", "UT"}


def entry(planted, file_name: str) -> dict:
    """The key to one object."""
    actions: dict[str, dict[str, str]] = {}
    useful: list[list] = []

    def say(action, path, value):
        actions.setdefault(action, {})[path] = value

    words = unique(planted.words)
    for path, ds, element in walk(planted.ds):
        _element(planted, path, element, words, say)
        mark = planted.marks.get((id(ds), element.tag))
        if mark:
            kind, kept = mark
            value = "\\".join(values(element)) if element.VR != "SQ" else ""
            useful.append([kind, path, list(kept) if kept else value])
            if kept and "[" not in path:
                say("text_retained", path, " ".join(kept))
    if planted.outcome != "refused" and "PixelData" in planted.ds:
        if planted.pixels == "kept":
            digest = hashlib.md5(planted.ds.PixelData, usedforsecurity=False)
            say("pixels_retained", "7FE00010", digest.hexdigest())
        for glyph in planted.glyphs:
            say("pixels_hidden", f"7FE00010#{len(actions.get('pixels_hidden', {}))}", glyph["text"])
    ds = planted.ds
    return {
        "file": file_name,
        "kind": planted.kind,
        "outcome": planted.outcome,
        "why": planted.why,
        "ids": {
            "class": ds.get("SOPClassUID", ""),
            "modality": ds.get("Modality", ""),
            "patient": ds.get("PatientID", ""),
            "study": ds.get("StudyInstanceUID", ""),
            "series": ds.get("SeriesInstanceUID", ""),
            "instance": ds.get("SOPInstanceUID") or planted.meta.MediaStorageSOPInstanceUID,
            "frame": ds.get("FrameOfReferenceUID", ""),
        },
        "strings": [list(word) for word in words],
        "bytes": sorted({form for _, word in words for form in other_encodings(word)}),
        "dates": sorted(set(planted.dates) | {planted.person.birth, planted.study.date}),
        "actions": {name: dict(sorted(found.items())) for name, found in sorted(actions.items())},
        "useful": useful,
        "glyphs": planted.glyphs,
    }


def _element(planted, path, element, words, say):
    keyword, vr = element.keyword, element.VR
    if element.tag.is_private:
        if not element.tag.is_private_creator and vr != "SQ":
            text = " ".join(values(element))
            found = [word for _, word in words if word in text]
            say("text_removed", path, " ".join(found) or text or "private")
        return
    top = "[" not in path
    if top and keyword in NOT_NULL and element.value not in (None, ""):
        say("tag_retained", path, "")
        say("text_notnull", path, "")
    elif top and keyword in PRESENT:
        say("tag_retained", path, "")
    if vr == "UI":
        old = [value for value in values(element) if not value.startswith("1.2.840.10008.")]
        if old:
            say("uid_changed", path, "\\".join(old))
            say("uid_consistent", path, "\\".join(old))
    elif vr in ("DA", "DT") and element.value:
        if keyword in NOT_MOVED:
            say("text_removed", path, str(element.value))
        elif str(element.value):
            say("date_shifted", path, "\\".join(values(element)))
    elif vr in TEXT and element.value is not None:
        text = " ".join(values(element))
        found = [word for _, word in words if word.lower() in text.lower()]
        if vr == "PN" and text:
            found = [text.replace("^", " ").replace("=", " ")]
        if keyword == "PatientID" and top:
            say("patid_consistent", path, text)
        if found:
            say("text_removed", path, " ".join(found))


def unique(words):
    """Longest first, each once."""
    return sorted({tuple(word) for word in words if word[1]}, key=lambda w: (-len(w[1]), w))


def other_encodings(word: str):
    """A word's bytes where they are neither ASCII nor Unicode, in hexadecimal."""
    if word.isascii():
        return
    for encoding in ("gb18030", "big5", "iso2022_jp", "shift_jis", "euc_jp", "euc_kr",
                     "latin-1", "iso8859-2"):  # fmt: skip
        try:
            form = word.encode(encoding)
        except UnicodeEncodeError:
            continue
        # Two bytes stand somewhere in any picture.
        if len(form) >= 4:
            yield form.hex()


def values(element) -> list[str]:
    value = element.value
    if value is None or isinstance(value, bytes):
        return []
    if isinstance(value, (str, int, float)) or element.VM == 1:
        return [str(value)]
    return [str(one) for one in value]


def walk(ds: Dataset, path=""):
    """Every element at any depth, with its path: `0040A730[2]/0040A160`."""
    for element in ds:
        here = f"{path}{element.tag:08X}"
        yield here, ds, element
        if element.VR == "SQ":
            for number, inner in enumerate(element.value):
                yield from walk(inner, f"{here}[{number}]/")
