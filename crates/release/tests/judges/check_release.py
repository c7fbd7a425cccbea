"""Judges a release folder with tools that are not ours.

    pip install -r requirements.txt
    python check_release.py FOLDER

`sha256sum` checks the sums, `datasets` loads every configuration that the card declares and
decodes every picture, `pyarrow` reads the tables and dictionary pages, `pymerkle` computes the
root. Ends with one line of JSON; exit code 1 where a judge disagrees.
"""

import hashlib
import json
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

import datasets
import pyarrow.parquet as pq
import yaml
from pymerkle import InmemoryTree

datasets.disable_progress_bars()
problems = []


def expect(condition, words):
    if not condition:
        problems.append(words)


def check_sums(folder):
    run = subprocess.run(
        ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"],
        cwd=folder, capture_output=True, text=True,
    )
    expect(run.returncode == 0, f"sha256sum: {run.stdout}{run.stderr}")
    listed = {line.split("  ", 1)[1] for line in (folder / "SHA256SUMS").read_text().splitlines()}
    there = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()} - {"SHA256SUMS"}
    expect(listed == there, f"listed and there differ: {sorted(listed ^ there)}")
    return len(listed)


def check_card(folder):
    head = (folder / "README.md").read_text().split("---\n")[1]
    card = yaml.safe_load(head)
    expect("license" in card, "the card has no license")
    if card.get("license") == "other":
        expect({"license_name", "license_link"} <= card.keys(), "`other` needs name and link")
        expect((folder / card["license_link"]).is_file(), "the licence link leads nowhere")
    return card


def check_loading(folder, card):
    counts, pictures = {}, 0
    with tempfile.TemporaryDirectory() as cache:
        for config in card["configs"]:
            name = config["config_name"]
            loaded = datasets.load_dataset(str(folder), name, cache_dir=cache)
            for split, rows in loaded.items():
                counts[name, split] = len(rows)
                feature = rows.features["images"]
                expect(isinstance(feature.feature, datasets.Image), f"{name}: images are no Image")
                lines = (folder / "jsonl" / name / f"{split}.jsonl").read_text().splitlines()
                expect(len(lines) == len(rows), f"{name}/{split}: rows and lines differ")
                for row, line in zip(rows, map(json.loads, lines)):
                    expect(row["id"] == line["key"], f"{row['id']} is not {line['key']}")
                    expect(row["digest"] == line["digest"], f"{row['id']}: digests differ")
                    for picture, fact in zip(row["images"], row["pictures"]):
                        picture.load()
                        size = (fact["width"], fact["height"])
                        expect(picture.size == size, f"{row['id']}: picture is {picture.size}")
                        pictures += 1
                    parts = [p for m in row["messages"] for p in m["content"]]
                    shown = sum(p["type"] == "image" for p in parts)
                    expect(shown == len(row["pictures"]), f"{row['id']}: {shown} picture parts")
    return counts, pictures


def check_root(folder, manifest):
    tree, leaves = InmemoryTree(algorithm="sha256"), []
    for path in folder.glob("jsonl/*/*.jsonl"):
        for record in map(json.loads, path.read_text().splitlines()):
            leaves.append((record["key"].encode(), bytes.fromhex(record["digest"])))
    for key, digest in sorted(leaves):
        tree.append_entry(struct.pack(">Q", len(key)) + key + digest)
    said = manifest["roots"]["instances"]
    found = tree.get_root().hex()
    expect(found == said, f"pymerkle gives {found}, not {said}")


def check_tables(folder, manifest):
    trace = pq.read_table(folder / "trace/part-0.parquet")
    expect(trace.num_rows == manifest["counts"]["instances"], "trace rows and instances differ")
    absent = pq.read_table(folder / "trace/absent.parquet")
    groups, repeated = 0, 0
    for path in sorted(folder.glob("data/*/*/*.parquet")):
        file = pq.ParquetFile(path)
        for number in range(file.num_row_groups):
            groups += 1
            info = file.metadata.row_group(number)
            columns = [info.column(i) for i in range(info.num_columns)]
            bytes_column = next(c for c in columns if c.path_in_schema.endswith("element.bytes"))
            rows = file.read_row_group(number, columns=["images"]).column("images").to_pylist()
            shown = [picture["bytes"] for row in rows for picture in row]
            distinct = {hashlib.sha256(data).digest(): len(data) for data in shown}
            stored = bytes_column.total_uncompressed_size
            most = sum(distinct.values()) + 8 * len(shown) + 512
            repeated += len(shown) - len(distinct)
            expect(stored <= most, f"{path} group {number}: {stored} bytes for {most}")
    return trace.num_rows, absent.num_rows, groups, repeated


def main():
    folder = Path(sys.argv[1])
    manifest = json.loads((folder / "release.json").read_text())
    files = check_sums(folder)
    card = check_card(folder)
    counts, pictures = check_loading(folder, card)
    cells = {}
    for cell in manifest["counts"]["cells"]:
        place = cell["kind"], cell["split"]
        cells[place] = cells.get(place, 0) + cell["instances"]
    expect(cells == counts, f"counted {counts}, said {cells}")
    check_root(folder, manifest)
    trace, absent, groups, repeated = check_tables(folder, manifest)
    for problem in problems[:50]:
        print(problem, file=sys.stderr)
    print(json.dumps({
        "ok": not problems, "files": files, "rows": sum(counts.values()), "decoded": pictures,
        "trace": trace, "absent": absent, "row_groups": groups, "repeats_stored_once": repeated,
    }))
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
