"""What changed: between two files of one disclosure, and between two readings of one file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from fisc.errors import DocumentError
from fisc.flows.reading import Job
from fisc.flows.summary import CHANGED, Replaced
from fisc.warehouse.home import Home
from fisc.warehouse.ledger import Document, Ledger

if TYPE_CHECKING:
    import pyarrow as pa

    from fisc.schemas.audit.outcome import Finding
    from fisc.schemas.differences import Difference


@dataclass(frozen=True, slots=True)
class Trial:
    """A document to read without writing anything, and the partition in which its rows stand, if it has any."""

    job: Job
    published_in: str | None


@dataclass(frozen=True, slots=True)
class Reread:
    """A document read anew, beside what is published of it; pairs are before and after.

    Where nothing was published, there is nothing to differ from.
    """

    document_id: str
    department: str
    fiscal_year: int
    stage: str
    versions: tuple[str | None, str]
    proven: tuple[int, int]
    cells: tuple[int, int]
    differences: tuple[Difference, ...]

    @property
    def is_worse(self) -> bool:
        """Fewer amounts are proven than were."""
        return self.proven[1] < self.proven[0]


def tell_changes(home: Home, ledger: Ledger, document_ids: Iterable[str]) -> list[Replaced]:
    """A document that takes another's place says in its staged findings what changed.

    Returns those that do so now, not those that did it long ago and are only read again. A predecessor whose
    staged tables are gone or damaged cannot be compared, which is a finding, too.
    """
    from fisc.schemas.validation import with_findings
    from fisc.warehouse.stage import stage, staged

    replaced = []
    for document_id in document_ids:
        predecessors = ledger.predecessors(document_id)
        if not predecessors:
            continue
        tables = staged(home, document_id)
        found = [finding for old in predecessors for finding in _against(home, old, tables)]
        stage(home, document_id, with_findings(tables, found))
        if any(old.superseded_by != document_id for old in predecessors):
            replaced.append(_replaced(ledger.document(document_id), found))
    return replaced


def _replaced(document: Document, found: Sequence[Finding]) -> Replaced:
    disclosure = document.disclosure
    assert disclosure is not None
    values = sum(finding.severity != "info" for finding in found)
    return Replaced(
        document.document_id, disclosure.department, disclosure.fiscal_year, disclosure.stage, values
    )


def _against(home: Home, old: Document, tables: Mapping[str, pa.Table]) -> list[Finding]:
    from fisc.schemas.audit.outcome import Finding
    from fisc.schemas.differences import differences
    from fisc.warehouse.stage import staged

    try:
        before = staged(home, old.document_id)
    except DocumentError:
        zh = f"本次公开替换了文件{old.document_id}，但无法比较二者的差异。"
        en = f"It takes the place of {old.document_id}, and what changed cannot be said: the earlier rows are gone."
        return [Finding(CHANGED, "warning", "document", zh, en)]
    changed = [_finding(old, difference) for difference in differences(before, tables)]
    if changed:
        return changed
    zh = f"本次公开替换了文件{old.document_id}，各项数据均未改变。"
    return [
        Finding(
            CHANGED, "info", "document", zh, f"It takes the place of {old.document_id}; no value changed."
        )
    ]


def _finding(old: Document, change: Difference) -> Finding:
    from fisc.schemas.audit.outcome import Finding

    what = f"{change.row} / {change.column}" if change.column else change.row
    was, now = _said(change.before), _said(change.after)
    zh = f"重新公开后数据改变：{what}由{was}改为{now}（原文件{old.document_id}）。"
    en = (
        f"Published again with another value: {what} was {was} and is {now} (earlier file {old.document_id})."
    )
    before, after = (v if isinstance(v, Decimal) else None for v in (change.before, change.after))
    difference = after - before if before is not None and after is not None else None
    return Finding(
        CHANGED, "warning", change.table, zh, en, before, after, difference,
        quote=None if change.after is None else str(change.after), page=change.page,
    )  # fmt: skip


def _said(value: Any) -> str:
    return "nothing (无)" if value is None else str(value)


def rereads(home: Home, documents: Sequence[Document]) -> list[Reread]:
    """What is staged of these documents, beside what is published of them."""
    from fisc.warehouse.stage import staged

    return [_compared(home, d.document_id, d.published_in, staged(home, d.document_id)) for d in documents]


def try_reading(trial: Trial) -> Reread:
    """Read a document from the archive and say what would change. Raises :class:`DocumentError`."""
    from fisc.extractors.document import extract

    return try_with(extract, trial)


def try_with(extract: Any, trial: Trial) -> Reread:
    """The same with another way of extracting."""
    from fisc.flows.reading import extracted

    home = trial.job.home
    return _compared(home, trial.job.sha256[:16], trial.published_in, extracted(extract, trial.job).tables)


def _compared(
    home: Home, document_id: str, published_in: str | None, after: Mapping[str, pa.Table]
) -> Reread:
    from fisc.schemas.differences import differences
    from fisc.warehouse.read import rows_of

    before = rows_of(home, document_id, published_in) if published_in else {}
    (new,) = after["document"].to_pylist()
    nothing = {"extractor_version": None, "cells_proven": 0, "cells": 0}
    old: dict[str, Any] = before["document"].to_pylist()[0] if before else nothing
    return Reread(
        document_id,
        new["department"],
        new["fiscal_year"],
        new["stage"],
        (old["extractor_version"], new["extractor_version"]),
        (old["cells_proven"], new["cells_proven"]),
        (old["cells"], new["cells"]),
        tuple(differences(before, after)) if before else (),
    )
