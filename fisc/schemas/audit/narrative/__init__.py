"""The audit of the narrative: against itself, and against the tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fisc.schemas.audit.claims import rates, sums
from fisc.schemas.audit.claims.known import Known
from fisc.schemas.audit.narrative.forms import indicators, said_empty, wording
from fisc.schemas.audit.narrative.lines import lines_against_rows
from fisc.schemas.audit.narrative.names import department_names, economic_names
from fisc.schemas.audit.narrative.tables import evaluated, facts_against_cells, projects
from fisc.schemas.audit.narrative.units import asset_values, unit_slips
from fisc.schemas.audit.narrative.years import years
from fisc.schemas.audit.outcome import Outcome
from fisc.schemas.identity import Identity
from fisc.schemas.narrative import Claim, Narrative
from fisc.schemas.statement import Statement


def audit_narrative(
    narrative: Narrative, statements: Sequence[Statement], identity: Identity | None = None
) -> list[Outcome]:
    """Every check on what a document says in words, each with its outcome and, where it failed, its finding."""
    known = Known(narrative, statements, identity.stage if identity else narrative.stage)
    outcomes = [outcome for claim in narrative.claims for outcome in _claimed(claim, known)]
    year = identity.fiscal_year if identity else narrative.year
    for check in (
        facts_against_cells, lines_against_rows, projects, evaluated, unit_slips, asset_values,
        economic_names, wording, said_empty,
    ):  # fmt: skip
        outcomes += check(known)
    outcomes += years(known, year)
    outcomes += indicators(known, year)
    outcomes += department_names(known, identity)
    return outcomes


def _claimed(claim: Claim, known: Known) -> Iterator[Outcome]:
    """The check that a claim asks for."""
    match claim.kind:
        case "growth":
            yield rates.growth(claim, known)
        case "completion":
            yield rates.completion(claim, known)
        case "share":
            yield rates.share(claim, known)
        case "rate":
            yield from rates.rate(claim)
        case "sum":
            yield from sums.total(claim, known)
        case "direction":
            yield sums.direction(claim)
        case "restated":
            yield sums.restated(claim)
