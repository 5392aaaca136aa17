"""What README and docs show is true: the commands exist with their options, the snippets run, the links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

from fisc.analysis.asking import ask, open_tables, views
from fisc.analysis.comparing.rules import rules
from fisc.flows.cli import app
from fisc.flows.night.deployments import planned
from fisc.flows.night.settings import Tell, read_settings
from fisc.flows.sources import read_source
from fisc.reasons import reasons
from fisc.warehouse.home import Home

ROOT = Path(__file__).resolve().parents[2]
READMES = [ROOT / "README.md", ROOT / "README.zh.md"]
DOCS = [*READMES, *sorted((ROOT / "docs").glob("*.md"))]
COMMAND = re.compile(r"(?:^|[`|\s])(?:\.venv/bin/)?fisc ([a-z]+)((?:[ \t]+[^`\n|#]+)?)", re.MULTILINE)
FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)\)")


def fenced(path: Path, language: str) -> list[str]:
    return [body for kind, body in FENCE.findall(path.read_text(encoding="utf-8")) if kind == language]


def shown_commands() -> list[tuple[str, str, str]]:
    """Every ``fisc …`` in code, as (document, command, rest of the line)."""
    found = []
    for path in DOCS:
        text = path.read_text(encoding="utf-8")
        code = [body for _, body in FENCE.findall(text)] + re.findall(r"`([^`\n]+)`", text)
        found += [(path.name, name, rest) for piece in code for name, rest in COMMAND.findall(piece)]
    return found


@pytest.mark.parametrize(("document", "name", "rest"), shown_commands())
def test_every_command_shown_exists_with_its_options(document: str, name: str, rest: str) -> None:
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    assert name in commands, f"{document} shows fisc {name}"
    words = rest.split()
    group = getattr(commands[name], "commands", {})
    command = group.get(words[0], commands[name]) if words else commands[name]
    options = {option for parameter in command.params for option in parameter.opts}
    for option in re.findall(r"(?<!\S)--[a-z-]+", re.sub(r'"[^"]*"', "", rest)):
        assert option in options, f"{document} shows fisc {name} {option}"


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_every_link_leads_to_a_file(path: Path) -> None:
    for target in LINK.findall(path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), f"{path.name} links to {target}"


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_the_python_of_the_readme_reads_the_published_folder(
    home: Home, monkeypatch: pytest.MonkeyPatch, readme: Path
) -> None:
    monkeypatch.chdir(home.root.parent)
    snippets = fenced(readme, "python")
    assert len(snippets) == 2
    lazy, frame = ({}, {})  # type: tuple[dict[str, object], dict[str, object]]
    exec(snippets[0], lazy)
    exec(snippets[1], frame)
    rows = lazy["spending"].collect().height  # type: ignore[attr-defined]
    assert rows == len(frame["spending"]) > 0  # type: ignore[arg-type]


def test_the_sql_of_the_docs_runs_and_finds_rows(home: Home) -> None:
    queries = [query for path in DOCS for query in fenced(path, "sql")]
    for readme in READMES:
        queries += re.findall(r'fisc sql "([^"]+)"', readme.read_text(encoding="utf-8"))
    assert queries
    with open_tables(home) as connection:
        for query in queries:
            assert ask(connection, query).num_rows, query


def test_every_tool_gives_the_analyst_the_same_answer(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(home.root.parent)
    answers = []
    for snippet in fenced(ROOT / "docs/analyst.md", "python"):
        names: dict[str, object] = {}
        exec(snippet, names)
        answers.append(names["answer"])
    (query,) = (q for q in fenced(ROOT / "docs/analyst.md", "sql") if "GROUP BY department" in q)
    with open_tables(home) as connection:
        answers.append(dict(tuple(row.values()) for row in ask(connection, query).to_pylist()))
    assert len(answers) == 6
    assert answers[0]
    assert all(answer == answers[0] for answer in answers)


def test_the_commands_that_ask_work_as_they_stand(home: Home) -> None:
    asked = re.findall(
        r'^fisc sql "([^"]+)"', (ROOT / "docs/analyst.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert len(asked) >= 2
    with open_tables(home) as connection:
        for query in asked:
            ask(connection, query)


def test_the_analyst_is_told_of_every_view_and_every_comparison() -> None:
    page = (ROOT / "docs/analyst.md").read_text(encoding="utf-8")
    for name in (*views(), *rules()):
        assert f"| `{name}` |" in page


def test_the_readmes_show_the_same_commands_and_links() -> None:
    def shown(path: Path) -> list[list[str]]:
        text = path.read_text(encoding="utf-8")
        commands = ["\n".join(fenced(path, kind)) for kind in ("sh", "python")]
        return [
            [re.sub(r"\s*#.*", "", line) for line in "\n".join(commands).splitlines()],
            LINK.findall(text),
        ]

    assert shown(READMES[0]) == shown(READMES[1])


def test_the_two_commands_are_targets_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^make (\w+)", "\n".join(fenced(ROOT / "README.md", "sh")), re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


@pytest.mark.parametrize("text", fenced(ROOT / "docs" / "sources.md", "toml"))
def test_every_source_of_the_docs_is_one_that_fisc_reads(text: str, tmp_path: Path) -> None:
    path = tmp_path / "wangxi.toml"
    path.write_text(text, encoding="utf-8")
    assert read_source(path).name.startswith(("wangxi", "sent"))


def test_the_settings_of_the_operators_guide_are_read(tmp_path: Path) -> None:
    (settings,) = fenced(ROOT / "docs" / "operator.md", "toml")
    (tmp_path / "fisc.toml").write_text(settings, encoding="utf-8")
    read = read_settings(Home(tmp_path), {"CHAT_TOKEN": "x", "MAIL_PASSWORD": "y"})
    assert (read.tell, read.mail.to, read.mail.password) == (Tell(), ("night@example.org",), "y")


def test_the_operators_guide_names_reasons_that_exist() -> None:
    text = (ROOT / "docs" / "operator.md").read_text(encoding="utf-8")
    named = re.findall(r"--reason ([a-z_0-9]+)", text) + re.findall(r"\(`([a-z_0-9]+)`", text)
    assert len(named) > 8
    assert [name for name in named if name not in reasons()] == []


def test_the_operators_guide_knows_every_deployment() -> None:
    text = (ROOT / "docs" / "operator.md").read_text(encoding="utf-8")
    plans, _ = planned(ROOT / "sources")
    for plan in plans:
        flow = plan.flow.rpartition(".")[2].replace("_", "-")
        assert f"`{flow}/{'NAME' if flow == 'harvest-portal' else plan.name}`" in text
