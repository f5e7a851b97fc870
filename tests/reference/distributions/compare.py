"""Distributions behind tests of groups, from their definitions at 30 digits: compare.json.

    pip install mpmath && python compare.py
The same cases answered by R stand in compare_r.json (compare.R).
"""
import json
from pathlib import Path

import mpmath as mp

mp.mp.dps = 30
HERE = Path(__file__).parent


def phi(z):
    return mp.exp(-z * z / 2) / mp.sqrt(2 * mp.pi)


def below(z):
    return mp.erfc(-z / mp.sqrt(2)) / 2


def over_scale(df, h):
    """E h(s) for s = chi / sqrt(df), over u = ln s."""
    if df == mp.inf:
        return h(mp.mpf(1))
    const = 2 * (df / 2) ** (df / 2) / mp.gamma(df / 2)
    spread = mp.sqrt(1 / (2 * df))
    low = max(-75 / df - 12 * spread, -60)
    points = [low, low / 2, low / 4] + [k * spread for k in (-8, -6, -4, -2, -1, 0, 1, 2, 3, 4, 6, 9, 13) if k * spread > low / 4]
    return mp.quad(lambda u: const * mp.exp(df * u - df * mp.exp(2 * u) / 2) * h(mp.exp(u)), points, maxdegree=8)


def noncentral_t(t, df, ncp):
    if t < ncp:
        lower = over_scale(df, lambda s: below(t * s - ncp))
        return lower, 1 - lower
    upper = over_scale(df, lambda s: below(ncp - t * s))
    return 1 - upper, upper


def poisson_mixture(mean, tails):
    low = up = mp.mpf(0)
    for j in range(int(mean + 40 * mp.sqrt(mean + 1) + 80)):
        weight = mp.exp(-mean + j * mp.log(mean) - mp.loggamma(j + 1))
        a, b = tails(j)
        low, up = low + weight * a, up + weight * b
    return low, up


def noncentral_chi_squared(x, df, ncp):
    return poisson_mixture(ncp / 2, lambda j: (mp.gammainc(df / 2 + j, 0, x / 2, regularized=True), mp.gammainc(df / 2 + j, x / 2, mp.inf, regularized=True)))


def noncentral_f(x, df1, df2, ncp):
    y = x * df1 / (x * df1 + df2)
    return poisson_mixture(ncp / 2, lambda j: (mp.betainc(df1 / 2 + j, df2 / 2, 0, y, regularized=True), mp.betainc(df2 / 2, df1 / 2 + j, 0, 1 - y, regularized=True)))


GRID = [-11, -8, -6, -4.5, -3, -2, -1, 0, 1, 2, 3, 4.5, 6, 8, 11]


def grid(step):
    return [i * step for i in range(int(-14 / step), int(26 / step))]


def trapezoid(f):
    step = mp.mpf("0.2")
    return step * mp.fsum(f(z) for z in grid(step))


def studentized_range(q, k, df):
    # Small tails are differences.
    with mp.workdps(30 + int(q * q / 16)):
        step = min(mp.mpf("0.2"), 0.5 / mp.sqrt(k))
        places = [(z, step * k * phi(z), below(z)) for z in grid(step)]
        places = [(z, weight, at, at ** (k - 1)) for z, weight, at in places]

        def sf(w):
            return mp.fsum(weight * (power - (at - below(z - w)) ** (k - 1)) for z, weight, at, power in places)
        upper = over_scale_fast(df, lambda s: sf(q * s))
        return 1 - upper, upper


def over_scale_fast(df, h):
    """As over_scale by the trapezoid rule, which is exact to working precision for smooth h."""
    if df == mp.inf:
        return h(mp.mpf(1))
    const = 2 * (df / 2) ** (df / 2) / mp.gamma(df / 2)
    spread = mp.sqrt(1 / (2 * df))
    step = min(spread / 2.5, mp.mpf("0.06"))
    low, high = -55 / df - 24 * spread, mp.log(1 + 110 / df + 14 * spread) / 2 + 3 * spread
    total = mp.mpf(0)
    i = int(low / step)
    while i * step < high:
        u = i * step
        weight = const * mp.exp(df * u - df * mp.exp(2 * u) / 2)
        if weight > mp.mpf("1e-60"):
            total += weight * h(mp.exp(u))
        i += 1
    return step * total


def dunnett_two_sided(t, df, *loadings):
    def sf(w):
        def given(a):
            inside = mp.mpf(1)
            for l in loadings:
                r = mp.sqrt(1 - l * l)
                inside *= 1 - below((-w - l * a) / r) - below((-w + l * a) / r)
            return phi(a) * (1 - inside)
        return trapezoid(given)
    upper = over_scale_fast(df, lambda s: sf(t * s))
    return 1 - upper, upper


def case(name, function, *arguments):
    lower, upper = function(*[mp.mpf(a) for a in arguments])
    print(name, arguments, mp.nstr(lower, 17), mp.nstr(upper, 17), flush=True)
    return {"distribution": name, "arguments": list(arguments), "lower": float(lower), "upper": float(upper)}


CASES = [
    *[case("noncentral_t", noncentral_t, *a) for a in [
        (1.0, 5, 0.5), (2.5, 10, 1.2), (-1.5, 8, 0.7), (0.0, 4, 2.0), (6.0, 3, 1.0), (15.0, 30, 3.0), (3.0, 200, 6.0),
        (-2.0, 12, 3.0), (40.0, 500, 35.0), (1.96, 100000, 2.8), (2.0, 1.5, -1.0), (5.0, 20, -2.0), (60.0, 60, 50.0)]],
    *[case("noncentral_chi_squared", noncentral_chi_squared, *a) for a in [
        (3.84, 1, 7.85), (1.0, 3, 0.5), (50.0, 4, 2.0), (9.49, 4, 12.0), (200.0, 10, 150.0), (0.01, 2, 5.0), (900.0, 20, 1200.0)]],
    *[case("noncentral_f", noncentral_f, *a) for a in [
        (4.0, 1, 20, 7.0), (2.9, 3, 76, 11.0), (0.2, 2, 10, 3.0), (25.0, 4, 40, 5.0), (1.02, 5, 100000, 40.0), (3.0, 2.5, 7.5, 1.5)]],
    *[case("studentized_range", studentized_range, *a) for a in [
        (3.5, 3, 10), (1.0, 3, 20), (4.0, 5, 60), (0.3, 4, 5), (8.0, 4, 30), (12.0, 6, 100), (3.0, 2, 1), (20.0, 10, 3), (5.0, 20, 500), (3.314, 3, float("inf")),
        (4.0305, 6, 99994), (3.3, 3, 1000), (10.0, 3, 1000), (9.6, 2, 5000), (0.8, 10, 1000), (11.0, 10, 5000), (5.8, 50, 1000), (3.2, 50, 100000),
        (12.5, 50, 100000), (10.5, 10, 100000), (2.771808, 2, 100000), (0.01, 2, 1000), (22.0, 3, 1000), (24.0, 6, 100000), (7.0, 6, 45)]],
    *[case("dunnett_two_sided", dunnett_two_sided, *a) for a in [
        (2.3, 20, 0.7071067811865476, 0.7071067811865476), (1.0, 9, 0.5, 0.6, 0.7), (3.5, 40, 0.7, 0.4, 0.55, 0.8), (6.0, 100, 0.6, 0.6)]],
]
(HERE / "compare.json").write_text(json.dumps(CASES, indent=0).replace("Infinity", '"inf"').replace("\n\"", "\"").replace("},\n{", "},\n {") + "\n")
