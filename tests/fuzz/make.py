"""Writes the kept inputs that stand for a kind of harm: depth, far corners, repetition, circles, bombs.

    python tests/fuzz/make.py

Those named `found-…` are not from here: `cargo xtask fuzz` kept them.
"""
import gzip
import pathlib
import zipfile

here = pathlib.Path(__file__).parent
data = here / "../data/formats"
WHEN = (1980, 1, 1, 0, 0, 0)


def put(name, content):
    path = here / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


def zipped(name, members):
    path = here / name
    path.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for member, content in members:
            out.writestr(zipfile.ZipInfo(member, WHEN), content, zipfile.ZIP_DEFLATED)


def changed(name, source, member, change):
    """A workbook with one member changed."""
    with zipfile.ZipFile(data / source) as book:
        members = [(m, book.read(m)) for m in book.namelist()]
    zipped(name, [(m, change(c) if m == member else c) for m, c in members])


put("formula/brackets.txt", "(" * 5000 + "x" + ")" * 5000)
put("formula/minuses.txt", "-" * 5000 + "x")
put("formula/nots.txt", "not " * 3000 + "b")
put("formula/sums.txt", "+".join(["x"] * 3000))
put("formula/powers.txt", "^".join(["2"] * 2000))
put("formula/calls.txt", "abs(" * 2000 + "x" + ")" * 2000)
put("formula/cases.txt", "case when b then " * 800 + "1" + " end" * 800)
put("formula/pattern.txt", 'extract(t, "((((a+)+)+)+)+$")')
put("formula/far_date.txt", 'date_add(d, 1e18, "month")')
put("formula/mixed.txt", 'if(x > 0 and `금액(원)` between 1 and n, mean(x by c), sum(n) / count(t)) in [1, 2]')

put("json/deep.json", "[" * 5000 + "]" * 5000)
put("json/deep_objects.json", '[{"a":' * 300 + "1" + "}]" * 300)
put("json/cut.jsonl", '{"a": 1}\n{"a": [1, {"b": "\\ud83d')
put("notebook/deep.json", '{"format": "jari", "version": 1, "data": ' + "[" * 3000 + "]" * 3000 + "}")
put("notebook/codes.json",
    '{"format": "jari", "version": 1, "title": "", "sources": [], "cells": [], "data": {"t": {"columns": '
    '[{"name": "c", "kind": "category", "levels": ["a"], "values": [0, 99, -5, null]}]}}}')

put("csv/quotes.csv", 'a,b\n' + '"' * 9_999 + ",1\n")
put("csv/bomb.csv.gz", gzip.compress(b"a,b\n" + b"1,2\n" * 2_000_000, mtime=0))
put("csv/wide_then_deep.csv", "x\n" + "\n".join("," * (i % 50) for i in range(2000)))

SHEET = "xl/worksheets/sheet1.xml"
row = lambda inner: lambda c: c.replace(b"<sheetData>", b"<sheetData>" + inner)
changed("xlsx/corners.xlsx", "xlsxwriter_merged.xlsx", SHEET,
        lambda c: c.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'))
changed("xlsx/backwards.xlsx", "xlsxwriter_merged.xlsx", SHEET, row(b'<row r="9"><c r="C9"><v>1</v></c><c r="A3"><v>2</v></c></row>'))
changed("xlsx/strings.xlsx", "xlsxwriter_merged.xlsx", SHEET, row(b'<row r="1"><c r="A1" t="s"><v>99999999</v></c></row>'))

cell = b'<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>'
changed("ods/repeated_columns.ods", "odfpy.ods", "content.xml",
        lambda c: c.replace(b"</table:table>", b"<table:table-row>" + cell + b"</table:table-row></table:table>", 1))

book = bytearray((data / "xlwt.xls").read_bytes())
word = lambda at: int.from_bytes(book[at:at + 4], "little")
at = (word(76) + 1) * 512 + 4 * word(48)
book[at:at + 4] = book[48:52]
put("xls/circle.xls", bytes(book))
