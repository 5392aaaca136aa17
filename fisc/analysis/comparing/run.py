"""After publishing: the comparisons of every province whose documents changed."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import polars as pl
import pyarrow as pa

from fisc.analysis.comparing.between import TABLES, compare
from fisc.warehouse.derived import basis, is_current, provinces, remember, replace_province
from fisc.warehouse.home import Home
from fisc.warehouse.locks import locked

TABLE = "comparison"


@dataclass(frozen=True, slots=True)
class Compared:
    """What a run of comparisons did: provinces computed, those that needed nothing, files that changed.

    ``failed`` are provinces whose files cannot be read, with the sentence; what was compared before stays.
    """

    computed: tuple[str, ...] = ()
    current: tuple[str, ...] = ()
    files: int = 0
    failed: tuple[tuple[str, str], ...] = ()


def compare_all(home: Home) -> Compared:
    """Compute anew what any change of the published rows touches; a province at a time, as names are alike only there.

    Only one process computes at a time, each after its own publication, so the last one sees all.
    """
    computed: list[str] = []
    current: list[str] = []
    failed: list[tuple[str, str]] = []
    files = 0
    with locked(home, ("comparison",)):
        for prov in provinces(home):
            try:
                changed = _province(home, prov)
            except (duckdb.Error, pl.exceptions.PolarsError, pa.ArrowException) as error:
                failed.append((prov, _sentence(prov, error)))
                continue
            (current if changed is None else computed).append(prov)
            files += changed or 0
    return Compared(tuple(computed), tuple(current), files, tuple(failed))


def _province(home: Home, prov: str) -> int | None:
    """Compare the documents of a province; the files that changed, None where nothing had to be computed."""
    stands_on = basis(home, (*TABLES, TABLE), prov)
    if is_current(home, TABLE, prov, stands_on):
        return None
    changed = replace_province(home, TABLE, prov, compare(home, prov))
    remember(home, TABLE, prov, basis(home, (*TABLES, TABLE), prov))
    return changed


def _sentence(prov: str, error: Exception) -> str:
    said = " ".join(str(error).split())[:300].rstrip(".")
    return (
        f"The documents of province {prov} could not be compared with each other ({said}); what was compared before "
        "stands. Move away the file that cannot be read and run its documents again with fisc rerun --year … --force."
    )
