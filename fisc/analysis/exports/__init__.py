"""Handing tables on: CSV, JSON, Parquet, Excel workbooks, Frictionless data packages."""
