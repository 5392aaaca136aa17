"""The audit of the narrative: against itself, and against the tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from fisc.schemas.audit.claims import rates, sums
from fisc.schemas.audit.claims.known import Known
from fisc.schemas.audit.narrative.contradictions import contradictions
from fisc.schemas.audit.narrative.forms import said_empty, wording
from fisc.schemas.audit.narrative.goals import goals
from fisc.schemas.audit.narrative.lines import lines_against_rows
from fisc.schemas.audit.narrative.names import department_names, economic_names, other_names
from fisc.schemas.audit.narrative.results import results
from fisc.schemas.audit.narrative.tables import (
    economic_lines,
    evaluated,
    facts_against_cells,
    projects,
    turned_changes,
)
from fisc.schemas.audit.narrative.units import asset_values, lone_units, unit_slips
from fisc.schemas.audit.narrative.years import years
from fisc.schemas.audit.outcome import Outcome
from fisc.schemas.identity import Identity
from fisc.schemas.narrative import Claim, Narrative
from fisc.schemas.statement import Statement

AGAINST_TABLES = frozenset({"narrative.table", "narrative.line", "narrative.economic", "narrative.project"})
UNIT = "narrative.unit"
READ_THROUGH = (
    "narrative.other_department", "narrative.template", "narrative.unit_alone", "narrative.unit_lost", "narrative.value_form", "narrative.rank",
)  # fmt: skip
MANY = 4
"""Fewer disagreements with the tables may each be a slip."""


def audit_narrative(
    narrative: Narrative, statements: Sequence[Statement], identity: Identity | None = None
) -> list[Outcome]:
    """Every check on what a document says in words, each with its outcome and, where it failed, its finding."""
    known = Known(narrative, statements, identity.stage if identity else narrative.stage)
    outcomes = [outcome for claim in narrative.claims for outcome in _claimed(claim, known)]
    year = identity.fiscal_year if identity else narrative.year
    for check in (
        facts_against_cells, lines_against_rows, economic_lines, projects, evaluated, unit_slips, lone_units, asset_values,
        turned_changes, economic_names, wording, said_empty,
    ):  # fmt: skip
        outcomes += check(known)
    outcomes += years(known, year)
    outcomes += goals(known, year)
    outcomes += contradictions(known, year)
    outcomes += results(known, identity)
    outcomes += department_names(known, identity)
    outcomes += other_names(known, identity)
    outcomes += _clean(narrative, {outcome.rule for outcome in outcomes})
    return _once(_doubted(outcomes))


def _clean(narrative: Narrative, tried: set[str]) -> list[Outcome]:
    """Checks that read every sentence and say something only where they find fault: tried, and nothing found."""
    outcome = "pass" if narrative.sentences else "not_run"
    return [Outcome(rule, outcome) for rule in READ_THROUGH if rule not in tried]


def _doubted(outcomes: list[Outcome]) -> list[Outcome]:
    """Where most figures in words are not those of the tables, the two speak of different things: warn, no more."""
    failed = [o for o in outcomes if o.rule in AGAINST_TABLES | {UNIT} and o.outcome == "fail"]
    passed = sum(o.rule in AGAINST_TABLES and o.outcome == "pass" for o in outcomes)
    if len(failed) < MANY or len(failed) <= passed:
        return outcomes
    return [
        replace(o, finding=replace(o.finding, severity="warning")) if o in failed and o.finding else o
        for o in outcomes
    ]


def _once(outcomes: list[Outcome]) -> list[Outcome]:
    """A slip of the unit is told once, by the check that is surest of it."""
    told: set[tuple[object, object]] = set()
    kept = []
    for outcome in sorted(outcomes, key=lambda o: o.rule == "narrative.unit_alone"):
        place = (outcome.finding.page, outcome.finding.box) if outcome.finding else (None, None)
        if outcome.finding and outcome.rule in ("narrative.unit", "narrative.unit_alone"):
            if place in told:
                continue
            told.add(place)
        kept.append(outcome)
    return kept


def _claimed(claim: Claim, known: Known) -> Iterator[Outcome]:
    """The check that a claim asks for."""
    match claim.kind:
        case "growth":
            yield rates.growth(claim, known)
        case "change":
            yield rates.change(claim)
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
