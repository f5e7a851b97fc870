"""Dates and times by pandas."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from reference import FLIGHTS, read, write

PIZZAS = "../shared/data/pizzaplace.csv"


def times(name, path, columns, shown):
    frame = read(path)
    rows = []
    for column in columns:
        values = frame[column].dropna()
        rows.append({"column": column, "n": len(values), "missing": len(frame) - len(values), "first": shown(values.min()),
                     "last": shown(values.max()), "distinct": values.nunique()})
    write("explore.describe", name, "min, max and nunique of ISO texts", ["pandas"], path, {"columns": columns}, {"tables": {"times": rows}}, 0)


times("times_pizzas", PIZZAS, ["date", "time"], str)
times("times_flights", FLIGHTS, ["time_hour"], lambda text: text.replace("Z", ""))
