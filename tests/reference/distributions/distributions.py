"""Tail probabilities and quantiles to 17 digits, from mpmath at 400 digits.

    pip install mpmath==1.4.1 && python distributions.py > distributions.json

The regularised incomplete beta and gamma functions are summed from their defining positive
series (DLMF 8.17.8 with 15.8.1, and 8.7.1) on whichever side converges faster, so nothing here
shares a method with the code under test.
"""

import json
import math

from mpmath import mp, mpf, beta, exp, gamma, log, ncdf, sqrt

mp.dps = 400


def beta_tails(a, b, w):
    """Both tails of the beta distribution at odds w."""
    x, y = w / (1 + w), 1 / (1 + w)

    def series(a, b, x, y):
        term = total = mpf(1)
        n = 0
        while True:
            term *= x * (a + b + n) / (a + 1 + n)
            total += term
            n += 1
            if term < total * mpf(10) ** -(mp.dps - 5):
                break
        return exp(a * log(x) + b * log(y)) * total / (a * beta(a, b))

    if x < y:
        lower = series(a, b, x, y)
        return lower, 1 - lower
    upper = series(b, a, y, x)
    return 1 - upper, upper


def gamma_tails(a, x):
    term = total = mpf(1)
    n = 0
    while True:
        n += 1
        term *= x / (a + n)
        total += term
        if term < total * mpf(10) ** -(mp.dps - 5):
            break
    lower = exp(a * log(x) - x) * total / gamma(a + 1)
    return lower, 1 - lower


def t_tails(t, df):
    _, upper = beta_tails(mpf(1) / 2, df / 2, t * t / df)
    return (1 - upper / 2, upper / 2) if t > 0 else (upper / 2, 1 - upper / 2)


def record(cases, name, arguments, tails, density):
    lower, upper = tails
    if min(lower, upper) > mpf(10) ** -300:
        cases.append({
            "distribution": name,
            "arguments": arguments,
            "lower": float(lower),
            "upper": float(upper),
            "pdf": float(density),
        })


cases = []
for x in [0.0, 1e-10, 0.3, -0.3, 1.0, 1.959963984540054, -2.5, 4.0, 5.7, -8.3, 15.0, -22.5, 30.0, 36.9]:
    X = mpf(x)
    mp.dps = 400
    record(cases, "normal", [x], (ncdf(X), ncdf(-X)), exp(-X * X / 2) / sqrt(2 * mp.pi))
for df in [0.3, 1.0, 1.5, 2.0, 4.37, 10.0, 29.0, 87.21, 344.0, 1000.5, 336775.0, 1e6]:
    for t in [1e-8, 0.01, -0.7, 1.0, 1.96, -3.3, 6.0, 12.5, 37.0, 150.0, -1e4, 1e8]:
        if abs(t) > 40 and df > 400:
            continue
        T, D = mpf(t), mpf(df)
        density = (1 + T * T / D) ** (-(D + 1) / 2) / (sqrt(D) * beta(mpf(1) / 2, D / 2))
        record(cases, "student_t", [t, df], t_tails(T, D), density)
for df in [0.3, 1.0, 2.0, 3.7, 10.0, 55.5, 400.0, 5000.0, 1e5, 1e6]:
    for scale in [1e-12, 1e-3, 0.3, 0.8, 0.97, 1.0, 1.01, 1.2, 2.0, 5.0, 30.0, 600.0]:
        x = scale * df
        if df >= 5000 and not 0.8 <= scale <= 1.2 or x > 3000 and scale >= 5:
            continue
        X, A = mpf(x) / 2, mpf(df) / 2
        if df >= 1e5 and scale not in (0.97, 1.0, 1.01):
            continue
        density = exp((A - 1) * log(X) - X) / (2 * gamma(A))
        record(cases, "chi_squared", [x, df], gamma_tails(A, X), density)
for df1, df2 in [(1, 1), (1, 7.5), (2, 10), (3, 341), (5.5, 2.2), (12, 30), (20, 999979),
                 (10, 336765), (300, 40.5), (5000, 7000), (1, 1e6)]:
    for f in [1e-9, 0.02, 0.6, 0.95, 1.0, 1.1, 2.5, 4.0, 9.0, 40.0, 700.0, 1e6]:
        if df1 >= 5000 and not 0.6 <= f <= 2.5 or df2 > 1e5 and f > 700:
            continue
        F, A, B = mpf(f), mpf(df1) / 2, mpf(df2) / 2
        w = F * A / B
        density = exp(A * log(w) - (A + B) * log(1 + w)) / (F * beta(A, B))
        record(cases, "f", [f, float(df1), float(df2)], beta_tails(A, B, w), density)
for a, b in [(0.5, 0.5), (1, 1), (0.05, 3), (2, 0.3), (4, 6), (31, 970), (120.5, 80.25),
             (1200, 98800), (30001, 970001)]:
    mean = a / (a + b)
    for x in [1e-12, 0.1 * mean, 0.7 * mean, 0.98 * mean, mean, 1.02 * mean, 1.5 * mean, 0.5, 0.9, 0.999999]:
        if not 0 < x < 1 or a + b > 1e5 and not 0.9 < x / mean < 1.2 or a + b > 5e3 and x / mean > 2:
            continue
        X, A, B = mpf(x), mpf(a), mpf(b)
        density = X ** (A - 1) * (1 - X) ** (B - 1) / beta(A, B)
        record(cases, "beta", [x, float(a), float(b)], beta_tails(A, B, X / (1 - X)), density)

quantiles = []
mp.dps = 320


def solve(name, parameters, p, tail, start):
    """The point with this tail, by secant steps on ln tail over ln x."""
    P = mpf(p)

    def excess(u):
        x = exp(u)
        d = [mpf(v) for v in parameters]
        if name == "student_t":
            tails = t_tails(x, d[0])
        elif name == "chi_squared":
            tails = gamma_tails(d[0] / 2, x / 2)
        elif name == "f":
            tails = beta_tails(d[0] / 2, d[1] / 2, x * d[0] / d[1])
        elif name == "beta_odds":
            tails = beta_tails(d[0], d[1], x)
        else:
            tails = (ncdf(x), ncdf(-x))
        return log(tails[0] if tail == "lower" else tails[1]) - log(P)

    low = high = log(mpf(start if 1e-300 < start < 1e300 else 1))
    step = mpf("0.01")
    while excess(low) * excess(high) > 0:
        low, high, step = low - step, high + step, 2 * step
    f_low, f_high = excess(low), excess(high)
    while abs(high - low) > mpf(10) ** -30:  # Illinois false position
        u = high - f_high * (high - low) / (f_high - f_low)
        f = excess(u)
        if f * f_high <= 0:
            low, f_low = high, f_high
        else:
            f_low /= 2
        high, f_high = u, f
        if abs(f) < mpf(10) ** -40:
            break
    u = high
    x = exp(u)
    if name == "beta_odds":
        name, x = "beta", x / (1 + x)
    quantiles.append({"distribution": name, "parameters": parameters, "p": p, "tail": tail, "x": float(x)})


from scipy import stats  # for starting points only

for p in [0.4999, 0.3, 0.0751, 0.025, 1e-5, 1e-40, 1e-290]:
    solve("normal", [], p, "upper", stats.norm.isf(p))
    for df in [0.3, 1.0, 4.37, 29.0, 1000.5, 1e6]:
        if p < 1e-5 and df > 100 or p < 1e-5 and df < 4:
            continue
        solve("student_t", [df], p, "upper", stats.t.isf(p, df))
for p in [0.6, 0.3, 0.05, 1e-4, 1e-12]:
    for tail in ["lower", "upper"]:
        def start(d):
            return d.ppf(p) if tail == "lower" else d.isf(p)
        for df in [0.3, 1.0, 3.7, 55.5, 5000.0]:
            solve("chi_squared", [df], p, tail, start(stats.chi2(df)))
        for df1, df2 in [(1.0, 7.5), (3.0, 341.0), (5.5, 2.2), (20.0, 999979.0)]:
            solve("f", [df1, df2], p, tail, start(stats.f(df1, df2)))
        for a, b in [(0.5, 0.5), (2.0, 0.3), (31.0, 970.0), (1200.0, 98800.0)]:
            x = start(stats.beta(a, b))
            if 0 < x < 0.9999:
                solve("beta_odds", [a, b], p, tail, x / (1 - x))

print("{\"cases\": [")
print(",\n".join(json.dumps(c) for c in cases))
print("], \"quantiles\": [")
print(",\n".join(json.dumps(q) for q in quantiles))
print("]}")
