"""Reads Delta tables with programs that are not ours, each row as JSON has it in the topics.

read_delta.py current FOLDER READER...  the newest version, by these readers: {reader: [row]}
read_delta.py serve                     answers `[FOLDER, VERSION or null, APP...]`, a line each, by delta-rs: {rows, transactions}
read_delta.py plain FILE                a plain Parquet file, by every reader: {reader: [row]}
read_delta.py position FOLDER APP...    the versions of transactions: {app: version}
read_delta.py skips FILE COLUMN...      whether DuckDB finds extremes of these columns in each row group
read_delta.py spans FOLDER              each live file's coin, first and last hour, and rows, by delta-rs
read_delta.py scanned FILE COLUMN CONDITION... how many row groups DuckDB reads to sum a column under each condition
read_delta.py run FOLDER STATEMENT      what DuckDB answers to a statement in a folder: [row]
"""

import datetime
import json
import math
import os
import re
import sys
import urllib.parse

import duckdb
import pandas
import polars
import pyarrow
import pyarrow.compute
import pyarrow.parquet
from deltalake import DeltaTable


def value_of(value):
    if value is None or value is pandas.NaT:
        return None
    if isinstance(value, (datetime.datetime, pandas.Timestamp)):
        utc = value.astimezone(datetime.timezone.utc)
        assert utc.microsecond % 1000 == 0 and value.utcoffset() is not None, value
        return utc.strftime("%Y-%m-%dT%H:%M:%S.") + f"{utc.microsecond // 1000:03d}Z"
    if isinstance(value, datetime.date):
        return value.isoformat()
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and math.isnan(value):
        return None
    return value


def rows_of(dicts):
    return [{name: value_of(value) for name, value in row.items()} for row in dicts]


def arrow_rows(table):
    for column in table.columns:
        if pyarrow.types.is_floating(column.type):
            assert not pyarrow.compute.any(pyarrow.compute.is_nan(column)).as_py(), "a null is written as NaN"
    return rows_of(table.to_pylist())


def pandas_rows(frame):
    return rows_of(frame.astype(object).to_dict("records"))


connection = duckdb.connect(config={"threads": 2})
connection.execute("set timezone = 'UTC'")


def duckdb_rows(query):
    return rows_of(connection.sql(query).to_arrow_table().to_pylist())


def live_files(folder):
    """The live files of a table, with their partitions' values, by its log."""
    actions = pyarrow.table(DeltaTable(folder).get_add_actions(flatten=True)).to_pylist()
    for action in actions:
        values = {name[len("partition."):]: value for name, value in action.items() if name.startswith("partition.")}
        yield f"{folder}/{urllib.parse.unquote(action['path'])}", values


def through_duckdb(folder):
    partitions = dict(live_files(folder))
    paths = ", ".join("'" + path.replace("'", "''") + "'" for path in partitions)
    rows = duckdb_rows(f"select * from read_parquet([{paths}], hive_partitioning = false, filename = true)")
    for row in rows:
        row.update({name: value_of(value) for name, value in partitions[row.pop("filename")].items()})
    return rows


def through_pyarrow(folder):
    rows = []
    for path, values in live_files(folder):
        for row in arrow_rows(pyarrow.parquet.ParquetFile(path).read()):
            rows.append({**row, **{name: value_of(value) for name, value in values.items()}})
    return rows


def current(folder, *readers):
    known = {
        "delta-rs": lambda: arrow_rows(DeltaTable(folder).to_pyarrow_dataset().to_table()),
        "pandas": lambda: pandas_rows(DeltaTable(folder).to_pandas()),
        "polars": lambda: rows_of(polars.read_delta(folder).to_dicts()),
        "DuckDB": lambda: through_duckdb(folder),
        "pyarrow": lambda: through_pyarrow(folder),
    }
    return {reader: known[reader]() for reader in readers}


def at_version(folder, version, *apps):
    table = DeltaTable(folder, version=version)
    rows = arrow_rows(table.to_pyarrow_dataset().to_table())
    return {"rows": rows, "transactions": {app: table.transaction_version(app) for app in apps}}


def serve():
    for line in sys.stdin:
        try:
            answer = at_version(*json.loads(line))
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    return None


def plain(path):
    return {
        "pandas": pandas_rows(pandas.read_parquet(path)),
        "polars": rows_of(polars.read_parquet(path).to_dicts()),
        "DuckDB": duckdb_rows(f"select * from '{path}'"),
        "pyarrow": arrow_rows(pyarrow.parquet.read_table(path)),
    }


def position(folder, *apps):
    table = DeltaTable(folder)
    return {app: table.transaction_version(app) for app in apps}


def skips(path, *columns):
    return duckdb_rows(
        "select path_in_schema as name, count(*) as groups, count(stats_min_value) as least, count(stats_max_value) as most, "
        f"any_value(compression) as codec from parquet_metadata('{path}') "
        f"where path_in_schema in ({', '.join(repr(column) for column in columns)}) group by all order by all"
    )


def spans(folder):
    """Each live file's coin, its first and last hour, and its rows, as delta-rs has them."""
    actions = pyarrow.table(DeltaTable(folder).get_add_actions(flatten=True)).to_pylist()
    names = {"coin": "partition.coin_id", "first": "min.ts", "last": "max.ts", "rows": "num_records"}
    return [{name: value_of(action[column]) for name, column in names.items()} for action in actions]


def scanned(path, column, *conditions):
    """By DuckDB's own profile; a sum is not to be had from the statistics alone."""
    results = []
    for condition in conditions:
        query = f"explain analyze select sum({column}) from '{path}' where {condition}"
        [(_, text)] = connection.execute(query).fetchall()
        # Where no row group can have such a row, the plan has no scan.
        found = re.search(r"Row Groups Scanned: (\d+) / (\d+)", text)
        read, groups = found.groups() if found else (0, 0)
        [(rows,)] = connection.execute(f"select count(*) from '{path}' where {condition}").fetchall()
        results.append({"scanned": int(read), "groups": int(groups), "rows": rows})
    return results


def run(folder, statement):
    os.chdir(folder)
    return duckdb_rows(statement)


commands = {
    "current": current,
    "serve": serve,
    "plain": plain,
    "position": position,
    "skips": skips,
    "spans": spans,
    "scanned": scanned,
    "run": run,
}
sys.stdout.write(json.dumps(commands[sys.argv[1]](*sys.argv[2:])))
sys.stdout.flush()
# The libraries' threads do not survive the end of the interpreter every time: it is left without one.
os._exit(0)
