"""Text by pandas.Series.str and Python's re."""
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
import pandas as pd
from reference import FLIGHTS, LOANS, PENGUINS, read, write

ORDERS = "tests/data/orders.csv"
FILMS = "../shared/data/movielens_small.csv"


def case(name, path, frame, columns, values, made, tables=None, sums=()):
    out = {"n_rows": len(frame)}
    made = {k: v.where(v.notna() & (v.astype(str) != "")) for k, v in made.items()}
    if len(frame) < 1000:
        out["columns"] = made
    elif sums:
        out["sums"] = {k: made[k].astype(float).sum() for k in sums}
    expected = {"outputs": {"edited": out}} | ({"tables": tables} if tables else {})
    write("transform.text", name, "pandas.Series.str", ["pandas"], path, {"columns": columns} | values, expected, 1e-12)


o = read(ORDERS)
words = o.address.str.split().str.join(" ")
case("trim", ORDERS, o, ["address"], {"action": "trim"}, {"address_trimmed": words})
case("upper", ORDERS, o, ["product", "channels"], {"action": "case", "case": "upper", "place": "replace"},
     {"product": o["product"].str.upper(), "channels": o.channels.str.upper()})
case("title", ORDERS, o, ["address"], {"action": "case", "case": "words"}, {"address_title": o.address.str.strip().str.title()})
case("length", ORDERS, o, ["product", "order"], {"action": "length"}, {"product_length": o["product"].str.len(), "order_length": o.order.str.len()})
case("replace_literal", ORDERS, o, ["channels"], {"action": "replace", "pattern": "; ", "replacement": "+"}, {"channels_replaced": o.channels.str.replace("; ", "+", regex=False)})
case("replace_first", ORDERS, o, ["channels"], {"action": "replace", "pattern": r"(\w)(\w+)", "replacement": "$2$1", "regex": True, "all": False, "place": "replace"},
     {"channels": o.channels.str.replace(r"(\w)(\w+)", r"\2\1", n=1, regex=True)})
case("replace_ignoring_case", ORDERS, o, ["order"], {"action": "replace", "pattern": "kr-", "replacement": "$", "ignore_case": True},
     {"order_replaced": o.order.str.replace("KR-", "$", regex=False)})
found = o.address.str.extract(r"^\s*(\S+).*?(\d{5})")
case("extract_groups", ORDERS, o, ["address"], {"action": "extract", "pattern": r"^\s*(?<city>\S+).*?(\d{5})", "names": "town; code", "typed": False},
     {"town": found[0], "code": found[1]}, {"found_1": [{"n": 0, "rows": int(found[0].isna().sum())}, {"n": 2, "rows": int(found[0].notna().sum())}]})
numbers = o.order.str.extract(r"(\d+)")[0].astype(int)
case("extract_numbers", ORDERS, o, ["order"], {"action": "extract", "pattern": r"\d+"}, {"order_extracted": numbers})
parts = o.channels.str.split(";", expand=True).apply(lambda c: c.str.strip())
count = o.channels.str.split(";").str.len()
case("split", ORDERS, o, ["channels"], {"action": "split", "pattern": ";"}, {f"channels_{i + 1}": parts[i] for i in parts},
     {"found_1": [{"n": 0, "rows": 0}] + [{"n": int(n), "rows": int(r)} for n, r in count.value_counts().sort_index().items()]})
rest = o.channels.str.split(";", n=1, expand=True).apply(lambda c: c.str.strip())
case("split_in_two", ORDERS, o, ["channels"], {"action": "split", "pattern": r"\s*;\s*", "regex": True, "n_parts": 2, "names": "first; others"}, {"first": rest[0], "others": rest[1]})

m = read(FILMS)
# Digits with a zero before them, as in 007, would be read as a code.
year = m.title.str.extract(r"([1-9]\d*)")[0].astype(float)
case("film_numbers", FILMS, m, ["title"], {"action": "extract", "pattern": r"[1-9]\d*"}, {"title_extracted": year},
     {"found_1": [{"n": 0, "rows": int((year.isna() & m.title.notna()).sum())}, {"n": 1, "rows": int(year.notna().sum())}]}, ["title_extracted"])
# A file's fields are read without the blanks at their ends, unless they stand in quotes.
quoted = m.title.str.contains('[",]')
length = m.title.where(quoted, m.title.str.strip()).str.len()
case("film_lengths", FILMS, m, ["title"], {"action": "length"}, {"title_length": length}, sums=["title_length"])
p = read(PENGUINS)
case("missing_stays", PENGUINS, p, ["sex"], {"action": "replace", "pattern": "fe", "replacement": ""}, {"sex_replaced": p.sex.str.replace("fe", "", regex=False)})
