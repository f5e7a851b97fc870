"""Edges, bins and counts by pandas.cut, pandas.qcut and numpy.searchsorted."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
import numpy as np
import pandas as pd
from reference import FLIGHTS, LOANS, PENGUINS, read, write


def places(values, edges, below):
    """The bin of each value: pandas.cut, or for bins closed on the left NumPy with the last edge taken in."""
    if below:
        return pd.cut(values, edges, labels=False, include_lowest=True)
    inside = (values >= edges[0]) & (values <= edges[-1])
    found = np.searchsorted(edges[1:-1], values, side="right")
    return pd.Series(np.where(inside, found, np.nan), index=values.index)


def case(name, path, frame, columns, values, edges_of, below=False, ends=None):
    lines, out = [], {}
    for column in columns:
        v = frame[column]
        edges = edges_of(v)
        found = places(v, edges, below)
        counts = [int((found == i).sum()) for i in range(len(edges) - 1)]
        n_missing = int(v.isna().sum())
        for i, n in enumerate(counts):
            low, high = edges[i], edges[i + 1]
            line = {"column": column, "rows": n, "share": n / len(v)}
            line |= {"from": float(low) if np.isfinite(low) else None, "to": float(high) if np.isfinite(high) else None}
            lines.append(line)
        outside = len(v) - sum(counts) - n_missing
        if outside:
            lines.append({"bin": "Outside the bins", "rows": outside})
        if n_missing:
            lines.append({"bin": "Missing", "rows": n_missing})
        out[f"{column}_bin"] = found + 1
    expected = {"tables": {"bins": lines}}
    if len(frame) < 1000:
        expected["outputs"] = {"binned": {"n_rows": len(frame), "columns": out}}
    else:
        expected["outputs"] = {"binned": {"n_rows": len(frame), "sums": {k: v.sum() for k, v in out.items()}}}
    values = {"columns": columns, "written": "numbers", "edges_to": "below" if below else "above"} | values
    write("transform.bin", name, "pandas.cut, pandas.qcut, numpy.searchsorted", ["pandas", "numpy"], path, values, expected, 1e-12)


p = read(PENGUINS)
case("width_above", PENGUINS, p, ["body_mass_g", "bill_depth_mm"], {"n_bins": 5}, lambda v: np.linspace(v.min(), v.max(), 6))
case("width_below", PENGUINS, p, ["flipper_length_mm"], {"n_bins": 7}, lambda v: np.linspace(v.min(), v.max(), 8), True)
quantiles = lambda n: lambda v: pd.qcut(v, n, retbins=True, duplicates="drop")[1]
case("quartiles_below", PENGUINS, p, ["body_mass_g", "bill_length_mm"], {"method": "equal_count"}, quantiles(4), True)
case("deciles_above", PENGUINS, p, ["bill_length_mm"], {"method": "equal_count", "n_bins": 10}, quantiles(10))
case("ties_make_fewer", PENGUINS, p, ["year"], {"method": "equal_count", "n_bins": 5}, quantiles(5), True)
inf = float("inf")
case("own_cuts_open", PENGUINS, p, ["body_mass_g"], {"method": "cuts", "cuts": "4500; 3500"}, lambda v: np.array([-inf, 3500, 4500, inf]), True)
case("own_cuts_closed", PENGUINS, p, ["body_mass_g"], {"method": "cuts", "cuts": "3500; 4,500; 5500", "open": False}, lambda v: np.array([3500.0, 4500, 5500]))
l = read(LOANS)
case("loans_with_ties", LOANS, l, ["annual_income", "debt_to_income", "num_cc_carrying_balance"], {"method": "equal_count", "n_bins": 8}, quantiles(8), True)
f = read(FLIGHTS)
case("flights_delays", FLIGHTS, f, ["dep_delay", "distance"], {"n_bins": 12}, lambda v: np.linspace(v.min(), v.max(), 13))
