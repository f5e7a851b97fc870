"""Scalers of scikit-learn, logarithms of NumPy, and powers of the largest likelihood: λ by root finding on the
derivative of the profile likelihood in 40 digits (mpmath), held against SciPy's and scikit-learn's own search."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
import numpy as np
import pandas as pd
from mpmath import mp, mpf
from mpmath import log as ln
from reference import FLIGHTS, LOANS, PENGUINS, read, write
from scipy import stats
from sklearn import preprocessing as sk

mp.dps = 40


def case(name, path, frame, columns, values, scaled, parameters=None, tolerance=1e-11, place="new", tools=("scikit-learn", "numpy"), **more):
    """`scaled` is an array of the new columns, `parameters` a line for each."""
    table = {c if place == "replace" else f"{c}_scaled": pd.Series(scaled[:, i]) for i, c in enumerate(columns)}
    out = {"n_rows": len(frame)}
    if len(frame) < 1000:
        out["columns"] = table
    else:
        out["sums"] = {k: v.sum() for k, v in table.items()} if more.pop("sums", True) else {}
        out["absolute_sums"] = {k: v.abs().sum() for k, v in table.items()}
    expected = {"outputs": {"scaled": out}}
    if parameters:
        lines = [{"column": c, "n": int(frame[c].notna().sum())} | line for c, line in zip(columns, parameters)]
        expected["tables"] = {"parameters": lines}
    write("transform.scale", name, "scalers and power transforms", tools, path,
          {"columns": columns, "place": place} | values, expected, tolerance, **more)


def skews(x, y):
    g1 = lambda v: stats.skew(v, nan_policy="omit", bias=False)
    return {"skewness_before": float(g1(x)), "skewness_after": float(g1(y))}


def power_of(values, family):
    """The zero of the derivative of −2/n ln L by λ, from SciPy's λ."""
    xs = [mpf(float(v)) for v in values]
    n = len(xs)

    def slope(k):
        ys, ds = [], []
        for x in xs:
            if family == "box-cox" or x >= 0:
                s = ln(x) if family == "box-cox" else ln(1 + x)
                a, sign, inner = k, 1, 1
            else:
                s, a, sign, inner = ln(1 - x), 2 - k, -1, -1
            e = mp.e ** (a * s)
            y = (e - 1) / a
            ys.append(sign * y)
            ds.append(sign * inner * (s * e - y) / a)
        ym, dm = sum(ys) / n, sum(ds) / n
        covariance = sum((y - ym) * (d - dm) for y, d in zip(ys, ds))
        jacobian = sum(ln(x) for x in xs) if family == "box-cox" else sum(mp.sign(x) * ln(1 + abs(x)) for x in xs)
        return 2 * covariance / sum((y - ym) ** 2 for y in ys) - 2 * jacobian / n

    start = stats.boxcox(values)[1] if family == "box-cox" else stats.yeojohnson(values)[1]
    found = mp.findroot(slope, (mpf(start) - mpf("1e-4"), mpf(start) + mpf("1e-4")), solver="secant", tol=1e-50)
    theirs = sk.PowerTransformer(family).fit(np.asarray(values)[:, None]).lambdas_[0]
    assert abs(found - start) < 1e-5 * max(1, abs(start)), (found, start)
    assert abs(found - theirs) < 1e-5 * max(1, abs(theirs)), (found, theirs)
    return float(found)


def powers(name, path, frame, columns, family, standardise=True, **more):
    scaled, lines = [], []
    for c in columns:
        x = frame[c].to_numpy(float)
        finite = x[~np.isnan(x)]
        k = power_of(finite, family)
        y = np.full(len(x), np.nan)
        y[~np.isnan(x)] = stats.boxcox(finite, k) if family == "box-cox" else stats.yeojohnson(finite, k)
        line = {"lambda": k} | skews(x, y)
        if standardise:
            line |= {"mean": float(np.nanmean(y)), "sd": float(np.nanstd(y))}
            y = (y - np.nanmean(y)) / np.nanstd(y)
        scaled.append(y)
        lines.append(line)
    values = {"method": family.replace("-", "_"), "standardise": standardise}
    case(name, path, frame, columns, values, np.array(scaled).T, lines, 1e-8, tools=("scipy", "scikit-learn", "mpmath"), **more)


p = read(PENGUINS)
two = ["bill_length_mm", "body_mass_g"]
s = sk.StandardScaler().fit(p[two])
case("standard", PENGUINS, p, two, {}, s.transform(p[two]), [{"mean": m, "sd": d} for m, d in zip(s.mean_, s.scale_)])
z = (p[two] - p[two].mean()) / p[two].std(ddof=1)
case("standard_as_r", PENGUINS, p, two, {"divisor": "n_minus_1"}, z.to_numpy(), [{"sd": float(p[c].std(ddof=1))} for c in two], place="replace")
s = sk.MinMaxScaler((-1, 1)).fit(p[two])
case("min_max", PENGUINS, p, two, {"method": "min_max", "low": -1, "high": 1}, s.transform(p[two]),
     [{"min": m, "range": r} for m, r in zip(s.data_min_, s.data_range_)])
case("max_abs", PENGUINS, p, two, {"method": "max_abs"}, sk.MaxAbsScaler().fit_transform(p[two]), [{"max_abs": float(p[c].max())} for c in two])
s = sk.RobustScaler().fit(p[two])
case("robust", PENGUINS, p, two, {"method": "robust"}, s.transform(p[two]), [{"median": m, "iqr": r} for m, r in zip(s.center_, s.scale_)])
for kind in ["uniform", "normal"]:
    for n in [1000, 20]:
        s = sk.QuantileTransformer(n_quantiles=min(n, 342), output_distribution=kind, subsample=None)
        s.fit(p[two])
        if n > 342:
            # With as many quantiles as values they are the values; rounding would part equal ones.
            s.quantiles_ = np.sort(p[two].dropna().to_numpy(), axis=0)
        y = s.transform(p[two])
        case(f"quantiles_{kind}_{n}", PENGUINS, p, two, {"method": kind, "n_quantiles": n}, y,
             [{"n_quantiles": min(n, 342)} | skews(p[c], y[:, i]) for i, c in enumerate(two)], 1e-9)
for base, f in [("e", np.log), ("two", np.log2), ("ten", np.log10)]:
    y = f(p[two]).to_numpy()
    case(f"log_{base}", PENGUINS, p, two, {"method": "log", "base": base}, y, [skews(p[c], y[:, i]) for i, c in enumerate(two)])
l = read(LOANS)
loans = ["annual_income", "months_since_last_delinq", "total_debit_limit"]
y = np.log1p(l[loans]).to_numpy()
case("log1p_loans", LOANS, l, loans, {"method": "log1p", "base": "ten"}, y / np.log(10), [skews(l[c], y[:, i]) for i, c in enumerate(loans)])
norm = sk.Normalizer().fit_transform(p[two].dropna())
full = np.full((len(p), 2), np.nan)
full[p[two].notna().all(axis=1)] = norm
case("unit_rows", PENGUINS, p, two, {"method": "unit"}, full)
powers("box_cox", PENGUINS, p, ["body_mass_g", "bill_depth_mm"], "box-cox")
powers("box_cox_plain", PENGUINS, p, ["flipper_length_mm"], "box-cox", False)
powers("yeo_johnson", PENGUINS, p, ["body_mass_g", "bill_depth_mm"], "yeo-johnson")
f = read(FLIGHTS)
d = ["dep_delay", "arr_delay", "distance"]
s = sk.RobustScaler().fit(f[d])
case("flights_robust", FLIGHTS, f, d, {"method": "robust"}, s.transform(f[d]), [{"median": m, "iqr": r} for m, r in zip(s.center_, s.scale_)])
z = sk.QuantileTransformer(n_quantiles=1000, subsample=None, output_distribution="normal").fit_transform(f[d])
case("flights_normal", FLIGHTS, f, d, {"method": "normal"}, z, tolerance=1e-9, sums=False)
powers("yeo_johnson_loans", LOANS, l, ["annual_income", "debt_to_income"], "yeo-johnson", sums=False)
CHILE = "../shared/data/chile_poll.csv"
powers("yeo_johnson_both_signs", CHILE, read(CHILE), ["statusquo"], "yeo-johnson", sums=False)
