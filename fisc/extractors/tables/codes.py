"""Codes as printed: in one column, as 类 / 款 / 项, or glued to the name."""

from __future__ import annotations

import re

from fisc.extractors.tables.figures import Figures
from fisc.extractors.tables.lines import CODE, Cells, is_code_column, is_total
from fisc.schemas.folding import plain

_GLUED = re.compile(r"^(?P<code>\d{3}(?:\d{2}){0,2})(?P<name>[^\d\s.,].*)$")
_NOTHING = frozenset({"无", "-", "—", "/"})

Words = dict[str, str | int | None]


def read_code(
    line: Cells, words: dict[str, str | int | None], figures: Figures, code_parts: list[str]
) -> None:
    """Put a line's code together from one column, from 类 / 款 / 项, or from the front of its name."""
    base = next((t.split(".")[0] for t in line if is_code_column(t)), None)
    name_column = next(
        (t for t in words if t.endswith("_name") and t.split("_")[0] in ("function", "economic")), None
    )
    if base is None:
        if name_column and (match := _GLUED.match(plain(str(words[name_column] or "")))):
            words[name_column.replace("_name", "_code")] = match["code"]
            words[name_column] = str(words[name_column])[len(match["code"]) :].strip()
        return
    parts = [line.get(f"{base}.{k}", ()) for k in (1, 2, 3)]
    texts = ["".join(plain(cell.text) for cell in cells) for cells in parts]
    text = _joined_code(texts, code_parts) if any(parts) else plain(str(words.get(base) or ""))
    cell = next(
        (cell for target, cells in line.items() if target.startswith(base) for cell in cells if cell.text),
        None,
    )
    words[base] = None
    if CODE.match(text):
        words[base] = text
        if (
            name_column
            and (match := _GLUED.match(plain(str(words[name_column] or ""))))
            and match["code"] == text
        ):
            words[name_column] = str(words[name_column]).strip()[len(text) :].strip()
    elif text and name_column and not words.get(name_column):
        match = _GLUED.match(text)
        words[base], words[name_column] = (match["code"], match["name"]) if match else (None, _spoken(text))
    elif text and cell is not None and text not in _NOTHING:
        figures.report(
            "code.unreadable",
            "warning",
            cell,
            f"科目编码“{text}”无法识别。",
            f"The code {text!r} cannot be read.",
        )


def _spoken(text: str) -> str | None:
    """A name printed in the code column; remarks such as 无 or 此表为空 are no name."""
    return text if is_total(text) else None


def _joined_code(texts: list[str], code_parts: list[str]) -> str:
    """类 + 款 + 项; a blank upper part is the one printed above. A part may already hold the whole code."""
    if not any(texts):
        return ""
    if not all(text.isdigit() for text in texts if text):
        return "".join(texts)
    longest = max(texts, key=len)
    if len(longest) > 3:
        return longest
    deepest = max(k for k, text in enumerate(texts) if text)
    for k in range(deepest + 1):
        code_parts[k] = texts[k] or code_parts[k]
    return "".join(code_parts[: deepest + 1])
