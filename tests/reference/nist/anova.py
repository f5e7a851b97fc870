"""NIST Statistical Reference Datasets (StRD), analysis of variance, as anova.json.

    pip install scipy==1.17.1 && python anova.py > anova.json

Data and certified values: National Institute of Standards and Technology, public domain,
https://www.itl.nist.gov/div898/strd/anova/anova.html ; the files are those that SciPy carries with its tests.
Of the sets SmLs01 to SmLs09, whose values differ in their last digit only, that digit is kept.
The certified F is checked against the data in rational arithmetic.
"""

import json
import re
from fractions import Fraction
from importlib.resources import files

NAMES = ["SiRstv", "SmLs01", "SmLs02", "SmLs03", "AtmWtAg", "SmLs04", "SmLs05", "SmLs06", "SmLs07", "SmLs08", "SmLs09"]


def f_of(groups):
    groups = [[Fraction(v) for v in g] for g in groups]
    n, k = sum(map(len, groups)), len(groups)
    means = [sum(g) / len(g) for g in groups]
    mean = sum(map(sum, groups)) / n
    between = sum(len(g) * (m - mean) ** 2 for g, m in zip(groups, means))
    within = sum((v - m) ** 2 for g, m in zip(groups, means) for v in g)
    return float(between / (k - 1) / (within / (n - k)))


out = []
for name in NAMES:
    text = files("scipy.stats.tests.data").joinpath(f"nist_anova/{name}.dat").read_text()
    lines = text.splitlines()
    difficulty = re.search(r"(Lower|Average|Higher) Level of Difficulty", text)[1].lower()
    between, within = (next(l for l in lines if l.startswith(w)).split() for w in ("Between", "Within"))
    between, within = between[-4:], within[-3:]
    numbers = [line.split() for line in lines[60:] if line.split()]
    levels = sorted({int(level) for level, _ in numbers})
    groups = [[v for level, v in numbers if int(level) == g] for g in levels]
    f = float(between[3])
    assert abs(f_of(groups) / f - 1) < 1e-14, (name, f_of(groups), f)
    one = {
        "difficulty": difficulty,
        "between": float(between[1]),
        "within": float(within[1]),
        "f": f,
        "r_squared": float(re.search(r"Certified R-Squared\s+(\S+)", text)[1]),
        "residual_sd": float(re.search(r"Standard Deviation\s+(\S+)", text)[1]),
    }
    bases = {v.partition(".")[0] for g in groups for v in g}
    if name.startswith("SmLs") and len(bases) == 1:
        assert all(re.fullmatch(r"\d+\.\d", v) for g in groups for v in g)
        one |= {"whole": bases.pop(), "tenths": ["".join(v[-1] for v in g) for g in groups]}
    else:
        one["groups"] = groups
    out.append(f"{json.dumps(name)}: {json.dumps(one, separators=(',', ':'))}")
print("{\n" + ",\n".join(out) + "\n}")
