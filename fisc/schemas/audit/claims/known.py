"""What a document says of a thing elsewhere: in its facts, and in the cells of its tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from fisc.schemas.audit.book import Book, Term, code_of
from fisc.schemas.audit.claims.arithmetic import wan
from fisc.schemas.folding import fold
from fisc.schemas.narrative import Claim, Fact, Figure, Narrative, Sentence
from fisc.schemas.patterns import patterns
from fisc.schemas.statement import Amount, Row, Statement

_DATA = patterns("says")
SAYS = {entry["fact"]: entry for entry in _DATA["says"]}
RESOLVE: dict[str, dict[str, list[str]]] = _DATA["resolve"]
SHARE_OF: dict[str, list[str]] = _DATA["share_of"]
_SELECTOR = re.compile(r"(?P<table>\w+)\.(?P<column>\w+)@(?P<row>.+)")
_ANY_YEAR = re.compile(r"(?:19|20)\d{2}年?度?")
_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table as the other side of a statement in words; ``terms`` are the cells added up."""

    value: Decimal
    step: Decimal
    terms: tuple[Term, ...]
    name: str = ""

    @property
    def label(self) -> str:
        """What it is called in Chinese: its name, else those of its cells."""
        return self.name or "＋".join(term.label for term in self.terms)

    @property
    def label_en(self) -> str:
        """What it is called in English."""
        return " + ".join(term.label_en for term in self.terms) or self.name

    @property
    def recognised(self) -> bool:
        """Whether any of it was read from a picture."""
        return any(term.amount.recognised for term in self.terms)


class Known:
    """The facts and the tables of one document, looked up by what they speak of."""

    def __init__(self, narrative: Narrative, statements: Sequence[Statement], stage: str | None) -> None:
        self.narrative = narrative
        self.book = Book(statements)
        self.final = (stage or narrative.stage) == "final_accounts"
        self._facts: dict[str, list[Fact]] = {}
        self._quoted: dict[str, list[Fact]] = {}
        for fact in narrative.facts:
            self._facts.setdefault(fact.name, []).append(fact)
            self._quoted.setdefault(fact.quote, []).append(fact)

    def facts_of(self, name: str) -> Sequence[Fact]:
        """All that the text says of a name, of whatever period."""
        return self._facts.get(name, ())

    def levels(self, name: str | None) -> list[Figure]:
        """This year's figures of a name: as the text states them, and as the tables do.

        What a machine read from a picture does not count against the text.
        """
        if not name or name == "expenditure.function":
            return []
        said = [f for f in self._facts.get(name, ()) if f.period == "this_year" and f.sure]
        figures = {fact.value: _figure(fact) for fact in said}
        cells = [_as_figure(cell) for cell in self.cells(name, "final") if cell.value and not cell.recognised]
        return [*figures.values(), *cells[:1]]

    def around(self, name: str | None, which: str) -> list[Figure]:
        """Figures that contain the one of a name (``which`` is larger), or that it contains (smaller)."""
        names = RESOLVE.get(name or "", {}).get(which, [])
        return next((figures for other in names if (figures := self.levels(other))), [])

    def budgets(self, name: str) -> list[Figure]:
        """The budget of a name in final accounts: as the text states it, else as the table does."""
        said = {f.value: _figure(f) for f in self._facts.get(name, ()) if f.period == "budget"}
        if said:
            return list(said.values())
        cells = [cell for cell in self.cells(name, "budget", blanks=True) if not cell.recognised]
        return [_as_figure(cell) for cell in cells[:1]]

    def cells(self, name: str, measure: str = "", hints: bool = False, blanks: bool = False) -> list[Cell]:
        """The cells that print a fact; ``measure`` (budget, final) chooses columns of the “三公” table."""
        entry = SAYS.get(name, {})
        selectors = [*entry.get("cells", ()), *(entry.get("hints", ()) if hints else ())]
        return [cell for selector in selectors if (cell := self._cell(selector, measure, blanks))]

    def cell(self, selector: str) -> Cell | None:
        """One cell by its selector (table.column@row)."""
        return self._cell(selector, "", False)

    def _cell(self, selector: str, measure: str, blanks: bool) -> Cell | None:
        match = _SELECTOR.fullmatch(selector)
        if match is None:
            return None
        table, column, row = match["table"], match["column"], match["row"]
        kind, _, rest = row.partition(":")
        if kind == "total":
            return _of(self.book.total(table, column))
        if kind == "key":
            side, _, key = rest.partition(":")
            return _of(self.book.keyed(table, side, key, column))
        if kind == "item":
            return self._item(table, column, rest, measure if self.final else "budget", blanks)
        if kind == "named":
            wanted = fold(rest)
            return _of(self.book.first(table, column, lambda r: wanted in map(fold, _texts(r))))
        terms = [self.book.coded(table, code, column) for code in rest.split("+")]
        return added([term for term in terms if term])

    def _item(self, table: str, column: str, item: str, measure: str, blanks: bool) -> Cell | None:
        def fits(row: Row) -> bool:
            return row.words.get("item") == item and row.words.get("measure") == measure

        found = _of(self.book.first(table, column, fits))
        if found is None and blanks and any(fits(row) for _, s in self.book.of(table) for row in s.rows):
            return Cell(Decimal(0), Decimal(0), (), item)
        return found

    def rows(self, table: str, digits: int) -> list[Row]:
        """The rows of a table whose codes have so many digits."""
        return [row for _, s in self.book.of(table) for row in s.rows if len(code_of(row) or "") == digits]

    def stated_in(self, sentence: Sentence) -> list[Fact]:
        """The amounts that a sentence states, of whatever period."""
        quote = sentence.text.strip()
        return [
            fact for fact in self._quoted.get(quote, ()) if fact.unit == "CNY" and fact.name != "other.amount"
        ]

    @property
    def has_tables(self) -> bool:
        """Whether the document holds the tables of revenue and expenditure at all."""
        return any(True for _ in self.book.of("expenditure")) or any(True for _ in self.book.of("revenue"))

    def unsaid(self, claim: Claim) -> list[Cell]:
        """What the tables print for parts of a whole that the text does not name; nothing where they are blank."""
        names = claim.words.get("unsaid", "").split()
        cells = [next(iter(self.cells(name, "final")), None) for name in names]
        return [cell for cell in cells if cell is not None and cell.value]

    def all_listed(self, claim: Claim) -> bool | None:
        """Whether a list in words names every line that the tables have; None where they cannot tell."""
        rule, count = claim.words["rule"], int(claim.words.get("count") or 0)
        if rule == "sum.list":
            projects = [
                str(row.words.get("project_name") or "") for _, s in self.book.of("project") for row in s.rows
            ]
            labels = claim.words["labels"].split("\n")
            named = [any(alike(label, project) for project in projects) for label in labels]
            if not projects or not all(named):
                return None
            return len(projects) == count and self._make_all(claim)
        rows = self.rows("general_public_budget", 3 if rule == "sum.classes" else 7)
        return len(rows) == count if rows else None

    def _make_all(self, claim: Claim) -> bool:
        """Whether the project sheets make up the whole that a list in words hangs on."""
        terms = [
            term for i, s in self.book.of("project") for j in range(len(s.rows))
            if (term := self.book.term(i, j, "budget"))
        ]  # fmt: skip
        total = sum((term.value for term in terms), Decimal(0))
        slack = sum((term.amount.step for term in terms), Decimal(0))
        return claim.stated is not None and abs(total - claim.stated.value) <= slack


def alike(one: str, other: str) -> bool:
    """Whether two names are the same but for marks, years and blanks."""
    return keyed(one) == keyed(other) and bool(keyed(one))


def keyed(name: str) -> str:
    """A name without marks, years and blanks."""
    return _ANY_YEAR.sub("", _WORD.sub("", name))


def _texts(row: Row) -> Iterator[str]:
    return (str(word) for key, word in row.words.items() if word and key in _NAMES)


_NAMES = frozenset({"economic_name", "function_name", "item", "item_text", "project_name"})


def _of(term: Term | None) -> Cell | None:
    return added([term]) if term else None


def added(terms: Sequence[Term]) -> Cell | None:
    """Cells added up into one; None where there are none."""
    if not terms:
        return None
    value = sum((term.value for term in terms), Decimal(0))
    step = sum((term.amount.step for term in terms), Decimal(0))
    return Cell(value, step, tuple(terms))


def _figure(fact: Fact) -> Figure:
    printed = fact.text + (fact.printed_unit if fact.unit == "CNY" else "")
    return Figure(fact.text, fact.value, fact.step, fact.unit, fact.page, fact.box, fact.name, printed)


def _as_figure(cell: Cell) -> Figure:
    amount: Amount | None = cell.terms[0].amount if cell.terms else None
    page, box = (amount.page, amount.box) if amount else (0, (0.0, 0.0, 0.0, 0.0))
    return Figure(
        str(cell.value), cell.value, cell.step, "CNY", page, box, cell.label, f"{cell.label}{wan(cell.value)}"
    )
