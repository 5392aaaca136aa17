"""One document in words: whose it is, which tables, how much of it is proven, what was found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from fisc.flows.cli.console import PROOF_STYLES, SEVERITY_STYLES, count, grid, shown, styled

if TYPE_CHECKING:
    import pyarrow as pa
    from rich.console import Console

    Tables = Mapping[str, pa.Table]

FACTS = 20
UNACCOUNTED = "number.unaccounted"
"""The rule whose findings are the numbers that nothing accounts for."""
SIDES = ("expected", "actual", "difference", "tolerance")
NOT_STATEMENTS = frozenset({"document", "fact", "finding", "check", "cell", "comparison"})


def print_document(console: Console, tables: Tables) -> None:
    """Identity, tables with their proven share, facts and findings of one document."""
    print_identity(console, tables)
    print_tables(console, tables)
    print_facts(console, tables["fact"].to_pylist() if "fact" in tables else [])
    found = tables["finding"].to_pylist() if "finding" in tables else []
    print_findings(console, [finding for finding in found if finding["rule"] != UNACCOUNTED])


def print_identity(console: Console, tables: Tables) -> None:
    """Whose disclosure it is, and how much of it was read."""
    (document,) = tables["document"].to_pylist()
    number = f" ({document['department_code']})" if document["department_code"] else ""
    where = " ".join(filter(None, (document["region"], document["region_code"])))
    said = {
        "Department": f"{document['department']}{number}, {document['level']}",
        "Region": where,
        "Year": f"{document['fiscal_year']} {document['stage']}",
        "Pages": f"{document['pages']}, {document['scanned_pages']} of them scanned",
        "Unit": document["printed_unit"],
        "Numbers": _numbers(document),
        "Version": document["extractor_version"],
    }
    print_lines(console, said)


def _numbers(document: Mapping[str, Any]) -> str:
    said = f"{count(document['numbers_accounted'])} of {count(document['numbers'])} accounted for"
    return said if document["numbers_accounted"] == document["numbers"] else f"{said}; see --unaccounted"


def print_lines(console: Console, said: Mapping[str, Any]) -> None:
    """Labels and what belongs to them; what is not there is left out."""
    lines = Table.grid(padding=(0, 2, 0, 0))
    lines.add_column(style="dim", no_wrap=True, min_width=10)
    lines.add_column(overflow="fold")
    for label, words in said.items():
        if words not in (None, ""):
            lines.add_row(label, words if isinstance(words, Text) else Text(shown(words)))
    console.print(lines)


def print_tables(console: Console, tables: Tables) -> None:
    """A line a table: its rows, its amounts, and how many of these are proven; an empty one that is printed has no row."""
    from fisc.schemas.contract import MODELS

    proofs: dict[str, Counter[str]] = {}
    if "cell" in tables:
        for table, proof in zip(
            *(tables["cell"].column(c).to_pylist() for c in ("table", "proof")), strict=True
        ):
            proofs.setdefault(table, Counter())[proof] += 1
    printed = _present(tables)
    rows = [
        (
            name,
            MODELS[name].to_schema().title,
            count(tables[name].num_rows),
            *_shares(proofs.get(name, Counter())),
        )
        for name in MODELS
        if name in tables
        and name not in NOT_STATEMENTS
        and (tables[name].num_rows or name in proofs or name in printed)
    ]
    console.print()
    heads = (
        "table",
        "标题",
        ("rows", "right"),
        ("amounts", "right"),
        ("proven", "right"),
        ("refuted", "right"),
    )
    console.print(grid(heads, rows))


def _present(tables: Tables) -> set[str]:
    """The official tables that the document prints, empty ones too."""
    checks = tables["check"].to_pylist() if "check" in tables else []
    return {
        name
        for check in checks
        if (check["rule"], check["outcome"]) == ("table.present", "pass")
        for name in (check.get("tables") or "").split(", ")
    }


def _shares(proofs: Counter[str]) -> tuple[str | Text, str | Text, str | Text]:
    total = proofs.total()
    if not total:
        return "", "", ""
    # A share of 99.96 % is not all of it.
    share = Text(f"{int(1000 * proofs['proven'] / total) / 10:.1f} %", style=PROOF_STYLES["proven"])
    refuted = Text(count(proofs["refuted"]), style=PROOF_STYLES["refuted"]) if proofs["refuted"] else Text("")
    return count(total), share, refuted


def print_facts(console: Console, facts: Sequence[Mapping[str, Any]]) -> None:
    """What the narrative says, the first of it."""
    if not facts:
        return
    console.print()
    rows = [(f["name"], shown(f["value"]), f["unit"], f["period"], f["page"]) for f in facts[:FACTS]]
    console.print(grid(("fact", ("value", "right"), "unit", "period", ("page", "right")), rows))
    if len(facts) > FACTS:
        console.print(f"… and {count(len(facts) - FACTS)} more facts", style="dim")


def unaccounted_numbers(tables: Tables) -> list[dict[str, Any]]:
    """The numbers of a document that nothing accounts for: as printed, with page, box and the line they stand on."""
    if "finding" not in tables:
        return []
    found = (f for f in tables["finding"].to_pylist() if f["rule"] == UNACCOUNTED)
    return [
        {"number": f["quote"], **{name: f[name] for name in ("page", "x0", "y0", "x1", "y1", "message")}}
        for f in found
    ]


def print_unaccounted(console: Console, tables: Tables) -> None:
    """Each number that nothing accounts for, with its page, its box in points and its line."""
    numbers = unaccounted_numbers(tables)
    (document,) = tables["document"].to_pylist()
    console.print(f"{_numbers(document).partition(';')[0]}.", style="" if numbers else "green")
    if not numbers:
        return
    rows = [
        (
            n["number"],
            n["page"],
            ", ".join(f"{n[side]:.0f}" for side in ("x0", "y0", "x1", "y1")),
            n["message"],
        )
        for n in numbers
    ]
    console.print(grid((("number", "right"), ("page", "right"), "box (pt)", "what it stands in"), rows))


def print_findings(console: Console, findings: Sequence[Mapping[str, Any]]) -> None:
    """Each finding with its place, its sentence in both languages, and both sides of what does not agree."""
    console.print()
    if not findings:
        console.print("No findings.", style="green")
        return
    for finding in findings:
        _print_finding(console, finding)
    counts = Counter(str(finding["severity"]) for finding in findings)
    console.print(Text.assemble(*_joined(counts)))


def _joined(counts: Mapping[str, int]) -> list[Text | str]:
    said = [
        Text(
            f"{count(counts[severity])} {severity}{'s' if counts[severity] > 1 and severity != 'info' else ''}",
            style,
        )
        for severity, style in SEVERITY_STYLES.items()
        if counts.get(severity)
    ]
    return [part for each in said for part in (each, ", ")][:-1]


def _print_finding(console: Console, finding: Mapping[str, Any]) -> None:
    from fisc.flows.page.words import in_two

    place = "  ".join(filter(None, (finding["page"] and f"p. {finding['page']}", finding["where"])))
    severity = styled(finding["severity"], SEVERITY_STYLES)
    console.print(Text.assemble(severity, (f"  {place}" if place else ""), (f"  {finding['rule']}", "dim")))
    chinese, english = in_two(finding["message"])
    console.print(Padding(Text(chinese), (0, 0, 0, 2)))
    if english:
        console.print(Padding(Text(english, style="dim"), (0, 0, 0, 2)))
    sides = [f"{name} {figure_of(finding, name)}" for name in SIDES if finding[name] is not None]
    if sides:
        console.print(Text("  " + ", ".join(sides), style="dim"))


def figure_of(finding: Mapping[str, Any], side: str) -> str:
    """One side of a finding; years are no amounts."""
    value = finding[side]
    of_years = str(finding["rule"]).endswith(("year", "period"))
    return f"{value:.0f}" if of_years else shown(value)
