#!/usr/bin/env python3
"""Words that `spinemed inspect` finds in HTML and EPUB files, against BeautifulSoup and ebooklib.

    SPINEMED=target/debug/spinemed words.py FILE...

The judge leaves out what sites add to their text, by the same plain rules for every file.
Prints the worst files, then recall, precision and F1 of all words together; fails below 0.9.
"""
import collections
import json
import os
import pathlib
import re
import subprocess
import sys
import warnings

from bs4 import BeautifulSoup
from ebooklib import epub

warnings.filterwarnings("ignore")
# Made files are small and hold what the two readers take for furniture.
LEAST = 0.9
FURNITURE = "nav script style form button select textarea noscript iframe template svg head title".split()
CLASSES = set("breadcrumb breadcrumbs footnote-back headerlink navbar navigation noprint sidebar skip-link table-of-contents toc".split())
RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def words(text):
    return collections.Counter(re.findall(r"\w+", text))


def is_of_site(tag):
    outside = not tag.find_parent(["article", "main", "section"])
    return (
        tag.name in FURNITURE
        or (tag.name in ("header", "footer", "aside") and outside)
        or tag.get("role") in ("navigation", "search", "banner", "contentinfo")
        or tag.has_attr("hidden")
        or bool(set(tag.get("class") or []) & CLASSES)
    )


def text_of(markup, parser):
    soup = BeautifulSoup(markup, parser)
    body = soup.find("main") or soup.body or soup
    for tag in body.find_all(is_of_site):
        if not tag.decomposed:
            tag.decompose()
    return body.get_text(" ")


def truth(path):
    if path.suffix != ".epub":
        return text_of(path.read_bytes(), "html5lib")
    book = epub.read_epub(str(path))
    chapters = (book.get_item_with_id(name) for name, _ in book.spine if name != "nav")
    return " ".join(text_of(chapter.get_content(), "lxml") for chapter in chapters)


def found(path):
    command = [os.environ["SPINEMED"], "inspect", str(path), "--format", "json"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120)
    blocks = json.loads(run.stdout)["blocks"] if run.stdout else []
    return " ".join(block["text"].replace(" | ", " ") for block in blocks).translate(RAISED)


def main():
    both, expected, given, rows = 0, 0, 0, []
    for path in map(pathlib.Path, sys.argv[1:]):
        true, ours = words(truth(path)), words(found(path))
        shared, all_true, all_ours = (sum(c.values()) for c in (true & ours, true, ours))
        both, expected, given = both + shared, expected + all_true, given + all_ours
        score = 2 * shared / (all_true + all_ours) if all_true + all_ours else 1
        rows.append((score, str(path), list((true - ours).items())[:6], list((ours - true).items())[:6]))
    for row in sorted(rows)[:10]:
        print("%.4f %s missing %s beyond %s" % row)
    recall, precision = both / max(expected, 1), both / max(given, 1)
    f1 = 2 * recall * precision / max(recall + precision, 1e-9)
    print(f"{len(rows)} files: recall {recall:.4f}, precision {precision:.4f}, F1 {f1:.4f}")
    return 0 if f1 >= LEAST else 1


sys.exit(main())
