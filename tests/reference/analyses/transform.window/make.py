"""Windows, by DuckDB's window functions; ties follow the number of the row."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
import duckdb
import polars as pl
from tables import FLIGHTS, LOANS, PENGUINS, PIZZAS, case, table

FULL = "CASE WHEN count({x}) OVER m = {n} THEN {f}({x}) OVER m END"
SQL = {
    "row_number": "row_number() OVER w", "lag": "lag({x}, {n}) OVER w", "lead": "lead({x}, {n}) OVER w",
    "difference": "{x} - lag({x}, {n}) OVER w", "change": "({x} - lag({x}, {n}) OVER w) / nullif(abs(lag({x}, {n}) OVER w), 0)",
    "cumulative_sum": "sum({x}) OVER so_far", "cumulative_mean": "avg({x}) OVER so_far", "cumulative_count": "count({x}) OVER so_far",
    "days_since": "epoch({x} - lag({x}, {n}) OVER w) / 86400", "share": "{x} / nullif(sum({x}) OVER (PARTITION BY {by}), 0)",
    "rank_of": "CASE WHEN {x} IS NOT NULL THEN rank() OVER (PARTITION BY {by} ORDER BY {x} NULLS LAST) END",
    "dense_rank_of": "CASE WHEN {x} IS NOT NULL THEN dense_rank() OVER (PARTITION BY {by} ORDER BY {x} NULLS LAST) END",
    "rank_descending": "CASE WHEN {x} IS NOT NULL THEN rank() OVER (PARTITION BY {by} ORDER BY {x} DESC NULLS LAST) END",
    "rank": "rank() OVER (PARTITION BY {by} ORDER BY {order})", "dense_rank": "dense_rank() OVER (PARTITION BY {by} ORDER BY {order})",
    "days_since_date": "{x} - lag({x}, {n}) OVER w",
}


def window(name, path, by, order, steps, partial=False, held=()):
    """`steps`: what, column, rows, and SQL when it is not that of `what`."""
    f = table(path)
    t = f.with_row_index("i")
    part = ", ".join(f'"{b}"' for b in by) or "1"
    sort = ", ".join(f'"{c}" {"DESC" if down else "ASC"} NULLS LAST' for c, down in order)
    new, wanted = [], []
    for k, (what, column, n, *sql) in enumerate(steps):
        key = sql[0] if sql else what + ("_of" if what in ("rank", "dense_rank") and column else "")
        width = n or {"moving_sum": 7, "moving_mean": 7}.get(what, 1)
        if what.startswith("moving"):
            f_ = {"moving_sum": "sum", "moving_mean": "avg"}[what]
            text = ("{f}({x}) OVER m" if partial else FULL).replace("OVER m", f"OVER (PARTITION BY {part} ORDER BY {sort + ', ' if sort else ''}i ROWS {width - 1} PRECEDING)").format(x=column, n=width, f=f_)
        else:
            text = SQL[key].format(x=column, n=width, by=part, order=sort or "1")
        new.append(f"new_{k}")
        wanted.append(f"{text} AS new_{k}")
    rows = f"PARTITION BY {part} ORDER BY {sort + ', ' if sort else ''}i"
    made = duckdb.sql(f"SELECT {', '.join(wanted)}, i FROM t WINDOW w AS ({rows}), so_far AS ({rows} ROWS UNBOUNDED PRECEDING) ORDER BY i").pl().drop("i")
    frame = pl.concat([f.select(held or f.columns[:2]), made], how="horizontal")
    values = {"by": by, "order": [{"column": c, "direction": "descending" if d else "ascending"} for c, d in order],
              "steps": [{"what": s[0]} | ({"column": s[1]} if s[1] else {}) | ({"rows": s[2]} if s[2] else {}) | {"name": n} for s, n in zip(steps, new)]}
    if partial:
        values["partial"] = True
    case("transform.window", name, path, values, "rows", frame, packages=["duckdb", "polars"], source="window functions of SQL", tolerance=1e-10)


numbers = lambda x: [("lag", x, None), ("lead", x, 2), ("difference", x, None), ("change", x, 3), ("cumulative_sum", x, None),
                     ("cumulative_mean", x, None), ("cumulative_count", x, None), ("moving_sum", x, 3), ("moving_mean", x, None), ("share", x, None)]
ranks = lambda x: [("row_number", None, None), ("rank", None, None), ("dense_rank", None, None), ("rank", x, None), ("dense_rank", x, None)]

window("penguins", PENGUINS, ["species"], [("year", False)], ranks("body_mass_g") + numbers("body_mass_g"))
window("penguins_partial", PENGUINS, ["island", "sex"], [("body_mass_g", True)], [("moving_mean", "bill_length_mm", 4), ("moving_sum", "bill_depth_mm", 9), ("rank", None, None), ("lag", "sex", None)], partial=True)
window("penguins_from_the_largest", PENGUINS, ["species", "sex"], [], [("rank_descending", "body_mass_g", None), ("rank_descending", "bill_length_mm", None)])
window("loans_from_the_largest", LOANS, ["state"], [("annual_income", False)], [("rank_descending", "months_since_last_delinq", None), ("rank_descending", "grade", None)], held=["state"])
window("flights_of_planes", FLIGHTS, ["tailnum"], [("time_hour", False)],
       numbers("dep_delay") + ranks("distance") + [("days_since", "time_hour", None), ("lag", "dest", 1), ("lead", "time_hour", 5), ("cumulative_sum", "distance", None), ("difference", "sched_dep_time", 2)])
window("flights_of_carriers", FLIGHTS, ["carrier", "origin"], [("month", True), ("day", False)], ranks("air_time") + numbers("air_time"), partial=True)
window("flights_as_they_stand", FLIGHTS, [], [], numbers("arr_delay") + [("row_number", None, None), ("rank", "dep_time", None), ("moving_mean", "arr_delay", 1000), ("moving_sum", "distance", 50)])
window("pizzas", PIZZAS, ["name"], [("date", False), ("time", False)], numbers("price") + [("days_since", "date", None, "days_since_date"), ("lag", "id", None), ("lead", "time", None), ("dense_rank", None, None)])
window("loans", LOANS, ["state"], [("annual_income", True)], ranks("months_since_last_delinq") + numbers("months_since_last_delinq"), held=["state", "annual_income"])
