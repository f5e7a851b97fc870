"""Writes the small files beside this script with the libraries that people use, and expected.json with what those
libraries read back from them.

    python make.py      # pandas pyarrow polars duckdb openpyxl xlsxwriter xlwt odfpy pyreadstat
"""

import datetime as dt
import decimal
import json
import math
import struct
from pathlib import Path

import duckdb
import numpy as np
import odf.opendocument
import odf.table
import odf.text
import openpyxl
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet as pq
import pyreadstat
import xlsxwriter
import xlwt

HERE = Path(__file__).parent
expected = {}


def plain(x):
    """A value as expected.json holds it: dates and times in ISO 8601, times in UTC, missing as null."""
    if x is None or x is pd.NaT or x is pd.NA or (isinstance(x, float) and math.isnan(x)):
        return None
    if isinstance(x, pd.Timestamp) and x.tzinfo:
        x = x.tz_convert("UTC").tz_localize(None)
    if isinstance(x, dt.datetime):
        ms = x.microsecond // 1000
        return x.replace(microsecond=0).isoformat() + (f".{ms:03}" if ms else "")
    if isinstance(x, dt.time):
        ms = x.microsecond // 1000
        return x.replace(microsecond=0).isoformat() + (f".{ms:03}" if ms else "")
    if isinstance(x, dt.date):
        return x.isoformat()
    if isinstance(x, dt.timedelta):
        return x.total_seconds()
    if isinstance(x, (bool, np.bool_)):
        return bool(x)
    if isinstance(x, (int, np.integer)):
        return int(x)
    if isinstance(x, (float, np.floating, decimal.Decimal)):
        return float(x)
    return str(x)


def expect(file, columns, **more):
    expected[file] = {"columns": {name: [plain(x) for x in values] for name, values in columns.items()}, **more}


def frame(df):
    return {c: list(df[c]) for c in df.columns}


rng = np.random.default_rng(20240305)
N = 40


def typed():
    """One column of each type that data frames have, with missing values."""
    gap = rng.random(N) < 0.15
    maybe = lambda values: [None if g else v for g, v in zip(gap, values)]
    start = dt.datetime(2023, 12, 25, 9, 30)
    return pa.table({
        "i8": pa.array(maybe(rng.integers(-128, 128, N).tolist()), pa.int8()),
        "u16": pa.array(rng.integers(0, 1 << 16, N), pa.uint16()),
        "i64": pa.array(rng.integers(-(1 << 62), 1 << 62, N), pa.int64()),
        "u64": pa.array(maybe(rng.integers(0, 1 << 40, N).tolist()), pa.uint64()),
        "f32": pa.array(rng.normal(size=N), pa.float32()),
        "f64": pa.array(maybe((rng.normal(size=N) * 1e3).tolist()), pa.float64()),
        "flag": pa.array(maybe((rng.random(N) < 0.4).tolist()), pa.bool_()),
        "도시": pa.array(maybe(rng.choice(["서울", "부산", "a,b \"c\""], N).tolist()), pa.string()),
        "note": pa.array([f"주문 {i} " + "글" * (i % 30) for i in range(N)], pa.large_string()),
        "day": pa.array(maybe([(start + dt.timedelta(days=int(d))).date() for d in rng.integers(-9000, 9000, N)]), pa.date32()),
        "at_s": pa.array([start + dt.timedelta(seconds=int(s)) for s in rng.integers(0, 10**7, N)], pa.timestamp("s")),
        "at_ms": pa.array(maybe([start + dt.timedelta(milliseconds=int(s)) for s in rng.integers(0, 10**9, N)]), pa.timestamp("ms")),
        "at_us": pa.array([start + dt.timedelta(milliseconds=int(s)) for s in rng.integers(0, 10**9, N)], pa.timestamp("us")),
        "at_seoul": pa.array([start + dt.timedelta(hours=int(h)) for h in range(N)], pa.timestamp("ns", "Asia/Seoul")),
        "clock": pa.array([dt.time(i % 24, i, 59 - i, 1000 * i) for i in range(N)], pa.time64("us")),
        "price": pa.array(maybe([decimal.Decimal(int(x)) / 100 for x in rng.integers(-10**6, 10**6, N)]), pa.decimal128(12, 2)),
        "size": pa.array(maybe(rng.choice(["S", "M", "L"], N).tolist())).dictionary_encode(),
    })


def columns_of(table):
    """What pyarrow says that the table holds."""
    out = {}
    for name in table.column_names:
        column = table.column(name)
        if pa.types.is_timestamp(column.type) and column.type.tz:
            column = column.cast(pa.timestamp("us", "UTC")).cast(pa.timestamp("us"))
        elif pa.types.is_timestamp(column.type):
            column = column.cast(pa.timestamp("us"))
        out[name] = column.to_pylist()
    return out


def parquet_and_arrow():
    table = typed()
    ordered = pd.Categorical(rng.choice(["low", "mid", "high"], N), ["low", "mid", "high", "top"], ordered=True)
    frame_ = table.drop_columns(["price", "clock"]).to_pandas()
    frame_["grade"] = ordered
    frame_.to_parquet(HERE / "pandas_snappy.parquet", index=False)
    back = pq.read_table(HERE / "pandas_snappy.parquet")
    expect("pandas_snappy.parquet", {**columns_of(back.drop_columns(["grade"])), "grade": list(map(str, ordered))},
           levels={"grade": ["low", "mid", "high", "top"]}, measures={"grade": "ordinal"})

    pq.write_table(table, HERE / "pyarrow_v2_gzip.parquet", compression="gzip", data_page_version="2.0",
                   row_group_size=16, data_page_size=200, version="2.6")
    expect("pyarrow_v2_gzip.parquet", columns_of(pq.read_table(HERE / "pyarrow_v2_gzip.parquet")), parts=3)

    encoded = table.select(["i64", "f64", "note", "도시", "flag", "at_ms"])
    pq.write_table(encoded, HERE / "pyarrow_encodings.parquet", compression="lz4", use_dictionary=False,
                   column_encoding={"i64": "DELTA_BINARY_PACKED", "f64": "BYTE_STREAM_SPLIT", "note": "DELTA_BYTE_ARRAY",
                                    "도시": "DELTA_LENGTH_BYTE_ARRAY", "flag": "RLE", "at_ms": "DELTA_BINARY_PACKED"})
    expect("pyarrow_encodings.parquet", columns_of(pq.read_table(HERE / "pyarrow_encodings.parquet")))

    # INT96 times, as Spark has long written them.
    pq.write_table(table.select(["at_us", "도시"]), HERE / "int96.parquet", use_deprecated_int96_timestamps=True)
    expect("int96.parquet", columns_of(table.select(["at_us", "도시"])))

    pl.from_arrow(table).write_parquet(HERE / "polars_zstd.parquet", compression="zstd")
    expect("polars_zstd.parquet", columns_of(pl.read_parquet(HERE / "polars_zstd.parquet").to_arrow()))

    small = table.select(["i8", "i64", "f64", "flag", "도시", "note", "day", "at_us", "price"])
    duckdb.sql(f"copy small to '{HERE}/duckdb.parquet' (format parquet)")
    back = duckdb.sql(f"select * from '{HERE}/duckdb.parquet'").to_arrow_table()
    expect("duckdb.parquet", columns_of(back))

    nested = pa.table({
        "id": [1, 2, 3],
        "list": pa.array([[1, 2], None, []], pa.list_(pa.int32())),
        "place": pa.array([{"city": "서울", "zip": 3000}, None, {"city": None, "zip": 48000}],
                          pa.struct([("city", pa.string()), ("zip", pa.int32())])),
        "map": pa.array([[("k", 1)], [], None], pa.map_(pa.string(), pa.int32())),
        "bytes": pa.array([b"\xff\xfe", b"ok", None], pa.binary()),
        "nothing": pa.nulls(3),
        "last": ["x", "y", "z"],
    })
    pq.write_table(nested, HERE / "nested.parquet")
    pa.feather.write_feather(nested, HERE / "nested.feather", compression="uncompressed")
    place = nested.column("place").to_pylist()
    flat = {"id": [1, 2, 3], "place.city": [p and p["city"] for p in place], "place.zip": [p and p["zip"] for p in place],
            "nothing": [None] * 3, "last": ["x", "y", "z"]}
    said = ["“list” holds lists", "“map” holds lists", "“bytes” holds bytes"]
    expect("nested.parquet", flat, said=said)
    expect("nested.feather", flat, said=said)

    pa.feather.write_feather(table, HERE / "pyarrow_lz4.feather", compression="lz4", chunksize=15)
    expect("pyarrow_lz4.feather", columns_of(pa.feather.read_table(HERE / "pyarrow_lz4.feather")), parts=3)
    pl.from_arrow(table).write_ipc(HERE / "polars_zstd.arrow", compression="zstd")
    expect("polars_zstd.arrow", columns_of(pl.read_ipc(HERE / "polars_zstd.arrow").to_arrow()))
    with pa.ipc.new_stream(HERE / "pyarrow.arrows", table.schema) as stream:
        stream.write_table(table, max_chunksize=10)
    expect("pyarrow.arrows", columns_of(table), parts=4)


def workbooks():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "요약"
    book.create_sheet("empty")
    data = book.create_sheet("2024 판매")
    data.merge_cells("A1:H1")
    data["A1"] = "2024년 판매 (단위: 원)"
    header = ["번호", "고객", "금액", "비율", "주문일", "처리 시각", "회원", "계산"]
    for k, name in enumerate(header):
        data.cell(3, k + 1, name)
    rows = {name: [] for name in header}
    for i in range(12):
        row = [i + 1, f"고객 {i % 4}", "1,%03d" % i if i % 5 else 2000 + i, i / 40, dt.date(2024, 1, 28) + dt.timedelta(i),
               dt.datetime(2024, 2, 28, 23, 59, 30) + dt.timedelta(minutes=i), i % 3 == 0, i * 1.5 if i % 4 else "#DIV/0!"]
        for k, value in enumerate(row):
            cell = data.cell(i + 4, k + 1, value)
            if k == 3:
                cell.number_format = "0.0%"
            if value == "#DIV/0!":
                cell.data_type = "e"
        row[2] = float(str(row[2]).replace(",", ""))
        row[7] = None if row[7] == "#DIV/0!" else row[7]
        for name, value in zip(header, row):
            rows[name].append(value)
    hidden = book.create_sheet("감춤")
    hidden.sheet_state = "hidden"
    hidden["A1"] = "x"
    book.save(HERE / "openpyxl.xlsx")
    back = openpyxl.load_workbook(HERE / "openpyxl.xlsx")["2024 판매"]
    assert [c.value for c in back[4]][:2] == [1, "고객 0"]
    expect("openpyxl.xlsx", rows, sheet="2024 판매", header_row=3, sheets=["요약", "empty", "2024 판매", "감춤"],
           said=["3 cells of “계산” hold formulas' errors, first #DIV/0! in cell H4 of “2024 판매”"], formats={"비율": [1, True]})

    with xlsxwriter.Workbook(HERE / "xlsxwriter_merged.xlsx", {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet("지역")
        sheet.merge_range("A1:A2", "지역")
        sheet.merge_range("B1:C1", "매출")
        sheet.merge_range("D1:E1", "비용")
        sheet.write_row("B2", [2023, 2024, "2023", "2024"])
        for i, (place, n) in enumerate([("서울", 3), ("부산", 2)]):
            first = 2 if i == 0 else 5
            sheet.merge_range(first, 0, first + n - 1, 0, place)
            for r in range(n):
                sheet.write_row(first + r, 1, [first * 10 + r + c / 4 for c in range(4)])
    values = [[first * 10 + r + c / 4 for first, n in [(2, 3), (5, 2)] for r in range(n)] for c in range(4)]
    names = ["매출 2023", "매출 2024", "비용 2023", "비용 2024"]
    expect("xlsxwriter_merged.xlsx", {"지역": ["서울"] * 3 + ["부산"] * 2, **dict(zip(names, values))},
           header_row=2, said=["3 cells inside merged regions take the value"])

    with xlsxwriter.Workbook(HERE / "xlsxwriter_1904.xlsx", {"date_1904": True}) as book:
        sheet = book.add_worksheet()
        formats = [book.add_format({"num_format": f}) for f in ["yyyy-mm-dd", "hh:mm:ss", "[h]:mm"]]
        sheet.write_row(0, 0, ["day", "time", "hours"])
        days = [dt.date(1904, 1, 2), dt.date(2000, 2, 29), dt.date(2099, 12, 31)]
        for i, day in enumerate(days):
            sheet.write_datetime(i + 1, 0, day, formats[0])
            sheet.write_number(i + 1, 1, (i + 1) / 24 + 1, formats[1]) if False else None
            sheet.write_number(i + 1, 2, (i + 30) / 24, formats[2])
    expect("xlsxwriter_1904.xlsx", {"day": days, "time": [None] * 3, "hours": [30.0, 31.0, 32.0]})

    old = xlwt.Workbook()
    sheet = old.add_sheet("자료")
    date, time = xlwt.easyxf(num_format_str="yyyy-mm-dd"), xlwt.easyxf(num_format_str="hh:mm:ss")
    rows = {"이름": [], "값": [], "날짜": [], "시각": [], "참": []}
    for k, name in enumerate(rows):
        sheet.write(0, k, name)
    for i in range(6):
        row = [f"가나다{i}", i * 0.25 if i != 3 else None, dt.date(2020, 2, 27) + dt.timedelta(i), dt.time(i, 30, 15), i % 2 == 0]
        for k, value in enumerate(row):
            if value is not None:
                sheet.write(i + 1, k, value, date if k == 2 else time if k == 3 else xlwt.Style.default_style)
        for name, value in zip(rows, row):
            rows[name].append(value)
    old.save(str(HERE / "xlwt.xls"))
    expect("xlwt.xls", rows, sheets=["자료"])

    book = odf.opendocument.OpenDocumentSpreadsheet()
    sheet = odf.table.Table(name="시트1")
    book.spreadsheet.addElement(sheet)

    def ods_row(cells, repeated=1):
        row = odf.table.TableRow(numberrowsrepeated=repeated)
        for kind, value in cells:
            cell = odf.table.TableCell()
            if kind == "string":
                cell = odf.table.TableCell(valuetype="string")
                cell.addElement(odf.text.P(text=value))
            elif kind == "date":
                cell = odf.table.TableCell(valuetype="date", datevalue=value)
            elif kind == "time":
                cell = odf.table.TableCell(valuetype="time", timevalue=value)
            elif kind == "boolean":
                cell = odf.table.TableCell(valuetype="boolean", booleanvalue=value)
            elif kind:
                cell = odf.table.TableCell(valuetype=kind, value=value)
            row.addElement(cell)
        sheet.addElement(row)

    ods_row([("string", s) for s in ["이름", "값", "비율", "날짜", "시각", "참"]])
    rows = {"이름": [], "값": [], "비율": [], "날짜": [], "시각": [], "참": []}
    for i in range(5):
        value = None if i == 2 else i + 0.5
        ods_row([("string", f"행 {i}"), ("float", value) if value is not None else (None, None), ("percentage", i / 8),
                 ("date", f"2024-02-{27 + i % 3:02}"), ("time", f"PT{i + 1:02}H15M30S"), ("boolean", "true" if i % 2 else "false")])
        for name, v in zip(rows, [f"행 {i}", value, i / 8, dt.date(2024, 2, 27 + i % 3), dt.time(i + 1, 15, 30), i % 2 == 1]):
            rows[name].append(v)
    ods_row([(None, None)], repeated=1_000_000)
    book.save(str(HERE / "odfpy.ods"))
    expect("odfpy.ods", rows, sheets=["시트1"])


def texts():
    df = pd.DataFrame({"id": [1, 2, 3], "이름": ["가", None, "\"다\"\n"], "x": [0.5, None, 1e300], "day": ["2024-01-31", None, "2024-02-29"]})
    df.to_json(HERE / "pandas.json", orient="records", force_ascii=False)
    back = pd.read_json(HERE / "pandas.json", convert_dates=False)
    expect("pandas.json", frame(back))
    pl.from_pandas(df).write_ndjson(HERE / "polars.jsonl")
    expect("polars.jsonl", columns_of(pl.read_ndjson(HERE / "polars.jsonl").to_arrow()))
    nested = [{"id": 1, "user": {"name": "가", "age": 30}, "tags": ["a", "b"]}, {"id": 2, "user": {"name": "나"}, "extra": True}]
    (HERE / "nested.json").write_text(json.dumps({"count": 2, "rows": nested}, ensure_ascii=False))
    expect("nested.json", {"id": [1, 2], "user.name": ["가", "나"], "user.age": [30, None], "tags": ['["a","b"]', None], "extra": [None, True]})


def spss():
    n = 30
    df = pd.DataFrame({
        "id": np.arange(1.0, n + 1),
        "성별": [1.0, 2.0] * (n // 2),
        "만족도_아주_긴_이름": [[0.0, 1, 2, 3, 4, 8, 98, np.nan][i % 8] for i in range(n)],
        "text": ["가나다"[: i % 4] + "x" * (i % 20) for i in range(n)],
        "very_long": [("긴 문자열 " * 60)[: (i * 13) % 300] for i in range(n)],
        "w255": [chr(97 + i % 26) * 255 for i in range(n)],
        "w256": [chr(97 + i % 26) * 256 for i in range(n)],
        "w600": [(chr(97 + i % 26) + "bc") * 199 + "end" for i in range(n)],
        "price": [i / 8 + 0.001 for i in range(n)],
        "day": [dt.date(2020, 1, 1) + dt.timedelta(17 * i) for i in range(n)],
        "at": [dt.datetime(2020, 1, 1, 3, 4, 5) + dt.timedelta(hours=i) for i in range(n)],
        "clock": [dt.time(i % 24, i, 59 - i) for i in range(n)],
        "code": ["M", "F", "X"] * (n // 3),
        "answer": ["alpha_long_value", "beta_long_value"] * (n // 2),
    })
    labels = {"성별": {1: "남자", 2: "여자"}, "만족도_아주_긴_이름": {0: "전혀", 4: "매우", 8: "모름"},
              "code": {"M": "남", "F": "여"}, "answer": {"alpha_long_value": "알파"}}
    for file, compress in [("pyreadstat.sav", False), ("pyreadstat.zsav", True)]:
        pyreadstat.write_sav(
            df, HERE / file, compress=compress, column_labels={"id": "번호", "성별": "응답자의 성별"},
            variable_value_labels=labels, missing_ranges={"만족도_아주_긴_이름": [8, {"lo": 97, "hi": 99}], "code": ["X"]},
            variable_measure={"성별": "nominal", "만족도_아주_긴_이름": "ordinal", "price": "scale"}, variable_format={"price": "F8.3"})
        back, meta = pyreadstat.read_sav(HERE / file)
        values = {c: [None if isinstance(x, str) and not x.strip() else x.rstrip() if isinstance(x, str) else x for x in back[c]] for c in back}
        expect(file, values, labels={k: v for k, v in meta.column_names_to_labels.items() if v},
               value_labels={k: {str(int(c) if isinstance(c, float) else c): t for c, t in v.items()} for k, v in meta.variable_value_labels.items()},
               measures={k: meta.variable_measure[k] for k in ["성별", "만족도_아주_긴_이름", "price"]},
               missing_codes={"만족도_아주_긴_이름": [{"from": 97.0, "to": 99.0}, "8"], "code": ["X"]})
    cp949_sav()


def cp949_sav():
    """A system file as an old Korean SPSS wrote it: CP949 by its code page, byte-code compression, a weight."""
    ko = lambda s, n: s.encode("cp949").ljust(n)[:n]
    out = b"$FL2" + ko("@(#) SPSS DATA FILE MS Windows Release 12.0", 60)
    out += struct.pack("<iiiii", 2, 3, 1, 3, 3) + struct.pack("<d", 100.0) + ko("01 Jan 04", 9) + ko("12:00:00", 8) + ko("", 64) + b"\0\0\0"
    number = (5 << 16) | (8 << 8)
    variable = lambda width, name, label, form: struct.pack("<iiiiii", 2, width, 1, 0, form, form) + ko(name, 8) + \
        struct.pack("<i", len(label.encode("cp949"))) + ko(label, -(-len(label.encode("cp949")) // 4) * 4)
    out += variable(0, "VAR1", "만족도", number)
    out += variable(8, "도시", "사는 곳", (1 << 16) | (8 << 8))
    out += variable(0, "W", "가중치", number)
    label = lambda value, text: struct.pack("<d", value) + bytes([len(text.encode("cp949"))]) + \
        ko(text, (1 + len(text.encode("cp949")) + 7) // 8 * 8 - 1)
    out += struct.pack("<ii", 3, 2) + label(1.0, "불만") + label(2.0, "만족") + struct.pack("<iii", 4, 1, 1)
    out += struct.pack("<iiii", 7, 3, 4, 8) + struct.pack("<8i", 12, 0, 0, -1, 1, 1, 2, 949)
    out += struct.pack("<iiii", 7, 13, 1, len("VAR1=만족도".encode("cp949"))) + "VAR1=만족도".encode("cp949")
    out += struct.pack("<ii", 999, 0)
    out += bytes([101, 253, 103, 102, 253, 255, 255, 254]) + ko("서울", 8) + ko("부산진", 8)
    out += bytes([101, 252, 0, 0, 0, 0, 0, 0])
    (HERE / "cp949.sav").write_bytes(out)
    back, meta = pyreadstat.read_sav(HERE / "cp949.sav")
    assert list(back.columns) == ["만족도", "도시", "W"], back.columns
    values = {c: [None if isinstance(x, str) and not x.strip() else x for x in back[c]] for c in back}
    expect("cp949.sav", values, labels=meta.column_names_to_labels, said=["weighted by “W”"],
           value_labels={"만족도": {"1": "불만", "2": "만족"}})


parquet_and_arrow()
workbooks()
texts()
spss()
(HERE / "expected.json").write_text(json.dumps(expected, ensure_ascii=False, indent=1) + "\n")
