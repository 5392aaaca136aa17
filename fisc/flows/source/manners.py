"""How a portal is treated, and what is expected of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone

from fisc.flows.declaration import Declared
from fisc.flows.source.cron import is_cron
from fisc.flows.source.listing import STAGES

BEIJING = timezone(timedelta(hours=8), "Beijing")
"""All of China keeps one time, and no summer time."""
NIGHTLY = "0 2 * * *"
_HOURS = re.compile(r"([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class Hours:
    """From a minute of the day to another, in Beijing; over midnight where the second is the smaller."""

    start: time
    end: time

    def holds(self, moment: time) -> bool:
        """Whether a time of day lies in these hours."""
        if self.start <= self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end


@dataclass(frozen=True, slots=True)
class Politeness:
    """How a portal is treated: seconds between two requests, requests at once, how long to wait, how much to take.

    ``quiet`` are the hours in which it is not asked at all.
    """

    delay_s: float
    concurrency: int
    timeout_s: float
    max_mb: float
    attempts: int
    first_wait_s: float
    longest_wait_s: float
    recheck_days: float
    quiet: tuple[Hours, ...]

    def quiet_until(self, now: datetime) -> time | None:
        """The end of the quiet hours that it is in, in Beijing; None where it may be asked."""
        moment = now.astimezone(BEIJING).time()
        return next((hours.end for hours in self.quiet if hours.holds(moment)), None)


@dataclass(frozen=True, slots=True)
class Expected:
    """What a portal should have: how many departments, or which; of which years; by which day (``MM-DD``) a stage."""

    departments: int | None
    names: tuple[str, ...]
    years: tuple[int, ...]
    stages: Mapping[str, str]

    def due(self, stage: str, fiscal_year: int, today: date) -> bool:
        """Whether a stage of a year should be there by now. Final accounts come in the year after theirs."""
        day = self.stages.get(stage, "12-31")
        published = fiscal_year if stage == "budget" else fiscal_year + 1
        month, number = (int(part) for part in day.split("-"))
        leap = published % 4 == 0
        return today >= date(published, month, number if leap or (month, number) != (2, 29) else 28)


def read_politeness(table: Declared) -> Politeness:
    """``[politeness]``. Raises :class:`SourceError`."""
    politeness = Politeness(
        delay_s=table.number("delay_s", 1.0),
        concurrency=table.whole("concurrency", 1, least=1) or 1,
        timeout_s=table.number("timeout_s", 120.0, least=0.1),
        max_mb=table.number("max_mb", 200.0, least=0.001),
        attempts=table.whole("attempts", 3, least=1) or 1,
        first_wait_s=table.number("first_wait_s", 2.0),
        longest_wait_s=table.number("longest_wait_s", 120.0),
        recheck_days=table.number("recheck_days", 0.0),
        quiet=tuple(_hours(table, words) for words in _texts(table, "quiet_hours")),
    )
    table.finish()
    return politeness


def read_expected(table: Declared) -> Expected:
    """``[expected]``. Raises :class:`SourceError`."""
    named = isinstance(table.values.get("departments"), list)
    names = table.texts("departments") if named else ()
    count = len(names) if named else table.whole("departments", None, least=1)
    years = table.years("years")
    stages = table.table("stages")
    days = {stage: day for stage in STAGES if (day := stages.text(stage)) is not None}
    for stage, day in days.items():
        try:
            date.fromisoformat(f"2024-{day}")
        except ValueError as error:
            raise stages.wrong(stage, 'must be a day of the year such as "02-20"') from error
    stages.finish()
    table.finish()
    return Expected(count, names, years, days)


def read_schedule(table: Declared) -> str:
    """``schedule``: when it is harvested, as five fields of cron in Beijing time."""
    schedule = table.text("schedule", NIGHTLY) or NIGHTLY
    if not is_cron(schedule):
        raise table.wrong(
            "schedule", f'must be five fields of cron such as "0 2 * * *", and {schedule!r} is not'
        )
    return schedule.strip()


def _texts(table: Declared, key: str) -> tuple[str, ...]:
    return table.texts(key) if table.has(key) else ()


def _hours(table: Declared, words: str) -> Hours:
    match = _HOURS.fullmatch(words.replace(" ", ""))
    if match is None:
        raise table.wrong("quiet_hours", f'must hold hours such as "08:30-17:30", and {words!r} are none')
    start, end = f"{match[1]}:{match[2]}", f"{match[3]}:{match[4]}"
    return Hours(_time(start), _time(end))


def _time(words: str) -> time:
    return time(23, 59, 59) if words.startswith("24") else time.fromisoformat(words)


def now() -> datetime:
    """This moment."""
    return datetime.now(UTC)
