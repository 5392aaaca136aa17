"""From portal to published table: discover, fetch, extract, publish, run again; and the command line.

The only room that knows Prefect, and only ``harvest`` and ``server`` import it.
"""
