"""Rows without duplicates, by Polars' unique."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from tables import FLIGHTS, LOANS, PENGUINS, PIZZAS, case, table


def deduplicate(name, path, columns, keep, held=None):
    f = table(path)
    subset = columns or f.columns
    frame = f.unique(subset=subset, keep=keep, maintain_order=True)
    counts = f.group_by(subset).len()["len"]
    said = {"receipt": [{"rows": f.height}, {"rows": frame.height, "dropped": f.height - frame.height}, {"rows": frame.height}]}
    top = sorted(counts.filter(counts > 1).to_list(), reverse=True)[:20]
    if top:
        said["repeated"] = [{"rows": n} for n in top]
    case("transform.deduplicate", name, path, {"columns": columns, "keep": keep}, "rows", frame, held, said, source="DataFrame.unique")


deduplicate("penguins", PENGUINS, ["species", "island", "sex"], "first")
deduplicate("penguins_last", PENGUINS, ["year", "bill_depth_mm"], "last")
deduplicate("penguins_all_columns", PENGUINS, [], "first")
deduplicate("flights_planes", FLIGHTS, ["tailnum"], "last", ["tailnum", "flight", "time_hour"])
deduplicate("flights_once", FLIGHTS, ["origin", "dest", "carrier", "hour"], "none", ["tailnum", "flight", "time_hour"])
deduplicate("pizzas_all_columns", PIZZAS, [], "none")
deduplicate("loans_incomes", LOANS, ["annual_income_joint", "state"], "first", ["state", "loan_amount", "annual_income_joint"])
