"""Has `jari convert` write the files beside this script anew as XLSX, Parquet and Arrow, and reads those with openpyxl,
pandas/pyarrow, Polars and DuckDB: every value must be the one that expected.json holds.

    cargo build && python read_back.py ../../../target/debug/jari
"""

import datetime as dt
import json
import math
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
import openpyxl
import polars as pl
import pyarrow.feather
import pyarrow.parquet as pq

HERE = Path(__file__).parent
JARI = Path(sys.argv[1]).resolve()


def same(found, wanted):
    if found is None or (isinstance(found, float) and math.isnan(found)):
        return wanted is None or wanted == ""
    if isinstance(found, bool) or isinstance(wanted, bool):
        return found == wanted
    if isinstance(found, (int, float)) and isinstance(wanted, (int, float)):
        return float(found) == float(wanted) if abs(wanted) < 2**53 else found == wanted
    if isinstance(found, dt.timedelta):
        found = (dt.datetime.min + found).time()
    if isinstance(found, (dt.datetime, dt.date, dt.time)):
        if isinstance(found, dt.datetime) and len(str(wanted)) == 10:
            found = found.date()
        # A workbook keeps moments as shares of a day.
        moment = lambda s: dt.datetime.fromisoformat(s if "T" in s or "-" in s[1:] else f"2000-01-01T{s}")
        text = found.isoformat()
        return abs(moment(text) - moment(str(wanted))) < dt.timedelta(milliseconds=1)
    return str(found) == str(wanted) or str(found).replace("_x000D_", "\r") == str(wanted)


def check(file, reader, columns, expected):
    wrong = [(name, i, found, wanted) for name, values in expected.items()
             for i, (found, wanted) in enumerate(zip(columns.get(name, []), values)) if not same(found, wanted)]
    lacking = [name for name in expected if len(columns.get(name, [])) != len(expected[name])]
    print(f"{file:26} {reader:10}", "ok" if not wrong and not lacking else f"WRONG {wrong[:3]} {lacking}")
    return not wrong and not lacking


def sheet(path):
    rows = list(openpyxl.load_workbook(path).active.iter_rows(values_only=True))
    return {name: [row[k] for row in rows[1:]] for k, name in enumerate(rows[0])}


def main():
    good = True
    for file, about in json.loads((HERE / "expected.json").read_text()).items():
        expected = {k: v for k, v in about["columns"].items()}
        with tempfile.TemporaryDirectory() as folder:
            for ending in ["parquet", "arrow", "xlsx"]:
                out = Path(folder) / f"out.{ending}"
                subprocess.run([JARI, "convert", HERE / file, out], check=True, stderr=subprocess.DEVNULL)
                if ending == "parquet":
                    good &= check(file, "pyarrow", pq.read_table(out).to_pydict(), expected)
                    good &= check(file, "polars", pl.read_parquet(out).to_dict(as_series=False), expected)
                    good &= check(file, "duckdb", duckdb.sql(f"select * from '{out}'").to_arrow_table().to_pydict(), expected)
                elif ending == "arrow":
                    table = pyarrow.feather.read_table(out)
                    table.validate(full=True)
                    good &= check(file, "feather", table.to_pydict(), expected)
                    good &= check(file, "polars ipc", pl.read_ipc(out).to_dict(as_series=False), expected)
                else:
                    good &= check(file, "openpyxl", sheet(out), expected)
    sys.exit(not good)


main()
