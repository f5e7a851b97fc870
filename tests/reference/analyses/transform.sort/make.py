"""Sorted rows, by Polars' stable sort with nulls last (or first)."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from tables import FLIGHTS, LOANS, PENGUINS, PIZZAS, case, table


def sort(name, path, by, held=None, missing="last"):
    frame = table(path).sort([c for c, _ in by], descending=[d for _, d in by], nulls_last=missing == "last", maintain_order=True)
    values = {"by": [{"column": c} | ({"direction": "descending"} if d else {}) for c, d in by], "missing": missing}
    case("transform.sort", name, path, values, "sorted", frame, held, source="DataFrame.sort")


sort("penguins", PENGUINS, [("species", True), ("bill_length_mm", False)])
sort("penguins_missing_first", PENGUINS, [("sex", False), ("body_mass_g", True)], missing="first")
sort("flights_by_delay", FLIGHTS, [("arr_delay", True)], ["flight", "tailnum", "arr_delay", "time_hour"])
sort("flights_by_four", FLIGHTS, [("dest", False), ("month", True), ("carrier", False), ("dep_time", False)], ["flight", "dest", "dep_time", "distance"])
sort("pizzas_by_time", PIZZAS, [("time", True), ("price", False), ("date", False)])
sort("loans_by_income", LOANS, [("annual_income_joint", False), ("homeownership", True)], ["state", "annual_income", "annual_income_joint", "loan_amount"])
