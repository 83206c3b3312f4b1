"""Measures DuckDB's own COPY of rows that lie in Parquet files: they are read into a table first, which is not timed.

duckdb_copy.py RUNS FOLDER PARTITION FILE...  [{wall, cpu, bytes}], compressed with snappy; PARTITION: a column, or - for one file
"""

import json
import os
import pathlib
import shutil
import sys
import time

import duckdb

runs, folder, partition, *files = sys.argv[1:]
connection = duckdb.connect(config={"threads": 2})
connection.execute(f"create table rows as select * from read_parquet({files!r}, hive_partitioning = true)")
results = []
for _ in range(int(runs)):
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    target, option = (f"{folder}/rows.parquet", "") if partition == "-" else (folder, f", partition_by ({partition})")
    wall, cpu = time.perf_counter(), time.process_time()
    connection.execute(f"copy rows to '{target}' (format parquet, compression snappy{option})")
    results.append({"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu})
    results[-1]["bytes"] = sum(file.stat().st_size for file in pathlib.Path(folder).rglob("*.parquet"))
json.dump(results, sys.stdout)
