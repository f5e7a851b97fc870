"""Tables under each other, by Polars' diagonal concatenation."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
import polars as pl
from tables import ISLANDS, PENGUINS, PIZZAS, case, table

JOIN = "tests/reference/analyses/transform.join/"
PLANES, CARRIERS, MENU = JOIN + "planes.csv", JOIN + "carriers.csv", JOIN + "menu.csv"
NAMES = ["table", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"]


def append(name, paths, names=None, common=False, source="source", cast=()):
    tables = {i: p for i, p in zip(NAMES, paths) if p}
    frames = [table(p) for p in tables.values()]
    called = names or [str(i + 1) for i in range(len(frames))]
    shared = [c for c in frames[0].columns if all(c in f.columns for f in frames)]
    frames = [f.select(shared) if common else f for f in frames]
    frames = [f.with_columns(pl.col(c).cast(pl.String) for c in cast if c in f.columns) for f in frames]
    if source:
        frames = [f.with_columns(pl.lit(n).alias("·")) for f, n in zip(frames, called)]
    whole = pl.concat(frames, how="diagonal_relaxed")
    if source:
        whole = whole.select(*(c for c in whole.columns if c != "·"), pl.col("·").alias(source))
    values = {"source": source, "columns": "common" if common else "all"} | ({"names": "; ".join(names)} if names else {})
    case("transform.append", name, tables, values, "appended", whole, source="pl.concat, diagonal_relaxed")


append("planes_and_carriers", [PLANES, CARRIERS, PENGUINS], ["planes", "carriers", "penguins"])
append("numbers_of_two_kinds", [MENU, PIZZAS], source="from")
append("common_columns", [PIZZAS, MENU, PIZZAS], common=True, source="")
append("eight_tables", [ISLANDS] * 8)
append("with_a_gap", [ISLANDS, CARRIERS, None, ISLANDS], ["a", "b", "a"], source="name_of_table")
