"""Pictures: every one is drawn from what is published, in every form, and shows Chinese without a font of the system."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import polars as pl
import pytest
from city import named, opened, put, read, settle

from fisc.analysis.asking import open_tables
from fisc.analysis.plots.asking import Choice, NothingToDraw, short
from fisc.flows.cli.plotting import NAMES

pytest.importorskip("vl_convert", reason="the extra plot is not installed")
from fisc.analysis.plots.drawing import FONT, HELD, PlotError, draw
from fisc.analysis.plots.pictures import PICTURES

EVIL = "望溪市</script><b>科技局"


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A department and one whose name would be markup."""
    with opened(tmp_path_factory.mktemp("plots")) as (home, ledger):
        for document in read().values():
            put(home, ledger, document)
            put(home, ledger, named(document, department=EVIL, department_series=EVIL))
        settle(home, ledger)
        with open_tables(home) as connection:
            yield connection


@pytest.mark.parametrize("name", NAMES)
def test_every_picture_is_drawn_without_any_choice(
    tables: duckdb.DuckDBPyConnection, name: str, tmp_path: Path
) -> None:
    target = tmp_path / "new folder" / f"{name}.svg"
    draw(PICTURES[name](tables, Choice()), target)
    words = "".join(ElementTree.parse(target).getroot().itertext())
    assert re.search(r"支出|经费|覆盖", words)
    assert "数据来源" in words
    assert FONT in target.read_text(encoding="utf-8")


def test_a_picture_shows_the_figures_of_the_tables(tables: duckdb.DuckDBPyConnection) -> None:
    chart = PICTURES["years"](tables, Choice(words="科技和工业信息化局")).to_dict()
    drawn = {
        (row["fiscal_year"], row["said"]): row["expenditure"]
        for rows in chart["datasets"].values()
        for row in rows
    }
    for (year, stage), document in read().items():
        (total,) = (
            row["amount"] for row in document["revenue_expenditure"].to_pylist()
            if (row["side"], row["key"]) == ("expenditure", "current_year_total")
        )  # fmt: skip
        assert drawn[year, "年初预算" if stage == "budget" else "决算"] == pytest.approx(
            float(total) / 10_000
        )


def test_png_has_ink_where_the_chinese_stands(tables: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    import altair as alt
    import cv2

    inks = []
    for word in ("三", "龘"):
        chart = alt.Chart(alt.Data(values=[{"x": word}])).mark_text(fontSize=60).encode(text="x:N")
        draw(chart, tmp_path / "word.png")
        picture = cv2.imread(str(tmp_path / "word.png"), cv2.IMREAD_GRAYSCALE)
        assert picture is not None
        inks.append(int((picture < 128).sum()))
    assert 0 < inks[0] < inks[1] / 2, "a box for a missing character would be the same for both"


def test_a_page_is_whole_and_what_a_document_says_is_no_markup(
    tables: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    draw(PICTURES["compare"](tables, Choice()), tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "</script><b>" not in page
    assert "\\u003c/script>\\u003cb>" in page.replace("\\u003e", ">")
    assert HELD not in page
    assert not re.search(r"<(?:script|link|img)[^>]+(?:src|href)=[\"']?https?:", page), (
        "nothing from elsewhere"
    )
    assert page.index("@font-face") < page.index("<script")


def test_what_does_not_fit_anything_is_said(tables: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    with pytest.raises(NothingToDraw, match="没有这个部门"):
        PICTURES["composition"](tables, Choice(words="没有这个部门"))
    with pytest.raises(NothingToDraw, match="1999"):
        PICTURES["compare"](tables, Choice(year=1999))
    with pytest.raises(PlotError):
        draw(PICTURES["coverage"](tables, Choice()), tmp_path / "picture.bmp")


def test_names_lose_the_place_that_all_of_them_begin_with() -> None:
    names = pl.Series(["河北省望溪市财政局", "河北省望溪市财政监督局"])
    assert short(names) == {"河北省望溪市财政局": "财政局", "河北省望溪市财政监督局": "财政监督局"}
    assert short(pl.Series(["河北省望溪市财政局"])) == {"河北省望溪市财政局": "河北省望溪市财政局"}


def test_the_command_knows_every_picture() -> None:
    assert set(NAMES) == set(PICTURES)
