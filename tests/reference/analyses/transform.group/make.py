"""Groups and their summaries, by Polars and, where it has more, DuckDB.

DuckDB's quantile_cont is of type 7; its sum of no values is NULL; FILTER leaves missing values out of
first and last, whose order is that of the row numbers.
"""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
import duckdb
import polars as pl
from tables import FLIGHTS, LOANS, PENGUINS, PIZZAS, case, table

ALL = ["rows", "share_of_rows", "count", "missing", "distinct", "sum", "share_of_sum", "mean", "sd", "variance",
       "min", "max", "median", "quantile", "first", "last"]
SQL = {
    "rows": "count(*)", "share_of_rows": "count(*) / sum(count(*)) OVER ()", "count": "count({x})",
    "missing": "count(*) - count({x})", "distinct": "count(DISTINCT {x})", "sum": "sum({x})",
    "share_of_sum": "sum({x}) / sum(sum({x})) OVER ()", "mean": "avg({x})", "sd": "stddev_samp({x})",
    "variance": "var_samp({x})", "min": "min({x})", "max": "max({x})", "median": "quantile_cont({x}, 0.5)",
    "quantile": "quantile_cont({x}, {q})", "first": "first({x} ORDER BY i) FILTER (WHERE {x} IS NOT NULL)",
    "last": "last({x} ORDER BY i) FILTER (WHERE {x} IS NOT NULL)",
    "weighted_mean": "sum({x} * {w}) / sum({w}) FILTER (WHERE {x} IS NOT NULL)",
}


def ending(s):
    if s["what"] in ("rows", "share_of_rows"):
        return {"rows": "n", "share_of_rows": "share"}[s["what"]]
    short = {"count": "n", "share_of_sum": "share", "quantile": f"p{s.get('quantile', 0.9) * 100:g}"}
    return f"{s['column']}_{short.get(s['what'], s['what'])}"


def grouped(frame, by, summaries, order=None):
    """`by` is SQL for each key by its name; groups come in the order of their keys, missing last."""
    t = frame.with_row_index("i")
    keys = ", ".join(f'{sql} AS "{name}"' for name, sql in by.items())
    wanted = ", ".join(SQL[s["what"]].format(x=s.get("column"), w=s.get("weight"), q=s.get("quantile", 0.9)) + f' AS "{ending(s)}"' for s in summaries)
    order = order or ", ".join(f'"{k}" NULLS LAST' for k in by)
    by_all = "GROUP BY ALL ORDER BY " + order if by else ""
    return duckdb.sql(f"SELECT {keys}{', ' if by else ''}{wanted} FROM t {by_all}").pl()


def group(name, path, by, summaries, dates=(), sql=None, order=None, frame=None, **more):
    frame = table(path) if frame is None else frame
    keys = {b: f'"{b}"' for b in by} | (sql or {})
    values = {"by": list(by), "summaries": summaries} | ({"dates": list(dates)} if dates else {}) | more
    made = grouped(frame, keys, summaries, order)
    case("transform.group", name, path, values, "groups", made, packages=["duckdb", "polars"], source="GROUP BY in SQL")


def of(column, *what, **more):
    return [{"what": w, "column": column} | (more if w in ("quantile", "weighted_mean") else {}) for w in what]


rows = [{"what": "rows"}]
group("penguins_all_summaries", PENGUINS, ["species", "sex"],
      [{"what": "rows"}, {"what": "share_of_rows"}] + of("body_mass_g", *ALL[2:], quantile=0.25))
group("flights_carrier_month", FLIGHTS, ["carrier", "month"],
      rows + of("dep_delay", "count", "mean", "sd", "median") + of("distance", "sum", "share_of_sum"))
group("flights_planes", FLIGHTS, ["tailnum"],
      rows + of("dest", "distinct", "first") + of("arr_delay", "min", "max", "mean", "variance") + of("time_hour", "max"),
      order="min(i)", arrange="appearance")
group("flights_by_hour", FLIGHTS, ["origin"], rows + of("air_time", "mean", "quantile", quantile=0.99),
      dates=[{"column": "time_hour", "part": "hour_of_day"}, {"column": "time_hour", "part": "quarter"}],
      sql={"time_hour_hour_of_day": "hour(time_hour)", "time_hour_quarter": "date_trunc('quarter', time_hour)::DATE"})
group("pizzas_by_week", PIZZAS, [], rows + of("price", "sum", "mean", "max") + of("id", "distinct"),
      dates=[{"column": "date", "part": "week"}], sql={"date_week": "date_trunc('week', date)::DATE"})
group("pizzas_by_weekday", PIZZAS, ["type"], rows + of("price", "median", "share_of_sum"),
      dates=[{"column": "date", "part": "weekday"}, {"column": "time", "part": "hour_of_day"}],
      sql={"date_weekday": "isodow(date)", "time_hour_of_day": "hour(time)"})
parts = {"year": "year(date)", "month": "date_trunc('month', date)::DATE", "day": "date", "quarter_of_year": "quarter(date)",
         "month_of_year": "month(date)", "week_of_year": "weekofyear(date)", "day_of_month": "day(date)"}
group("pizzas_by_all_parts", PIZZAS, [], rows + of("price", "sum"), dates=[{"column": "date", "part": p} for p in parts],
      sql={f"date_{p}": s for p, s in parts.items()})
group("flights_by_hours", FLIGHTS, [], rows + of("distance", "mean"), dates=[{"column": "time_hour", "part": "hour"}],
      sql={"time_hour_hour": "date_trunc('hour', time_hour)"})
group("loans_weighted", LOANS, ["grade", "homeownership"],
      rows + of("interest_rate", "mean", "weighted_mean", weight="loan_amount") + of("months_since_last_delinq", "missing", "quantile", "sum", quantile=0.1))
group("loans_weights_missing", LOANS, ["state"], of("loan_amount", "weighted_mean", weight="debt_to_income_joint") + of("annual_income_joint", "sd", "sum"))
group("loans_in_one", LOANS, [], rows + of("annual_income", "mean", "sd", "median", "quantile", quantile=0.999))
p = table(PENGUINS).filter(pl.col("sex").is_not_null())
group("keys_only", PENGUINS, ["sex", "island"], rows + of("bill_depth_mm", "mean"), frame=p, keep_missing=False)
group("by_size", PENGUINS, ["island", "year"], rows, order='count(*) DESC, island, year', arrange="size")
f = table(FLIGHTS)
by_delay = f.with_row_index("row").sort("dep_delay", "row", nulls_last=True).drop("row")
group("first_by_delay", FLIGHTS, ["carrier"], of("flight", "first", "last") + of("dest", "first"), frame=by_delay, first_by=["dep_delay"])
