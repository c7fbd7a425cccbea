"""Makes the demo cases and their answer key, or checks that they are what this script makes.

    python sources/demo-cases/make-demo-cases.py            writes cases/, planted.json, public.key
    python sources/demo-cases/make-demo-cases.py --check    compares byte by byte, changes nothing

`make/requirements.txt` pins what it needs.  Building a corpus needs no Python.  The detectors of
this project share neither code nor word lists with it.
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE / "make"))

import burst  # noqa: E402
import key  # noqa: E402
import lumbar  # noqa: E402
import neck  # noqa: E402
import stenosis  # noqa: E402
from people import STRANGER  # noqa: E402

CASES = (lumbar, burst, neck, stenosis)


def main(check):
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder)
        write(made)
        if check:
            bad = differences(made)
            print("\n".join(bad) if bad else "the demo cases are as this script makes them")
            return 1 if bad else 0
        shutil.rmtree(HERE / "cases", ignore_errors=True)
        shutil.copytree(made / "cases", HERE / "cases")
        for name in ("planted.json", "public.key"):
            (HERE / name).write_bytes((made / name).read_bytes())
    return 0


def write(out):
    """The cases, the answer key and the public key under `out`."""
    answers = dict(schema="spinemed-demo-key/1", cases=len(CASES), planted=[], objects=[],
                   intervals=[], survives=[])
    for case in CASES:
        who, record = case.WHO, case.record()
        folder = out / "cases" / who["folder"]
        made = case.write(folder)
        text = json.dumps(record, ensure_ascii=False, indent=1) + "\n"
        (folder / "case.json").write_text(text, encoding="utf-8")
        answers["planted"] += key.planted(case, who)
        answers["objects"] += key.objects(who["folder"], made)
        answers["intervals"] += key.intervals(who["folder"], record)
        answers["survives"] += key.survives(case, who["folder"], record)
    answers["planted"] += stranger()
    key.check(answers["planted"], answers["survives"], out / "cases")
    (out / "planted.json").write_text(json.dumps(answers, ensure_ascii=False, indent=1) + "\n",
                                      encoding="utf-8")
    (out / "public.key").write_text(
        "# Public, and for made data alone: it protects nobody. Never use it for patients.\n"
        f"spinemed-public-key-1 {key.public_key()}\n", encoding="utf-8")


def stranger():
    """The other patient whose object lies in the second case's folder."""
    names = ("name", "other_name", "id", "other_id", "home", "phone", "mother", "record_locator")
    return [dict(id=f"other-patient/{name.replace('_', '-')}",
                 where=dict(case=burst.WHO["folder"], kind="header of another patient's object"),
                 strings=key.spellings(STRANGER[name]), expect="absent") for name in names]


def differences(made):
    """Files that differ from what the script makes, or that only one side has."""
    def listing(root):
        files = [p for p in sorted((root / "cases").rglob("*")) if p.is_file()]
        return {p.relative_to(root): p for p in [*files, root / "planted.json", root / "public.key"]}
    here, there = listing(HERE), listing(made)
    return [f"{name}: differs from what make-demo-cases.py writes" for name in sorted({*here, *there})
            if name not in here or name not in there
            or not here[name].exists() or here[name].read_bytes() != there[name].read_bytes()]


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
