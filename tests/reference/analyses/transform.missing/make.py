"""Missing values dropped and filled by pandas: dropna, fillna, groupby.transform, ffill and bfill."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
import pandas as pd
from reference import FLIGHTS, LOANS, PENGUINS, read, write

ORDERS = "tests/data/orders.csv"


def case(name, path, frame, columns, values, made, tables=None, flags=False):
    """`made` are the columns afterwards, under their names."""
    made = dict(made)
    n = len(next(iter(made.values())))
    if flags:
        made |= {f"{c}_was_missing": frame[c].isna().map({True: "true", False: "false"}) for c in columns}
    out = {"n_rows": n}
    if len(frame) < 1000:
        out["columns"] = made
    else:
        out["sums"] = {k: v.sum() for k, v in made.items() if v.dtype.kind in "if"}
    expected = {"outputs": {"filled": out}, "tables": dict(tables or {})}
    if values["action"] != "drop":
        after = [made.get(f"{c}_filled", made.get(c)) for c in columns]
        expected["tables"]["filled"] = [
            {"column": c, "missing": int(frame[c].isna().sum()), "filled": int(frame[c].isna().sum() - a.isna().sum()), "left": int(a.isna().sum())}
            for c, a in zip(columns, after)]
    write("transform.missing", name, "pandas dropna, fillna, ffill, bfill", ["pandas"], path, {"columns": columns} | values, expected, 1e-12)


def dropped(name, path, frame, columns, when):
    left = frame.dropna(subset=columns, how=when)
    counts = [{"column": c, "missing": int(frame[c].isna().sum()), "share": frame[c].isna().mean()} for c in columns]
    receipt = [{"rows": len(frame)}, {"dropped": len(frame) - len(left), "rows": len(left)}, {"rows": len(left), "share": len(left) / len(frame)}]
    case(name, path, frame, columns, {"action": "drop", "drop_when": when}, {c: left[c] for c in columns}, {"missing": counts, "receipt": receipt})


p = read(PENGUINS)
dropped("drop_any", PENGUINS, p, ["body_mass_g", "sex"], "any")
dropped("drop_all", PENGUINS, p, ["body_mass_g", "sex"], "all")
l = read(LOANS)
dropped("drop_loans", LOANS, l, ["annual_income_joint", "months_since_last_delinq", "emp_title"], "any")
case("constant_number", PENGUINS, p, ["body_mass_g"], {"action": "constant", "value": "4,000", "flag": True}, {"body_mass_g": p.body_mass_g.fillna(4000)}, flags=True)
case("constant_half", PENGUINS, p, ["flipper_length_mm"], {"action": "constant", "value": "0.5", "place": "new"},
     {"flipper_length_mm": p.flipper_length_mm, "flipper_length_mm_filled": p.flipper_length_mm.fillna(0.5)})
case("constant_text", PENGUINS, p, ["sex"], {"action": "constant", "value": "not known"}, {"sex": p.sex.fillna("not known")})
two = ["bill_length_mm", "body_mass_g"]
case("mean", PENGUINS, p, two, {"action": "mean"}, {c: p[c].fillna(p[c].mean()) for c in two})
case("median", PENGUINS, p, two, {"action": "median"}, {c: p[c].fillna(p[c].median()) for c in two})
by = ["species", "sex"]
groups = p.groupby(by, dropna=False)
case("mean_by_two", PENGUINS, p, two, {"action": "mean", "by": by}, {c: p[c].fillna(groups[c].transform("mean")) for c in two})
case("median_by_island", PENGUINS, p, two, {"action": "median", "by": ["island"]}, {c: p[c].fillna(p.groupby("island")[c].transform("median")) for c in two},
     {"values": [{"group_1": i} for i in sorted(p.island.unique())]})
mode = lambda v: v.mode().iloc[0] if len(v.mode()) else float("nan")
case("mode", PENGUINS, p, ["sex", "flipper_length_mm"], {"action": "mode"}, {c: p[c].fillna(mode(p[c])) for c in ["sex", "flipper_length_mm"]})
case("mode_by_species", PENGUINS, p, ["sex", "bill_depth_mm"], {"action": "mode", "by": ["species"], "flag": True},
     {c: p[c].fillna(p.groupby("species")[c].transform(mode)) for c in ["sex", "bill_depth_mm"]}, flags=True)
case("forward", PENGUINS, p, ["sex", "body_mass_g"], {"action": "forward"}, {c: p[c].ffill() for c in ["sex", "body_mass_g"]})
case("backward_one", PENGUINS, p, ["sex", "body_mass_g"], {"action": "backward", "limit": 1}, {c: p[c].bfill(limit=1) for c in ["sex", "body_mass_g"]})
o = read(ORDERS)
shuffled = o.sort_values(["product", "order"]).index
carried = o.loc[shuffled].sort_values("order", kind="stable").groupby("customer")["amount"].ffill().reindex(o.index)
case("forward_by_customer_in_order", ORDERS, o, ["amount"], {"action": "forward", "by": ["customer"], "order": "order"}, {"amount": carried})
back = o.sort_values("amount", kind="stable").groupby("product")["channels"].bfill(limit=2).reindex(o.index)
case("backward_by_product", ORDERS, o, ["channels"], {"action": "backward", "by": ["product"], "order": "amount", "limit": 2}, {"channels": back})
state = l.groupby("state")
case("loans_median_by_state", LOANS, l, ["months_since_last_delinq", "debt_to_income"], {"action": "median", "by": ["state"]},
     {c: l[c].fillna(state[c].transform("median")) for c in ["months_since_last_delinq", "debt_to_income"]})
pair = ["state", "loan_purpose"]
means = l.annual_income_joint.fillna(l.groupby(pair)["annual_income_joint"].transform("mean"))
case("loans_groups_without_values", LOANS, l, ["annual_income_joint"], {"action": "mean", "by": pair}, {"annual_income_joint": means})
case("loans_fall_back", LOANS, l, ["annual_income_joint"], {"action": "mean", "by": pair, "fallback": True},
     {"annual_income_joint": means.fillna(l.annual_income_joint.mean())})
f = read(FLIGHTS, keep_default_na=False, na_values=[""])
order = f.sort_values("time_hour", kind="stable")
case("flights_forward_by_tail", FLIGHTS, f, ["dep_delay"], {"action": "forward", "by": ["tailnum"], "order": "time_hour", "limit": 3},
     {"dep_delay": order.groupby("tailnum", dropna=False)["dep_delay"].ffill(limit=3).reindex(f.index)})
