#!/usr/bin/env python3
"""Makes the pictures and the EPUBs of this folder again, byte for byte.

Everything here is our own work.
"""
import pathlib
import struct
import zipfile
import zlib

HERE = pathlib.Path(__file__).parent


def png(width, height, shade):
    rows = b"".join(b"\0" + bytes(shade(x, y) for x in range(width)) for y in range(height))

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


SEGMENT = png(24, 30, lambda x, y: 200 if abs(y - 15) > 3 else 90)
AXIAL = png(20, 20, lambda x, y: 220 if (x - 10) ** 2 + (y - 10) ** 2 < 40 else 30)

CONTAINER = """<?xml version="1.0"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""

OPF = """<?xml version="1.0"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">urn:isbn:9780000000002</dc:identifier><dc:identifier>https://doi.org/10.5555/made.book</dc:identifier>
<dc:title>A Small Book of the Spine</dc:title><dc:language>en</dc:language>
<dc:rights>https://creativecommons.org/licenses/by/4.0/</dc:rights></metadata>
<manifest>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>
<item id="c2" href="text/two.xhtml" media-type="application/xhtml+xml"/>
<item id="c1" href="text/one.xhtml" media-type="application/xhtml+xml"/>
<item id="c3" href="text/three.xhtml" media-type="application/xhtml+xml"/>
<item id="i1" href="img/segment.png" media-type="image/png"/></manifest>
<spine toc="ncx"><itemref idref="nav"/><itemref idref="c1"/><itemref idref="c2"/><itemref idref="c3"/></spine></package>"""

NAV = """<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><head><title>Contents</title></head><body>
<nav epub:type="toc"><ol><li><span>Part I: Anatomy</span><ol><li><a href="text/one.xhtml">Segments</a></li></ol></li>
<li><a href="text/two.xhtml">Stenosis</a></li></ol></nav>
<nav epub:type="page-list"><ol><li><a href="text/one.xhtml#p12">12</a></li><li><a href="text/two.xhtml#p13">13</a></li></ol></nav></body></html>"""

NCX = """<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1"><navMap>
<navPoint id="a"><navLabel><text>Part I: Anatomy</text></navLabel><content src="text/one.xhtml"/></navPoint></navMap></ncx>"""

ONE = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><head><title>One</title></head><body>
<span id="p12"/><h1>Segments</h1>
<p>A segment&nbsp;has two vertebrae; <a href="two.xhtml#fig2">Figure 2</a> shows one that is ill.<a epub:type="noteref" href="#n1">1</a></p>
<figure id="fig1"><img src="../img/segment.png" alt="A drawing"/><figcaption>Figure 1. A healthy segment.</figcaption></figure>
<aside epub:type="footnote" id="n1"><p>Of the lumbar spine.</p></aside></body></html>"""

TWO = """<html xmlns="http://www.w3.org/1999/xhtml"><head><title>Two</title></head><body>
<h1>Stenosis</h1><a id="p13"></a><p>Compare <a href="one.xhtml#fig1">Figure 1</a>.</p>
<div class="figure" id="fig2"><img src="../img/segment.png" alt=""/><p class="caption">Figure 2. Severe stenosis at L4/L5.</p></div>
<table><tr><td>L4/L5</td><td>severe</td></tr></table></body></html>"""

THREE = """<html xmlns="http://www.w3.org/1999/xhtml"><head><title>Three</title></head><body>
<p>The chapter goes on & is <b>not</i> well-formed.</p></body></html>"""


def epub(name, files):
    with zipfile.ZipFile(HERE / name, "w") as book:
        for path, data in [("mimetype", "application/epub+zip"), *files]:
            entry = zipfile.ZipInfo(path, (2024, 1, 1, 0, 0, 0))
            stored = path == "mimetype"
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            book.writestr(entry, data)


def main():
    (HERE / "media/segment.png").write_bytes(SEGMENT)
    (HERE / "media/axial.png").write_bytes(AXIAL)
    files = [
        ("META-INF/container.xml", CONTAINER),
        ("OEBPS/book.opf", OPF),
        ("OEBPS/nav.xhtml", NAV),
        ("OEBPS/toc.ncx", NCX),
        ("OEBPS/text/one.xhtml", ONE),
        ("OEBPS/text/two.xhtml", TWO),
        ("OEBPS/text/three.xhtml", THREE),
        ("OEBPS/img/segment.png", SEGMENT),
    ]
    epub("book.epub", files)
    locked = '<encryption xmlns:e="http://www.w3.org/2001/04/xmlenc#"><e:EncryptedData><e:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes256-cbc"/></e:EncryptedData></encryption>'
    epub("locked.epub", [*files[:1], ("META-INF/encryption.xml", locked)])
    epub("leading-out.epub", [*files[:1], ("../outside.xhtml", "x")])
    epub("bomb.epub", [("META-INF/container.xml", b" " * (80 << 20))])


main()
