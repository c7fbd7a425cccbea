"""De-identifies a folder with other tools, by their libraries, and says how long it took.

    deid_peers.py run IN OUT [--tool NAME]… [--processes 1,2] [--repeat N]
    deid_peers.py score OUT ANSWERS

`run` prints one JSON line for each tool and number of processes: `tool`, `version`,
`processes`, `files`, `failed`, `bytes` read, `seconds`, with one process `cpu_seconds` (which
other work on the machine changes little) and, of failures, how many by their class. `seconds` is wall time from the first file given out to the last one written. Python's
start, imports, the making of worker processes and reading rules that hold for all files are
left out. `OUT` should be a file system in memory. Each file is written below
`OUT/TOOL-PROCESSES/` under its path in `IN`.

The tools and how they are used:

* `dicom-anonymizer`: `anonymize_dicom_file` with the rules of PS3.15 2024b, private elements
  deleted; no options.
* `deid`: `get_identifiers` and `replace_identifiers` with its default recipe, private elements
  removed.
* `deid-pixels`: `DicomCleaner.detect` and, where it flags a place, `clean` and `save_dicom`.
  It looks at headers alone, and writes nothing for files that it does not flag.

`score` looks at what came out of a folder with a key of planted strings: how many of them are
left in any byte, and how much that ought to be there is there. It prints one JSON line. Over
the objects as planted it says how much of the key its plain search can find at most: what is
compressed or in another alphabet is not found, and some paths mean more than one element.
"""

import argparse
import contextlib
import importlib.metadata
import json
import logging
import multiprocessing
import os
import re
import shutil
import sys
import time
import warnings
from collections import Counter
from pathlib import Path

TOOLS = ("dicom-anonymizer", "deid", "deid-pixels")
PACKAGES = {"dicom-anonymizer": "dicom-anonymizer", "deid": "deid", "deid-pixels": "deid"}

# What a tool needs once for all files; workers inherit it.
prepared = {}


def prepare(tool):
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    if tool == "dicom-anonymizer":
        from dicomanonymizer import simpledicomanonymizer

        prepared["module"] = simpledicomanonymizer
        return
    os.environ.setdefault("MESSAGELEVEL", "QUIET")
    from deid.config import DeidRecipe
    from deid.dicom import get_identifiers, replace_identifiers
    from deid.dicom.pixels import DicomCleaner
    from deid.logger import bot

    bot.level = -5
    prepared.update(
        recipe=DeidRecipe(),
        get=get_identifiers,
        replace=replace_identifiers,
        cleaner=DicomCleaner,
    )


def dicom_anonymizer(source, target):
    module = prepared["module"]
    module.anonymize_dicom_file(
        str(source),
        str(target),
        delete_private_tags=True,
        base_rules_gen=module.initialize_actions_2024b,
    )


def deid(source, target):
    files = [str(source)]
    known = prepared["get"](files)
    prepared["replace"](
        files,
        ids=known,
        deid=prepared["recipe"],
        save=True,
        overwrite=True,
        output_folder=str(target.parent),
        remove_private=True,
    )


def deid_pixels(source, target):
    cleaner = prepared["cleaner"](output_folder=str(target.parent))
    if cleaner.detect(str(source))["flagged"]:
        cleaner.clean()
        cleaner.save_dicom()


WORK = {"dicom-anonymizer": dicom_anonymizer, "deid": deid, "deid-pixels": deid_pixels}


def one(job):
    """The class of what went wrong, or none. Never the message: it can hold values."""
    tool, source, target = job
    try:
        with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
            with contextlib.redirect_stderr(nowhere):
                WORK[tool](source, target)
    except SystemExit:
        return "SystemExit"
    except Exception as error:
        return type(error).__name__
    if tool != "deid-pixels" and not target.exists():
        return "nothing written"
    return None


def ready(_):
    time.sleep(0.05)


def measure(tool, processes, sources, folder, out):
    place = out / f"{tool}-{processes}"
    shutil.rmtree(place, ignore_errors=True)
    jobs = [(tool, source, place / source.relative_to(folder)) for source in sources]
    for target in {job[2].parent for job in jobs}:
        target.mkdir(parents=True, exist_ok=True)
    burnt = None
    if processes == 1:
        began, used = time.perf_counter(), time.process_time()
        results = [one(job) for job in jobs]
        seconds, burnt = time.perf_counter() - began, round(time.process_time() - used, 3)
    else:
        with multiprocessing.get_context("fork").Pool(processes) as pool:
            pool.map(ready, range(processes), chunksize=1)
            began = time.perf_counter()
            results = pool.map(one, jobs, chunksize=4)
            seconds = time.perf_counter() - began
    failures = Counter(result for result in results if result)
    return {
        "tool": tool,
        "version": importlib.metadata.version(PACKAGES[tool]),
        "pydicom": importlib.metadata.version("pydicom"),
        "processes": processes,
        "files": len(jobs),
        "failed": sum(failures.values()),
        "failures": dict(sorted(failures.items())),
        "bytes": sum(source.stat().st_size for source in sources),
        "seconds": round(seconds, 3),
        "cpu_seconds": burnt,
    }


def run(arguments):
    folder = arguments.folder.resolve()
    sources = sorted(path for path in folder.rglob("*") if dicom(path))
    for tool in arguments.tool or TOOLS:
        prepare(tool)
        for processes in arguments.processes:
            for _ in range(arguments.repeat):
                row = measure(tool, processes, sources, folder, arguments.out.resolve())
                print(json.dumps(row), flush=True)


def dicom(path):
    """Whether a file is one: all three tools want the preamble or read without it alike."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        head = file.read(132)
    return head[128:] == b"DICM" or path.suffix == ".dcm"


MONTHS = (
    "january february march april may june july august september october november december"
).split()


def dates(day):
    """The ways in which reports write a date."""
    year, month, date = day[:4], day[4:6], day[6:]
    name = MONTHS[int(month) - 1]
    yield day
    for mark in "-/.":
        for parts in ((year, month, date), (date, month, year), (month, date, year)):
            yield mark.join(parts)
    for word in (name, name[:3]):
        for mark in " -":
            yield from (f"{d}{mark}{word}{mark}{year}" for d in (str(int(date)), date))
        yield f"{word} {int(date)}, {year}"
    yield f"{year}年{int(month)}月{int(date)}日"
    yield f"{year}年{month}月{date}日"


def score(arguments):
    import pydicom

    warnings.simplefilter("ignore")
    pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE
    entries = json.loads(arguments.answers.read_text())["objects"]
    count = Counter()
    classes, leaking = Counter(), set()
    for entry in entries:
        count["objects"] += 1
        count["strings"] += len(entry["strings"])
        count["dates"] += len(entry["dates"])
        uids = [u for v in entry["actions"].get("uid_changed", {}).values() for u in v.split("\\")]
        count["uids"] += len(uids)
        count["tags"] += len(entry["actions"].get("tag_retained", {}))
        path = arguments.out / entry["file"]
        if not path.exists():
            continue
        raw = path.read_bytes()
        count["written"] += 1
        low = raw.lower()
        left = [(c, w) for c, w in entry["strings"] if any(f in low for f in forms(w))]
        classes.update(c for c, _ in left)
        count["strings_left"] += len(left)
        when = [d for d in entry["dates"] if any(f.encode() in low for f in dates(d))]
        count["dates_left"] += len(when)
        old = [u for u in uids if re.search(re.escape(u.encode()) + rb"(?![0-9])", raw)]
        count["uids_left"] += len(old)
        low_forms = [bytes.fromhex(text).lower() for text in entry["bytes"]]
        count["other_encodings"] += len(low_forms)
        encoded = sum(form in low for form in low_forms)
        count["other_encodings_left"] += encoded
        if left or when or old or encoded:
            leaking.add(entry["file"])
        try:
            dataset = pydicom.dcmread(path, force=True)
            wanted = entry["actions"].get("tag_retained", {})
            count["tags_kept"] += sum(found(dataset, place) is not None for place in wanted)
            for kind, place, what in entry["useful"]:
                count[f"useful {kind}"] += 1
                count[f"useful {kind} kept"] += kept(found(dataset, place), what)
        except Exception as error:
            count[f"unreadable: {type(error).__name__}"] += 1
    row = {"folder": arguments.out.name, "objects_that_leak": len(leaking)}
    print(json.dumps(row | dict(sorted(count.items())) | {"left_by_class": dict(classes)}))


def forms(word):
    for text in {word.lower(), word}:
        yield text.encode().lower()
        yield text.encode("utf-16-le").lower()
        yield text.encode("utf-16-be").lower()


def found(dataset, place):
    """The element at a path such as `0040A730[2]/0040A160`, or none."""
    element = None
    for step in place.split("/"):
        tag, _, item = step.partition("[")
        holder = dataset.file_meta if tag.startswith("0002") else dataset
        element = holder.get(int(tag, 16))
        if element is None:
            return None
        if item:
            at = int(item.rstrip("]"))
            if element.VR != "SQ" or at >= len(element.value):
                return None
            dataset = element.value[at]
    return element


def kept(element, what):
    """Whether words are in a value, or a value is as it was."""
    if element is None or element.value is None:
        return False
    value = element.value
    text = "\\".join(map(str, value)) if hasattr(value, "append") else str(value)
    if isinstance(what, str):
        return text == what
    return all(word.lower() in text.lower() for word in what)


def numbers(text):
    return [int(number) for number in text.split(",")]


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("run")
    command.add_argument("folder", type=Path)
    command.add_argument("out", type=Path)
    command.add_argument("--tool", action="append", choices=TOOLS)
    command.add_argument("--processes", type=numbers, default=[1, 2])
    command.add_argument("--repeat", type=int, default=1)
    command.set_defaults(work=run)
    command = commands.add_parser("score")
    command.add_argument("out", type=Path)
    command.add_argument("answers", type=Path)
    command.set_defaults(work=score)
    arguments = parser.parse_args()
    arguments.work(arguments)


if __name__ == "__main__":
    sys.exit(main())
