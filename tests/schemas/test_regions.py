"""Regions from names and codes, over the years; names of departments taken apart."""

from __future__ import annotations

import csv
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import fisc.schemas.regions as package
from fisc.schemas.regions import DepartmentName, by_code, locate, normalise_department
from fisc.schemas.regions.gazetteer import GazetteerMissing, by_own_name, regions

FOLDER = Path(package.__file__).parent
CURRENT = sorted(code for code, names in regions().items() if names[-1].valid_to == 9999)


def lines(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_history_is_sorted_unique_and_sourced() -> None:
    found = lines("history")
    keys = [(line["code"], int(line["valid_from"] or 0), line["name"]) for line in found]
    assert keys == sorted(keys)
    assert len({(line["code"], line["name"]) for line in found}) == len(found)
    assert all(line["source"] for line in found)


def test_history_codes_years_and_successors_are_sound() -> None:
    for line in lines("history"):
        assert len(line["code"]) == 6, line
        assert line["code"].isdigit()
        assert int(line["valid_from"] or 0) <= int(line["valid_to"] or 9999), line
        if line["successor"]:
            heir = by_code(line["successor"])
            assert heir is not None, line
            assert heir.valid_from <= int(line["valid_to"] or 9999), line


def test_names_of_one_code_follow_each_other() -> None:
    for names in regions().values():
        for earlier, later in pairwise(names):
            assert earlier.valid_to <= later.valid_from, (earlier, later)


def test_every_region_lies_in_a_province_and_is_named_from_it_down() -> None:
    for code, names in regions().items():
        for region in names:
            province = by_code(code[:2] + "0000")
            assert province is not None
            assert region.name.startswith(province.own_name)
            assert region.name.endswith(region.own_name)
            assert all(parent in regions() for parent in region.parents)


@pytest.mark.parametrize("name", ["zones", "aliases"])
def test_zones_and_aliases_are_held_by_listed_regions(name: str) -> None:
    found = lines(name)
    keys = [(line["code"], line["name"]) for line in found]
    assert keys == sorted(keys)
    assert len({line["name"] for line in found}) == len(found)
    assert all(by_code(line["code"]) and line["source"] for line in found)
    official = {region.own_name for names in regions().values() for region in names if region.valid_from == 0}
    assert not official & {line["name"] for line in found}


@pytest.mark.parametrize(
    ("code", "name", "level", "parents"),
    [
        ("130302", "河北省秦皇岛市海港区", "county", ("130000", "130300")),
        ("310107", "上海市普陀区", "county", ("310000",)),
        ("320000", "江苏省", "province", ()),
        ("500101", "重庆市万州区", "county", ("500000",)),
        ("500229", "重庆市城口县", "county", ("500000",)),
        ("429004", "湖北省仙桃市", "county", ("420000",)),
        ("659001", "新疆维吾尔自治区石河子市", "county", ("650000",)),
        ("441900", "广东省东莞市", "prefecture", ("440000",)),
        ("540600", "西藏自治区那曲市", "prefecture", ("540000",)),
        ("371202", "山东省莱芜市莱城区", "county", ("370000", "371200")),
    ],
)
def test_by_code(code: str, name: str, level: str, parents: tuple[str, ...]) -> None:
    region = by_code(code)
    assert region is not None
    assert (region.name, region.level, region.parents) == (name, level, parents)


def test_by_code_of_a_year_and_of_no_region() -> None:
    assert by_code("130502", 2019).own_name == "桥东区"
    assert by_code("130502", 2021).own_name == "襄都区"
    assert by_code("130502").own_name == "襄都区"
    assert by_code("350427").successor == "350405"
    assert by_code("999999") is None
    assert by_code("") is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("秦皇岛市海港区科技和工业信息化局", "130302"),
        ("306秦皇岛市海港区科技和工业信息化局2025年部门预算", "130302"),
        ("河北省秦皇岛市海港区教育局", "130302"),
        ("河北秦皇岛海港区教育局", "130302"),
        ("国家税务总局秦皇岛市海港区税务局", "130302"),
        ("上海市普陀区商务委员会", "310107"),
        ("上海 市 普陀\n区司法局", "310107"),
        ("上海市普陀区规划和自然资源局", "310107"),
        ("江苏省高级人民法院", "320000"),
        ("中共江苏省委办公厅", "320000"),
        ("江苏省人民检察院", "320000"),
        ("浦东新区财政局", "310115"),
        ("北京市朝阳区城市管理委员会", "110105"),
        ("吉林省吉林市船营区", "220204"),
        ("内蒙古乌海市海南区", "150303"),
        ("德江县机关事务中心", "520626"),
        ("湘西州财政局", "433100"),
        ("青龙县教育局", "130321"),
        ("青龙满族自治县水务局", "130321"),
        ("巴州财政局", "652800"),
        ("天津市滨海新区", "120116"),
        ("河北省人民政府驻北京市办事处", "130000"),
        ("中国共产主义青年团上海市委员会", "310000"),
    ],
)
def test_a_name_leads_to_its_region(text: str, code: str) -> None:
    found = locate(text)
    assert found is not None
    assert (found.code, found.name, found.zone) == (code, by_code(code).name, None)


@pytest.mark.parametrize(
    "text",
    [
        "海港区科技局",
        "普陀区教育局",
        "朝阳区财政局",
        "教育局",
        "长白山市场监督管理局",
        "供销合作市场管理处",
        "副主任县级待遇",
        "",
    ],
)
def test_what_names_no_region_or_several_leads_nowhere(text: str) -> None:
    assert locate(text) is None


def test_a_hint_settles_a_bare_district() -> None:
    assert locate("海港区科技局", hint="130302").code == "130302"
    assert locate("海港区科技局", hint="130303").code == "130302"
    assert locate("海港区科技局", hint=by_code("130300")).code == "130302"
    assert locate("普陀区教育局", hint="310000").code == "310107"
    assert locate("普陀区教育局", hint="330900").code == "330903"
    assert locate("海港区科技局", hint="320000") is None
    assert locate("上海市普陀区教育局", hint="330900").code == "310107"


@pytest.mark.parametrize(
    ("text", "year", "code"),
    [
        ("莱芜市莱城区教育局", 2017, "371202"),
        ("济南市莱芜区教育局", 2020, "370116"),
        ("南通市崇川区财政局", 2019, "320602"),
        ("南通市崇川区财政局", 2022, "320613"),
        ("南通市崇川区财政局", None, "320613"),
        ("邢台市桥东区财政局", 2018, "130502"),
        ("沙县财政局", 2022, "350427"),
        ("三明市沙县区财政局", 2022, "350405"),
        ("寿县教育局", 2014, "341521"),
        ("寿县教育局", None, "340422"),
        ("哈密市财政局", 2014, "652201"),
        ("哈密市财政局", None, "650500"),
        ("定州市教育局", 2020, "130682"),
        ("两江新区财政局", 2026, "500157"),
    ],
)
def test_renamed_and_merged_regions_by_year(text: str, year: int | None, code: str) -> None:
    assert locate(text, year=year).code == code


@pytest.mark.parametrize(
    ("text", "code", "zone"),
    [
        ("秦皇岛经济技术开发区管理委员会", "130300", "秦皇岛经济技术开发区"),
        ("秦皇岛市北戴河新区", "130300", "秦皇岛市北戴河新区"),
        ("石家庄高新技术产业开发区财政局", "130100", "石家庄高新技术产业开发区"),
        ("苏州工业园区管委会", "320500", "苏州工业园区"),
        ("南京江北新区管理委员会", "320100", "江北新区"),
        ("河北雄安新区管理委员会", "130000", "雄安新区"),
        ("新疆生产建设兵团第一师", "650000", "新疆生产建设兵团"),
        ("两江新区财政局(2018年)", "500157", None),
    ],
)
def test_functional_zones_are_marked_on_the_region_that_holds_them(
    text: str, code: str, zone: str | None
) -> None:
    found = locate(text)
    assert found is not None
    assert (found.code, found.zone) == (code, zone)
    assert found.name == by_code(code).name


def test_a_province_holds_no_unnamed_zone() -> None:
    assert locate("江苏省开发区协会").zone is None
    assert locate("两江新区财政局", year=2018).zone == "两江新区"


@given(
    st.sampled_from(CURRENT),
    st.sampled_from(["", "中共", "2025年", "国家税务总局", "关于公布"]),
    st.sampled_from(["", "财政局", "人民法院2024年度部门决算", "本级"]),
)
def test_every_full_name_leads_back_to_its_code(code: str, before: str, behind: str) -> None:
    region = by_code(code)
    assert region is not None
    found = locate(before + region.name + behind)
    assert found is not None
    assert found.code in (code, region.successor)
    assert found.zone is None


@given(st.sampled_from(sorted(by_own_name())), st.sampled_from(sorted(by_own_name())))
def test_what_is_found_was_said(first: str, second: str) -> None:
    text = f"{first}、{second}财政局"
    found = locate(text)
    if found is not None and found.zone is None:
        called = [name for name, places in by_own_name().items() if any(p.code == found.code for p in places)]
        assert any(name in text for name in called)


@given(st.text("省市区县海港普陀上海江苏新开发 州1", max_size=14))
def test_any_text_gives_a_listed_region_or_none(text: str) -> None:
    found = locate(text)
    assert found is None or by_code(found.code) is not None


def test_a_missing_list_of_regions_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(GazetteerMissing, match="install the package cpca"):
        regions.__wrapped__()


def test_loading_does_not_import_the_package_behind_it() -> None:
    code = "import sys; from fisc.schemas.regions import by_code; by_code('130302'); print('cpca' in sys.modules, 'pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("306秦皇岛市海港区科技和工业信息化局", ("秦皇岛市海港区科技和工业信息化局", None, "306")),
        ("306001 秦皇岛市海港区教育局(本级)", ("秦皇岛市海港区教育局", "本级", "306001")),
        ("[306]秦皇岛市教育局", ("秦皇岛市教育局", None, "306")),
        ("【３０６】秦皇岛市教育局", ("秦皇岛市教育局", None, "306")),
        ("306-秦皇岛市教育局", ("秦皇岛市教育局", None, "306")),
        ("上海市普陀区商务委员会（部门）", ("上海市普陀区商务委员会", "部门", None)),
        ("上海市普陀区财政局(单位)", ("上海市普陀区财政局", "单位", None)),
        ("绍兴市上虞区统计局(汇总)", ("绍兴市上虞区统计局", "汇总", None)),
        ("江苏省教育厅机关", ("江苏省教育厅", "机关", None)),
        ("江苏省人民检察院本级", ("江苏省人民检察院", "本级", None)),
        ("秦皇岛市 财政局\n", ("秦皇岛市财政局", None, None)),
        ("政府办公室(外事办公室)", ("政府办公室（外事办公室）", None, None)),
        ("120急救中心", ("120急救中心", None, None)),
        ("2025年部门预算", ("2025年部门预算", None, None)),
        ("秦皇岛市本级", ("秦皇岛市本级", None, None)),
        ("中共河北省委直属机关", ("河北省委直属机关", None, None)),
        ("中共江苏省委办公厅", ("江苏省委办公厅", None, None)),
        ("中国共产党海港区纪律检查委员会", ("海港区纪律检查委员会", None, None)),
    ],
)
def test_department_names_are_taken_apart(name: str, parts: tuple[str, str | None, str | None]) -> None:
    assert normalise_department(name) == DepartmentName(*parts)


@given(
    st.sampled_from(["", "306", "306001", "[306]", "306-", "306 "]),
    st.sampled_from(["秦皇岛市海港区教育局", "江苏省高级人民法院", "上海市普陀区商务委员会"]),
    st.sampled_from(["", "（本级）", "(本级)", "本级", "机关", " （ 单位 ）"]),
)
def test_all_variants_of_a_name_are_one_series(number: str, name: str, variant: str) -> None:
    parted = normalise_department(number + name + variant)
    assert parted.series == name
    assert (parted.number is None) is (number == "")
    assert (parted.variant is None) is (variant == "")
    assert normalise_department(parted.series) == DepartmentName(name)
