"""Words of the forms that a recogniser nearly read."""

from __future__ import annotations

import pytest

from fisc.extractors.page import Page, Reading, Word
from fisc.extractors.repairing import mended_labels
from fisc.extractors.scan.labels import SIMPLIFIED, meant


def test_traditional_characters_are_read_as_the_simplified_ones_that_are_printed() -> None:
    assert "財政撥款預決算總額".translate(SIMPLIFIED)[:2] == "财政"
    assert "金額".translate(SIMPLIFIED) == "金额"


@pytest.mark.parametrize(
    ("read", "printed"), [("支岀决算表", "支出决算表"), ("财政拔款收入", "财政拨款收入")]
)
def test_one_wrong_character_in_a_title_or_head_is_mended(read: str, printed: str) -> None:
    assert meant([Reading(read, 0.7)]) == printed


def test_a_word_that_was_read_for_sure_stays() -> None:
    assert meant([Reading("支岀决算表", 0.95)]) == "支岀决算表"


def test_the_head_of_a_part_of_a_code_must_be_among_the_readings() -> None:
    assert meant([Reading("歌", 0.94), Reading("款", 0.05)]) == "款"
    assert meant([Reading("歌", 0.94), Reading("欧", 0.05)]) == "歌"
    assert meant([Reading("项", 0.6), Reading("类", 0.3)]) == "项"


@pytest.mark.parametrize(
    ("read", "printed"),
    [("科自名称", "科目名称"), ("功能分类科自编", "功能分类科目编"), ("2024年未完成", "2024年未完成")],
)
def test_look_alikes_are_mended_however_sure_they_were(read: str, printed: str) -> None:
    assert meant([Reading(read, 0.99)]) == printed


def test_a_blank_that_was_read_as_a_mark_is_a_blank_where_a_reading_says_so() -> None:
    assert (
        meant([Reading("其中：财政☑资", 0.62), Reading("其中：财政\u3000资", 0.16)]) == "其中：财政\u3000资"
    )
    assert meant([Reading("☑是", 0.62), Reading("☐是", 0.16)]) == "☑是"


@pytest.mark.parametrize("text", ["合计", "科学技术支出", "1,234.56", "", "某某市财政局", "基本支出"])
def test_other_words_stay_as_read(text: str) -> None:
    assert meant([Reading(text, 0.7)]) == text


def test_a_mended_label_is_told_with_what_was_read_first() -> None:
    read = Word("支出决算表", 10, 20, 60, 30, method="ocr", readings=(Reading("支岀决算表", 0.7),))
    sure = Word("合计", 10, 40, 30, 50, method="ocr", readings=(Reading("合计", 0.9), Reading("台计", 0.1)))
    printed = Word("支出决算表", 10, 60, 60, 70)
    page = Page(3, 600, 800, (read, sure, printed), (), scanned=True)
    [finding] = mended_labels([page])
    assert (finding.rule, finding.severity, finding.page) == ("label.repaired", "info", 3)
    assert (finding.quote, finding.box) == ("支岀决算表", read.box)
    assert "支出决算表" in finding.message
