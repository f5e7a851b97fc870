"""Formulas beside the SQL that says the same, answered by DuckDB over whole files.

    python -m venv venv && venv/bin/pip install duckdb pandas pyarrow
    venv/bin/python make.py

A case holds the number of missing values, totals that depend on the order of the rows, and the values of
some rows. Where SQL means something else by a name, the query spells out what the formula means.
"""
import datetime
import json
import math
import re
from pathlib import Path

import duckdb
import pandas as pd

HERE = Path(__file__).parent
ROOT = HERE / "../../.."
FLIGHTS = "../shared/data/flights.csv.gz"
PIZZAS = "../shared/data/pizzaplace.csv"
ORDERS = "../shared/data/orders_ko_cp949.csv"
EPOCH = datetime.datetime(1970, 1, 1)

# The rows in their order, and those of a group.
W = "OVER (ORDER BY i)"


def by(*keys, order="i", more=""):
    return f"OVER (PARTITION BY {', '.join(keys)} ORDER BY {order} {more})"


def all_of(*keys):
    return f"OVER (PARTITION BY {', '.join(keys)})"


def known(column, sql):
    return f"CASE WHEN {column} IS NOT NULL THEN {sql} END"


CASES = {
    FLIGHTS: [
        ("air_time / distance * 60", "air_time / distance * 60"),
        ("(arr_delay - dep_delay) / (air_time / 60)", "(arr_delay - dep_delay) / (air_time / 60)"),
        ("dep_delay / (dep_delay - 2)", "dep_delay / nullif(dep_delay - 2, 0)"),
        ("dep_delay // 60", "floor(dep_delay / 60)"),
        ("dep_delay % 60", "dep_delay - 60 * floor(dep_delay / 60)"),
        ("flight // 7 - flight % 7", "floor(flight / 7) - (flight % 7)"),
        ("-dep_delay ^ 2 + 1", "-(dep_delay * dep_delay) + 1"),
        ("round(distance / 7, 2)", "round(distance / 7, 2)"),
        ("round(distance, -2)", "round(distance, -2)"),
        ("sqrt(distance) + log(distance) + log10(air_time)", "sqrt(distance) + ln(distance) + log10(air_time)"),
        ("exp(-dep_delay / 100)", "exp(-dep_delay / 100)"),
        ("log1p(abs(arr_delay)) * sign(arr_delay)", "ln(1 + abs(arr_delay)) * sign(arr_delay)"),
        ("distance ^ 0.75", "pow(distance, 0.75)"),
        ("sin(hour / 24 * 2 * pi()) + cos(minute)", "sin(hour / 24 * 2 * pi()) + cos(minute)"),
        ("ceil(air_time / 7) - floor(air_time / 7) + trunc(dep_delay / 7)", "ceil(air_time / 7) - floor(air_time / 7) + trunc(dep_delay / 7)"),
        ("coalesce(arr_delay, dep_delay, 0)", "coalesce(arr_delay, dep_delay, 0)"),
        ("min(dep_delay, arr_delay, 10)", "least(dep_delay, arr_delay, 10)"),
        ("max(dep_delay, arr_delay)", "greatest(dep_delay, arr_delay)"),
        ("clip(arr_delay, -30, 120)", "CASE WHEN arr_delay < -30 THEN -30 WHEN arr_delay > 120 THEN 120 ELSE arr_delay END"),
        ("null_if(origin, \"JFK\")", "nullif(origin, 'JFK')"),
        ("if(dep_delay > 15, \"late\", \"on time\")", "CASE WHEN dep_delay > 15 THEN 'late' WHEN dep_delay <= 15 THEN 'on time' END"),
        ("case when dep_delay > 60 then \"very late\" when dep_delay > 15 then \"late\" else \"other\" end", "CASE WHEN dep_delay > 60 THEN 'very late' WHEN dep_delay > 15 THEN 'late' ELSE 'other' END"),
        ("case carrier when \"UA\" then dep_delay when \"AA\" then arr_delay end", "CASE carrier WHEN 'UA' THEN dep_delay WHEN 'AA' THEN arr_delay END"),
        ("dep_delay > 60 and carrier in (\"UA\", \"AA\", \"DL\") or arr_delay is missing", "dep_delay > 60 AND carrier IN ('UA', 'AA', 'DL') OR arr_delay IS NULL"),
        ("not (dep_delay > 0 or arr_delay > 0)", "NOT (dep_delay > 0 OR arr_delay > 0)"),
        ("arr_delay not between -5 and 5", "arr_delay NOT BETWEEN -5 AND 5"),
        ("dest in (\"ORD\", origin, \"ATL\") != (month in (6, 7))", "(dest IN ('ORD', origin, 'ATL')) != (month IN (6, 7))"),
        ("origin < dest", "origin < dest"),
        # Texts.
        ("carrier & \"-\" & flight", "carrier || '-' || flight"),
        ("tailnum & \" \" & dest", "tailnum || ' ' || dest"),
        ("concat(tailnum, \"/\", dest)", "concat(tailnum, '/', dest)"),
        ("lower(tailnum)", "lower(tailnum)"),
        ("length(tailnum)", "length(tailnum)"),
        ("substring(tailnum, 2, 3) & left(dest, 2) & right(tailnum, 2)", "substring(tailnum, 2, 3) || left(dest, 2) || right(tailnum, 2)"),
        ("replace(tailnum, \"N\", \"##\")", "replace(tailnum, 'N', '##')"),
        ("contains(tailnum, \"9E\") or starts_with(tailnum, \"N1\") or ends_with(tailnum, \"DL\")", "contains(tailnum, '9E') OR starts_with(tailnum, 'N1') OR ends_with(tailnum, 'DL')"),
        ("position(tailnum, \"A\")", "strpos(tailnum, 'A')"),
        ("extract(tailnum, \"[0-9]+\")", "nullif(regexp_extract(tailnum, '[0-9]+'), '')"),
        ("extract(tailnum, \"([0-9]+)([A-Z]+)\", 2)", "nullif(regexp_extract(tailnum, '([0-9]+)([A-Z]+)', 2), '')"),
        ("matches(tailnum, \"^N[0-9]{3}[A-Z]{2}$\")", "regexp_matches(tailnum, '^N[0-9]{3}[A-Z]{2}$')"),
        ("replace_pattern(tailnum, \"([0-9])([A-Z])\", \"$2$1\")", "regexp_replace(tailnum, '([0-9])([A-Z])', '\\2\\1', 'g')"),
        ("split_part(tailnum, \"A\", 2)", "CASE WHEN len(string_split(tailnum, 'A')) >= 2 THEN split_part(tailnum, 'A', 2) END"),
        ("split_part(tailnum, \"7\", -1)", "split_part(tailnum, '7', -1)"),
        ("pad_left(text(flight), 5, \"0\")", "lpad(flight::VARCHAR, 5, '0')"),
        ("number(extract(tailnum, \"[0-9]+\")) * 2", "nullif(regexp_extract(tailnum, '[0-9]+'), '')::DOUBLE * 2"),
        # Dates and times.
        ("year(time_hour) * 10000 + month(time_hour) * 100 + day(time_hour)", "year(time_hour) * 10000 + month(time_hour) * 100 + day(time_hour)"),
        ("weekday(time_hour) * 100 + week(time_hour)", "isodow(time_hour) * 100 + week(time_hour)"),
        ("iso_year(time_hour) + quarter(time_hour) / 10", "isoyear(time_hour) + quarter(time_hour) / 10"),
        ("hour(time_hour) * 1000 + day_of_year(time_hour)", "hour(time_hour) * 1000 + dayofyear(time_hour)"),
        ("date_trunc(\"week\", time_hour)", "date_trunc('week', time_hour)"),
        ("date_trunc(\"hour\", date_add(\"minute\", time_hour, minute + 40))", "date_trunc('hour', time_hour + to_minutes(minute::BIGINT + 40))"),
        ("quarter_start(time_hour)", "date_trunc('quarter', time_hour)::DATE"),
        ("month_end(time_hour)", "last_day(time_hour)"),
        ("days_in_month(time_hour)", "day(last_day(time_hour))"),
        ("date_add(\"month\", time_hour, flight % 13)", "time_hour + to_months((flight % 13)::INTEGER)"),
        ("date_add(\"year\", date(2012, 2, 29), flight % 9)", "(DATE '2012-02-29' + to_years((flight % 9)::INTEGER))::DATE"),
        ("date_add(\"day\", date(time_hour), -flight % 50)", "(time_hour::DATE - CASE WHEN flight % 50 = 0 THEN 0 ELSE flight % 50 - 50 END::INTEGER)::DATE"),
        ("date_diff(\"month\", \"2012-11-15\", time_hour)", "date_diff('month', TIMESTAMP '2012-11-15', time_hour)"),
        ("date_diff(\"quarter\", time_hour, \"2014-02-15\")", "date_diff('quarter', time_hour, TIMESTAMP '2014-02-15')"),
        ("date_diff(\"week\", \"2012-11-15\", time_hour)", "date_diff('day', date_trunc('week', TIMESTAMP '2012-11-15'), date_trunc('week', time_hour)) / 7"),
        ("elapsed(\"month\", \"2012-11-15 12:00\", time_hour)", "date_sub('month', TIMESTAMP '2012-11-15 12:00', time_hour)"),
        ("elapsed(\"day\", \"2012-11-15 12:00\", time_hour)", "date_sub('day', TIMESTAMP '2012-11-15 12:00', time_hour)"),
        ("elapsed(\"year\", date(1980, 6, 15), date(time_hour))", "date_sub('year', DATE '1980-06-15', time_hour::DATE)"),
        ("date(year, month, day)", "make_date(year, month, day)"),
        ("date(year, month, 31)", "CASE WHEN day(last_day(make_date(year, month, 1))) = 31 THEN make_date(year, month, 31) END"),
        ("date(year, month, day) + flight % 50", "(make_date(year, month, day) + (flight % 50)::INTEGER)::DATE"),
        ("date(time_hour) - date(year, month, day)", "date_diff('day', make_date(year, month, day), time_hour::DATE)"),
        ("time_hour >= \"2013-06-01\" and time_hour < \"2013-07-01 06:00\"", "time_hour >= TIMESTAMP '2013-06-01' AND time_hour < TIMESTAMP '2013-07-01 06:00'"),
        ("format_date(time_hour, \"%Y-%m-%d %H:%M, %j, %u\")", "strftime(time_hour, '%Y-%m-%d %H:%M, %j, ') || isodow(time_hour)"),
        ("format_date(time_hour, \"%G-W%V\")", "strftime(time_hour, '%G-W%V')"),
        # Statistics of the column, and of groups.
        ("dep_delay - mean(dep_delay)", "dep_delay - (SELECT avg(dep_delay) FROM t)"),
        ("mean(dep_delay by carrier)", f"avg(dep_delay) {all_of('carrier')}"),
        ("mean(dep_delay > 15 by origin)", f"avg((dep_delay > 15)::INTEGER) {all_of('origin')}"),
        ("sd(arr_delay by origin, month)", f"stddev_samp(arr_delay) {all_of('origin', 'month')}"),
        ("var(arr_delay by dest)", f"var_samp(arr_delay) {all_of('dest')}"),
        ("median(distance by carrier)", f"median(distance) {all_of('carrier')}"),
        ("quantile(arr_delay, 0.9 by dest)", f"quantile_cont(arr_delay, 0.9) {all_of('dest')}"),
        ("count(dep_time by carrier)", f"count(dep_time) {all_of('carrier')}"),
        ("count_if(arr_delay < 0 by carrier)", f"count(*) FILTER (WHERE arr_delay < 0) {all_of('carrier')}"),
        ("count_distinct(tailnum by carrier)", f"count(DISTINCT tailnum) {all_of('carrier')}"),
        ("count_distinct(dep_delay by carrier)", f"count(DISTINCT dep_delay) {all_of('carrier')}"),
        ("max_of(time_hour by tailnum)", f"max(time_hour) {all_of('tailnum')}"),
        ("min_of(dest by carrier)", f"min(dest) {all_of('carrier')}"),
        ("sum(distance by tailnum)", f"sum(distance) {all_of('tailnum')}"),
        ("rows(by origin, dest)", f"count(*) {all_of('origin', 'dest')}"),
        ("sum(distance by distance > 1000)", f"sum(distance) {all_of('distance > 1000')}"),
        ("first(tailnum by dest)", f"first_value(tailnum IGNORE NULLS) {by('dest', more='ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING')}"),
        ("last(dep_delay by dest)", f"last_value(dep_delay IGNORE NULLS) {by('dest', more='ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING')}"),
        ("any(dep_delay > 600 by carrier)", f"bool_or(coalesce(dep_delay > 600, false)) {all_of('carrier')}"),
        ("all(dep_delay < 600 by carrier)", f"bool_and(coalesce(dep_delay < 600, true)) {all_of('carrier')}"),
        # Values among other rows.
        ("rank(dep_delay)", known("dep_delay", "rank() OVER (ORDER BY dep_delay NULLS LAST)")),
        ("rank(-distance by carrier)", f"rank() {by('carrier', order='distance DESC')}"),
        ("rank_average(dep_delay)", known("dep_delay", f"rank() OVER (ORDER BY dep_delay NULLS LAST) + (count(*) {all_of('dep_delay')} - 1) / 2")),
        ("dense_rank(tailnum)", known("tailnum", "dense_rank() OVER (ORDER BY tailnum NULLS LAST)")),
        ("percent_rank(dep_delay by origin)", known("dep_delay", f"percent_rank() {by('origin', 'dep_delay IS NULL', order='dep_delay')}")),
        ("ntile(dep_delay, 10)", known("dep_delay", f"ntile(10) {by('dep_delay IS NULL', order='dep_delay, i')}")),
        ("lag(dep_delay by tailnum)", f"lag(dep_delay) {by('tailnum')}"),
        ("lead(dest, 3 by carrier)", f"lead(dest, 3) {by('carrier')}"),
        ("row_number(by tailnum)", f"row_number() {by('tailnum')}"),
        ("cumsum(distance by tailnum)", f"sum(distance) {by('tailnum', more='ROWS UNBOUNDED PRECEDING')}"),
        ("cumsum(dep_delay)", known("dep_delay", "sum(dep_delay) OVER (ORDER BY i ROWS UNBOUNDED PRECEDING)")),
        ("cummax(dep_delay by carrier)", known("dep_delay", f"max(dep_delay) {by('carrier', more='ROWS UNBOUNDED PRECEDING')}")),
        ("cummin(arr_delay by origin)", known("arr_delay", f"min(arr_delay) {by('origin', more='ROWS UNBOUNDED PRECEDING')}")),
        ("fill_forward(arr_delay by carrier)", f"last_value(arr_delay IGNORE NULLS) {by('carrier', more='ROWS UNBOUNDED PRECEDING')}"),
        ("diff(distance by tailnum)", f"distance - lag(distance) {by('tailnum')}"),
        ("share(distance by carrier)", f"distance / sum(distance) {all_of('carrier')}"),
        ("zscore(arr_delay by month)", f"(arr_delay - avg(arr_delay) {all_of('month')}) / stddev_samp(arr_delay) {all_of('month')}"),
        ("date_diff(\"hour\", lag(time_hour by tailnum), time_hour)", f"date_diff('hour', lag(time_hour) {by('tailnum')}, time_hour)"),
        ("distance = max_of(distance by carrier) and rank(distance by dest) = 1", f"distance = max(distance) {all_of('carrier')} AND rank() {by('dest', order='distance')} = 1"),
    ],
    PIZZAS: [
        ("round(price * 1.1, 1)", "round((price * 1.1)::DECIMAL(20, 6), 1)"),
        ("date_time(date, time)", "date + time"),
        ("hour(time) * 100 + minute(time)", "hour(time) * 100 + minute(time)"),
        ("time > \"18:00\" and weekday(date) in (6, 7)", "time > TIME '18:00' AND isodow(date) IN (6, 7)"),
        ("case size when \"S\" then 1 when \"M\" then 2 when \"L\" then 3 else 4 end * price", "CASE size WHEN 'S' THEN 1 WHEN 'M' THEN 2 WHEN 'L' THEN 3 ELSE 4 END * price"),
        ("price > mean(price by type)", f"price > avg(price) {all_of('type')}"),
        ("upper(left(name, 1)) & substring(name, 2)", "upper(left(name, 1)) || substring(name, 2)"),
        ("number(split_part(id, \"-\", 2))", "split_part(id, '-', 2)::DOUBLE"),
        ("split_part(name, \"_\", 2)", "CASE WHEN contains(name, '_') THEN split_part(name, '_', 2) END"),
        ("date_diff(\"minute\", date_time(date), date_time(date, time))", "date_diff('minute', date::TIMESTAMP, date + time)"),
        ("elapsed(\"hour\", time, \"23:00\")", "trunc((82800 - (hour(time) * 3600 + minute(time) * 60 + second(time))) / 3600)"),
        ("month(date) & \"/\" & day(date)", "month(date) || '/' || day(date)"),
        ("week_start(date)", "date_trunc('week', date)::DATE"),
        ("sum(price by id) - cumsum(price by id)", f"sum(price) {all_of('id')} - sum(price) {by('id', more='ROWS UNBOUNDED PRECEDING')}"),
        ("count_distinct(name by id)", f"count(DISTINCT name) {all_of('id')}"),
        ("max_of(time by date)", f"max(time) {all_of('date')}"),
        ("type = mode(type)", "type = 'classic'"),
    ],
    ORDERS: [
        ("`금액(원)` * 1.1", "\"금액(원)\" * 1.1"),
        ("`금액(원)` // 1000 * 1000", "floor(\"금액(원)\" / 1000) * 1000"),
        ("if(크기 in (\"대\", \"특대\"), \"큰 것\", \"작은 것\")", "CASE WHEN 크기 IN ('대', '특대') THEN '큰 것' ELSE '작은 것' END"),
        ("length(종류) * 10 + length(메뉴)", "length(종류) * 10 + length(메뉴)"),
        ("left(종류, 1) & \"·\" & right(종류, 1)", "left(종류, 1) || '·' || right(종류, 1)"),
        ("substring(종류, 2)", "substring(종류, 2)"),
        ("replace(종류, \"클래식\", \"기본\")", "replace(종류, '클래식', '기본')"),
        ("extract(종류, \"[가-힣]$\")", "nullif(regexp_extract(종류, '[가-힣]$'), '')"),
        ("extract(메뉴, \"^[a-z]+\")", "nullif(regexp_extract(메뉴, '^[a-z]+'), '')"),
        ("주문일 >= \"2015-01-10\" and 시각 < \"12:00\"", "주문일 >= DATE '2015-01-10' AND 시각 < TIME '12:00'"),
        ("주문일 = \"2015년 1월 7일\"", "주문일 = DATE '2015-01-07'"),
        ("sum(`금액(원)` by 주문일)", "sum(\"금액(원)\") " + all_of("주문일")),
        ("rank(-`금액(원)` by 종류)", "rank() " + by("종류", order='"금액(원)" DESC')),
        ("round(`금액(원)` / sum(`금액(원)` by 주문번호), 3)", "round(\"금액(원)\" / sum(\"금액(원)\") " + all_of("주문번호") + ", 3)"),
        ("format_date(주문일, \"%Y년 %m월 %d일\")", "strftime(주문일, '%Y년 %m월 %d일')"),
        ("종류 < \"채소\"", "종류 < '채소'"),
    ],
}


def read(path):
    if path == FLIGHTS:
        frame = pd.read_csv(ROOT / path, keep_default_na=False, na_values=[""], float_precision="round_trip")
        frame["time_hour"] = pd.to_datetime(frame.time_hour, utc=True).dt.tz_convert(None)
    elif path == PIZZAS:
        frame = pd.read_csv(ROOT / path, float_precision="round_trip")
    else:
        frame = pd.read_csv(ROOT / path, encoding="cp949", thousands=",")
        frame["주문일"] = pd.to_datetime(frame["주문일"], format="%Y년 %m월 %d일").dt.date
    frame["i"] = range(len(frame))
    duckdb.sql("CREATE OR REPLACE TABLE t AS SELECT * FROM frame")
    if path == PIZZAS:
        duckdb.sql("CREATE OR REPLACE TABLE t AS SELECT * REPLACE (date::DATE AS date, time::TIME AS time) FROM t")
    if path == ORDERS:
        duckdb.sql("CREATE OR REPLACE TABLE t AS SELECT * REPLACE (주문일::DATE AS 주문일, 시각::TIME AS 시각) FROM t")
    return len(frame)


def number(value):
    """A value as one number: its own, a count of days or milliseconds, or a length."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, datetime.datetime):
        return round((value - EPOCH).total_seconds() * 1000)
    if isinstance(value, datetime.date):
        return (value - EPOCH.date()).days
    if isinstance(value, datetime.time):
        return (value.hour * 3600 + value.minute * 60 + value.second) * 1000
    return float(value)


def shown(value):
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, float) or hasattr(value, "as_tuple"):
        return float(value)
    return value


def is_missing(value):
    return value is None or isinstance(value, float) and math.isnan(value)


out = []
for path, cases in CASES.items():
    n = read(path)
    rows = sorted({n * k // 23 for k in range(23)} | {n - 1, 838, 1777})
    for formula, sql in cases:
        values = [v for (v,) in duckdb.sql(f"SELECT v FROM (SELECT i, {sql} AS v FROM t) ORDER BY i").fetchall()]
        assert len(values) == n
        present = [(i, number(v)) for i, v in enumerate(values) if not is_missing(v)]
        out.append({
            "data": path,
            "formula": formula,
            "sql": sql,
            "n_missing": n - len(present),
            "n_different": len({v for v in values if not is_missing(v)}),
            "sum": math.fsum(x for _, x in present),
            "by_row": math.fsum(x * (i % 1009) for i, x in present),
            "values": {str(i): None if is_missing(values[i]) else shown(values[i]) for i in rows if i < n},
        })
        print(formula, out[-1]["n_missing"], out[-1]["sum"])

text = json.dumps({"source": f"DuckDB {duckdb.__version__}; python make.py", "cases": out}, indent=1, ensure_ascii=False)
text = re.sub(r'"values": \{(.*?)\}', lambda m: '"values": {' + re.sub(r"\s*\n\s*", " ", m[1]).strip() + "}", text, flags=re.S)
(HERE / "duckdb.json").write_text(text + "\n")
