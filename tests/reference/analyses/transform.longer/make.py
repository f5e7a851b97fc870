"""Columns to rows, by Polars' unpivot, put into the order of the rows."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
import polars as pl
from tables import FLIGHTS, LOANS, PENGUINS, case, table


def longer(name, path, columns, names_to="name", values_to="value", held=None, **more):
    f = table(path)
    order = pl.col(names_to).replace_strict({c: i for i, c in enumerate(columns)}, return_dtype=pl.Int64)
    long = f.with_row_index("·row").unpivot(on=columns, index=["·row", *(c for c in f.columns if c not in columns)], variable_name=names_to, value_name=values_to)
    long = long.with_columns(order.alias("·order")).sort("·row", "·order").drop("·row", "·order")
    if more.get("drop_missing"):
        long = long.filter(pl.col(values_to).is_not_null())
    values = {"columns": columns, "names_to": names_to, "values_to": values_to} | more
    case("transform.longer", name, path, values, "long", long, held, source="unpivot")


longer("penguins", PENGUINS, ["bill_length_mm", "body_mass_g", "flipper_length_mm"])
longer("penguins_words", PENGUINS, ["island", "sex"], "what", "word", drop_missing=True)
longer("flights_delays", FLIGHTS, ["dep_delay", "arr_delay", "air_time"], values_to="minutes", held=["carrier", "tailnum", "name", "minutes", "time_hour"])
longer("loans_present", LOANS, ["annual_income_joint", "months_since_last_delinq", "debt_to_income", "installment"], drop_missing=True, held=["state", "grade", "name", "value"])
