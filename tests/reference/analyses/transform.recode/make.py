"""Recoded columns and counts by masks of a data frame."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
import numpy as np
import pandas as pd
from reference import FLIGHTS, LOANS, PENGUINS, read, write

PIZZAS = "../shared/data/pizzaplace.csv"


def case(name, path, frame, column, rules, masks, new, values=(), changed=None, counts=None):
    """`masks` say of each rule which rows it names; the first one counts. `new` is the new column."""
    left = pd.Series(True, index=frame.index)
    lines = []
    for mask in masks:
        lines.append({"rows": int((left & mask).sum())})
        left &= ~mask
    lines.append({"from": "Everything else", "rows": int((left & frame[column].notna()).sum())})
    if (left & frame[column].isna()).any():
        lines.append({"rows": int((left & frame[column].isna()).sum())})
    if changed is None:
        changed = int((new.astype(object).where(new.notna(), None) != frame[column].astype(object).where(frame[column].notna(), None)).sum())
    values = {"column": column, "rules": [{"from": a, "to": b} for a, b in rules]} | dict(values)
    made = f"{column}_recoded"
    n = len(frame)
    out = {"n_rows": n}
    if n < 1000:
        out["columns"] = {made: new}
    else:
        out["sums"] = {made: new.sum()}
    receipt = [{"rows": n}, {"rows": n, "changed": changed}, {"rows": n}]
    write("transform.recode", name, "masks of a data frame", ["pandas", "numpy"], path, values,
          {"tables": {"rules": lines, "receipt": receipt}, "outputs": {"recoded": out}}, 1e-12)


p = read(PENGUINS)
i = p.island
case("islands_together", PENGUINS, p, "island", [("Biscoe; Dream", "large"), ("Torgersen", "small")],
     [i.isin(["Biscoe", "Dream"]), i == "Torgersen"], i.map({"Biscoe": "large", "Dream": "large", "Torgersen": "small"}))
case("some_kept", PENGUINS, p, "sex", [("male", "M"), ("", "unknown")], [p.sex == "male", p.sex.isna()],
     p.sex.replace({"male": "M"}).fillna("unknown"))
m = p.body_mass_g
first = np.select([m == 4000, m.between(3500, 4500), m > 4500], [0, 1, 2], np.nan)
case("ranges_overlap", PENGUINS, p, "body_mass_g", [("4000", "0"), ("3500..4500", "1"), ("4500..", "2"), ("", "-1")],
     [m == 4000, m.between(3500, 4500), m >= 4500, m.isna()],
     pd.Series(np.where(m.isna(), -1, first)), {"otherwise": "missing"})
case("code_to_missing", PENGUINS, p, "year", [("2008", "")], [p.year == 2008], p.year.where(p.year != 2008))
case("everything_else", PENGUINS, p, "species", [("Adelie", "1")], [p.species == "Adelie"],
     (p.species != "Adelie") + 1, {"otherwise": "value", "value": "2"}, changed=len(p))
f = read(FLIGHTS, keep_default_na=False, na_values=[""])
d = f.dep_delay
case("delays", FLIGHTS, f, "dep_delay", [("..-1", "0"), ("0..15", "1"), ("", "9")], [d <= -1, d.between(0, 15), d.isna()],
     pd.Series(np.select([d <= -1, d.between(0, 15), d.isna()], [0, 1, 9], 2)), {"otherwise": "value", "value": "2"})
z = read(PIZZAS)
days = z.date
june = (days >= "2015-06-01") & (days <= "2015-06-30")
case("dates_to_numbers", PIZZAS, z, "date", [("2015-06-01..2015-06-30", "6"), ("2015-12-25; 2015-12-26", "12")],
     [june, days.isin(["2015-12-25", "2015-12-26"])], pd.Series(np.select([june, days.isin(["2015-12-25", "2015-12-26"])], [6, 12], 0)),
     {"otherwise": "value", "value": "0"}, changed=len(z))
l = read(LOANS)
k = l.num_cc_carrying_balance
case("loans_bands", LOANS, l, "num_cc_carrying_balance", [("0; 1", "1"), ("2..9", "2"), ("10..", "3")], [k.isin([0, 1]), k.between(2, 9), k >= 10],
     pd.Series(np.select([k.isin([0, 1]), k.between(2, 9)], [1, 2], 3)), {"otherwise": "missing"})
