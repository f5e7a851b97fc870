"""Sizes of samples and of their strata, by Hamilton's method with fractions; which rows are drawn is up to chance.
Samples that take every row are compared row by row."""
import sys
from fractions import Fraction
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
import pandas as pd
from reference import FLIGHTS, LOANS, PENGUINS, read, write


def hamilton(total, sizes):
    """Whole numbers in proportion to `sizes` that add up to `total`."""
    exact = [Fraction(total * s, sum(sizes)) for s in sizes]
    parts = [int(e) for e in exact]
    by_rest = sorted(range(len(sizes)), key=lambda i: (parts[i] - exact[i], i))
    for i in by_rest[:total - sum(parts)]:
        parts[i] += 1
    return parts


def strata(name, path, frame, by, values, drawn_of):
    counts = frame.groupby(by, dropna=False, sort=True).size()
    drawn = drawn_of(counts.tolist())
    lines = [{"rows": int(c), "drawn": d, "share": d / c} for c, d in zip(counts, drawn)]
    write("transform.sample", name, "Hamilton's method in fractions", ["pandas"], path, {"strata": by} | values,
          {"tables": {"strata": lines[:100]}, "outputs": {"sample": {"n_rows": sum(drawn)}}}, 1e-12)


p = read(PENGUINS)
n = len(p)
everything = {c: p[c] for c in ["species", "bill_length_mm", "sex"]}
write("transform.sample", "everything", "the table itself", ["pandas"], PENGUINS, {"size": "share", "share": 1},
      {"outputs": {"sample": {"n_rows": n, "columns": everything}}, "tables": {"receipt": [{"rows": n}, {"dropped": 0, "rows": n}, {"rows": n}]}}, 1e-12)
share = int(0.15 * n + 0.5)
strata("proportional", PENGUINS, p, ["species", "sex"], {"size": "share", "share": 0.15}, lambda c: hamilton(share, c))
strata("equal", PENGUINS, p, ["species", "sex"], {"n": 30, "allocation": "equal"}, lambda c: [min(30, k) for k in c])
strata("equal_shares", PENGUINS, p, ["island"], {"size": "share", "share": 0.5, "allocation": "equal"}, lambda c: [int(0.5 * k + 0.5) for k in c])
strata("equal_with_replacement", PENGUINS, p, ["species", "sex"], {"n": 30, "allocation": "equal", "replacement": True}, lambda c: [30 for _ in c])
l = read(LOANS)
strata("loans", LOANS, l, ["state"], {"n": 777}, lambda c: hamilton(777, c))
f = read(FLIGHTS, keep_default_na=False, na_values=[""])
strata("flights", FLIGHTS, f, ["origin", "month"], {"n": 10000}, lambda c: hamilton(10000, c))
