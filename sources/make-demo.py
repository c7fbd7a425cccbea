"""Makes the demo sources again, or checks that they are what their scripts make.

    python sources/make-demo.py            writes the files and the digests in source.toml
    python sources/make-demo.py --check    compares byte by byte, changes nothing

Each source's `make/make.py OUT` writes what is generated; the rest (JATS text, questions) is
written by hand.  `make/requirements.txt` pins what the scripts need.  Building a corpus needs
no Python.
"""

import hashlib
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main(check):
    bad = []
    for manifest in sorted(HERE.glob("demo-*/source.toml")):
        folder = manifest.parent
        if (folder / "make" / "make.py").exists():
            with tempfile.TemporaryDirectory() as out:
                subprocess.run([sys.executable, "-B", "make.py", out], cwd=folder / "make", check=True)
                bad += compare(folder, Path(out)) if check else replace(folder, Path(out))
        bad += digests(manifest, check)
    print("\n".join(bad) if bad else "demo sources are as their scripts make them")
    return 1 if bad else 0


def made(out):
    return [path for path in sorted(out.rglob("*")) if path.is_file()]


def compare(folder, out):
    """Files that differ from what the script makes."""
    bad = []
    for path in made(out):
        there = folder / path.relative_to(out)
        if not there.exists() or there.read_bytes() != path.read_bytes():
            bad.append(f"{there}: differs from what make/make.py writes")
    return bad


def replace(folder, out):
    for path in made(out):
        there = folder / path.relative_to(out)
        there.parent.mkdir(parents=True, exist_ok=True)
        there.write_bytes(path.read_bytes())
    return []


def digests(manifest, check):
    """Writes or checks the `[files]` table, which ends each manifest."""
    text = manifest.read_text(encoding="utf-8")
    if tomllib.loads(text)["subjects"] == "patients":
        return []  # Names and digests of patients' files are not written down.
    head, _, _ = text.partition("[files]\n")
    patterns = tomllib.loads(text)["include"]
    names = sorted({path.relative_to(manifest.parent).as_posix()
                    for pattern in patterns for path in manifest.parent.glob(pattern)})
    rows = [f'"{n}" = "{hashlib.sha256((manifest.parent / n).read_bytes()).hexdigest()}"\n'
            for n in names]
    wanted = head + "[files]\n" + "".join(rows)
    if check:
        return [] if wanted == text else [f"{manifest}: digests differ from the files"]
    manifest.write_text(wanted, encoding="utf-8")
    return []


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
