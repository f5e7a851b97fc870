"""Robust standard errors, variance inflation, Durbin-Watson and Breusch-Pagan by statsmodels."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
import statsmodels.formula.api as smf
from reference import LOANS, PENGUINS, read, write
from statsmodels.stats.diagnostic import het_breuschpagan
from statsmodels.stats.outliers_influence import variance_inflation_factor
from statsmodels.stats.stattools import durbin_watson

penguins = read(PENGUINS)


def table(fit):
    interval = fit.conf_int().to_numpy()
    return [
        {"estimate": fit.params.iloc[j], "std_error": fit.bse.iloc[j], "t": fit.tvalues.iloc[j],
         "p": fit.pvalues.iloc[j], "ci_lower": interval[j, 0], "ci_upper": interval[j, 1]}
        for j in range(len(fit.params))
    ]


def checks(fit):
    lm, p, _, _ = het_breuschpagan(fit.resid, fit.model.exog)
    return [{"statistic": durbin_watson(fit.resid)}, {"statistic": lm, "df": fit.model.exog.shape[1] - 1, "p": p}]


def case(name, formula, data, values, errors, vif=False, path=PENGUINS, **more):
    fit = smf.ols(formula, data).fit()
    rows = table(smf.ols(formula, data).fit(cov_type=errors.upper(), use_t=True))
    if vif:
        for j, row in enumerate(rows):
            row["vif"] = variance_inflation_factor(fit.model.exog, j) if j else None
    write("regression.linear", name, f"OLS('{formula}').fit(cov_type='{errors.upper()}', use_t=True), het_breuschpagan, durbin_watson",
          ["statsmodels"], path, values | {"errors": errors}, {"tables": {"coefficients": rows, "checks": checks(fit)}}, 1e-9, **more)


for errors in ["hc0", "hc1"]:
    case(errors, "body_mass_g ~ C(species) + C(sex) + bill_depth_mm", penguins,
         {"outcome": "body_mass_g", "predictors": ["species", "sex", "bill_depth_mm"]}, errors)
# Unscaled columns leave statsmodels fewer digits of what lies far out.
case("hc2", "body_mass_g ~ bill_length_mm + bill_depth_mm + flipper_length_mm + year", penguins,
     {"outcome": "body_mass_g", "predictors": ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "year"]}, "hc2", vif=True, loose={"ci_lower": 1e-8, "p": 1e-8})
loans = read(LOANS)
case("hc3", "interest_rate ~ C(homeownership) + debt_to_income + emp_length + total_credit_lines", loans,
     {"outcome": "interest_rate", "predictors": ["homeownership", "debt_to_income", "emp_length", "total_credit_lines"]}, "hc3", path=LOANS)
