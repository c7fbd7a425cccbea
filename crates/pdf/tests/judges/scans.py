"""How well scanned pages are read: error rates of known pages, scanned in many ways.

    python crates/pdf/tests/judges/scans.py --spinemed target/release/spinemed [--data DIR]

`--data` names the folder of real articles (`$SPINEMED_REAL_DATA`); without it the demo textbook
alone stands for English. Needs `tesseract` with `eng` and `chi_sim`, and numpy, Pillow,
pypdfium2, rapidfuzz.

A word is wrong where the best alignment with the known text has no equal word for it and none
is left over elsewhere on the page: text in another order is no misreading. The ordered rate
counts order as well.
"""

import argparse
import json
import os
import subprocess
import tempfile
from collections import Counter
from pathlib import Path

import pages
from rapidfuzz.distance import Levenshtein

ROOT = Path(__file__).resolve().parents[4]
# Pages of running text in one and two columns.
ARTICLES = (("PMC6390312", 2), ("PMC6127950", 2))
THRESHOLDS = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.93, 0.95)


def inspect(program, file):
    """Blocks of a file, by page."""
    done = subprocess.run(
        [program, "--quiet", "inspect", str(file), "--format", "json"], capture_output=True
    )
    blocks = json.loads(done.stdout.decode().strip().splitlines()[-1])["blocks"]
    by_page = {}
    for block in blocks:
        by_page.setdefault(block["page"], []).append(block)
    return by_page


# Dashes and quotation marks that look alike are alike here.
ALIKE = str.maketrans("\u2010\u2011\u2012\u2013\u2014\u2212\u2018\u2019\u201c\u201d", "------''\"\"")


def same(tokens):
    return [token.translate(ALIKE) for token in tokens]


def tokens(text, chinese):
    if chinese:
        return [c for c in text if not c.isspace()]
    return text.split()


def read_words(blocks, chinese):
    """Words (or Chinese characters) with confidence and the mark `unsure`."""
    out = []
    for block in blocks:
        text = block["text"].encode()
        marks = {}
        for word in block.get("scanned", []):
            for at in range(*word["range"]):
                marks[at] = (word["confidence"], word["unsure"])
        at = 0
        for token in tokens(block["text"], chinese):
            start = text.index(token.encode(), at)
            at = start + len(token.encode())
            found = [marks[n] for n in range(start, at) if n in marks] or [(1.0, False)]
            out.append((token, min(f[0] for f in found), any(f[1] for f in found)))
    return out


def compare(known, read):
    """Ordered edits, wrong-or-missing words, and for each read word whether it is right."""
    known, read = same(known), same(read)
    codes = Levenshtein.opcodes(known, read)
    right = [False] * len(read)
    left = Counter()
    for code in codes:
        if code.tag == "equal":
            for n in range(code.dest_start, code.dest_end):
                right[n] = True
        else:
            left.update(known[code.src_start : code.src_end])
    for n, token in enumerate(read):
        if not right[n] and left[token] > 0:
            left[token] -= 1
            right[n] = True
    return Levenshtein.distance(known, read), max(sum(left.values()), right.count(False)), right


def plain(picture, languages):
    path = Path(tempfile.gettempdir()) / f"plain-{os.getpid()}.png"
    picture.save(path)
    said = subprocess.run(
        ["tesseract", str(path), "stdout", "-l", languages], capture_output=True,
        env={"PATH": os.environ["PATH"], "OMP_THREAD_LIMIT": "1"},
    ).stdout.decode()
    path.unlink()
    return said.replace("-\n", "")


def known_pages(program, data):
    """(Chinese?, picture, known words), English first."""
    book = ROOT / "sources/demo-textbook/chapter.pdf"
    chosen = [(book, (0,))]
    if data:
        chosen += [(data / f"pmc/{name}.pdf", (n,)) for name, n in ARTICLES]
    out = []
    for file, numbers in chosen:
        blocks = inspect(program, file)
        for number, picture in zip(numbers, pages.english(file, numbers)):
            text = " ".join(block["text"] for block in blocks[number + 1])
            out.append((False, picture, tokens(text, False)))
    picture, text = pages.chinese(ROOT)[0]
    out.append((True, picture, tokens(text, True)))
    return out


class Sums:
    def __init__(self):
        self.known = self.ordered = self.wrong = 0
        self.plain_ordered = self.plain_wrong = 0
        self.right_words = self.wrong_words = self.right_marked = self.wrong_marked = 0


def judge(program, known, name, dpi, change, marks):
    made = [change(picture, n) for n, (_, picture, _) in enumerate(known)]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "scan.pdf"
        pages.scanned(made, dpi, file)
        blocks = inspect(program, file)
    sums = {False: Sums(), True: Sums()}
    for n, (chinese, _, words) in enumerate(known):
        s = sums[chinese]
        read = read_words(blocks.get(n + 1, []), chinese)
        ordered, wrong, right = compare(words, [word for word, _, _ in read])
        s.known, s.ordered, s.wrong = s.known + len(words), s.ordered + ordered, s.wrong + wrong
        for (_, confidence, unsure), good in zip(read, right):
            marks.append((chinese, confidence, good))
            if good:
                s.right_words, s.right_marked = s.right_words + 1, s.right_marked + unsure
            else:
                s.wrong_words, s.wrong_marked = s.wrong_words + 1, s.wrong_marked + unsure
        said = tokens(plain(made[n], "chi_sim" if chinese else "eng"), chinese)
        ordered, wrong, _ = compare(words, said)
        s.plain_ordered, s.plain_wrong = s.plain_ordered + ordered, s.plain_wrong + wrong
    for chinese, s in sums.items():
        share = lambda part, whole: f"{100 * part / max(whole, 1):.1f}"
        print(
            f"| {name} | {'zh' if chinese else 'en'} | {share(s.wrong, s.known)} "
            f"| {share(s.ordered, s.known)} | {share(s.plain_wrong, s.known)} "
            f"| {share(s.plain_ordered, s.known)} | {share(s.wrong_marked, s.wrong_words)} "
            f"| {share(s.right_marked, s.right_words)} |",
            flush=True,
        )


def thresholds(marks):
    print("\n| threshold | language | wrong marked, % | right marked, % | wrong among unmarked, % |")
    print("|---|---|---:|---:|---:|")
    for chinese in (False, True):
        mine = [(c, good) for zh, c, good in marks if zh == chinese]
        wrong, right = [c for c, good in mine if not good], [c for c, good in mine if good]
        for limit in THRESHOLDS:
            caught = sum(c < limit for c in wrong)
            lost = sum(c < limit for c in right)
            rest = len(mine) - caught - lost
            print(
                f"| {limit} | {'zh' if chinese else 'en'} | {100 * caught / max(len(wrong), 1):.1f} "
                f"| {100 * lost / max(len(right), 1):.1f} "
                f"| {100 * (len(wrong) - caught) / max(rest, 1):.2f} |"
            )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--spinemed", required=True)
    parser.add_argument("--data", default=os.environ.get("SPINEMED_REAL_DATA"))
    parser.add_argument("--only", help="conditions whose names hold this")
    args = parser.parse_args()
    known = known_pages(args.spinemed, Path(args.data) if args.data else None)
    print("| scan | language | wrong, % | wrong or out of order, % | plain Tesseract: wrong, % "
          "| plain: wrong or out of order, % | wrong words marked, % | right words marked, % |")
    print("|---|---|---:|---:|---:|---:|---:|---:|")
    marks = []
    for name, dpi, change in pages.CONDITIONS:
        if not args.only or args.only in name:
            judge(args.spinemed, known, name, dpi, change, marks)
    thresholds(marks)


if __name__ == "__main__":
    main()
