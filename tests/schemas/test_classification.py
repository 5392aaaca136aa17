"""The codes' names by year: the data files are sound, and printed names are understood."""

from __future__ import annotations

import csv
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import fisc.schemas.classification as classification
from fisc.schemas.classification import (
    Kind,
    class_by_name,
    class_names,
    codes_by_name,
    fold,
    name_matches,
    names,
    nearest,
    parents,
    standing,
    without_numbering,
)
from fisc.schemas.classification.catalogue import entries as all_entries

FOLDER = Path(classification.__file__).parent
KINDS: tuple[Kind, ...] = ("function", "economic")
YEARS = range(2015, 2027)
PRINTED = [
    ("2010301", "行政运行", 2025),
    ("20103", "政府办公厅(室)及相关机构事务", 2025),
    ("2013999", "其他社会工作事务支出", 2024),
    ("2040405", "公诉和审判监督", 2017),
    ("2040410", "检察监督", 2019),
    ("20605", "科技条件与服务", 2025),
    ("207", "文化旅游体育与传媒支出", 2024),
    ("20805", "行政事业单位离退休", 2019),
    ("20805", "行政事业单位养老支出", 2020),
    ("2080504", "未归口管理的行政单位离退休", 2018),
    ("2080599", "其他行政事业单位养老支出", 2026),
    ("210", "医疗卫生与计划生育支出", 2018),
    ("210", "卫生健康支出", 2019),
    ("2150517", "产业发展", 2025),
    ("21505", "工业和信息产业", 2025),
    ("21999", "其它支出", 2025),
    ("2200199", "其他自然资源事务支出", 2024),
]
PRINTED_ECONOMIC = [
    ("30104", "其他社会保障缴费", 2017),
    ("30112", "其他社会保障缴费", 2018),
    ("30113", "住房公积金", 2025),
    ("30213", "维修(护)费", 2024),
    ("30213", "维 修（护）费", 2024),
    ("30307", "医疗费", 2017),
    ("30307", "医疗费补助", 2018),
    ("30311", "住房公积金", 2017),
    ("30311", "代缴社会保险费", 2024),
    ("310", "其他资本性支出", 2017),
    ("310", "资本性支出", 2025),
    ("31022", "无形资产购置", 2024),
    ("50101", "工资奖金津补贴", 2024),
]


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    return request.param


def lines(kind: Kind) -> list[dict[str, str]]:
    with (FOLDER / f"{kind}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_lines_are_sorted_unique_and_sourced(kind: Kind) -> None:
    found = lines(kind)
    keys = [(line["code"], int(line["valid_from"] or 0), line["name"]) for line in found]
    assert keys == sorted(keys)
    assert len({(line["code"], line["name"]) for line in found}) == len(found)
    assert all(line["source"].startswith("政府收支分类科目") for line in found)
    assert all(line["name"] == line["name"].strip() and line["name"] for line in found)


def test_codes_are_well_formed_and_have_their_parents(kind: Kind) -> None:
    listed = all_entries(kind)
    lengths = {3, 5, 7} if kind == "function" else {3, 5}
    first = "2" if kind == "function" else "35"
    for code in listed:
        assert code.isdigit()
        assert len(code) in lengths
        assert code[0] in first
        assert all(parent in listed for parent in parents(code)), code


def test_years_are_in_order_and_inside_those_of_the_parent(kind: Kind) -> None:
    for code, names_of_code in all_entries(kind).items():
        for entry in names_of_code:
            assert entry.valid_from <= entry.valid_to, entry
            for parent in parents(code):
                above = all_entries(kind)[parent]
                first, last = min(e.valid_from for e in above), max(e.valid_to for e in above)
                assert first <= entry.valid_from, entry
                assert entry.valid_to <= last, entry


def test_one_name_of_a_code_never_stands_twice_for_a_year(kind: Kind) -> None:
    for names_of_code in all_entries(kind).values():
        same_name = sorted((fold(e.name), e.valid_from, e.valid_to) for e in names_of_code)
        for left, right in pairwise(same_name):
            assert left[0] != right[0] or left[2] < right[1], (left, right)


def test_a_line_does_not_repeat_what_its_group_says_by_rule() -> None:
    written = {(line["code"], line["name"]) for line in lines("function")}
    ruled = {
        (e.code, e.name)
        for listed in all_entries("function").values()
        for e in listed
        if (e.code, e.name) not in written
    }
    assert ("2010101", "行政运行") in ruled
    assert len(ruled) > 400


def test_class_names_lead_to_one_code() -> None:
    owners: dict[str, set[str]] = {}
    for code, listed in all_entries("function").items():
        if len(code) == 3:
            for spelling in (s for e in listed for s in e.spellings):
                owners.setdefault(fold(spelling), set()).add(code)
    assert len({code for codes in owners.values() for code in codes}) >= 29
    assert all(len(codes) == 1 for codes in owners.values())


@pytest.mark.parametrize(("code", "name", "year"), PRINTED)
def test_function_names_seen_in_print(code: str, name: str, year: int) -> None:
    assert name_matches(code, name, year, "function") is True


@pytest.mark.parametrize(("code", "name", "year"), PRINTED_ECONOMIC)
def test_economic_names_seen_in_print(code: str, name: str, year: int) -> None:
    assert name_matches(code, name, year, "economic") is True


def test_a_renamed_code_tells_the_wrong_year_from_the_wrong_name() -> None:
    assert standing("20805", "行政事业单位离退休", 2024, "function") == "other_year"
    assert name_matches("20805", "行政事业单位离退休", 2024, "function") is False
    assert standing("20805", "就业补助", 2024, "function") == "disagrees"
    assert standing("30311", "住房公积金", 2024, "economic") == "other_year"
    assert name_matches("30311", "住房公积金", None, "economic") is True


def test_what_is_not_listed_is_unknown_not_wrong() -> None:
    assert name_matches("29801", "某某事务", 2025, "function") is None
    assert name_matches("2010177", "某某", 2025, "function") is None
    assert name_matches("224", "灾害防治及应急管理支出", 2017, "function") is None
    assert names("2010177", 2025, "function") == ()


def test_common_items_confirm_an_unlisted_code_but_never_refute_it() -> None:
    assert name_matches("2130250", "事业运行", 2025, "function") is True
    assert name_matches("2130250", "森林消防", 2025, "function") is None
    assert names("2130250", 2025, "function") == ("事业运行",)
    assert names("2080199", 2018, "function") == ("其他人力资源和社会保障管理事务支出",)


def test_names_come_newest_first_with_their_aliases() -> None:
    assert names("210", 2025, "function") == ("卫生健康支出", "卫生健康")
    assert names("210", None, "function")[:2] == ("卫生健康支出", "医疗卫生与计划生育支出")
    assert names("30212", 2025, "economic") == ("因公出国（境）费用", "因公出国（境）费")


def test_codes_by_name() -> None:
    assert codes_by_name("住房公积金", 2025, "economic") == ("30113", "50103")
    assert codes_by_name("住房公积金", 2017, "economic") == ("30311",)
    assert codes_by_name("行政运行", 2025, "function", within="201")[0] == "2010101"
    assert codes_by_name("行政运行", 2025, "function", within="20103") == ("2010301",)


@pytest.mark.parametrize(
    ("item", "code"),
    [
        ("六、科学技术支出", "206"),
        ("（一）一般公共服务支出", "201"),
        ("(十)卫生健康支出", "210"),
        ("十五、资源勘探工业信息等支出", "215"),
        ("十五、 资源勘探信息等支出", "215"),
        ("十 卫生健康支出", "210"),
        ("1．教育支出", "205"),
        ("12.农林水支出", "213"),
        ("201一般公共服务支出", "201"),
        ("七、文化体育与传媒", "207"),
        ("社会保障和就业支出（类）", "208"),
        ("二十五、其它支出", "229"),
        ("国有土地使用权出让收入安排的支出", "212"),
        ("彩票公益金安排的支出", "229"),
        ("三十、抗疫特别国债安排的支出", "234"),
        ("三十一、人行科目", None),
        ("本年支出合计", None),
        ("基本支出", None),
        ("十一、", None),
        ("", None),
    ],
)
def test_class_lines_of_the_totals_table(item: str, code: str | None) -> None:
    assert class_by_name(item, 2025) == code


NUMERALS = st.sampled_from(["一", "六", "十", "十五", "二十", "二十三", "三十一", "1", "7", "15", "28"])


@st.composite
def numbered(draw: st.DrawFn) -> tuple[str, str]:
    """A class name as documents number it, and the class."""
    code = draw(st.sampled_from(sorted(c for c in all_entries("function") if len(c) == 3)))
    name = draw(st.sampled_from(names(code, None, "function")))
    style = draw(st.sampled_from(["{}、", "（{}）", "({})", "{}.", "{}．", "{}、 ", " {} 、", "（{}）、"]))
    blanks = draw(st.sampled_from(["", " ", "\n", "　"]))
    cut = draw(st.integers(0, len(name)))
    return style.format(draw(NUMERALS)) + name[:cut] + blanks + name[cut:], code


@given(numbered())
def test_every_numbering_of_every_class_is_understood(line: tuple[str, str]) -> None:
    item, code = line
    assert class_by_name(item) == code
    assert fold(without_numbering(item)) in {fold(n) for n in names(code, None, "function")}


@given(st.data())
def test_every_listed_name_matches_in_each_of_its_years(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(KINDS))
    code = data.draw(st.sampled_from(sorted(all_entries(kind))))
    year = data.draw(st.sampled_from(YEARS))
    for entry in all_entries(kind)[code]:
        assert (standing(code, entry.name, year, kind) == "current") is entry.covers(year) or any(
            fold(entry.name) in map(fold, other.spellings) and other.covers(year)
            for other in all_entries(kind)[code]
        )
    for name in names(code, year, kind):
        assert name_matches(code, name, year, kind) is True


@given(st.text("行政运科学技术 支出（）()、一2.", max_size=12))
def test_folding_is_stable_and_loses_only_form(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(f" {text}（") == fold(text)


def test_nearest_repairs_one_misread_character() -> None:
    candidates = names("2080505", 2025, "function") + names("2080506", 2025, "function")
    assert nearest("机关事业单位基本养老保俭缴费支出", candidates) == candidates[0]
    assert nearest("行政运亍", ["行政运行", "机关服务"]) == "行政运行"
    assert nearest("六、科学枝术支出", class_names(2025)) == "科学技术支出"


def test_nearest_gives_up_when_two_are_near_or_none_is() -> None:
    assert nearest("2080507", ["2080505", "2080506"]) is None
    assert nearest("城市", ["水费", "电费"]) is None
    assert nearest("口费", ["水费", "电费"]) is None
    assert nearest("", ["水费"]) is None
    assert nearest("水费", []) is None


@given(st.data())
def test_nearest_never_answers_a_tie(data: st.DataObject) -> None:
    word = data.draw(st.text("甲乙丙丁戊", min_size=3, max_size=6))
    place = data.draw(st.integers(0, len(word) - 1))
    left = word[:place] + "己" + word[place + 1 :]
    right = word[:place] + "庚" + word[place + 1 :]
    assert nearest(word, [left, right]) is None
    assert nearest(word, [left, right, word]) == word


def test_parents() -> None:
    assert parents("2080505") == ("208", "20805")
    assert parents("30113") == ("301",)
    assert parents("208") == ()
