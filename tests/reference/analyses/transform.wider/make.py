"""Rows to columns, by Polars' pivot: ids in the order of their first rows, new columns sorted."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
import polars as pl
from tables import FLIGHTS, PENGUINS, PIZZAS, case, table

AGGREGATES = {
    "first": lambda v: v.drop_nulls().first(), "last": lambda v: v.drop_nulls().last(), "count": lambda v: v.count(),
    "distinct": lambda v: v.drop_nulls().n_unique(), "sum": lambda v: pl.when(v.count() > 0).then(v.sum()), "mean": lambda v: v.mean(),
    "median": lambda v: v.median(), "min": lambda v: v.min(), "max": lambda v: v.max(),
}


def wider(name, path, names, values, ids=None, repeated="error", fill=None, separator="_", frame=None, missing=None):
    f = table(path) if frame is None else frame
    others = ids or [c for c in f.columns if c not in names + values]
    cells = f.group_by(others + names, maintain_order=True).agg(AGGREGATES["first" if repeated == "error" else repeated](pl.col(v)).alias(v) for v in values)
    rows = cells.select(others).unique(maintain_order=True)
    wide = rows
    for v in values:
        for key in cells.select(names).unique().sort(names, nulls_last=True).iter_rows():
            label = separator.join(missing if k is None else str(k) for k in key)
            same = pl.all_horizontal(pl.col(n).eq_missing(pl.lit(k)) for n, k in zip(names, key))
            part = cells.filter(same).select(*others, pl.col(v).alias(label if len(values) == 1 else f"{v}{separator}{label}"), pl.lit(True).alias("·"))
            wide = wide.join(part, on=others, how="left", nulls_equal=True, maintain_order="left")
            if fill is not None:
                new = wide.columns[-2]
                wide = wide.with_columns(pl.when(pl.col("·").is_null()).then(pl.lit(fill)).otherwise(pl.col(new)).alias(new))
            wide = wide.drop("·")
    chosen = {"names_from": names, "values_from": values} | ({"ids": ids} if ids else {})
    chosen |= {"repeated": repeated} | ({} if fill is None else {"fill": fill}) | ({} if separator == "_" else {"separator": separator})
    case("transform.wider", name, path, chosen, "wide", wide, source="group_by and joins")


wider("penguins_years", PENGUINS, ["year"], ["body_mass_g"], ["species", "sex"], "mean")
wider("penguins_names_missing", PENGUINS, ["sex"], ["body_mass_g", "bill_depth_mm"], ["island"], "max", missing="missing")
wider("flights_by_month", FLIGHTS, ["month"], ["dep_delay"], ["carrier", "origin"], "mean")
wider("flights_two_names", FLIGHTS, ["origin", "month"], ["distance", "arr_delay"], ["carrier"], "sum", fill=0, separator=".")
wider("flights_planes", FLIGHTS, ["carrier"], ["dest"], ["tailnum"], "distinct", fill=0)
wider("flights_medians", FLIGHTS, ["hour"], ["air_time"], ["dest"], "median")
wider("pizzas_of_days", PIZZAS, ["size"], ["price"], ["date"], "sum", fill=0)
wider("pizzas_first", PIZZAS, ["type"], ["name", "time"], ["date"], "first")
wider("pizzas_last", PIZZAS, ["type"], ["name"], ["date"], "last")
wider("pizzas_counts", PIZZAS, ["size"], ["name"], ["date", "type"], "count")
unique = table("tests/reference/analyses/transform.join/menu.csv")
wider("menu", "tests/reference/analyses/transform.join/menu.csv", ["how_large"], ["listed", "price", "number"], frame=unique)
