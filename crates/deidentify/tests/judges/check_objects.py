"""Reads a folder of de-identified DICOM objects with pydicom.

usage: check_objects.py FOLDER ANSWER_KEY

Every object must be read without `force`, name its own SOP instance in its file meta
information, hold no private element at any depth, say that identity was removed, and hold none
of the answer key's strings in any of its bytes outside the pixel data.
"""

import json
import sys
from pathlib import Path

import pydicom


def main(folder: Path, key: Path) -> int:
    planted = sorted(
        {word for entry in json.loads(key.read_text())["planted"] for word in entry["strings"]}
    )
    files = sorted(folder.glob("*.dcm"))
    wrong = [f"{file.name}: {what}" for file in files for what in faults(file, planted)]
    print(f"{len(files)} objects read by pydicom {pydicom.__version__}, {len(wrong)} faults")
    for line in wrong:
        print(f"  {line}")
    return 1 if wrong or not files else 0


def faults(file: Path, planted: list[str]) -> list[str]:
    found = []
    dataset = pydicom.dcmread(file)
    if dataset.file_meta.MediaStorageSOPInstanceUID != dataset.SOPInstanceUID:
        found.append("the file meta information names another instance")
    if dataset.PatientIdentityRemoved != "YES":
        found.append("(0012,0062) is not YES")
    elements = [element.tag for element in dataset.iterall()]
    found += [f"{tag} is private" for tag in elements if tag.is_private]
    if "PixelData" in dataset:
        del dataset.PixelData
    text = str(dataset)
    raw = file.read_bytes()[:132] + text.encode()
    for word in planted:
        if word in text or word.encode() in raw:
            found.append("a planted string is left")
    return found


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
