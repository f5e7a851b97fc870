"""Splits that leave nothing to chance: by time, with pandas; and the sizes of strata, by Hamilton's method with fractions."""
import sys
from fractions import Fraction
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
import pandas as pd
from reference import FLIGHTS, PENGUINS, read, write

ORDERS = "tests/data/orders.csv"
PIZZAS = "../shared/data/pizzaplace.csv"


def hamilton(total, sizes):
    """Whole numbers in proportion to `sizes` that add up to `total`."""
    exact = [Fraction(total * s, sum(sizes)) for s in sizes]
    parts = [int(e) for e in exact]
    by_rest = sorted(range(len(sizes)), key=lambda i: (parts[i] - exact[i], i))
    for i in by_rest[:total - sum(parts)]:
        parts[i] += 1
    return parts


def by_time(name, path, frame, column, values, shown, test=0.2, validation=0.0, begins=None):
    t = pd.to_datetime(frame[column], format="ISO8601", utc=True).dt.tz_localize(None)
    known = t.dropna().sort_values(kind="stable")
    n = len(known)
    if begins is None:
        begins = known.iloc[n - int(test * n + 0.5)]
    before = known[known < begins]
    n_validation = int(validation * n + 0.5)
    middle = before.iloc[len(before) - n_validation] if n_validation else begins
    parts = {"train": known < middle, "validation": (known >= middle) & (known < begins), "test": known >= begins}
    lines, out = [], {}
    for part, mask in parts.items():
        rows = known[mask].index.sort_values()
        if len(rows) or part != "validation":
            ends = [known[mask].min(), known[mask].max()]
            lines.append({"rows": len(rows), "share": len(rows) / n, "from": ends[0].strftime(shown), "to": ends[1].strftime(shown)})
            out[part] = {"n_rows": len(rows)}
            if len(frame) < 1000:
                out[part]["columns"] = {"order": frame.order[rows]}
    tables = {"parts": lines}
    if t.isna().any():
        tables["receipt"] = [{"rows": len(frame)}, {"dropped": int(t.isna().sum()), "rows": n}] + [{"rows": line["rows"]} for line in lines] + [{"rows": n}]
    values = {"method": "time", "time": column, "test": test, "validation": validation} | values
    write("transform.split", name, "rows in the order of time", ["pandas"], path, values, {"tables": tables, "outputs": out}, 1e-12)


o = read(ORDERS)
by_time("time", ORDERS, o, "ordered", {}, "%Y-%m-%dT%H:%M:%S")
by_time("time_with_ties_and_missing", ORDERS, o, "delivered", {}, "%Y-%m-%d", 0.25, 0.15)
by_time("time_from_a_day", ORDERS, o, "ordered", {"from": "2024-03-01"}, "%Y-%m-%dT%H:%M:%S", begins=pd.Timestamp("2024-03-01"))
by_time("pizza_days", PIZZAS, read(PIZZAS), "date", {}, "%Y-%m-%d", 0.3, 0.1)
f = read(FLIGHTS)
by_time("flight_hours", FLIGHTS, f, "time_hour", {}, "%Y-%m-%dT%H:%M:%S", 0.1)


def sizes(name, path, frame, strata, test, validation):
    """The rows of the parts in each stratum; which rows these are is up to chance."""
    n = len(frame)
    counts = frame.groupby(strata, dropna=False, sort=True).size()
    n_test, n_validation = int(test * n + 0.5), int(validation * n + 0.5)
    tests = hamilton(n_test, counts.tolist())
    validations = hamilton(n_validation, [c - t for c, t in zip(counts, tests)])
    lines = [{"test": t, "validation": v, "train": int(c - t - v)} for c, t, v in zip(counts, tests, validations)]
    parts = [{"rows": n - n_test - n_validation}, {"rows": n_validation}, {"rows": n_test}]
    values = {"method": "stratified", "strata": strata, "test": test, "validation": validation, "result": "column"}
    write("transform.split", name, "Hamilton's method in fractions", ["pandas"], path, values,
          {"tables": {"strata": lines, "parts": parts}, "outputs": {"all": {"n_rows": n}}}, 1e-12)


p = read(PENGUINS)
sizes("strata", PENGUINS, p, ["species", "sex"], 0.25, 0.1)
sizes("strata_of_years", PENGUINS, p, ["year", "island"], 0.33, 0.2)
