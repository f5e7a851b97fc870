"""Rows kept, and sums of columns in them, by pandas."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
import pandas as pd
from reference import FLIGHTS, LOANS, PENGUINS, read, write

PIZZAS = "../shared/data/pizzaplace.csv"
ORDERS = "../shared/data/orders_ko_cp949.csv"


def case(name, path, frame, conditions, masks, sums, join="all"):
    """`masks` say of each condition which rows fit; a missing value fits no comparison."""
    kept = masks[0]
    for mask in masks[1:]:
        kept = kept & mask if join == "all" else kept | mask
    rows = frame[kept]
    n = len(frame)
    line = lambda c: {"rows": c, "share": c / n}
    alone = [line(m.sum()) for m in masks]
    steps, left = [], frame
    for mask in masks if join == "all" else [kept]:
        after = left[mask[left.index]]
        steps.append(line(len(after)) | {"dropped": len(left) - len(after)})
        left = after
    receipt = [line(n) | {"dropped": None}, *steps, line(len(rows)) | {"dropped": None}]
    values = {"conditions": [dict(zip(("column", "is", "value"), c)) for c in conditions], "join": join}
    write("transform.filter", name, "masks of a data frame", ["pandas"], path, values,
          {"tables": {"receipt": receipt} | ({"conditions": alone} if len(alone) > 1 else {}), "outputs": {"rows": {"n_rows": len(rows), "sums": {s: rows[s].sum() for s in sums}}}}, 1e-12)


p = read(PENGUINS)
case("heavy_males", PENGUINS, p, [("body_mass_g", "at_least", "4500"), ("sex", "equal", "male")],
     [p.body_mass_g >= 4500, p.sex == "male"], ["body_mass_g", "bill_length_mm"])
case("short_or_unsexed", PENGUINS, p, [("bill_length_mm", "less", "35"), ("sex", "missing")],
     [p.bill_length_mm < 35, p.sex.isna()], ["bill_length_mm", "year"], "any")
case("not_equal_is_not_missing", PENGUINS, p, [("species", "not_equal", "Adelie"), ("sex", "not_equal", "male"), ("bill_depth_mm", "not_equal", "15.0")],
     [p.species != "Adelie", p.sex.notna() & (p.sex != "male"), p.bill_depth_mm.notna() & (p.bill_depth_mm != 15)], ["bill_depth_mm"])
case("some_islands", PENGUINS, p, [("island", "one_of", "Dream; Torgersen"), ("year", "more", "2007"), ("flipper_length_mm", "one_of", "190; 195;198")],
     [p.island.isin(["Dream", "Torgersen"]), p.year > 2007, p.flipper_length_mm.isin([190, 195, 198])], ["flipper_length_mm", "body_mass_g"])
case("contains", PENGUINS, p, [("species", "contains", "in"), ("sex", "present"), ("body_mass_g", "at_most", "3,700")],
     [p.species.str.contains("in"), p.sex.notna(), p.body_mass_g <= 3700], ["body_mass_g"])

f = read(FLIGHTS, keep_default_na=False, na_values=[""])
hours = pd.to_datetime(f.time_hour, utc=True)
case("late_flights", FLIGHTS, f, [("dep_delay", "more", "60"), ("carrier", "one_of", "UA;AA;DL"), ("arr_delay", "present")],
     [f.dep_delay > 60, f.carrier.isin(["UA", "AA", "DL"]), f.arr_delay.notna()], ["arr_delay", "distance", "air_time"])
case("flights_of_june", FLIGHTS, f, [("time_hour", "at_least", "2013-06-01 00:00:00"), ("time_hour", "less", "2013-07-01T00:00:00Z")],
     [hours >= "2013-06-01T00:00Z", hours < "2013-07-01T00:00Z"], ["distance", "dep_delay"])
case("cancelled_or_far", FLIGHTS, f, [("dep_time", "missing"), ("distance", "at_least", "4000")],
     [f.dep_time.isna(), f.distance >= 4000], ["distance", "month", "sched_dep_time"], "any")
case("text_in_its_order", FLIGHTS, f, [("origin", "more", "EWR"), ("dest", "less", "BOS"), ("tailnum", "contains", "N1")],
     [f.origin > "EWR", f.dest < "BOS", f.tailnum.str.contains("N1", na=False, regex=False)], ["distance", "flight"])

z = read(PIZZAS)
case("dates_and_times", PIZZAS, z, [("date", "at_least", "2015-06-15"), ("date", "at_most", "2015/6/30"), ("time", "less", "12:00:00")],
     [z.date >= "2015-06-15", z.date <= "2015-06-30", z.time < "12:00:00"], ["price"])
o = read(ORDERS, encoding="cp949", thousands=",")
days = pd.to_datetime(o["주문일"], format="%Y년 %m월 %d일")
case("korean_orders", ORDERS, o, [("주문일", "at_least", "2015-01-15"), ("금액(원)", "more", "20,000"), ("크기", "equal", "대")],
     [days >= "2015-01-15", o["금액(원)"] > 20000, o["크기"] == "대"], ["금액(원)"])
loans = read(LOANS)
case("loans", LOANS, loans, [("debt_to_income_joint", "less", "20"), ("months_since_last_delinq", "missing"), ("loan_purpose", "not_equal", "other")],
     [loans.debt_to_income_joint < 20, loans.months_since_last_delinq.isna(), loans.loan_purpose != "other"], ["loan_amount", "annual_income_joint"])


def by_formula(name, path, frame, formula, mask, sums):
    """`mask` is missing where a missing value leaves the formula open."""
    n = len(frame)
    known = mask.dropna().astype(bool)
    rows = frame.loc[known.index[known]]
    line = lambda rows, dropped: {"rows": rows, "share": rows / n, "dropped": dropped}
    after = n - int((~known).sum())
    receipt = [line(n, None), line(after, n - after)]
    if len(known) < n:
        receipt.append(line(len(rows), after - len(rows)))
    receipt.append(line(len(rows), None))
    values = {"by": "formula", "formula": formula}
    write("transform.filter", name, "masks of a data frame with missing truth values", ["pandas"], path, values,
          {"tables": {"receipt": receipt}, "outputs": {"rows": {"n_rows": len(rows), "sums": {s: rows[s].sum() for s in sums}}}}, 1e-12)


delay, arrival = f.dep_delay.astype("Float64"), f.arr_delay.astype("Float64")
by_formula("formula_three_values", FLIGHTS, f, 'dep_delay > 60 and carrier in ("UA", "AA") or arr_delay < -40',
           (delay > 60) & f.carrier.isin(["UA", "AA"]) | (arrival < -40), ["distance", "flight"])
by_formula("formula_of_groups", FLIGHTS, f, "arr_delay > 10 * mean(arr_delay by carrier) and hour(time_hour) >= 20",
           (arrival > 10 * f.groupby("carrier").arr_delay.transform("mean")) & (hours.dt.hour >= 20), ["distance", "arr_delay"])
by_formula("formula_korean", ORDERS, o, '크기 = "대" and `금액(원)` > median(`금액(원)` by 종류) and 주문일 >= "2015-01-15"',
           ((o["크기"] == "대") & (o["금액(원)"] > o.groupby("종류")["금액(원)"].transform("median")) & (days >= "2015-01-15")).astype("boolean"), ["금액(원)"])
