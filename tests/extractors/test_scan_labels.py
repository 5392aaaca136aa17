"""Words of the forms that a recogniser nearly read."""

from __future__ import annotations

import pytest

from fisc.extractors.scan.labels import SIMPLIFIED, meant


def test_traditional_characters_are_read_as_the_simplified_ones_that_are_printed() -> None:
    assert "財政撥款預決算總額".translate(SIMPLIFIED)[:2] == "财政"
    assert "金額".translate(SIMPLIFIED) == "金额"


@pytest.mark.parametrize(
    ("read", "printed"), [("支岀决算表", "支出决算表"), ("财政拔款收入", "财政拨款收入")]
)
def test_one_wrong_character_in_a_title_or_head_is_mended(read: str, printed: str) -> None:
    assert meant(read) == printed


@pytest.mark.parametrize("text", ["合计", "科学技术支出", "1,234.56", "", "某某市财政局", "基本支出"])
def test_other_words_stay_as_read(text: str) -> None:
    assert meant(text) == text
