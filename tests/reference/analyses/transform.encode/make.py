"""Indicators by pandas.get_dummies, places by scikit-learn's OrdinalEncoder, means by its TargetEncoder."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
import numpy as np
import pandas as pd
from reference import FLIGHTS, LOANS, PENGUINS, read, write
from sklearn.model_selection import KFold, PredefinedSplit
from sklearn.preprocessing import OrdinalEncoder, TargetEncoder


def case(name, path, frame, columns, values, made, tables=None, tolerance=1e-12):
    out = {"n_rows": len(frame)}
    if len(frame) < 1000:
        out["columns"] = made
    else:
        out["sums"] = {k: pd.Series(v).sum() for k, v in made.items()}
    expected = {"outputs": {"encoded": out}} | ({"tables": tables} if tables else {})
    write("transform.encode", name, "get_dummies, OrdinalEncoder, TargetEncoder", ["pandas", "scikit-learn"], path,
          {"columns": columns} | values, expected, tolerance)


def dummies(frame, columns, **options):
    made = {}
    for c in columns:
        d = pd.get_dummies(frame[c], prefix=c, dtype=int, **options)
        d.columns = [f"{c}_missing" if n.endswith("_nan") else n for n in d.columns]
        made |= {n: d[n] for n in d.columns if n != f"{c}_missing" or frame[c].isna().any()}
    return made


p = read(PENGUINS)
both = ["species", "sex"]
case("one_hot", PENGUINS, p, both, {"values": "numbers"}, dummies(p, both, dummy_na=True))
case("one_hot_drop_first", PENGUINS, p, both, {"values": "numbers", "drop_first": True, "missing": "zeros"}, dummies(p, both, drop_first=True))
d = dummies(p, ["sex"])
case("one_hot_missing", PENGUINS, p, ["sex"], {"values": "numbers", "missing": "missing"}, {n: v.where(p.sex.notna()) for n, v in d.items()})
e = OrdinalEncoder(encoded_missing_value=np.nan)
case("ordinal", PENGUINS, p, both, {"method": "ordinal"}, {f"{c}_code": pd.Series(v) for c, v in zip(both, e.fit_transform(p[both]).T)})
counts = p.island.value_counts()
case("ordinal_frequency", PENGUINS, p, ["island"], {"method": "ordinal", "order": "frequency", "start": 1},
     {"island_code": p.island.map({c: i + 1 for i, c in enumerate(counts.index)})},
     {"codes_1": [{"level": c, "number": i + 1, "rows": n} for i, (c, n) in enumerate(counts.items())]})
case("ordinal_appearance", PENGUINS, p, ["island"], {"method": "ordinal", "order": "appearance"}, {"island_code": pd.factorize(p.island)[0]})


def target(name, path, frame, columns, outcome, y, smooth, values, cv=None, **more):
    """All rows with an outcome; missing levels are a level, as in TargetEncoder."""
    x = frame[columns].astype(object).where(frame[columns].notna(), "\uffff")
    if cv is None:
        e = TargetEncoder(smooth=smooth, target_type="continuous").fit(x[y.notna()], y[y.notna()])
        new = e.transform(x)
    else:
        e = TargetEncoder(smooth=smooth, target_type="continuous", cv=cv)
        new = e.fit_transform(x, y)
    tables = {}
    for i, c in enumerate(columns):
        # A level without an outcome is unknown to the encoder and has the overall mean.
        learnt = dict(zip(e.categories_[i], e.encodings_[i]))
        means = y.groupby(x[c]).agg(["mean", "count"])
        lines = [{"level": "Missing" if level == "\uffff" else level, "value": learnt.get(level, e.target_mean_),
                  "mean": means["mean"][level], "used": means["count"][level]} for level in means.index]
        tables[f"levels_{i + 1}"] = lines + [{"level": "All rows", "mean": e.target_mean_}]
    values = {"method": "target", "outcome": outcome, "smoothing": "auto" if smooth == "auto" else "rows"} | values
    if smooth != "auto":
        values["weight"] = smooth
    case(name, path, frame, columns, values, {f"{c}_mean": new[:, i] for i, c in enumerate(columns)}, tables if more.get("tables", True) else None, 1e-11)


c = ["species", "island", "sex"]
target("target_auto", PENGUINS, p, c, "body_mass_g", p.body_mass_g, "auto", {"folds": "none"})
target("target_rows", PENGUINS, p, c, "body_mass_g", p.body_mass_g, 25.0, {"folds": "none"})
male = (p.sex == "male").where(p.sex.notna()).astype(float)
target("target_of_a_level", PENGUINS, p, ["species", "island"], "sex", male, 10.0, {"folds": "none", "event": "male"})
target("target_folds_in_order", PENGUINS, p, c, "year", p.year, "auto", {"folds": "order"}, KFold(5))
target("target_folds_by_column", PENGUINS, p, ["species", "sex"], "year", p.year, 5.0, {"folds": "column", "fold_column": "island"},
       PredefinedSplit(pd.factorize(p.island, sort=True)[0]))
l = read(LOANS)
target("target_loans", LOANS, l, ["state", "loan_purpose", "homeownership"], "interest_rate", l.interest_rate, "auto", {"folds": "order", "n_folds": 7}, KFold(7))
f = read(FLIGHTS, keep_default_na=False, na_values=[""])
target("target_flights", FLIGHTS, f, ["dest", "carrier"], "arr_delay", f.arr_delay, 100.0, {"folds": "none"})
