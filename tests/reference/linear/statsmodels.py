"""What base R lacks, by statsmodels 0.15 on the cases of linear.json:

    pip install statsmodels==0.15.0 mpmath==1.4.1 && python statsmodels.py > statsmodels.json

Where columns are nearly collinear, statsmodels keeps too few digits of robust covariances to test
against; those are computed here from their definition at 60 digits.
"""

import json
import sys
from pathlib import Path

sys.path = [p for p in sys.path if p not in ("", str(Path(__file__).resolve().parent))]

import numpy as np
from mpmath import mp, mpf, matrix
import statsmodels.api as sm
from statsmodels.stats.diagnostic import het_breuschpagan
from statsmodels.stats.outliers_influence import variance_inflation_factor

mp.dps = 60


def robust_covariance(x, y, kind):
    """vcovHC of an unweighted regression."""
    x, y = matrix(x.tolist()), matrix(y.tolist())
    bread = (x.T * x) ** -1
    residuals = y - x * (bread * (x.T * y))
    meat = mp.zeros(x.cols)
    for i in range(x.rows):
        row = x[i, :]
        rest = 1 - (row * bread * row.T)[0]
        factor = {"HC0": 1, "HC1": mpf(x.rows) / (x.rows - x.cols), "HC2": 1 / rest, "HC3": rest**-2}
        meat += row.T * row * residuals[i] ** 2 * factor[kind]
    return [float(v) for v in bread * meat * bread]


out = {}
for case in json.loads(Path(__file__).with_name("linear.json").read_text()):
    kept = [int(k) for k in case["kept"]]
    x = np.column_stack([case["columns"][k] for k in kept])
    y = np.array(case["y"])
    if case["name"] == "zero weights":
        continue
    weights = case["weights"]
    fit = sm.WLS(y, x, weights=np.array(weights)).fit() if weights else sm.OLS(y, x).fit()
    record = {}
    for kind in ["HC0", "HC1", "HC2", "HC3"]:
        if case["name"] in ("longley", "cubic"):
            record[kind] = robust_covariance(x, y, kind)
            continue
        record[kind] = fit.get_robustcov_results(kind).cov_params().ravel().tolist()
    if not weights and case["has_intercept"] and x.shape[1] > 1:
        lm, lm_p, _, _ = het_breuschpagan(fit.resid, x)
        record["breusch_pagan"] = [lm, lm_p]
        record["vif"] = [variance_inflation_factor(x, j) for j in range(1, x.shape[1])]
    out[case["name"]] = record
print(json.dumps(out))
