"""Histogram counts by numpy.histogram between edges from the stated rule: Freedman and Diaconis'
number of bins, the step the nearest in ratio of 1, 2 and 5 times a power of ten, or the next one
that leaves no more than 500 bins. Means over time by pandas."""
import math
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
import numpy as np
from reference import FLIGHTS, LOANS, PENGUINS, read, write


def edges_of(x, bins):
    span = x.max() - x.min()
    if bins is None:
        q1, q3 = np.quantile(x, [0.25, 0.75])
        bins = math.ceil(span / (2 * (q3 - q1) / len(x) ** (1 / 3)))
    width = span / min(bins, 500)
    steps = [d * 10.0**p for p in range(-6, 13) for d in (1, 2, 5)]
    nearest = min(steps, key=lambda s: abs(math.log(s / width)))
    for step in (s for s in steps if s >= nearest):
        edges = np.arange(math.floor(x.min() / step), math.ceil(x.max() / step) + 1) * step
        if len(edges) <= 501:
            return edges


def histogram(name, path, frame, column, bins=None, color=None):
    x = frame[column].dropna()
    edges = edges_of(x, bins)
    groups = [x] if color is None else [group[column].dropna() for _, group in frame.groupby(color)]
    below, marks = np.zeros(len(edges) - 1), []
    for group in groups:
        counts, _ = np.histogram(group, edges)
        marks.append({"mark": "bars", "from": edges[:-1], "to": edges[1:], "base": below, "length": below + counts})
        below = below + counts
    values = {"x": column, "kind": "histogram"} | ({"bins": bins} if bins else {}) | ({"color": color} if color else {})
    write("explore.chart", name, "numpy.histogram", ["numpy", "pandas"], path, values, {"charts": {"histogram": {"marks": marks}}}, 1e-12)


penguins, loans, flights = read(PENGUINS), read(LOANS), read(FLIGHTS)
histogram("histogram", PENGUINS, penguins, "body_mass_g")
histogram("histogram_by_species", PENGUINS, penguins, "flipper_length_mm", bins=7, color="species")
histogram("histogram_loans", LOANS, loans, "debt_to_income", bins=120)
histogram("histogram_flights", FLIGHTS, flights, "arr_delay")

marks = [{"mark": "line", "x": list(means.index), "y": means.to_numpy()}
         for means in (group.dropna(subset=["dep_delay"]).groupby("month").dep_delay.mean() for _, group in flights.groupby("origin"))]
write("explore.chart", "lines_by_origin", "groupby(origin, month).dep_delay.mean()", ["pandas"], FLIGHTS,
      {"x": "month", "y": "dep_delay", "color": "origin", "kind": "line"}, {"charts": {"line": {"marks": marks}}}, 1e-12)
