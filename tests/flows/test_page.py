"""The audit page stands alone, escapes whatever a document says, and leads from each box to its row and back."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pyarrow as pa
import pymupdf
import pytest

from fisc.extractors.document import Extracted, Hints, extract
from fisc.flows.page import audit_page
from fisc.flows.page.markup import Markup, element
from fisc.flows.page.pictures import LARGEST_PX, pictures
from fisc.flows.page.words import in_two
from samples import layout as layouts
from samples.disclosure import make_disclosure
from samples.press import print_disclosure
from samples.slips import plant

VOID = frozenset({"meta", "img", "input"})
HOSTILE = (
    "</script></style></title><script>alert(1)</script><img src=x onerror=alert(2)>\"'&amp;\x00\x1b\ud800"
)
MB = 1_000_000


@dataclass
class Tag:
    name: str
    attributes: dict[str, str]
    text: str = ""
    above: tuple[str, ...] = ()


@dataclass
class Tree(HTMLParser):
    """The tags of a page with their attributes and their own text; refuses tags that are not closed in order."""

    tags: list[Tag] = field(default_factory=list)
    open: list[Tag] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"an attribute of {tag} comes twice"
        found = Tag(tag, {name: value or "" for name, value in attrs}, above=tuple(t.name for t in self.open))
        self.tags.append(found)
        if tag not in VOID:
            self.open.append(found)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().name == tag

    def handle_data(self, data: str) -> None:
        if self.open:
            self.open[-1].text += data

    def named(self, name: str) -> list[Tag]:
        return [tag for tag in self.tags if tag.name == name]

    def by_id(self) -> dict[str, Tag]:
        return {tag.attributes["id"]: tag for tag in self.tags if "id" in tag.attributes}


def tree(page: str) -> Tree:
    found = Tree()
    found.feed(page)
    found.close()
    assert found.open == []
    return found


@cache
def read(layout_name: str = "hebei") -> tuple[bytes, Extracted]:
    """A disclosure with slips, so that it has findings, and with a number that nothing accounts for."""
    layout = layouts.load(layout_name)
    disclosure = make_disclosure(1, "306", 2025, layout.stage)
    for kind in ("digit", "amount"):
        disclosure, _ = plant(disclosure, layout, kind)
    content = print_disclosure(disclosure, layout).content
    with pymupdf.open(stream=content) as document:
        document[-1].insert_text((72, 700), "附页另见登记簿8866。", fontname="china-s", fontsize=10)
        content = document.tobytes()
    return content, extract(content, Hints(file_name="budget.pdf"))


def coarse(content: bytes, tables: Mapping[str, pa.Table], name: str = "budget.pdf") -> str:
    """A page with small pictures, which is drawn quickly."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("fisc.flows.page.pictures.SHARP_DPI", 24)
        return audit_page(content, tables, name)


@cache
def page() -> str:
    content, extracted = read()
    return coarse(content, extracted.tables)


def rows(table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read()[1].tables[table].to_pylist()
    return found


def test_nothing_is_loaded_from_elsewhere() -> None:
    found = tree(page())
    links = [value for tag in found.tags for name, value in tag.attributes.items() if name in ("href", "src")]
    assert links
    assert [link for link in links if not link.startswith(("#", "data:image/webp;base64,"))] == []
    assert "url(" not in page()
    assert "@import" not in page()
    assert found.named("link") == found.named("iframe") == found.named("object") == found.named("form") == []


def test_the_policy_allows_the_page_its_own_style_and_script_and_nothing_else() -> None:
    found = tree(page())
    (script,), (style,) = found.named("script"), found.named("style")
    policy = next(
        t for t in found.named("meta") if t.attributes.get("http-equiv") == "Content-Security-Policy"
    )
    rules = dict(rule.strip().split(" ", 1) for rule in policy.attributes["content"].split(";"))
    hashes = [
        f"'sha256-{base64.b64encode(hashlib.sha256(tag.text.encode()).digest()).decode()}'"
        for tag in (style, script)
    ]
    assert rules == {
        "default-src": "'none'", "img-src": "data:", "style-src": hashes[0], "script-src": hashes[1],
        "base-uri": "'none'", "form-action": "'none'",
    }  # fmt: skip
    # A policy holds for what comes after it, and forbids what stands in attributes.
    assert page().index("Content-Security-Policy") < page().index("<style>")
    assert [t for t in found.tags if any(n == "style" or n.startswith("on") for n in t.attributes)] == []


def test_every_link_leads_somewhere_and_every_id_is_one() -> None:
    found = tree(page())
    ids = Counter(tag.attributes["id"] for tag in found.tags if "id" in tag.attributes)
    assert [one for one, count in ids.items() if count > 1] == []
    links = {tag.attributes["href"][1:] for tag in found.named("a")}
    assert links - set(ids) == set()


def test_each_amount_leads_to_its_box_and_back_with_its_proof() -> None:
    by_id = tree(page()).by_id()
    cells = rows("cell")
    assert {"proven", "refuted", "unchecked"} == {cell["proof"] for cell in cells}
    for n, cell in enumerate(cells, 1):
        value, box = by_id[f"c{n}"], by_id[f"b{n}"]
        assert (value.attributes["href"], box.attributes["href"]) == (f"#b{n}", f"#c{n}")
        assert value.attributes["class"] == cell["proof"]
        assert box.attributes["class"] == f"cell {cell['proof']}"
        assert cell["text"] in value.attributes["title"]


def test_each_amount_shows_the_published_value_in_its_own_row() -> None:
    found = tree(page())
    lines: dict[str, list[Tag]] = {}
    line = None
    for tag in found.tags:
        line = tag.attributes.get("id") if tag.name == "tr" else line
        lines.setdefault(line or "", []).append(tag)
    for n, cell in enumerate(rows("cell"), 1):
        (value,) = (t for t in lines[f"r-{cell['table']}-{cell['row']}"] if t.attributes.get("id") == f"c{n}")
        assert value.text == f"{cell['value'].normalize():,.2f}" or cell["column"] in ("quantity", "value")


def test_each_finding_leads_to_its_box_and_back() -> None:
    by_id = tree(page()).by_id()
    findings = rows("finding")
    assert {"error"} <= {finding["severity"] for finding in findings}
    page_text = page()
    for n, finding in enumerate(findings, 1):
        card = by_id[f"f{n}"]
        if finding["rule"] != "number.unaccounted":
            assert finding["severity"] in card.attributes["class"]
            assert f'href="#f{n}"' in page_text.partition('id="p1"')[0], "not in the list at the top"
        if finding["x0"] is not None:
            assert by_id[f"g{n}"].attributes["href"] == f"#f{n}"
            assert f'href="#g{n}"' in page_text


def test_a_finding_on_an_amount_leads_to_the_amount() -> None:
    refuted = [n for n, cell in enumerate(rows("cell"), 1) if cell["proof"] == "refuted"]
    links = re.findall(r'<p class="links">.*?</p>', page())
    assert any(f'href="#c{n}"' in link for link in links for n in refuted)


def test_a_number_that_remains_is_listed_and_boxed() -> None:
    by_id = tree(page()).by_id()
    (n,) = (n for n, f in enumerate(rows("finding"), 1) if f["rule"] == "number.unaccounted")
    assert by_id[f"g{n}"].attributes["class"] == "loose"
    assert by_id[f"f{n}"].name == "li"
    assert "8866" in page()


def test_each_fact_is_underlined_in_the_text_and_leads_to_its_box() -> None:
    by_id = tree(page()).by_id()
    facts = rows("fact")
    assert facts
    for n in range(1, len(facts) + 1):
        assert by_id[f"w{n}"].attributes["href"] == f"#q{n}"
        assert by_id[f"q{n}"].attributes["href"] == f"#w{n}"
    apart = page().count('class="apart"')
    assert apart <= len(facts) // 10, "most facts stand in the text itself"


def test_boxes_lie_where_the_cells_are_published() -> None:
    """The picture's coordinates are the page's points, so that a box needs no arithmetic."""
    found = tree(page())
    by_id = found.by_id()
    content, _ = read()
    with pymupdf.open(stream=content) as document:
        sizes = [f"0 0 {p.rect.width:g} {p.rect.height:g}" for p in document]
    assert [tag.attributes["viewbox"] for tag in found.named("svg")] == sizes
    for n, cell in enumerate(rows("cell"), 1):
        rect = found.tags[found.tags.index(by_id[f"b{n}"]) + 2]
        x, y, width, height = (float(rect.attributes[name]) for name in ("x", "y", "width", "height"))
        assert x <= cell["x0"] <= cell["x1"] <= x + width + 0.1
        assert y <= cell["y0"] <= cell["y1"] <= y + height + 0.1
        assert width - (cell["x1"] - cell["x0"]) < 3


def hostile() -> dict[str, pa.Table]:
    """The tables of a document whose every word was chosen to break out of the page."""
    free = {
        "department",
        "region",
        "text",
        "message",
        "quote",
        "where",
        "heading",
        "section",
        "number",
        "title",
    }
    named = {"function_name", "economic_name", "item", "item_text", "name", "goal", "purpose", "project_name"}
    tables = {}
    for name, table in read()[1].tables.items():
        made = table.to_pylist()
        for row in made:
            row.update({column: HOSTILE for column in row if column in free | named and row[column]})
        columns = {field.name: [row[field.name] for row in made] for field in table.schema}
        tables[name] = Rows(columns, made)
    return tables  # type: ignore[return-value]


@dataclass
class Rows:
    """Rows as a table would give them; Arrow itself refuses lone surrogates."""

    columns: dict[str, list[Any]]
    made: list[dict[str, Any]]

    def to_pylist(self) -> list[dict[str, Any]]:
        return self.made


def test_whatever_a_document_says_stays_text() -> None:
    content, _ = read()
    name = HOSTILE + ".pdf"
    attacked = coarse(content, hostile(), name)
    found = tree(attacked)
    assert (len(found.named("script")), len(found.named("style")), len(found.named("title"))) == (
        1, 1, len(tree(page()).named("title")),
    )  # fmt: skip
    assert len(found.named("img")) == len(tree(page()).named("img"))
    assert [t for t in found.tags if any(n.startswith("on") for n in t.attributes)] == []
    assert "alert(1)" not in found.named("script")[0].text
    assert "\x00" not in attacked
    assert "\x1b" not in attacked
    attacked.encode("utf-8")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in attacked


def test_text_is_escaped_where_it_is_put_in() -> None:
    said = element(
        "p", "a < b & c", element("b", '"'), title='x" onload="y', class_="k", hidden=True, lang=None
    )
    assert said == '<p title="x&quot; onload=&quot;y" class="k" hidden>a &lt; b &amp; c<b>&quot;</b></p>'
    assert isinstance(said, Markup)


def test_pictures_are_webp_and_small() -> None:
    content, _ = read()
    drawn = list(pictures(content))
    assert [picture.page for picture in drawn] == list(range(1, len(drawn) + 1))
    assert sum(len(picture.uri) for picture in drawn) / len(drawn) < 10 * MB / 33
    image = cv2.imdecode(
        np.frombuffer(base64.b64decode(drawn[0].uri.partition(",")[2]), np.uint8), cv2.IMREAD_COLOR
    )
    assert image.shape[:2] == (drawn[0].high_px, drawn[0].wide_px)
    assert abs(drawn[0].wide_px / drawn[0].width - drawn[0].high_px / drawn[0].height) < 0.01


def test_posters_and_long_documents_are_drawn_coarser() -> None:
    with pymupdf.open() as poster:
        poster.new_page(width=4000, height=1000)
        (picture,) = pictures(poster.tobytes())
    assert max(picture.wide_px, picture.high_px) <= LARGEST_PX
    with pymupdf.open() as book:
        for _ in range(60):
            book.new_page(width=595, height=842)
        long = next(pictures(book.tobytes()))
    with pymupdf.open() as leaf:
        leaf.new_page(width=595, height=842)
        (short,) = pictures(leaf.tobytes())
    assert long.wide_px < short.wide_px


def test_colours_are_those_of_the_page() -> None:
    with pymupdf.open() as document:
        document.new_page(width=100, height=100).draw_rect((0, 0, 100, 100), fill=(1, 0, 0), color=(1, 0, 0))
        (picture,) = pictures(document.tobytes())
    image = cv2.imdecode(
        np.frombuffer(base64.b64decode(picture.uri.partition(",")[2]), np.uint8), cv2.IMREAD_COLOR
    )
    blue, green, red = image[50, 50]
    assert red > 200 > 60 > max(blue, green)


def test_a_page_with_a_turn_is_shown_as_it_is_read() -> None:
    with pymupdf.open() as document:
        document.new_page(width=300, height=500).set_rotation(90)
        (picture,) = pictures(document.tobytes())
    assert (picture.width, picture.height) == (500, 300)
    assert picture.wide_px > picture.high_px


@pytest.mark.parametrize("layout_name", ["jiangsu", "national_final", "tianjin"])
def test_links_resolve_in_other_layouts(layout_name: str) -> None:
    content, extracted = read(layout_name)
    found = tree(coarse(content, extracted.tables))
    ids = [tag.attributes["id"] for tag in found.tags if "id" in tag.attributes]
    assert len(ids) == len(set(ids))
    assert {tag.attributes["href"][1:] for tag in found.named("a")} <= set(ids)


def test_a_message_has_a_chinese_and_an_english_sentence() -> None:
    assert in_two("甲与乙不符。 A is not B.") == ("甲与乙不符。", "A is not B.")
    assert in_two("Only English.") == ("Only English.", "")


def test_template_and_files_are_installed_with_the_package() -> None:
    folder = Path(__file__).parents[2] / "fisc" / "flows" / "page"
    project = (folder.parents[2] / "pyproject.toml").read_text("utf-8")
    assert {"page.html", "page.css", "page.js"} <= {file.name for file in folder.iterdir()}
    assert all(f'"**/*.{suffix}"' in project for suffix in ("html", "css", "js"))


def test_both_numbers_of_a_finding_are_drawn_where_they_are_printed() -> None:
    """The actual number is the refuted amount; the expected one, which is printed nowhere, stands beside it."""
    by_id = tree(page()).by_id()
    cells, drawn = rows("cell"), 0
    for n, finding in enumerate(rows("finding"), 1):
        if finding["x0"] is None or finding["expected"] is None or finding["actual"] is None:
            continue
        for side in ("expected", "actual"):
            mark = by_id[f"x{n}{side[0]}"]
            assert mark.attributes["href"] == f"#f{n}"
            alike = [c for c in cells if c["page"] == finding["page"] and c["value"] == finding[side]]
            if alike:
                assert "computed" not in mark.attributes["class"]
            drawn += 1
    assert drawn >= 4
