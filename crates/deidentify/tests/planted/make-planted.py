"""Writes the planted objects and their key: the same bytes each time.

usage: make-planted.py [--check] [--database FILE]

Without arguments it writes `objects/` and `answers.json` beside this file. `--check` compares
instead and says what differs. `--database` writes the key in the format of the MIDI-B validator
from the committed `answers.json`, and nothing else.
"""

import json
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from make import key, midi, objects, write  # noqa: E402


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["--database"]:
        answers = json.loads((HERE / "answers.json").read_text())
        print(midi.write(answers, HERE / "objects", Path(arguments[1])), "actions")
        return 0
    made = files()
    if arguments == ["--check"]:
        different = [name for name, data in made.items() if same(HERE / name, data)]
        print("\n".join(different) or f"{len(made)} files are as made")
        return 1 if different else 0
    folder = HERE / "objects"
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name, data in made.items():
        (HERE / name).write_bytes(data)
    print(len(made), "files,", sum(map(len, made.values())), "bytes")
    return 0


def same(path: Path, data: bytes) -> bool:
    return not path.exists() or path.read_bytes() != data


def files() -> dict[str, bytes]:
    """Name to bytes."""
    made, entries = {}, []
    for planted in objects.everything():
        name = f"{planted.file}.dcm"
        assert f"objects/{name}" not in made, name
        made[f"objects/{name}"] = write.file_bytes(planted)
        entries.append(key.entry(planted, name))
    made["answers.json"] = lines({"schema": "planted-1", "objects": entries}).encode()
    return made


def lines(answers: dict) -> str:
    """JSON with one line for each object, so that a change is seen in a diff."""
    rows = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in answers["objects"])
    return f'{{"schema": "{answers["schema"]}", "objects": [\n{rows}\n]}}\n'


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
