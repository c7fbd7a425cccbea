#!/usr/bin/env python3
"""Makes types.tsv and modules.tsv from the PyPI packages highdicom and pydicom.

Usage: make-types.py (in the folder of this file, in an environment with both packages)

highdicom (MIT licence) carries which modules an IOD has and of which Type each attribute is
(PS3.3); pydicom (MIT licence) carries the data dictionary (PS3.6).
"""

import json
from importlib.metadata import distribution, version
from pathlib import Path

from pydicom.datadict import dictionary_VM, dictionary_VR, tag_for_keyword

HERE = Path(__file__).parent
STORAGE = "1.2.840.10008.5.1.4.1.1."
# Veterinary, eye, slide and implant objects have nothing to do with a spine's pictures; what
# is no object of a patient is none of ours.
NO_IODS = (
    "ophthalm", "corneal", "intraocular", "lensometry", "autorefraction", "keratometry",
    "subjective", "visual", "spectacle", "macular", "implant", "inventory", "hanging",
    "protocol", "confocal", "wide-field", "color-palette", "delivery-instruction", "directory",
    "slide", "microscop",
)
# Modules that hold who, where and when, or that another file has rules for.
NO_MODULES = (
    "patient", "clinical-trial", "general-study", "sop-common", "general-series",
    "general-equipment", "enhanced-general-equipment", "encapsulated", "sr-document",
    "key-object", "specimen", "approval", "protocol", "device", "timezone", "slide-label",
    "common-instance", "general-reference", "raw-data", "substance",
    "workflow", "salvage", "record", "machine-verification", "icc-profile", "optical-path",
    "physician", "treatment", "acquisition-context", "general-image", "visit", "instructions",
    "waveform", "manufacturing", "uv-mapping", "frame-extraction", "contrast",
)
# A number in such an attribute may be somebody's.
NO_WORDS = (
    "Identifier", "Serial", "Patient", "Person", "Subject", "Label", "Accession", "Selector",
)
NUMBERS = {"DS", "IS", "FD", "FL", "US", "SS", "UL", "SL", "AT", "US or SS"}
STRICT = {"1": 1, "1C": 1, "2": 2, "2C": 2}


def standard(name):
    path = distribution("highdicom").locate_file(f"highdicom/_standard/{name}.json")
    return json.loads(Path(path).read_text(encoding="utf-8"))


def tag(keyword):
    number = tag_for_keyword(keyword)
    return None if number is None else f"{number >> 16:04X},{number & 0xFFFF:04X}"


def listed(name):
    path = HERE / name
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return {line.split("\t")[0] for line in lines if not line.startswith("#")}


def header(of):
    return (
        f"# {of}\n# Made by make-types.py from highdicom {version('highdicom')} (MIT licence) and\n"
        f"# pydicom {version('pydicom')} (MIT licence), which carry PS3.3 and PS3.6. Do not edit.\n"
    )


def main():
    modules, iods = standard("module_attribute_map"), standard("iod_module_map")
    classes = {}
    for uid, iod in standard("sop_class_iod_map").items():
        if uid.startswith(STORAGE) and not any(word in iod for word in NO_IODS):
            classes.setdefault(iod, []).append(uid)
    names = sorted(classes)
    types(modules, iods, classes, names)
    kept(modules, iods, names)


def types(modules, iods, classes, names):
    found, where = {}, {}
    for number, iod in enumerate(names):
        for module in iods[iod]:
            for attribute in modules.get(module["key"], []):
                at = tag(attribute["keyword"])
                path = attribute["path"]
                parent = tag(path[-1]) if path else "-"
                if at is None or parent is None:
                    continue
                # In items one Type serves all IODs.
                key, whose = (at, parent), number if parent == "-" else "*"
                where.setdefault(key, set()).add(whose)
                if strict := STRICT.get(attribute["type"]):
                    entry = found.setdefault(key, {})
                    entry[whose] = min(entry.get(whose, 9), strict)
    out = [header("Which attributes are of Type 1 or 2 (conditional ones included), by IOD.")]
    out.append("# Rows `iod`: number, name, SOP classes. Other rows: tag, the sequence that holds\n")
    out.append("# it (`-`: the object itself), IODs where it is of Type 1, of Type 2; `*`: all.\n")
    for number, iod in enumerate(names):
        out.append(f"iod\t{number}\t{iod}\t{','.join(sorted(classes[iod]))}\n")
    for key in sorted(found):
        cells = []
        for strict in (1, 2):
            of = [iod for iod, kind in found[key].items() if kind == strict]
            if not of:
                cells.append("-")
            elif len(of) == len(where[key]):
                cells.append("*")
            else:
                cells.append(",".join(str(iod) for iod in sorted(of)))
        out.append("\t".join([key[0], key[1], *cells]) + "\n")
    (HERE / "types.tsv").write_text("".join(out), encoding="utf-8")


def kept(modules, iods, names):
    wanted = {module["key"] for iod in names for module in iods[iod]}
    limited = {m for m in wanted if any(w in m for w in NO_MODULES) or m == "synchronization"}
    known = listed("table.tsv") | listed("keep.tsv") | listed("kinds.tsv")
    coded = {
        tuple([*a["path"]])[-1]
        for module in modules.values()
        for a in module
        if a["keyword"] == "CodeValue" and a["path"]
    }
    out = [header("Numbers, UIDs, containers and terms that are kept, by module of PS3.3.")]
    out.append("# They are those of the imaging modules that neither Table E.1-1 nor the lists made by\n")
    out.append("# hand know. Numbers must be numbers, terms are those of terms.txt (`*`); sequences are\n")
    out.append("# cleaned inside. Attributes whose name speaks of persons or identifiers are left out.\n")
    out.append("# tag\tkeyword\tvr\tvalues at most\taction\tterms\n")
    seen = set()
    for module in sorted(wanted):
        rows = []
        for attribute in modules.get(module, []):
            keyword = attribute["keyword"]
            at = tag(keyword)
            if at is None or at in known or at in seen:
                continue
            if any(word in keyword for word in NO_WORDS):
                continue
            row = rule(at, keyword, coded)
            # UIDs are mapped, so that they may stay wherever they stand.
            if row and (module not in limited or "\tuid\t" in row):
                seen.add(at)
                rows.append(row)
        if rows:
            out.append(f"# {module.replace('-', ' ')}.\n")
            out.extend(sorted(rows))
    (HERE / "modules.tsv").write_text("".join(out), encoding="utf-8")


def rule(at, keyword, coded):
    vr, most = dictionary_VR(keyword), dictionary_VM(keyword).split("-")[-1]
    most = most if most.isdigit() else "n"
    if vr in NUMBERS:
        return f"{at}\t{keyword}\t{'US' if ' ' in vr else vr}\t{most}\tkeep\t-\n"
    if vr == "UI":
        return f"{at}\t{keyword}\tUI\t{most}\tuid\t-\n"
    if vr == "CS":
        return f"{at}\t{keyword}\tCS\t{most}\tkeep\t*\n"
    if vr == "SQ":
        return f"{at}\t{keyword}\tSQ\t1\t{'codes' if keyword in coded else 'clean'}\t-\n"
    return None


if __name__ == "__main__":
    main()
