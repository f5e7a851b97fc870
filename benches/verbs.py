"""The questions of verbs.rs asked of Polars and DuckDB, on one thread: the best of seven runs each.

    POLARS_MAX_THREADS=1 python benches/verbs.py
"""
import os
import time

os.environ.setdefault("POLARS_MAX_THREADS", "1")
import duckdb
import numpy as np
import polars as pl

N, KEYS = 1_000_000, 10_000
r = np.random.default_rng(7)
id_of = lambda k: k * 7_919_003 + 13
codes = np.char.add("C", np.char.zfill(np.arange(KEYS).astype(str), 6))
x = r.random(N) * 1000
data = pl.DataFrame({
    "category": pl.Series([f"level {i}" for i in r.integers(0, 12, N)], dtype=pl.Categorical),
    "shop": r.integers(0, 300, N), "day": np.datetime64("2023-01-01") + r.integers(0, 1095, N),
    "id": id_of(r.integers(0, KEYS, N)), "code": codes[r.integers(0, KEYS, N)], "x": x,
    "gaps": pl.Series(np.where(r.random(N) < 0.02, np.nan, x)).fill_nan(None),
})
by_id = pl.DataFrame({"id": id_of(np.arange(KEYS)), "weight": np.arange(KEYS) * 1.0, "name": [f"name {k}" for k in range(KEYS)]})
by_code = by_id.with_columns(pl.Series("code", codes)).drop("id")
half = by_id.head(KEYS // 2)
con = duckdb.connect()
con.execute("SET threads = 1")
for name, frame in {"data": data.with_columns(pl.col("category").cast(pl.String)), "by_id": by_id, "by_code": by_code, "half": half}.items():
    con.register("frame", frame)
    con.execute(f"CREATE TABLE {name} AS SELECT {'* REPLACE (category::VARCHAR AS category)' if name == 'data' else '*'} FROM frame")
con.execute("CREATE TYPE levels AS ENUM (SELECT DISTINCT category FROM data ORDER BY 1)")
con.execute("ALTER TABLE data ALTER category TYPE levels")


def best(run):
    times = []
    for _ in range(7):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times) * 1e3


def ask(what, polars, sql=None):
    other = best(lambda: con.execute(f"CREATE OR REPLACE TEMP TABLE answer AS {sql}")) if sql else float("nan")
    print(f"{what:44} polars {best(polars):8.1f} ms   duckdb {other:8.1f} ms", flush=True)


three = [pl.len(), pl.col("x").sum().alias("s"), pl.col("gaps").mean().alias("m")]
SQL3 = "count(*) n, sum(x) s, avg(gaps) m FROM data GROUP BY ALL ORDER BY ALL"
ask("12 × 300 groups: rows, sum, mean", lambda: data.group_by("category", "shop").agg(three).sort("category", "shop"), f"SELECT category, shop, {SQL3}")
ask("12 levels × 36 months: rows, sum, mean", lambda: data.group_by("category", pl.col("day").dt.truncate("1mo")).agg(three).sort("category", "day"), f"SELECT category, date_trunc('month', day) d, {SQL3}")
ask("10,000 ids: rows, sum, mean", lambda: data.group_by("id").agg(three).sort("id"), f"SELECT id, {SQL3}")
ask("10,000 texts: rows, sum, mean", lambda: data.group_by("code").agg(three).sort("code"), f"SELECT code, {SQL3}")
ask("standard deviation of 3,600 groups", lambda: data.group_by("category", "shop").agg(pl.col("x").std()), "SELECT category, shop, stddev_samp(x) FROM data GROUP BY ALL")
ask("median of 3,600 groups", lambda: data.group_by("category", "shop").agg(pl.col("x").median()), "SELECT category, shop, median(x) FROM data GROUP BY ALL")
ask("different ids in 3,600 groups", lambda: data.group_by("category", "shop").agg(pl.col("id").n_unique()), "SELECT category, shop, count(DISTINCT id) FROM data GROUP BY ALL")
for what, right, key, how in (("left join with 10,000 ids", by_id, "id", "left"), ("left join with 10,000 texts", by_code, "code", "left"), ("inner join with 5,000 of the ids", half, "id", "inner")):
    table = {"inner": "half"}.get(how, f"by_{key}")
    ask(what, lambda: data.join(right, on=key, how=how, maintain_order="left_right"), f"SELECT * FROM data {how.upper()} JOIN {table} USING ({key})")
ask("order by a number", lambda: data["x"].arg_sort())
ask("order by category, day and number", lambda: data.select(pl.arg_sort_by("category", "day", "gaps", nulls_last=True)))
ask("order by text", lambda: data["code"].arg_sort())
ask("4 columns sorted by a number", lambda: data.select("x", "gaps", "id", "day").sort("x", maintain_order=True), "SELECT x, gaps, id, day FROM data ORDER BY x")
window = "OVER (PARTITION BY id ORDER BY day"
ordered = data.sort("day", maintain_order=True)
ask("previous value", lambda: ordered.select(pl.col("gaps").shift(1).over("id")), f"SELECT lag(gaps) {window}) FROM data")
ask("running sum", lambda: ordered.select(pl.col("gaps").cum_sum().over("id")), f"SELECT sum(gaps) {window} ROWS UNBOUNDED PRECEDING) FROM data")
ask("moving mean of 7", lambda: ordered.select(pl.col("gaps").rolling_mean(7, min_samples=1).over("id")), f"SELECT avg(gaps) {window} ROWS 6 PRECEDING) FROM data")
ask("2 columns to 2,000,000 rows", lambda: data.unpivot(on=["x", "gaps"], index=["id"]), "FROM (SELECT id, x, gaps FROM data) UNPIVOT INCLUDE NULLS (v FOR n IN (x, gaps))")
ask("10,000 × 12 sums in columns", lambda: data.pivot(on="category", index="id", values="x", aggregate_function="sum"), "PIVOT (SELECT id, category, x FROM data) ON category USING sum(x)")
