"""Parts of dates by pandas, whole months and years by dateutil's relativedelta."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
import pandas as pd
from dateutil.relativedelta import relativedelta
from reference import FLIGHTS, read, write

ORDERS = "tests/data/orders.csv"
PIZZAS = "../shared/data/pizzaplace.csv"
NO_PARTS = {"year": False, "month": False, "weekday": False}


def case(name, path, frame, column, values, made, tables=None):
    out = {"n_rows": len(frame)}
    plain = lambda v: v.astype(float) if v.dtype == "UInt32" else v
    made = {f"{column}_{k}": plain(v) for k, v in made.items()}
    if len(frame) < 1000:
        out["columns"] = {k: v.dt.strftime("%Y-%m-%d") if v.dtype.kind == "M" else v for k, v in made.items()}
    else:
        days = lambda v: (v - pd.Timestamp(0)).dt.days if v.dtype.kind == "M" else v
        out["sums"] = {k: days(v).sum() for k, v in made.items()}
    expected = {"outputs": {"dated": out}} | ({"tables": tables} if tables else {})
    write("transform.date_parts", name, "pandas.Series.dt, dateutil.relativedelta", ["pandas", "python-dateutil"], path,
          {"column": column} | values, expected, 1e-12)


def parts(t, start=4):
    day = t.dt.normalize()
    iso = t.dt.isocalendar()
    ends = pd.PeriodIndex(day, freq=pd.offsets.QuarterEnd(startingMonth=(start + 10) % 12 + 1).freqstr.replace("QE", "Q"))
    return {
        "year": t.dt.year, "quarter": t.dt.quarter, "month": t.dt.month, "iso_year": iso.year, "iso_week": iso.week,
        "day": t.dt.day, "day_of_year": t.dt.dayofyear, "weekday": t.dt.weekday + 1, "hour": t.dt.hour, "minute": t.dt.minute,
        "date": day, "week_start": day - pd.to_timedelta(t.dt.weekday, unit="D"), "month_start": day.dt.to_period("M").dt.start_time,
        "quarter_start": day.dt.to_period("Q").dt.start_time, "fiscal_year": pd.Series(ends.qyear, t.index), "fiscal_quarter": pd.Series(ends.quarter, t.index),
    }


ALL = ["year", "quarter", "month", "iso_week", "day", "day_of_year", "weekday", "hour", "minute", "date", "week_start", "month_start", "quarter_start", "fiscal_year"]
o = read(ORDERS)
ordered, delivered = pd.to_datetime(o.ordered), pd.to_datetime(o.delivered)
case("orders", ORDERS, o, "ordered", {k: True for k in ALL}, parts(ordered))
october = parts(ordered, 10)
case("fiscal_october", ORDERS, o, "ordered", NO_PARTS | {"fiscal_year": True, "fiscal_start": 10}, {k: october[k] for k in ["fiscal_year", "fiscal_quarter"]})
known = delivered[delivered.notna()]
dates = {k: v.reindex(o.index) for k, v in parts(known).items()}
sunday = (known - pd.to_timedelta((known.dt.weekday + 1) % 7, unit="D")).reindex(o.index)
case("missing_dates", ORDERS, o, "delivered", {"iso_week": True, "week_start": True, "week_starts": "sunday", "weekday": False},
     {k: dates[k] for k in ["year", "month", "iso_year", "iso_week"]} | {"week_start": sunday})
names = delivered.dt.day_name().str[:3]
case("names", ORDERS, o, "delivered", {"year": False, "names": "english"}, {"month": delivered.dt.month_name().str[:3], "weekday": names})

z = read(PIZZAS)
t = pd.to_datetime(z.date)
case("pizza_days", PIZZAS, z, "date", {k: True for k in ALL if k not in ["hour", "minute", "date"]},
     {k: v for k, v in parts(t).items() if k not in ["hour", "minute", "date"]})
clock = pd.to_datetime(z.time, format="%H:%M:%S")
case("pizza_hours", PIZZAS, z, "time", NO_PARTS | {"hour": True, "minute": True}, {"hour": clock.dt.hour, "minute": clock.dt.minute})
f = read(FLIGHTS)
hours = pd.to_datetime(f.time_hour, utc=True).dt.tz_localize(None)
case("flight_hours", FLIGHTS, f, "time_hour", {"iso_week": True, "hour": True, "day_of_year": True},
     {k: parts(hours)[k] for k in ["year", "month", "weekday", "iso_year", "iso_week", "hour", "day_of_year"]})


def difference(name, path, frame, column, start, end, unit, exact, values):
    there = exact.dropna()
    line = {"n": len(there), "missing": len(exact) - len(there), "negative": int((there < 0).sum()),
            "min": there.min(), "median": there.median(), "mean": there.mean(), "max": there.max()}
    case(name, path, frame, column, NO_PARTS | {"unit": unit} | values, {unit: exact}, {"difference": [line]})


to_delivery = {"until": "column", "until_column": "delivered"}
# Orders have a time of day and deliveries have none: days and weeks are those of the calendar.
days, exact = delivered - ordered.dt.normalize(), delivered - ordered
for unit, gap, length in [("days", days, 86400), ("weeks", days, 604800), ("hours", exact, 3600), ("minutes", exact, 60)]:
    difference(f"difference_{unit}", ORDERS, o, "ordered", ordered, delivered, unit, gap.dt.total_seconds() / length, to_delivery)
whole = (exact.dt.total_seconds() / 3600).apply(lambda v: float(int(v)) if v == v else v)
difference("difference_whole_hours", ORDERS, o, "ordered", ordered, delivered, "hours", whole, to_delivery | {"completed": True})
weeks = (days.dt.total_seconds() / 604800).apply(lambda v: float(int(v)) if v == v else v)
difference("difference_whole_weeks", ORDERS, o, "delivered", delivered, ordered, "weeks", -weeks, {"until": "column", "until_column": "ordered", "completed": True})
noon = pd.Timestamp("2024-04-01 12:00")
difference("days_until_noon", ORDERS, o, "ordered", ordered, noon, "days", (noon - ordered).dt.total_seconds() / 86400, {"until": "date", "until_date": "2024-04-01 12:00:00"})


def months(a, b):
    r = relativedelta(b, a)
    return r.years * 12 + r.months


def fraction(a, b, unit):
    """Whole periods and the share of the next one that has passed."""
    n = months(a, b) // unit
    low, high = a + relativedelta(months=n * unit), a + relativedelta(months=(n + 1) * unit)
    return n + (b - low) / (high - low)


end = pd.Timestamp("2024-12-31")
difference("months_until_a_day", ORDERS, o, "ordered", ordered, end, "months", ordered.dt.normalize().map(lambda a: fraction(a, end, 1)), {"until": "date", "until_date": "2024-12-31"})
difference("whole_months", ORDERS, o, "ordered", ordered, end, "months", ordered.dt.normalize().map(lambda a: float(months(a, end))), {"until": "date", "until_date": "2024-12-31", "completed": True})
difference("years_until_a_day", ORDERS, o, "delivered", delivered, end, "years", delivered.map(lambda a: fraction(a, end, 12) if a == a else float("nan")),
           {"until": "date", "until_date": "2024-12-31"})
age = pd.Timestamp("2030-02-28")
difference("pizza_ages", PIZZAS, z, "date", t, age, "years", t.map({d: float(relativedelta(age, d).years) for d in t.unique()}),
           {"until": "date", "until_date": "2030-02-28", "completed": True})
