"""The archive of raw files, the ledger of documents, the published Parquet, and the way to read it.

The only room that writes. Import the module you need; this one imports nothing, so that it costs nothing.
"""
