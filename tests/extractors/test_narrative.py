"""Words to text as a person would join it: paragraphs, page numbers, headings, contents, glossary, every number."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fisc.extractors.narrative import numeric_tokens, read_narrative
from fisc.extractors.narrative.text.numbering import marker_of
from fisc.extractors.page import Page, Word
from fisc.schemas.narrative import Narrative

SIZE, LEFT, TOP, PITCH, WIDTH = 12.0, 80.0, 90.0, 18.0, 36


def word(text: str, y: float, x: float = LEFT, size: float = SIZE) -> Word:
    """A word as MuPDF gives it: Chinese characters advance one size, the others half of one."""
    advance = sum(size if char > "\u2e7f" else size / 2 for char in text)
    return Word(text, x, y, x + advance, y + size + 1, line=round(y))


def page(number: int, lines: Sequence[tuple[str, int]], foot: str = "") -> Page:
    """A page of lines, each with its indent in characters, and a page number at its foot."""
    words = [word(text, TOP + i * PITCH, LEFT + indent * SIZE) for i, (text, indent) in enumerate(lines)]
    words += [word(foot, 785.0, 290.0, 9.0)] if foot else []
    return Page(number, 595.0, 842.0, tuple(words), ())


def set_lines(paragraphs: Sequence[str], width: int = WIDTH) -> list[tuple[str, int]]:
    """Paragraphs broken into lines with two characters of indent."""
    lines: list[tuple[str, int]] = []
    for text in paragraphs:
        indent = 2
        while text:
            cut = width - indent
            lines.append((text[:cut], indent))
            text, indent = text[cut:], 0
    return lines


def pages_of(*paragraphs: str, lines_a_page: int = 36) -> list[Page]:
    """Paragraphs set on as many pages as they take, with page numbers."""
    lines = set_lines(paragraphs)
    return [
        page(n, lines[at : at + lines_a_page], str(n))
        for n, at in enumerate(range(0, len(lines), lines_a_page), 1)
    ]


def told(*paragraphs: str, year: int = 2025, stage: str = "budget") -> Narrative:
    """What is read of these paragraphs."""
    return read_narrative(pages_of(*paragraphs), {}, year, stage)


LONG = "本部门贯彻落实中央和省市关于财政工作的方针政策和决策部署，研究起草有关规范性文件，组织实施并监督检查各项工作。"


def test_a_page_number_between_two_lines_does_not_glue_to_a_figure() -> None:
    filler = [LONG] * 3
    sentence = "与上年相比，收入支出预算总计各增加三千六百零八点九八万元，主要是人员经费政策性调整所致，同比增长17.31%。"
    lines = set_lines(["一、总体情况", *filler, sentence])
    broken = next(i for i, (text, _) in enumerate(lines) if "17.31" in text)
    first, second = lines[:broken], lines[broken:]
    narrative = read_narrative([page(1, first, "3"), page(2, second, "4")], {}, 2025, "budget")
    (growth,) = [fact for fact in narrative.facts if fact.period == "growth"]
    assert str(growth.value) == "17.31"
    assert growth.page == 2
    assert {t.text: t.role for t in narrative.numbers} == {
        "3": "page_number",
        "4": "page_number",
        "17.31": "claim",
    }


def test_lines_are_joined_over_pages_and_by_indent() -> None:
    narrative = told("一、职责", LONG, LONG + LONG, year=2025)
    (section,) = narrative.sections
    assert section.text.split("\n") == [LONG, LONG + LONG]


def test_glyph_boxes_of_any_height_stand_on_one_line() -> None:
    """Fonts of one line may claim 3, 12 and 22 points of height round the same baseline."""
    low = Word("年初预算为80.81", 80, 442.7, 80 + 5 * 12 + 5 * 6, 465.0, line=1)
    flat = Word("万元，", 173, 457.1, 209, 460.1, line=2)
    next_line = Word("支出决算为80.38万元。", 80, 456.6, 80 + 8 * 12 + 5 * 6, 479.0, line=3)
    narrative = read_narrative([Page(1, 595, 842, (low, flat, next_line), ())], {}, 2024, "final_accounts")
    assert narrative.sections[0].text == "年初预算为80.81万元，支出决算为80.38万元。"


def test_headings_make_a_tree_even_in_broken_order() -> None:
    narrative = told(
        "第一部分 情况说明", "一、整体绩效目标", LONG, "（一）总体目标", LONG, "（二）分项目标", "一、日常保障",
        "保障工资发放。", "二、科普宣传", "开展活动。", "（三）保障措施", "完善制度。", "二、专项资金", "无专项资金。",
    )  # fmt: skip
    assert [(s.depth, s.number, s.heading) for s in narrative.sections] == [
        (1, "第一部分", "情况说明"),
        (2, "一、", "整体绩效目标"),
        (3, "（一）", "总体目标"),
        (3, "（二）", "分项目标"),
        (4, "一、", "日常保障"),
        (4, "二、", "科普宣传"),
        (3, "（三）", "保障措施"),
        (2, "二、", "专项资金"),
    ]


def test_a_large_line_without_a_number_is_a_heading() -> None:
    lines = [(text, 0) for text in (LONG[:36], LONG[36:])]
    title = word("部门预算编制说明", TOP, 250, 20)
    body = [word(text, TOP + 40 + i * PITCH) for i, (text, _) in enumerate(lines)]
    narrative = read_narrative([Page(1, 595, 842, (title, *body), ())], {})
    assert [s.heading for s in narrative.sections] == ["部门预算编制说明"]
    assert narrative.stage == "budget"


@pytest.mark.parametrize(
    ("text", "style", "value"),
    [
        ("第三部分 说明", "part", 3), ("十二、政府采购", "one", 12), ("（二十一）其他", "two", 21), ("3．支出", "three", 3),
        ("10、住房", "three", 10), ("（1）一般公共预算", "four", 1), ("③其他", "five", 3),
    ],
)  # fmt: skip
def test_ordinals(text: str, style: str, value: int) -> None:
    marker = marker_of(text)
    assert marker is not None
    assert (marker.style, marker.value) == (style, value)


@pytest.mark.parametrize("text", ["17.31%。", "（境）费", "2025年预算", "1.40%", "（类）支出"])
def test_what_is_no_ordinal(text: str) -> None:
    assert marker_of(text) is None


def test_contents_are_no_text_and_their_numbers_are_accounted_for() -> None:
    contents = page(1, [("目录", 15), ("第一部分 部门概况……………1", 0), ("一、主要职能……………………2", 0)])
    body = page(2, set_lines(["一、主要职能", LONG]))
    narrative = read_narrative([contents, body], {})
    assert [s.heading for s in narrative.sections] == ["主要职能"]
    assert {token.role for token in narrative.numbers} == {"contents"}


def test_ordinals_of_a_list_without_rules_are_told_from_numbers_that_nothing_accounts_for() -> None:
    lines = [
        "本部门预算由下列单位的预算构成。",
        "序号单位名称经费形式",
        "1",
        "望溪市财政局（本级）财政拨款",
        "2",
    ]
    lines += ["望溪市财政监督中心财政拨款", "7", "以上单位均独立核算。"]
    narrative = read_narrative([page(1, [(line, 0) for line in lines])], {}, 2025, "budget")
    roles = [(token.text, token.role) for token in narrative.numbers]
    assert roles == [("1", "ordinal"), ("2", "ordinal"), ("7", None)]


def test_text_stored_twice_is_read_once() -> None:
    """A page may hold, out of sight, the lines that the next one shows."""
    lines = set_lines(["一、职责", LONG, LONG.replace("财政", "司法")])
    overlap = lines[-2:]
    narrative = read_narrative([page(1, lines), page(2, [*overlap, ("完。", 2)])], {})
    assert narrative.sections[0].text.count("司法") == 1


def test_tables_are_left_out() -> None:
    lines = [("一、收入", 2), ("724.00 431.00 293.00", 0), ("本部门收入见上表。", 2), *set_lines([LONG])]
    box = (LEFT, TOP + PITCH - 2, 400.0, TOP + 2 * PITCH - 4)
    narrative = read_narrative([page(1, lines)], {1: [box]})
    assert narrative.sections[0].text == f"本部门收入见上表。\n{LONG}"
    assert not narrative.numbers


def test_glossary_without_a_heading() -> None:
    narrative = told(
        "十、其他", "无其他事项。", "一、财政拨款收入：指单位从同级财政部门取得的财政预算资金。",
        "二、事业收入：指事业单位开展专业业务活动取得的收入。", "三、基本支出：填列为保障机构正常运转而发生的支出。",
    )  # fmt: skip
    assert [term.term for term in narrative.glossary] == ["财政拨款收入", "事业收入", "基本支出"]
    assert [s.heading for s in narrative.sections] == ["其他", ""]


def test_the_place_of_a_figure_is_that_of_its_characters() -> None:
    narrative = told("一、收入", "收入预算724.00万元。")
    (fact,) = narrative.facts
    x0, y0, x1, y1 = fact.box
    assert fact.page == 1
    assert LEFT + 6 * SIZE - 8 < x0 < LEFT + 6 * SIZE + 8
    assert x1 - x0 < 8 * SIZE
    assert TOP + PITCH - 2 < y0 < y1 < TOP + 2 * PITCH + 2


def test_the_place_of_a_figure_broken_over_lines_is_its_part_of_the_first() -> None:
    lines = [("2025年我单位收入预算为724.00", 2), ("万元，其中一般公共预算收入431.00万元。", 0)]
    (total, part) = read_narrative([page(1, lines)], {}, 2025, "budget").facts
    before = word(lines[0][0].removesuffix("724.00"), TOP, LEFT + 2 * SIZE).x1
    assert total.value == 7_240_000
    assert total.box == pytest.approx((before, TOP, before + 3 * SIZE, TOP + SIZE + 1), abs=0.5)
    assert part.box[1] == TOP + PITCH


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("收入24,169.74万元", ["24,169.74"]),
        ("3，518.85万元，增长5%", ["3，518.85", "5"]),
        ("2025年12月31日", ["2025", "12", "31"]),
        ("编码13030224P00JD2G11584M", ["13030224P00JD2G11584M"]),
        ("１２．５％", ["１２．５"]),
        ("1，2，3", ["1", "2", "3"]),
    ],
)
def test_numeric_tokens(text: str, tokens: list[str]) -> None:
    assert [text[a:b] for a, b in numeric_tokens(text)] == tokens


@given(st.text("0123456789.,，、万元年（）", max_size=40))
def test_every_digit_is_in_one_token(text: str) -> None:
    spans = numeric_tokens(text)
    held = [i for a, b in spans for i in range(a, b)]
    assert len(held) == len(set(held))
    assert {i for i, char in enumerate(text) if char.isdigit()} <= set(held)


@given(
    st.lists(
        st.sampled_from([LONG, "收入预算724.00万元。", "1、其他。", "（一）概况", "共3个，"]), max_size=6
    )
)
def test_nothing_is_lost(paragraphs: list[str]) -> None:
    narrative = told("一、说明", *paragraphs)
    said = "".join(s.heading + s.text for s in narrative.sections).replace("\n", "")
    for text in paragraphs:
        assert text.lstrip("1、（一）").rstrip("。，") in said
    digits = sum(len(numeric_tokens(text)) for text in paragraphs)
    assert sum(token.role != "page_number" for token in narrative.numbers) == digits


def test_an_empty_document_says_nothing() -> None:
    narrative = read_narrative([Page(1, 595, 842, (), ())], {})
    assert narrative == Narrative()
