"""Computed columns, by pandas."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
import numpy as np
import pandas as pd
from reference import FLIGHTS, PENGUINS, read, write

PIZZAS = "../shared/data/pizzaplace.csv"
ORDERS = "../shared/data/orders_ko_cp949.csv"


def case(name, path, frame, columns, new, sums, rough=()):
    """`new` holds the expected columns by name; `sums` names those whose sums are compared (not deviations from a mean: theirs is nought but for rounding). Rounding
    may part equal values of a `rough` column."""
    def line(c):
        different = {} if c in rough else {"different": int(new[c].nunique())}
        return {"column": c, "missing": int(new[c].isna().sum())} | different

    lines = [line(c) for c, *_ in columns]
    values = {"columns": [dict(zip(("name", "formula", "missing"), c)) for c in columns]}
    n = len(frame)
    receipt = [{"rows": n, "share": 1.0}, {"rows": n, "share": 1.0}]
    write("transform.compute", name, "columns of a data frame", ["pandas"], path, values,
          {"tables": {"columns": lines, "receipt": receipt},
           "outputs": {"rows": {"n_rows": n, "sums": {s: float(new[s].sum()) for s in sums}}}}, 1e-11)


p = read(PENGUINS)
new = pd.DataFrame({
    "bill": p.bill_length_mm / p.bill_depth_mm,
    "kg": p.body_mass_g / 1000,
    "from_mean": p.body_mass_g - p.groupby(["species", "sex"], dropna=False).body_mass_g.transform("mean"),
    "size": pd.cut(p.body_mass_g / 1000, [0, 3.5, 5, 99], right=False, labels=["light", "middle", "heavy"]),
    "rank": p.groupby("island").flipper_length_mm.rank(method="min", ascending=False),
    "sex": p.sex.str[:1].str.upper().fillna("?"),
})
case("penguins", PENGUINS, p, [
    ("bill", "bill_length_mm / bill_depth_mm"),
    ("kg", "body_mass_g / 1000"),
    ("from_mean", "body_mass_g - mean(body_mass_g by species, sex)"),
    ("size", 'case when kg < 3.5 then "light" when kg < 5 then "middle" when kg >= 5 then "heavy" end'),
    ("rank", "rank(-flipper_length_mm by island)"),
    ("sex", "upper(left(sex, 1))", "?"),
], new, ["bill", "kg", "rank"], rough=["from_mean"])

f = read(FLIGHTS, keep_default_na=False, na_values=[""])
hours = pd.to_datetime(f.time_hour, utc=True)
speed = f.distance / f.air_time * 60
by_day = f.sort_index().groupby(["tailnum"], dropna=False)
new = pd.DataFrame({
    "speed": speed,
    "gained": f.dep_delay - f.arr_delay,
    "late": (f.arr_delay > 15).astype(float).where(f.arr_delay.notna()),
    "z": (f.arr_delay - f.groupby("carrier").arr_delay.transform("mean")) / f.groupby("carrier").arr_delay.transform("std"),
    "nth": by_day.cumcount() + 1,
    "before": by_day.dep_delay.shift(1),
    "week": hours.dt.isocalendar().week.astype(float),
    "filled": f.dep_delay.fillna(999),
})
case("flights", FLIGHTS, f, [
    ("speed", "distance / air_time * 60"),
    ("gained", "dep_delay - arr_delay"),
    ("late", "arr_delay > 15"),
    ("z", "zscore(arr_delay by carrier)"),
    ("nth", "row_number(by tailnum)"),
    ("before", "lag(dep_delay by tailnum)"),
    ("week", "week(time_hour)"),
    ("filled", "dep_delay", "999"),
], new, ["speed", "gained", "late", "nth", "before", "week", "filled"], rough=["z"])

z = read(PIZZAS)
spent = z.groupby("id").price.transform("sum")
new = pd.DataFrame({
    "spent": spent,
    "share": z.price / spent,
    "weekend": (pd.to_datetime(z.date).dt.dayofweek >= 5).astype(int),
    "hour": z.time.str[:2].astype(int),
    "number": z.id.str.split("-").str[1].astype(int),
    "kind": z.name.str.extract(r"_(\w+)$")[0],
})
case("pizzas", PIZZAS, z, [
    ("spent", "sum(price by id)"),
    ("share", "price / spent"),
    ("weekend", "weekday(date) in (6, 7)"),
    ("hour", "hour(time)"),
    ("number", 'number(split_part(id, "-", 2))'),
    ("kind", r'extract(name, "_(\w+)$")'),
], new, ["spent", "share", "weekend", "hour", "number"], rough=["spent", "share"])

o = read(ORDERS, encoding="cp949", thousands=",")
won = o["금액(원)"]
days = pd.to_datetime(o["주문일"], format="%Y년 %m월 %d일")
new = pd.DataFrame({
    "부가세": np.floor(won / 11 + 0.5),
    "큰 것": o["크기"].isin(["대", "특대"]).astype(int),
    "요일": days.dt.dayofweek + 1,
    "순위": won.groupby(o["주문일"]).rank(method="min", ascending=False),
})
case("korean_orders", ORDERS, o, [
    ("부가세", "round(`금액(원)` / 11)"),
    ("큰 것", '크기 in ("대", "특대")'),
    ("요일", "weekday(주문일)"),
    ("순위", "rank(-`금액(원)` by 주문일)"),
], new, ["부가세", "큰 것", "요일", "순위"])
