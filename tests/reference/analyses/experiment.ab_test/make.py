"""Chances to be best and expected losses: of two proportions by the closed form for whole parameters
(Miller 2010, Stucchio 2015), of a few people by exact integration of polynomials in fractions, of means
by mpmath's quadrature. Credible intervals by SciPy's quantiles."""
import sys
from fractions import Fraction
from math import comb
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
import numpy as np
from mpmath import mp
from reference import PENGUINS, read, write
from scipy import stats

mp.dps = 40


def ln_beta(a, b):
    return mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)


def beats(b, a):
    """P(B > A) of two beta distributions with whole parameters."""
    return mp.fsum(mp.exp(ln_beta(a[0] + i, b[1] + a[1]) - mp.log(b[1] + i) - ln_beta(1 + i, b[1]) - ln_beta(*a)) for i in range(b[0]))


def shortfall(a, b):
    """E max(0, B - A)."""
    more = lambda p: (p[0] + 1, p[1])
    mean = lambda p: mp.mpf(p[0]) / (p[0] + p[1])
    return mean(b) * beats(more(b), a) - mean(a) * beats(b, more(a))


def density(a, b):
    """Coefficients of the density, from the constant on."""
    scale = a * comb(a + b - 1, a)
    return [Fraction(0)] * (a - 1) + [Fraction(scale * (-1) ** k * comb(b - 1, k)) for k in range(b)]


def integral(p):
    return [Fraction(0)] + [c / (k + 1) for k, c in enumerate(p)]


def product(p, q):
    result = [Fraction(0)] * (len(p) + len(q) - 1)
    for i, a in enumerate(p):
        for j, b in enumerate(q):
            result[i + j] += a * b
    return result


def exact(posteriors, i):
    densities = [density(*p) for p in posteriors]
    below = [Fraction(1)]
    for j, d in enumerate(densities):
        below = below if j == i else product(below, integral(d))
    above = [(1 if k == 0 else 0) - c for k, c in enumerate(below)]
    return sum(integral(product(densities[i], below))), sum(integral(product(integral(densities[i]), above)))


def counts(name, source, arms, chances, **more):
    posteriors = [(1 + s, 1 + n - s) for _, n, s in arms]
    rows = []
    for i, (group, _, _) in enumerate(arms):
        best, loss = chances(posteriors, i)
        lower, upper = stats.beta(*posteriors[i]).ppf([0.025, 0.975])
        rows.append({"group": group, "chance": float(best), "expected_loss": float(loss), "lower": lower, "upper": upper})
    write("experiment.ab_test", name, source, ["mpmath", "scipy"], None,
          {"source": "counts", "counts": [{"name": a, "n": n, "successes": s} for a, n, s in arms]},
          {"tables": {"chances": rows}}, 1e-12, **more)


def of_two(posteriors, i):
    this, other = posteriors[i], posteriors[1 - i]
    return beats(this, other), shortfall(this, other)


counts("bayes_two", "P(B > A) in closed form at 40 digits", [("A", 10000, 500), ("B", 10050, 590)], of_two)
counts("bayes_few", "polynomials integrated in fractions", [("A", 20, 0), ("B", 25, 2), ("C", 18, 18)], exact, floor=1e-18)

weights = read(PENGUINS).dropna(subset=["body_mass_g"]).groupby("species").body_mass_g
groups = [(name, mp.mpf(float(w.mean())), mp.mpf(float(w.std())) / mp.sqrt(len(w))) for name, w in weights]
points = sorted({m + z * sd for _, m, sd in groups for z in (-14, -8, -4, -1, 1, 4, 8, 14)})
rows = []
for i, (name, mean, sd) in enumerate(groups):
    others = groups[:i] + groups[i + 1:]
    below = lambda x: mp.fprod(mp.ncdf(x, m, s) for _, m, s in others)
    lower, upper = stats.norm(float(mean), float(sd)).ppf([0.025, 0.975])
    rows.append({"group": name, "lower": lower, "upper": upper, "chance": float(mp.quad(lambda x: mp.npdf(x, mean, sd) * below(x), points)),
                 "expected_loss": float(mp.quad(lambda x: mp.ncdf(x, mean, sd) * (1 - below(x)), points))})
write("experiment.ab_test", "bayes_means", "mpmath.quad at 40 digits of normal posteriors", ["mpmath", "pandas", "scipy"], PENGUINS,
      {"group": "species", "outcomes": ["body_mass_g"]}, {"tables": {"chances": rows}}, 1e-12, floor=1e-17)
