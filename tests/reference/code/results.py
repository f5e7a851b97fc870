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


def frames(of):
    return {key: {str(c): [plain(v) for v in frame[c]] for c in frame} for key, frame in of.items()}


def results_of(code):
    world = {"__name__": "__main__"}
    try:
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(compile(code, "script.py", "exec"), world)
        results = world["results"]
        if all(hasattr(frame, "columns") for frame in results.values()):
            return {"results": frames(results)}
        # By group, a tuple of values; nothing where a group has no answer.
        return {"results": {" ".join(["", *map(str, group)]): of and frames(of) for group, of in results.items()}}
    except Exception:
        return {"error": traceback.format_exc(limit=-2)}


json.dump([results_of(code) for code in json.load(sys.stdin)], sys.stdout)
