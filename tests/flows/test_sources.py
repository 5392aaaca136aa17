"""A source file is read strictly, and what is wrong with it is said with file and key."""

from __future__ import annotations

from pathlib import Path

import pytest
from declared import source, toml

from fisc.flows.declaration import SourceError
from fisc.flows.sources import chosen, read_sources

ROOT = Path(__file__).parents[2]


def test_a_short_declaration_has_sensible_defaults(tmp_path: Path) -> None:
    read = source(tmp_path, toml())
    assert read.name == "haigang"
    assert read.allow_private is False
    assert (read.list.link, read.list.next, read.list.first, read.list.pages) == (None, None, 1, 200)
    assert (read.politeness.delay_s, read.politeness.concurrency) == (1.0, 1)
    assert read.expected.departments is None


def test_everything_can_be_said(tmp_path: Path) -> None:
    more = """
[titles]
department = '^(.+?)20'
[politeness]
delay_s = 2
recheck_days = 7
[expected]
departments = 62
stages = { budget = "02-20" }
[[ignore]]
title = "意向"
reason = "no budget"
"""
    read = source(
        tmp_path, toml(top='region = "130302"\npaused = "closed"', pages='next = "a.next"', more=more)
    )
    assert (read.region, read.paused, read.list.next) == ("130302", "closed", "a.next")
    assert (read.politeness.delay_s, read.politeness.recheck_days) == (2.0, 7.0)
    assert (read.expected.departments, dict(read.expected.stages)) == (62, {"budget": "02-20"})
    assert read.ignored[0].fits("政府采购意向", "http://x/")
    assert not read.ignored[0].fits("部门预算", "http://x/")


WRONG = [
    ("name = 3", "name", "text"),
    (toml(top='region = "13"'), "region", "six digits"),
    (toml(top="region = 130302"), "region", "text"),
    (toml(top='allow_private = "yes"'), "allow_private", "true or false"),
    (toml(top='delay = "1"'), "delay", "not a key"),
    (toml(pages="ecnoding = 'gbk'"), "list.ecnoding", "not a key"),
    (toml(pages="encoding = 'klingon'"), "list.encoding", "no encoding"),
    (toml(pages="title = 'a['"), "list.title", "CSS selector"),
    (toml(pages="next = 'a['"), "list.next", "CSS selector"),
    (toml(pages="pages = 0"), "list.pages", "at least 1"),
    (toml("ftp://portal.example/"), "list.start", "http"),
    (toml("${NOWHERE_SET}/"), "list.start", "NOWHERE_SET"),
    (toml(more="[titles]\nyear = '20\\d\\d'"), "titles.year", "group"),
    (toml(more="[titles]\nbudget = '('"), "titles.budget", "regular expression"),
    (toml(more="[politeness]\ndelay_s = -1"), "politeness.delay_s", "at least 0"),
    (toml(more="[politeness]\nconcurrency = 1.5"), "politeness.concurrency", "whole number"),
    (toml(more="[expected]\nstages = { budget = '02-31' }"), "expected.stages.budget", "day of the year"),
    (toml(more="[expected]\nstages = { draft = '02-01' }"), "expected.stages.draft", "not a key"),
    (toml(more="[[ignore]]\nreason = 'why'"), "ignore[1].title", "which entries"),
    (toml(more="[[ignore]]\ntitle = 'x'"), "ignore[1].reason", "missing"),
    (toml(more="[list.more]"), "list.more", "not a key"),
    ('name = "a"', "list", "missing"),
    (toml(pages="link = '/d/{onclick:[}'"), "list.link", "regular expression"),
    ("name = 'a'\n[list]\nstart = 'https://h/'\nlink = '/d/{data-id}'", "list.link", "entries must say"),
    (
        "name = 'a'\n[list]\nformat = 'json'\nstart = 'https://h/'\nentries = 'rows'",
        "list.link",
        "needs entries and link",
    ),
    ("name = 'a'\n[list]\nstart = [{ url = 'https://h/{year}/' }]", "list.start.url", "years go together"),
    (
        "name = 'a'\n[list]\nstart = [{ url = 'https://h/', stage = 'draft' }]",
        "list.start.stage",
        "must be one of",
    ),
    ("name = 'a'\n[list]\nstart = 7", "list.start", "at least one address"),
    (toml(pages="body = 'a=b'"), "list.body", "only sent with"),
    (toml(pages="total = 'x'"), "list.total", "json"),
    (toml(pages="method = 'PUT'"), "list.method", "must be one of GET, POST"),
    (toml(pages="headers = { Cookie = 'x' }"), "list.headers.Cookie", "may not be set"),
    (toml(pages="headers = { Referer = '预算' }"), "list.headers.Referer", "printable ASCII"),
    (toml(top='hosts = ["https://a.cn/"]'), "hosts", "must hold hosts"),
    (toml(top='schedule = "nightly"'), "schedule", "five fields"),
    (toml(top='schedule = "99 2 * * *"'), "schedule", "five fields"),
    (toml(more="[politeness]\nquiet_hours = ['9-5']"), "politeness.quiet_hours", "08:30-17:30"),
    (toml(more="[expected]\nyears = '2024'"), "expected.years", "list of years"),
    (toml(more="[expected]\ndepartments = []"), "expected.departments", "at least one text"),
    (toml(more="[[document]]\nurl = 'a.pdf'"), "document[1].url", "http or https"),
    (toml(more="[[document]]\nurl = 'https://h/a.pdf'\ndate = '3 Feb'"), "document[1].date", "must be a day"),
    (
        toml(more="[[moved]]\nfrom = 'old'\nto = 'https://h/'\nreason = 'x'"),
        "moved[1].from",
        "beginning of an address",
    ),
    (toml(more="[[tls]]\nhost = 'h'\nreason = 'x'"), "tls[1].sha256", "what is accepted"),
    (toml(more="[[tls]]\nhost = 'h'\nsha256 = 'ab'\nreason = 'x'"), "tls[1].sha256", "64 hex digits"),
    (toml(more="[folder]\npath = 'x'\nfiles = '../*'"), "folder.files", "inside the folder"),
    (
        toml(more="[departments]\nstart = 'https://h/'"),
        "departments.entries",
        "which links lead to departments",
    ),
    (toml(more="[article]\nformat = 'json'"), "article.files", "where in the JSON"),
    (toml(more="[titles]\nregions = { '海港区' = '13' }"), "titles.regions.海港区", "six digits"),
    (toml().replace("haigang", "海港"), "name", "lower-case"),
    ("name = ", "", "not valid TOML"),
]


@pytest.mark.parametrize(("text", "key", "words"), WRONG)
def test_what_is_wrong_is_said_with_file_and_key(tmp_path: Path, text: str, key: str, words: str) -> None:
    with pytest.raises(SourceError) as caught:
        source(tmp_path, text)
    said = str(caught.value)
    assert caught.value.key == key
    assert said.startswith(f"{tmp_path / 'haigang.toml'}")
    assert words in said
    assert said.endswith(".")


def test_variables_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "81")
    read = source(tmp_path, toml("http://h:${PORT}/${PAGE:-index.html}"))
    assert [start.url for start in read.list.start] == ["http://h:81/index.html"]


def test_two_files_of_one_name(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.toml").write_text(toml(), encoding="utf-8")
    with pytest.raises(SourceError, match=r"b\.toml: name is haigang"):
        read_sources(tmp_path)


def test_which_sources_are_meant(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(toml().replace("haigang", "a"), encoding="utf-8")
    (tmp_path / "b.toml").write_text(toml(top='paused = "closed"').replace("haigang", "b"), encoding="utf-8")
    assert [each.name for each in chosen([], tmp_path)] == ["a"]
    assert [each.name for each in chosen(["b", "a"], tmp_path)] == ["b", "a"]
    assert [each.name for each in chosen([str(tmp_path / "b.toml")], tmp_path / "nowhere")] == ["b"]
    with pytest.raises(SourceError, match="has no source c; it has a, b"):
        chosen(["c"], tmp_path)
    with pytest.raises(SourceError, match="not a folder"):
        chosen([], tmp_path / "nowhere")


def test_the_sources_of_this_repository_are_paused_and_complete() -> None:
    sources = read_sources(ROOT / "sources")
    assert {"example", "sample"} <= set(sources)
    assert all(sources[name].paused for name in ("example", "sample"))


def test_the_example_names_every_key() -> None:
    """A key that is not in the example is a key that nobody finds."""
    import re

    from fisc.flows import source, sources

    files = [Path(sources.__file__), *Path(source.__file__).parent.glob("*.py")]
    methods = "text|texts|needed|number|whole|flag|pattern|table|tables|choice|day|year|years|pairs|pop"
    taken = {
        key
        for file in files
        for key in re.findall(rf'\.(?:{methods})\("(\w+)"', file.read_text(encoding="utf-8"))
    }
    assert len(taken) > 50
    example = (ROOT / "sources" / "example.toml").read_text(encoding="utf-8")
    assert {key for key in taken if not re.search(rf"\b{key}\b", example)} == set()


def test_the_example_is_right_also_where_it_is_commented_out(tmp_path: Path) -> None:
    """Every commented key, taken for itself, is one that the reader takes."""
    import re

    example = (ROOT / "sources" / "example.toml").read_text(encoding="utf-8")
    shown = re.sub(r"^# (?=\[|\w+ *= )", "", example, flags=re.MULTILINE)
    start = "{ url = "
    kept, seen = [], set()
    table = ""
    for line in shown.splitlines():
        header = re.match(r"\[+([\w]+)\]+", line)
        table = header[1] if header else table
        key = re.match(r"(\w+) *=", line)
        if key and (table, key[1]) in seen and table != "ignore" and start not in line:
            continue
        if start in line or (table in ("list", "article") and key and key[1] in ("format", "total")):
            continue
        seen.update({(table, key[1])} if key else ())
        kept.append(line)
    read = source(tmp_path, "\n".join(kept))
    assert read.article.files == ".attachments a"
    assert read.given[0].url == "https://www.example.org/2025/budget.pdf"
    assert read.moved[0].old == "http://old.example.org/"
    assert read.certificates[0].legacy
    assert read.politeness.quiet
    assert read.list.method == "POST"


def test_a_file_that_is_wrong_stands_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(toml().replace("haigang", "a"), encoding="utf-8")
    (tmp_path / "b.toml").write_text("name = ", encoding="utf-8")
    assert [each.name for each in chosen(["a"], tmp_path)] == ["a"]
    with pytest.raises(SourceError, match=r"b\.toml is not valid TOML"):
        chosen(["b"], tmp_path)
    with pytest.raises(SourceError, match=r"b\.toml is not valid TOML"):
        chosen([], tmp_path)
