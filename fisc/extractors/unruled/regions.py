"""Where tables without rules stand: under a title that names a form, on one page or on several."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from fisc.extractors.grids import Grid
from fisc.extractors.page import Page, Rule, Word
from fisc.extractors.tables.captions import Line
from fisc.extractors.tables.headers import TOTAL_WORDS
from fisc.extractors.unruled.columns import body_columns
from fisc.extractors.unruled.glued import parted, without_glue
from fisc.extractors.unruled.labels import Interval
from fisc.extractors.unruled.lines import PrintedLine, free_lines
from fisc.schemas.folding import fold, glob, literal_length, plain, without_number
from fisc.schemas.forms import Form, Layout, forms, forms_headed, forms_titled

LONGEST_TITLE = 60
LONGEST_LABEL = 24
CAPTION_LINES = 6
"""Department, year, unit and form number stand on at most this many lines between a title and its header."""
HEADER_LINES = 12
"""Official headers print at most this many text lines."""
TIGHT = 0.35
"""Lines nearer than this, in heights of a line, can be one wrapped label."""
SAME_SIZE = 1.3
"""Lines whose heights differ by more than this are not of one table."""
LEAST_LABELS = 3
"""A sheet shows at least so many of its labels."""
LABEL_WIDTH = 4
"""The labels on the left of a sheet are at least this wide, in heights of a line."""


_CAPTION = re.compile(
    r"^(?:公开|预算|财决|附)?表?\d{1,2}(?:-\d)?表$|^(?:金额)?单位[:：]|^(?:编制|填报|公开|预算)?(?:部门|单位)(?:名称)?[:：]"
)


@dataclass(frozen=True, slots=True)
class Fragment:
    """The part of a table on one page."""

    page: Page
    header: tuple[PrintedLine, ...]
    body: tuple[PrintedLine, ...]

    @property
    def lines(self) -> tuple[PrintedLine, ...]:
        return (*self.header, *self.body)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The horizontal rules at the height of the fragment, top to bottom."""
        top, bottom = self.lines[0].box[1], self.lines[-1].box[3]
        reach = 2 * self.lines[0].height
        rules = [r for r in self.page.rules if r.horizontal and top - reach < r.y0 < bottom + reach]
        return tuple(sorted(rules, key=lambda rule: (rule.y0, rule.x0)))

    def words(self) -> list[Word]:
        """The words of the body."""
        return [word for line in self.body for word in line.words]


@dataclass(frozen=True, slots=True)
class Region:
    """A table without rules before its columns are known.

    ``forms`` are those that its title names; ``sheet`` is the layout of a sheet of labels beside values.
    """

    forms: tuple[Form, ...]
    fragments: tuple[Fragment, ...]
    sheet: Layout | None = None


def regions(pages: Sequence[Page], ruled: Mapping[int, Sequence[Grid]]) -> Iterator[Region]:
    """The tables without rules of a document, in printed order."""
    going: Region | None = None
    for page in pages:
        lines = free_lines(page, ruled.get(page.number, ()))
        tops = sorted(grid.box[1] for grid in ruled.get(page.number, ()))
        start = 0
        if going is not None:
            more, start = _continued(going, page, lines, tops)
            if more is not None:
                going = replace(going, fragments=(*going.fragments, more))
            if more is None or start < len(lines):
                yield going
                going = None
        for region, is_last in _on_page(page, lines, tops, start):
            if is_last:
                going = region
            else:
                yield region
    if going is not None:
        yield going


def _on_page(
    page: Page, lines: Sequence[PrintedLine], tops: Sequence[float], start: int
) -> Iterator[tuple[Region, bool]]:
    """The tables that begin on a page, and whether each reaches the end of its lines."""
    i = start
    while i < len(lines):
        named, first = _named_at(lines, i)
        if not named:
            i += 1
            continue
        sheet, begin, end = _sheet_at(lines, i, first, tops, named)
        if sheet is not None:
            part = Fragment(page, (), tuple(lines[begin:end]))
            yield Region(named, (part,), sheet), _is_last(end, lines, tops)
            i = end
            continue
        end = _end(lines, first, tops)
        table = _without_heading(lines[first:end])
        fragment = _split(page, table, named, 1 if first == i else _header_height(table, named))
        if fragment is None:
            i = max(i + 1, first)
            continue
        end = first + len(table)
        yield Region(named, (fragment,)), _is_last(end, lines, tops)
        i = end


def _is_last(end: int, lines: Sequence[PrintedLine], tops: Sequence[float]) -> bool:
    return end == len(lines) and not any(top > lines[-1].box[1] for top in tops)


def _sheet_at(
    lines: Sequence[PrintedLine], title: int, first: int, tops: Sequence[float], named: Sequence[Form]
) -> tuple[Layout | None, int, int]:
    """The layout of the sheet of labels beside values under a title, if there is one, and where it begins and ends."""
    sheets = [layout for form in named for layout in form.layouts if layout.shape == "sheet"]
    if not sheets or first >= len(lines):
        return None, first, first
    begin = first
    while (
        begin - 1 > title and _speaks(lines[begin - 1].text) and _of_one_size(lines[begin - 1], lines[first])
    ):
        begin -= 1
    end = _sheet_end(lines, begin, tops, sheets[0])
    labels = {fold(label) for line in lines[begin:end] for label in line.labels}
    found = sum(sheets[0].best((label,)) is not None for label in labels) >= LEAST_LABELS
    return sheets[0] if found else None, begin, end


def _sheet_end(lines: Sequence[PrintedLine], first: int, tops: Sequence[float], sheet: Layout) -> int:
    """The line after a sheet: behind its last label, and behind the value lines that stand right under that."""
    limit = next((top for top in tops if top > lines[first].box[1]), float("inf"))
    end = first
    column = lines[first].box[0]
    for i in range(first, len(lines)):
        line = lines[i]
        if line.box[1] > limit or not _of_one_size(line, lines[first]) or headed_forms(line):
            break
        if any(is_sheet_label(label, sheet) for label in line.labels):
            column, end = min(column, line.box[0]), i + 1
        elif i == end and _is_value(line, lines[i - 1], column):
            end = i + 1
    return end


def is_sheet_label(text: str, sheet: Layout) -> bool:
    """Whether a text is a label of a sheet."""
    named = (name for names in sheet.hierarchy.values() for name in names)
    return sheet_target(text, sheet) is not None or any(glob(name).fullmatch(fold(text)) for name in named)


def sheet_target(text: str, sheet: Layout) -> str | None:
    """The column that a label of a sheet names."""
    best = sheet.best((fold(text),))
    return best[0] if best else None


def _is_value(line: PrintedLine, above: PrintedLine, column: float) -> bool:
    """Whether a line goes on with the value above it: right under it, to the right of the labels."""
    return line.box[1] - above.box[3] < 3 * line.height and line.box[0] > column + LABEL_WIDTH * line.height


def _named_at(lines: Sequence[PrintedLine], i: int) -> tuple[tuple[Form, ...], int]:
    """The forms that a line names as a title, or as a whole header without one, and where the header begins."""
    if headed := headed_forms(lines[i]):
        return headed, i
    named, after = title_at(lines, i)
    return (named, _header_start(lines, after, named)) if named else ((), i)


def _header_start(lines: Sequence[PrintedLine], after: int, named: Sequence[Form]) -> int:
    """The first line under a title's caption; unknown labels side by side above known ones are of the header."""
    first = after
    while first < min(len(lines), after + CAPTION_LINES) and _is_caption(lines[first], named):
        first += 1
    while after < first < len(lines) and _goes_with(lines[first - 1], lines[first]):
        first -= 1
    return first


def _goes_with(line: PrintedLine, header: PrintedLine) -> bool:
    """Whether a line of unknown labels above a header is of it: side by side, close above, or known elsewhere."""
    close = header.box[1] - line.box[3] < TIGHT * line.height and _of_one_size(line, header)
    is_label = len(line.phrases) > 1 or close or known(line.text, forms())
    return is_label and all(_speaks(label) for label in line.labels)


def title_at(lines: Sequence[PrintedLine], i: int) -> tuple[tuple[Form, ...], int]:
    """The forms that the title at a line names, and the line after it; a title can run over two lines."""
    if named := named_forms(lines[i]):
        return named, i + 1
    if i + 1 < len(lines) and _of_one_size(lines[i], lines[i + 1]) and not named_forms(lines[i + 1]):
        both = lines[i], lines[i + 1]
        if all(len(line.phrases) == 1 and not line.is_prose for line in both):
            return named_forms(PrintedLine((*both[0].words, *both[1].words)), ""), i + 2
    return (), i + 1


def named_forms(line: PrintedLine, blank: str = " ") -> tuple[Form, ...]:
    """The forms whose title a line is."""
    text = blank.join(word.text for word in line.words)
    if len(text) > LONGEST_TITLE or len(line.phrases) > 2 or "。" in text:
        return ()
    return tuple(form for form, _ in forms_titled(without_number(text)))


def headed_forms(line: PrintedLine) -> tuple[Form, ...]:
    """The forms that need no title and whose header a line is."""
    if len(line.phrases) < 3 or line.holds_data:
        return ()
    return forms_headed([fold(label) for label in line.labels])


def _is_caption(line: PrintedLine, named: Sequence[Form]) -> bool:
    """Whether a line under a title belongs to the caption and not to the header."""
    names = sum(known(label, named) for label in line.labels)
    if names < 2 and not (_speaks(line.text) and any(_speaks(label) for label in line.labels)):
        return True
    return not (line.holds_data or line.is_prose or names)


def _speaks(label: str) -> bool:
    return Line(label, 0, (0.0, 0.0, 0.0, 0.0)).speaks


def known(label: str, named: Sequence[Form]) -> bool:
    """Whether a label stands in the header of one of these forms."""
    folded = fold(label)
    return 0 < len(folded) <= LONGEST_LABEL and any(
        glob(part).fullmatch(folded) for form in named for layout in form.layouts for part in _parts(layout)
    )


@cache
def _label_parts(patterns: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    """The labels that header patterns speak of; those that fit anything say nothing."""
    parts = (part for group in patterns for pattern in group for part in pattern.split("/"))
    return tuple(dict.fromkeys(part for part in parts if literal_length(part)))


def _parts(layout: Layout) -> tuple[str, ...]:
    return _label_parts((*layout.columns.values(), layout.ignored))


def _end(lines: Sequence[PrintedLine], first: int, tops: Sequence[float]) -> int:
    """The first line after a header's beginning that cannot belong to the table."""
    limit = next((top for top in tops if first < len(lines) and top > lines[first].box[1]), float("inf"))
    for i in range(first, len(lines)):
        line = lines[i]
        if line.box[1] > limit or line.is_prose or not _of_one_size(line, lines[first]):
            return i
        if i > first and _opens_caption(line):
            return i
        if i > first and (
            named_forms(line) or headed_forms(line) or (len(line.phrases) == 1 and title_at(lines, i)[0])
        ):
            return i
    return len(lines)


def _opens_caption(line: PrintedLine) -> bool:
    """Whether a line is the form number, department or unit of the next table."""
    return any(_CAPTION.match(plain(label)) for label in line.labels)


def _of_one_size(line: PrintedLine, other: PrintedLine) -> bool:
    return 1 / SAME_SIZE < line.height / other.height < SAME_SIZE


def _split(page: Page, lines: Sequence[PrintedLine], named: Sequence[Form], height: int) -> Fragment | None:
    """Header and body; None where the lines are no table."""
    header, body = parted(lines[:height]), without_glue(lines[height:])
    labels = [label for line in header for label in line.labels if known(label, named)]
    side_by_side = any(len(line.phrases) > 1 for line in header)
    rows = sum(line.holds_data and len(line.phrases) > 1 for line in body)
    if not (side_by_side and (len(labels) >= 2 or rows >= 2)):
        return None
    return Fragment(page, header, body)


def _header_height(lines: Sequence[PrintedLine], named: Sequence[Form]) -> int:
    """How many lines stand above the first line of data."""
    for i, line in enumerate(lines[: HEADER_LINES + 1]):
        if line.counts_columns:
            rest = (k for k in range(i, len(lines)) if not lines[k].counts_columns)
            return next(rest, len(lines))
        if line.holds_data or line.opens_item:
            break
    first = next((i for i, line in enumerate(lines) if line.holds_data or line.opens_item), len(lines))
    height = 0
    last = min(first, HEADER_LINES) - 1
    for i, line in enumerate(lines[: last + 1]):
        tight = i > 0 and line.box[1] - lines[i - 1].box[3] < TIGHT * line.height
        tight = tight and len(line.phrases) < max(len(above.phrases) for above in lines[:i])
        label = tight or any(known(label, named) for label in line.labels)
        if label and not (i == last and _is_total_line(line, height)):
            height = i + 1
        elif not any(_knows_two(later, named) for later in lines[i + 1 : min(i + 4, first)]):
            break
    return height


def _knows_two(line: PrintedLine, named: Sequence[Form]) -> bool:
    return sum(known(label, named) for label in line.labels) >= 2


def _is_total_line(line: PrintedLine, height: int) -> bool:
    """A 合计 alone on its line, below others, is the first row of an empty table."""
    return height > 0 and len(line.words) == 1 and fold(line.text) in TOTAL_WORDS


def _without_heading(lines: Sequence[PrintedLine]) -> Sequence[PrintedLine]:
    """The lines without single ones at the end that stand far below the table, as the next heading does."""
    kept = list(lines)
    while len(kept) > 3 and len(kept[-1].phrases) == 1 and not kept[-1].holds_data:
        if fold(kept[-1].text) in TOTAL_WORDS:
            break
        gaps = [b.middle - a.middle for a, b in pairwise(kept[:-1])]
        if kept[-1].middle - kept[-2].middle <= 1.4 * max(gaps):
            break
        kept.pop()
    return kept


def _continued(
    region: Region, page: Page, lines: Sequence[PrintedLine], tops: Sequence[float]
) -> tuple[Fragment | None, int]:
    """The part of a table on the next page, and how many lines of that page it takes up."""
    before = region.fragments[-1]
    if region.sheet is None and not before.body:
        return None, 0
    if region.sheet is not None and lines:
        end = _sheet_end(lines, 0, tops, region.sheet)
        return (
            (Fragment(page, (), tuple(lines[:end])), end)
            if end and _same_size(page, before.page)
            else (None, 0)
        )
    if not _same_size(page, before.page):
        return None, 0
    first = 0
    while first < min(len(lines), CAPTION_LINES) and _repeats_caption(lines[first]):
        first += 1
    head = region.fragments[0].header
    again, repeated = _repeated(head, lines[first:])
    if (first and not repeated) or _opens_table(lines, first):
        return None, 0
    end = _end(lines, first, tops) if first < len(lines) else first
    body = without_glue(_without_heading(lines[first + repeated : end]))
    if not body or not _of_one_size(body[0], before.body[-1]) or not _stands_in(body, region):
        return None, 0
    return Fragment(page, again, body), first + repeated + len(body)


def _opens_table(lines: Sequence[PrintedLine], first: int) -> bool:
    """Whether a page begins with the title or the header of a table of its own."""
    return first < len(lines) and bool(_named_at(lines, first)[0])


def _stands_in(body: Sequence[PrintedLine], region: Region) -> bool:
    """Whether lines have figures, or words in three of a table's columns."""
    if any(line.holds_data for line in body):
        return True
    words = [word for fragment in region.fragments for word in fragment.words()]
    columns = body_columns(words, 1.0)
    return any(_columns_met(line, columns) >= 3 for line in body)


def _columns_met(line: PrintedLine, columns: Sequence[Interval]) -> int:
    """How many columns a line has phrases in; none where one phrase lies over two."""
    met = [
        {i for i, (a, b) in enumerate(columns) if phrase[0].x0 < b and phrase[-1].x1 > a}
        for phrase in line.phrases
    ]
    return 0 if any(len(places) > 1 for places in met) else len(set().union(*met))


def _same_size(one: Page, other: Page) -> bool:
    return abs(one.width - other.width) < 1 and abs(one.height - other.height) < 1


def _repeats_caption(line: PrintedLine) -> bool:
    return not any(_speaks(label) for label in line.labels)


def _repeated(
    head: Sequence[PrintedLine], lines: Sequence[PrintedLine]
) -> tuple[tuple[PrintedLine, ...], int]:
    """The lines that repeat a header, and how many printed lines they are; none where it is not repeated."""
    wanted = [word.text for line in head for word in line.words]
    for count in range(1, min(len(lines), len(head) + 2) + 1):
        again = parted(lines[:count])
        if [word.text for line in again for word in line.words] == wanted and len(again) == len(head):
            return again, count
    return (), 0
