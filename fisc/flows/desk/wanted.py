"""What of the list is wanted: filters and order as an address says them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import urlencode

from fisc.flows.desk.shelf import Entry

A_PAGE = 50
"""Documents on one page of the list."""

FINDINGS: Mapping[str, tuple[str, Callable[[Entry], bool]]] = {
    "error": ("有错误", lambda entry: entry.found.errors > 0),
    "warning": ("有错误或警告", lambda entry: entry.found.errors + entry.found.warnings > 0),
    "waived": ("有已免除的", lambda entry: entry.found.waived > 0),
    "none": ("没有发现", lambda entry: entry.cells is not None and not entry.found.rules),
}
PROVEN: Mapping[str, tuple[str, Callable[[Entry], bool]]] = {
    "all": ("全部证实", lambda entry: entry.share == 100),
    "below_100": ("未全部证实", lambda entry: entry.share is not None and entry.share < 100),
    "below_90": ("不足90%", lambda entry: entry.share is not None and entry.share < 90),
    "refuted": ("有被否定的", lambda entry: bool(entry.refuted)),
    "loose": ("有未归属的数字", lambda entry: bool(entry.loose)),
}
ORDERS: Mapping[str, tuple[str, Callable[[Entry], Any]]] = {
    "place": ("按地区部门", lambda _: 0),
    "errors": ("错误多的在前", lambda entry: (-entry.found.errors, -entry.found.warnings)),
    "proven": ("证实少的在前", lambda entry: (entry.share is None, entry.share or 0)),
    "newest": ("新公开的在前", lambda entry: -(d.toordinal() if (d := entry.standing.published_on) else 0)),
}
STATES = ("published", "failed", "superseded", "fetched", "extracted", "validated")
STAGES = ("budget", "final_accounts")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an address asks for; what it says that cannot be meant is left out."""

    q: str = ""
    state: str = ""
    region: str = ""
    year: str = ""
    stage: str = ""
    findings: str = ""
    proven: str = ""
    rule: str = ""
    order: str = "place"
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Wanted:
        """Read an address."""
        said: dict[str, Any] = {field.name: query.get(field.name, "").strip()[:100] for field in fields(cls)}
        allowed = {
            "state": STATES, "stage": STAGES, "findings": FINDINGS, "proven": PROVEN, "order": ORDERS,
        }  # fmt: skip
        said |= {name: said[name] if said[name] in words else "" for name, words in allowed.items()}
        page = int(said["page"]) if said["page"].isascii() and said["page"].isdigit() else 1
        return cls(**{**said, "order": said["order"] or "place", "page": max(1, min(page, 1_000_000))})

    def fits(self, entry: Entry) -> bool:
        """Whether a document is one of those."""
        s = entry.standing
        return (
            (not self.q or self._says(entry))
            and (not self.state or s.state == self.state)
            and (not self.region or _in_region(entry, self.region))
            and (not self.year or str(s.fiscal_year) == self.year)
            and (not self.stage or s.stage == self.stage)
            and (not self.findings or FINDINGS[self.findings][1](entry))
            and (not self.proven or PROVEN[self.proven][1](entry))
            and (
                not self.rule
                or any(r == self.rule or r.startswith(f"{self.rule}.") for r in entry.found.rules)
            )
        )

    def _says(self, entry: Entry) -> bool:
        s = entry.standing
        words = (s.department, s.title, entry.region, s.source)
        return s.document_id.startswith(self.q.lower()) or any(self.q in each for each in words if each)

    def chosen(self, entries: Sequence[Entry]) -> list[Entry]:
        """The documents wanted, all of them, in the order wanted."""
        found = [entry for entry in entries if self.fits(entry)]
        return sorted(found, key=ORDERS[self.order][1]) if self.order != "place" else found

    def on_page(self, found: Sequence[Entry]) -> Sequence[Entry]:
        """Those of this page of the list."""
        return found[(self.page - 1) * A_PAGE : self.page * A_PAGE]

    def address(self, **changes: Any) -> str:
        """The address of the same list with something else about it."""
        other = replace(self, **{"page": 1, **changes})
        said = {field.name: getattr(other, field.name) for field in fields(other)}
        return "/?" + urlencode({k: v for k, v in said.items() if v not in ("", 1, "place")})


def years_of(entries: Sequence[Entry]) -> list[int]:
    """The fiscal years there are, the newest first."""
    return sorted({e.standing.fiscal_year for e in entries if e.standing.fiscal_year}, reverse=True)


def _in_region(entry: Entry, region: str) -> bool:
    code = entry.standing.region_code or ""
    return code.startswith(region) if region.isdigit() else region in (entry.region or "")
