"""Scores readers of publisher PDFs against the articles' own JATS XML.

usage: documents.py FOLDER --program SPINEMED [--peers] [--json FILE] [--only NAME]
       documents.py FOLDER --speed TIMES

FOLDER holds `X.pdf` beside `X.xml` (JATS, ANSI/NISO Z39.96). Every reader sees the PDF alone.

What counts as body text: article title, abstract, and of body, appendices and back matter
(acknowledgements, notes) the elements title, p, caption, list items, table captions, cells
(th, td) and table foot-notes. The reference list, authors, affiliations, dates and the licence
do not count. Recall is the share of these words, as a multiset, that a reader gives; precision
is the share of what it gives as body that stands anywhere in the XML, front matter and
references included, so that nobody is punished for an author's name, but is for running heads,
page numbers, words torn apart and letters of figures. Words are NFKC-folded, lower-case runs of
letters and digits; soft and line-end hyphens are joined for all readers alike.

Order: paragraphs of at least 12 words are located in the output by their first words that are
unique in the article; the score is the share of neighbours in the XML that come in the same
order and with nothing of another located paragraph between them.

Intervals are 95 % percentile bootstraps over articles (2,000 draws, fixed seed). The difference
to another reader is drawn over pairs, so that a hard article is hard for both.

The other readers (documents.txt) are measured peers, no dependencies. PyMuPDF is AGPL: it stays
in an environment of its own, and nothing of it is in the program.
"""

import argparse
import collections
import json
import pathlib
import random
import re
import subprocess
import sys
import time
import unicodedata
from xml.etree import ElementTree

BODY_KINDS = {"heading", "paragraph", "caption", "list", "table", "equation", "footnote"}
WORD = re.compile(r"\w+")
DRAWS = 2000


# ---- words -------------------------------------------------------------------------------


def fold(text):
    text = unicodedata.normalize("NFKC", text).replace("\u00ad", "").replace("\ufffe", "")
    text = text.replace("\x02", "-")
    text = re.sub(r"(?<=[a-z])[-\u2010\u2011]\s*\n\s*(?=[a-z])", "", text)
    return text.lower()


def words(text):
    return WORD.findall(fold(text))


def overlap(a, b):
    a, b = collections.Counter(a), collections.Counter(b)
    return sum((a & b).values())


def f1(precision, recall):
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def token_f1(truth, found):
    truth, found = words(truth), words(found)
    same = overlap(truth, found)
    return f1(same / len(found) if found else 0, same / len(truth) if truth else 0)


# ---- truth -------------------------------------------------------------------------------


def local(element):
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""


def text_of(element, skip=()):
    """The text, blocks apart, without formulas' source and without elements in `skip`."""
    parts = []

    def walk(node):
        name = local(node)
        if name in skip or name in ("tex-math", "object-id", "alternatives-source"):
            return
        if node.text:
            parts.append(node.text)
        for child in node:
            walk(child)
            if child.tail:
                parts.append(child.tail)
        if name in ("p", "title", "td", "th", "label", "caption", "list-item", "sec", "break"):
            parts.append(" ")

    walk(element)
    return re.sub(r"\s+", " ", "".join(parts)).strip()


def find_all(root, name):
    return [e for e in root.iter() if local(e) == name]


def number(label):
    """`Fig. 3` and `FIGURE 3.` are one number."""
    found = re.search(r"(\d+(?:[.-]\d+)*)", label or "")
    return found.group(1) if found else None


class Truth:
    def __init__(self, path):
        root = ElementTree.parse(path).getroot()
        self.all_words = words(text_of(root))
        parents = {child: parent for parent in root.iter() for child in parent}

        def inside(element, *names):
            while element in parents:
                element = parents[element]
                if local(element) in names:
                    return True
            return False

        title = next(iter(find_all(root, "article-title")), None)
        abstracts = [e for e in find_all(root, "abstract") if e.get("abstract-type") is None]
        body = next((e for e in root if local(e) == "body"), None)
        back = next((e for e in root if local(e) == "back"), None)
        zones = [e for e in [title, *abstracts, body] if e is not None]
        pieces = [text_of(zone) for zone in zones]
        if back is not None:
            pieces.append(text_of(back, skip=("ref-list",)))
        floats = next((e for e in root if local(e) == "floats-group"), None)
        if floats is not None:
            pieces.append(text_of(floats))
        self.body_words = words(" \n ".join(pieces))

        floating = ("fig", "table-wrap", "boxed-text", "ref-list", "fn", "supplementary-material")
        self.paragraphs = []
        for zone in [*abstracts, body]:
            if zone is None:
                continue
            for p in find_all(zone, "p"):
                if not inside(p, *floating):
                    self.paragraphs.append((p, text_of(p, skip=("fig", "table-wrap", "disp-formula"))))
        self.headings = []
        for zone in [*abstracts, body, back]:
            if zone is None:
                continue
            for heading in find_all(zone, "title"):
                if not inside(heading, "fig", "table-wrap", "caption", "ref-list", "boxed-text"):
                    text = text_of(heading)
                    if text:
                        self.headings.append(text)
        self.title = text_of(title) if title is not None else ""
        # Headings that publishers print and JATS does not tag as titles: bold words that begin
        # a footnote or statement, and names of elements that need no title of their own.
        self.printed = {
            text_of(p[0])
            for p in find_all(root, "p")
            if len(p) and local(p[0]) == "bold" and not (p.text or "").strip()
            and inside(p, "back", "front", "fn", "notes")
        }
        implied = {
            "ack": ["acknowledgments", "acknowledgements"],
            "kwd-group": ["keywords"],
            "abstract": ["abstract", "summary"],
            "ref-list": ["references"],
            "fn": ["author contributions", "funding", "competing interests", "conflicts of interest"],
            "license": ["open access"],
        }
        for name, titles in implied.items():
            if find_all(root, name):
                self.printed.update(titles)
        self.figures = {}
        ids = {}
        for figure in find_all(root, "fig"):
            label = next((text_of(e) for e in figure if local(e) == "label"), "")
            caption = next((text_of(e) for e in figure if local(e) == "caption"), "")
            key = number(label)
            if key and not inside(figure, "supplementary-material"):
                self.figures[key] = caption
                ids[figure.get("id")] = key
        self.mentions = set()
        for at, (p, _) in enumerate(self.paragraphs):
            for link in find_all(p, "xref"):
                if link.get("ref-type") == "fig":
                    for target in (link.get("rid") or "").split():
                        if target in ids:
                            self.mentions.add((at, ids[target]))
        self.tables = set()
        for table in find_all(root, "table-wrap"):
            label = next((text_of(e) for e in table if local(e) == "label"), "")
            key = number(label)
            if key:
                self.tables.add(key)


# ---- scores ------------------------------------------------------------------------------


def word_scores(truth, text):
    found = words(text)
    recall = overlap(truth.body_words, found) / max(1, len(truth.body_words))
    precision = overlap(truth.all_words, found) / max(1, len(found))
    return {"word_recall": recall, "word_precision": precision, "word_f1": f1(precision, recall)}


def locate(paragraphs, stream):
    """Where each paragraph begins in a stream of words; none where it cannot be told."""
    size = 8
    grams = collections.defaultdict(list)
    for at in range(len(stream) - size + 1):
        grams[tuple(stream[at : at + size])].append(at)
    places = []
    for tokens in paragraphs:
        place = None
        for start in range(0, max(1, min(len(tokens) - size, 30))):
            hits = grams.get(tuple(tokens[start : start + size]), [])
            if len(hits) == 1:
                place = hits[0] - start
                break
        places.append(place)
    return places


def order_score(truth, text):
    paragraphs = [words(t) for _, t in truth.paragraphs]
    paragraphs = [p for p in paragraphs if len(p) >= 12]
    places = locate(paragraphs, words(text))
    known = sorted(p for p in places if p is not None)
    rank = {p: at for at, p in enumerate(known)}
    good = pairs = 0
    for one, two in zip(places, places[1:]):
        pairs += 1
        if one is not None and two is not None and rank[two] == rank[one] + 1:
            good += 1
    return good / pairs if pairs else 1.0


def heading_scores(truth, blocks):
    plain = lambda t: " ".join(w for w in words(t) if not w.isdigit())
    want = collections.Counter(filter(None, map(plain, truth.headings)))
    # The article's title and headings that the XML has without tagging them as titles are
    # neither asked for nor punished.
    have = collections.Counter(filter(None, (plain(b["text"]) for b in blocks if b["kind"] == "heading")))
    for name in [plain(truth.title), *map(plain, truth.printed)]:
        if name not in want:
            have.pop(name, None)
    same = sum((want & have).values())
    recall = same / sum(want.values()) if want else 1.0
    precision = same / sum(have.values()) if have else 1.0
    return f1(precision, recall)


def right_caption(truth, found):
    """At least 70 % of the 4-grams of the first 25 words."""
    a, b = words(truth)[:25], words(found)
    if len(a) < 4:
        return a == b[: len(a)]
    want = [tuple(a[i : i + 4]) for i in range(len(a) - 3)]
    have = {tuple(b[i : i + 4]) for i in range(len(b) - 3)}
    return sum(g in have for g in want) >= 0.7 * len(want)


def figure_scores(truth, report):
    blocks = {b["id"]: b for b in report["blocks"]}
    found = {}
    for figure in report["figures"]:
        key = number(figure.get("label") or "")
        if key and figure.get("box"):
            found.setdefault(key, figure)
    unlabelled = sum(1 for f in report["figures"] if not number(f.get("label") or ""))
    same = set(found) & set(truth.figures)
    scores = {
        "figure_recall": len(same) / len(truth.figures) if truth.figures else None,
        "figure_precision": len(same) / (len(found) + unlabelled) if found or unlabelled else None,
    }
    captions, right = [], 0
    for key, caption in truth.figures.items():
        if not words(caption):
            continue  # The XML leaves the caption out, so that there is nothing to compare with.
        figure = found.get(key)
        block = blocks.get(figure["caption"]) if figure and figure.get("caption") else None
        text = re.sub(r"^\s*(fig(ure)?\.?\s*\d+[.:|]?)", "", block["text"], flags=re.I) if block else ""
        captions.append(token_f1(caption, text))
        right += bool(block) and right_caption(caption, text)
    scores["caption_f1"] = sum(captions) / len(captions) if captions else None
    scores["caption_to_figure"] = right / len(captions) if captions else None
    return scores, found, blocks


def mention_score(truth, found, blocks):
    """F1 over (paragraph, figure) pairs; a block speaks for the paragraph it shares most with."""
    grams = []
    for _, text in truth.paragraphs:
        tokens = words(text)
        grams.append({tuple(tokens[i : i + 5]) for i in range(len(tokens) - 4)} or {tuple(tokens)})
    have = set()
    for key, figure in found.items():
        for mention in figure["mentions"]:
            tokens = words(blocks[mention]["text"])
            mine = {tuple(tokens[i : i + 5]) for i in range(len(tokens) - 4)} or {tuple(tokens)}
            best = max(range(len(grams)), key=lambda at: len(grams[at] & mine), default=None)
            if best is not None and grams[best] & mine:
                have.add((best, key))
    if not truth.mentions:
        return None, set(), have
    same = truth.mentions & have
    return (
        f1(len(same) / len(have) if have else 0, len(same) / len(truth.mentions)),
        truth.mentions - have,
        have - truth.mentions,
    )


def table_score(truth, report):
    found = set()
    for block in report["blocks"]:
        if block["kind"] == "caption" and re.match(r"\s*table\b", block["text"], re.I):
            key = number(block["text"])
            if key:
                found.add(key)
    if not truth.tables and not found:
        return None
    same = len(truth.tables & found)
    return f1(same / len(found) if found else 0, same / len(truth.tables) if truth.tables else 0)


# ---- readers -----------------------------------------------------------------------------


def ours(program, pdf):
    done = subprocess.run(
        [program, "inspect", str(pdf), "--format", "json"], capture_output=True, text=True, check=False
    )
    if not done.stdout.strip():
        raise RuntimeError(f"{pdf.name}: {done.stderr.strip().splitlines()[-1:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def body_text(report):
    return "\n".join(b["text"] for b in report["blocks"] if b["kind"] in BODY_KINDS)


def pymupdf(pdf):
    import pymupdf as reader

    with reader.open(pdf) as document:
        return "\n".join(page.get_text() for page in document), document.page_count


def pypdfium2(pdf):
    import pypdfium2 as reader

    document = reader.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_range() for page in document), len(document)


def pdfplumber(pdf):
    import pdfplumber as reader

    with reader.open(pdf) as document:
        return "\n".join(page.extract_text() or "" for page in document.pages), len(document.pages)


PEERS = {"PyMuPDF": pymupdf, "pypdfium2": pypdfium2, "pdfplumber": pdfplumber}


# ---- report ------------------------------------------------------------------------------


def interval(values):
    values = [v for v in values if v is not None]
    if not values:
        return None
    draw = random.Random(7)
    means = sorted(
        sum(draw.choice(values) for _ in values) / len(values) for _ in range(DRAWS)
    )
    mean = sum(values) / len(values)
    return mean, means[int(0.025 * DRAWS)], means[int(0.975 * DRAWS) - 1]


def score_ours(program, pdf, truth):
    began = time.perf_counter()
    report = ours(program, pdf)
    seconds = time.perf_counter() - began
    text = body_text(report)
    scores = word_scores(truth, text)
    scores["order"] = order_score(truth, text)
    scores["heading_f1"] = heading_scores(truth, report["blocks"])
    figures, found, blocks = figure_scores(truth, report)
    scores |= figures
    scores["mention_f1"], missed, extra = mention_score(truth, found, blocks)
    scores["table_f1"] = table_score(truth, report)
    return scores, report["pages"], seconds, (missed, extra)


def show(value):
    return "–" if value is None else f"{value:.3f}"


def span(found):
    return "–" if found is None else f"{found[1]:.3f}–{found[2]:.3f}"


def line(first, cells):
    print(f"| {first} | " + " | ".join(cells) + " |")


def table_of_ours(rows):
    names = list(next(iter(rows.values())))
    line("article", names)
    print("|---|" + "---:|" * len(names))
    for stem, scores in rows.items():
        line(stem, [show(scores[n]) for n in names])
    means = {n: interval([r[n] for r in rows.values()]) for n in names}
    line("**mean**", ["–" if m is None else f"**{m[0]:.3f}**" for m in means.values()])
    line("95 %", [span(m) for m in means.values()])
    return means


TEXT_SCORES = ("word_f1", "word_recall", "word_precision", "order")


def table_of_peers(rows, peers):
    """Means with intervals, ours less theirs with its interval, and word F1 of each article."""
    readers = {"spinemed": list(rows.values())} | peers
    print()
    line("text alone", [f"{n} (95 %)" for n in TEXT_SCORES] + ["word_f1, ours less this (95 %)"])
    print("|---|" + "---:|" * (len(TEXT_SCORES) + 1))
    for name, scored in readers.items():
        means = [interval([s[n] for s in scored]) for n in TEXT_SCORES]
        cells = [f"{m[0]:.3f} ({span(m)})" for m in means]
        gains = [a["word_f1"] - b["word_f1"] for a, b in zip(readers["spinemed"], scored)]
        gain = interval(gains)
        cells.append("" if name == "spinemed" else f"{gain[0]:+.3f} ({gain[1]:+.3f} to {gain[2]:+.3f})")
        line(name, cells)
    print()
    line("word F1 / order", list(readers))
    print("|---|" + "---:|" * len(readers))
    for at, stem in enumerate(rows):
        line(stem, [f"{s[at]['word_f1']:.3f} / {s[at]['order']:.3f}" for s in readers.values()])


def speed(pdfs, times):
    """Pages per second of plain text on one core, the best of some passes over all files."""
    for name, reader in PEERS.items():
        best, pages = None, 0
        for _ in range(1 if name == "pdfplumber" else times):
            began = time.perf_counter()
            pages = sum(reader(str(pdf))[1] for pdf in pdfs)
            took = time.perf_counter() - began
            best = took if best is None else min(best, took)
        line(name, ["plain text", str(pages), f"{best:.3f}", f"{pages / best:.0f}"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--program")
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--speed", type=int, metavar="TIMES")
    parser.add_argument("--json", type=pathlib.Path)
    parser.add_argument("--only")
    args = parser.parse_args()
    pairs = [p for p in sorted(args.folder.glob("*.pdf")) if p.with_suffix(".xml").exists()]
    pairs = [p for p in pairs if not args.only or args.only in p.name]
    if not pairs:
        parser.error("there is no article with both `.pdf` and `.xml`")
    if args.speed:
        return speed(pairs, args.speed)
    if not args.program:
        parser.error("--program is needed")
    rows, peers = {}, {name: [] for name in PEERS} if args.peers else {}
    for pdf in pairs:
        truth = Truth(pdf.with_suffix(".xml"))
        scores, pages, seconds, (missed, extra) = score_ours(args.program, pdf, truth)
        rows[pdf.stem] = scores
        if args.only:
            print("missed mentions", sorted(missed), "extra", sorted(extra), file=sys.stderr)
        for name in peers:
            text, _ = PEERS[name](str(pdf))
            peers[name].append(word_scores(truth, text) | {"order": order_score(truth, text)})
    means = table_of_ours(rows)
    if peers:
        table_of_peers(rows, peers)
    if args.json:
        args.json.write_text(json.dumps({"articles": rows, "mean": means, "peers": peers}, indent=1))


if __name__ == "__main__":
    main()
