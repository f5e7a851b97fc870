"""Runs the scripts given as a JSON list on standard input; writes their results as JSON."""
import contextlib
import io
import json
import math
import sys
import traceback
import warnings


def plain(value):
    value = value.item() if hasattr(value, "item") else value
    if value is None or isinstance(value, float) and math.isnan(value):
        return None
    if isinstance(value, float) and math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return value if isinstance(value, (bool, int, float)) else str(value)


def results_of(code):
    world = {"__name__": "__main__"}
    try:
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(compile(code, "script.py", "exec"), world)
        frames = world["results"].items()
        return {"results": {key: {str(c): [plain(v) for v in frame[c]] for c in frame} for key, frame in frames}}
    except Exception:
        return {"error": traceback.format_exc(limit=-2)}


json.dump([results_of(code) for code in json.load(sys.stdin)], sys.stdout)
