"""What the Python scripts of the analyses share: reading data and writing cases.

    python -m venv venv && venv/bin/pip install numpy scipy pandas scikit-learn statsmodels mpmath
    for script in */make.py; do venv/bin/python $script; done
"""
import json
import math
import re
from importlib.metadata import version
from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent
ROOT = HERE / "../../.."
PENGUINS = "tests/data/penguins.csv"
FLIGHTS = "../shared/data/flights.csv.gz"
LOANS = "../shared/data/loans.csv"


def read(path, **options):
    return pd.read_csv(ROOT / path, float_precision="round_trip", **options)


def plain(value):
    """Numbers and lists of Python; None for what is missing."""
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)) or hasattr(value, "tolist") and getattr(value, "ndim", 0):
        return [plain(v) for v in (value.tolist() if hasattr(value, "tolist") else value)]
    value = value.item() if hasattr(value, "item") else value
    return None if isinstance(value, float) and math.isnan(value) else value


def write(analysis, name, source, packages, data, values, expected, tolerance, **more):
    tools = ", ".join(f"{p} {version(p)}" for p in packages)
    case = {"source": f"{source}; {tools}; python {analysis}/make.py"}
    if data:
        case["data"] = data
    case |= {"values": values, "tolerance": tolerance} | more | {"expected": plain(expected)}
    text = json.dumps(case, indent=1, ensure_ascii=False)
    text = re.sub(r'\[\s+(?=[-\d"n])([^\[\]{}]*?)\s+\]', lambda m: "[" + re.sub(r"\s*\n\s*", " ", m[1]) + "]", text)
    (HERE / analysis / f"{name}.json").write_text(text + "\n")
    print(f"{analysis}/{name}")
