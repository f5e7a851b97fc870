"""Indicators and counts by pandas.Series.str.get_dummies."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
import pandas as pd
from reference import read, write

ORDERS = "tests/data/orders.csv"
FILMS = "../shared/data/movielens_small.csv"


def case(name, path, frame, column, separator, values=(), kept=None, unanswered="missing"):
    text = frame[column]
    parts = text.str.split(separator, regex=False).explode().str.strip()
    dummies = pd.crosstab(parts.index, parts).clip(upper=1).reindex(frame.index, fill_value=0)
    named = dummies.sum(axis=1)
    counts = dummies.sum()
    order = sorted(counts.index, key=lambda c: (-counts[c], list(parts.dropna().unique()).index(c)))
    shown = order if kept is None else order[:kept]
    groups = [(c, dummies[c]) for c in shown]
    if kept is not None and kept < len(order):
        groups.append(("other", dummies[order[kept:]].max(axis=1)))
    answered = named > 0
    lines = [{"rows": int(d.sum()), "share_of_rows": d.sum() / answered.sum(), "share_of_answers": d.sum() / named.sum()} for _, d in groups]
    for line, (c, _) in zip(lines, groups):
        if c != "other":
            line["choice"] = c
    out = {f"{column}_{c}": d if unanswered == "none" else d.where(answered) for c, d in groups}
    out[f"{column}_count"] = named if unanswered == "none" else named.where(answered)
    numbers = [{"n": int(n), "rows": int(r)} for n, r in named.value_counts().sort_index().items()]
    output = {"n_rows": len(frame)}
    if len(frame) < 1000:
        output["columns"] = out
    else:
        output["sums"] = {k: v.sum() for k, v in out.items()}
    values = {"column": column, "separator": separator, "values": "numbers", "unanswered": unanswered} | dict(values)
    write("transform.multi_response", name, "pandas.Series.str.split, pandas.crosstab", ["pandas"], path, values,
          {"tables": {"choices": lines, "numbers": numbers}, "outputs": {"choices": output}}, 1e-12)


o = read(ORDERS)
case("channels", ORDERS, o, "channels", ";")
case("two_and_others", ORDERS, o, "channels", ";", {"max_choices": 2}, 2, "none")
films = read(FILMS)
case("genres", FILMS, films, "genres", "|")
case("common_genres", FILMS, films, "genres", "|", {"max_choices": 5}, 5)
