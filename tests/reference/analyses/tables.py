"""What the scripts of the transforms share: reading tables with Polars, and what is held of an answer.

A table made is described by its number of rows, its columns if it is small, and `ordered_sums`: for
each column the sum of value times row number (from 1, beginning anew after 997), so that both values and
their order are held. What is no number counts as the sum of the bytes of its spelling.
"""
import math
from decimal import Decimal

import polars as pl

from reference import FLIGHTS, LOANS, PENGUINS, ROOT, write

PIZZAS = "../shared/data/pizzaplace.csv"
ISLANDS = "tests/data/islands.csv"
SMALL = 300


def table(path):
    frame = pl.read_csv(ROOT / path, try_parse_dates=True, infer_schema_length=None)
    if "time_hour" in frame.columns:
        frame = frame.with_columns(pl.col("time_hour").dt.replace_time_zone(None))
    return frame


def spelling(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return text


def cell(value):
    if value is None or isinstance(value, float) and math.isnan(value):
        return None
    if isinstance(value, Decimal):  # DuckDB's sums of whole numbers
        return int(value)
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else spelling(value)


def number(value):
    value = cell(value)
    if value is None:
        return 0
    return value if isinstance(value, (int, float)) else sum(value.encode())


def ordered_sum(values):
    return math.fsum((i % 997 + 1) * number(v) for i, v in enumerate(values))


def made(frame, columns=None):
    """What is held of a table: of all its columns, or of those named."""
    frame = frame.select(columns) if columns else frame
    held = {"n_rows": frame.height, "ordered_sums": {c: ordered_sum(frame[c].to_list()) for c in frame.columns}}
    if frame.height <= SMALL:
        held["columns"] = {c: [cell(v) for v in frame[c].to_list()] for c in frame.columns}
    return held


def case(analysis, name, tables, values, output, frame, columns=None, report=None, packages=("polars",), tolerance=1e-11, source="data frames"):
    expected = {"outputs": {output: made(frame, columns)}} if frame is not None else {}
    if report:
        expected["tables"] = report
    data = tables if isinstance(tables, str) else None
    more = {} if data else {"tables": tables}
    write(analysis, name, source, list(packages), data, values, expected, tolerance, **more)
