"""Joins and their match reports, by Polars, and the small right tables that they read.

Polars keeps the order of both tables when asked to, and null keys match nothing.
"""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
import polars as pl
from reference import ROOT
from tables import FLIGHTS, ISLANDS, PENGUINS, PIZZAS, case, table

HERE = "tests/reference/analyses/transform.join/"
PLANES, CARRIERS, MENU = HERE + "planes.csv", HERE + "carriers.csv", HERE + "menu.csv"


def right_tables():
    """From the data, with keys taken out, keys that are nowhere else, keys twice, and missing ones."""
    f = table(FLIGHTS)
    planes = f.group_by("tailnum", maintain_order=True).agg(n_flights=pl.len(), distance=pl.col("distance").max(), seen=pl.col("time_hour").min().dt.date())
    planes = planes.with_row_index("i").filter(pl.col("i") % 10 != 3)
    twice = planes.filter(pl.col("i") % 50 == 0).with_columns(n_flights=-pl.col("n_flights").cast(pl.Int64))
    strange = pl.DataFrame({"tailnum": ["N00000", None, "n14228"], "n_flights": [1, 2, 3]})
    planes = pl.concat([planes, twice, strange], how="diagonal_relaxed").drop("i")
    planes.write_csv(ROOT / PLANES)
    carriers = f.group_by("carrier").agg(planes=pl.col("tailnum").n_unique(), airport=pl.col("origin").mode().sort().first()).sort("carrier")
    carriers = pl.concat([carriers.filter(~pl.col("carrier").is_in(["OO", "YV"])), pl.DataFrame({"carrier": ["ZZ"], "planes": [7], "airport": [None]})], how="vertical_relaxed")
    carriers.write_csv(ROOT / CARRIERS)
    z = table(PIZZAS)
    menu = z.group_by("name", "size", "type").agg(listed=pl.col("price").max(), price=pl.col("price").min().round() * 1.0).sort("name", "size")
    menu = menu.rename({"name": "dish", "size": "how_large"}).with_columns(number=pl.arange(1, menu.height + 1) * 1.0)
    menu = menu.filter(pl.col("number") % 7 != 0)
    menu.write_csv(ROOT / MENU)


def report(left, right, on):
    """Rows and keys of both sides, as the first table of the report says them."""
    names = [f"k{i}" for i in range(len(on))]
    sides = [frame.select(**{n: pl.col(pair[side]) for n, pair in zip(names, on)}) for side, frame in enumerate((left, right))]
    rows = []
    for own, other in (sides, sides[::-1]):
        has = own.drop_nulls()
        matched = has.join(other.unique(), on=names, how="semi")
        counts = has.group_by(names).len()
        alone = counts.join(other.unique(), on=names, how="anti")
        many = counts.filter(pl.col("len") > 1)
        rows.append({"rows": own.height, "matched": matched.height, "unmatched": has.height - matched.height,
                     "no_key": own.height - has.height, "keys": counts.height, "unmatched_keys": alone.height,
                     "repeated_keys": many.height, "repeated_rows": int(many["len"].sum())})
    return {"match": rows}


def join(name, left, right, on, how, suffix="_right", columns=None, held=None, **more):
    tables = {"table": left, "right": right}
    l, r = table(left), table(right)
    said = report(l, r, on)
    left_on, right_on = [a for a, _ in on], [b for _, b in on]
    if columns:
        r = r.select([*right_on, *(c for c in columns if c not in right_on)])
    order = {} if how in ("semi", "anti") else {"maintain_order": "left_right"}
    if how in ("inner", "left", "full"):
        order["coalesce"] = True
    frame = l.join(r, left_on=left_on, right_on=right_on, how=how, suffix=suffix, **order)
    values = {"keys": [{"left": a} | ({"right": b} if a != b else {}) for a, b in on], "how": how} | more
    if suffix != "_right":
        values["suffix"] = suffix
    if columns:
        values["columns"] = columns
    case("transform.join", name, tables, values, "joined", frame, held, said, source="joins of data frames")


right_tables()
kept = ["tailnum", "flight", "distance", "n_flights", "distance_right", "seen"]
for how in ("left", "inner", "full"):
    join(f"flights_planes_{how}", FLIGHTS, PLANES, [("tailnum", "tailnum")], how, held=kept)
for how in ("semi", "anti"):
    join(f"flights_planes_{how}", FLIGHTS, PLANES, [("tailnum", "tailnum")], how, held=["tailnum", "flight", "distance", "dep_delay"])
join("planes_flights_left", PLANES, FLIGHTS, [("tailnum", "tailnum")], "left", columns=["dest", "air_time"])
join("flights_carriers", FLIGHTS, CARRIERS, [("carrier", "carrier")], "left", held=["carrier", "origin", "planes", "airport"])
join("pizzas_menu", PIZZAS, MENU, [("name", "dish"), ("size", "how_large")], "inner", suffix=".y", held=["id", "price", "price.y", "listed", "type.y", "number"])
join("pizzas_menu_full", PIZZAS, MENU, [("name", "dish"), ("size", "how_large"), ("price", "listed")], "full", held=["id", "name", "size", "price", "number", "type_right"])
join("penguins_islands", PENGUINS, ISLANDS, [("island", "name"), ("year", "surveyed")], "full")
join("penguins_many", PENGUINS, PENGUINS, [("sex", "sex"), ("island", "island")], "inner", columns=["body_mass_g", "year"], held=["species", "sex", "body_mass_g", "body_mass_g_right", "year_right"])
