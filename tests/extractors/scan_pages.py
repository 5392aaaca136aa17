"""Small printed tables as pixels: what a scanner would give, with the words known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
import pymupdf
from numpy.typing import NDArray

Image = NDArray[Any]

FONT = pymupdf.Font("cjk")
WIDTH, HEIGHT = 420.0, 250.0
BOX = (0.0, 0.0, WIDTH, HEIGHT)
COLUMNS = (30.0, 90.0, 230.0, 310.0, 390.0)
ROWS = (70.0, 92.0, 114.0, 136.0, 158.0, 180.0)
HEAD = ("科目编码", "科目名称", "合计", "基本支出")
BODY = (
    ("", "合计", "1,551.25", "431.00"),
    ("201", "一般公共服务支出", "259.60", "0.00"),
    ("20103", "政府办公厅及相关机构事务", "1,286.34", "426.10"),
    ("2080505", "二、养老保险缴费", "5.31", "4.90"),
)
AMOUNTS = [amount for row in BODY for amount in row[2:]]


def table(*, rules: bool = True, top: bool = True) -> pymupdf.Document:
    """One page: a title, its unit, five rows of four columns, a note."""
    document = pymupdf.open()
    page = document.new_page(width=WIDTH, height=HEIGHT)
    write(page, 130, 30, "一般公共预算支出决算表", 14)
    write(page, 30, 60, "部门：某某市财政局")
    write(page, 330, 60, "单位：万元")
    for y, row in zip(ROWS, (HEAD, *BODY), strict=False):
        for x, text in zip(COLUMNS, row, strict=False):
            write(page, x + 4, y + 15, text)
    write(page, 30, 205, "注：本表反映部门本年度支出情况。")
    if rules:
        for y in ROWS[not top :]:
            page.draw_line((COLUMNS[0], y), (COLUMNS[-1], y), width=0.7)
        for x in COLUMNS:
            page.draw_line((x, ROWS[0]), (x, ROWS[-1]), width=0.7)
    return document


def write(page: Any, x: float, y: float, text: str, size: float = 10) -> None:
    writer = pymupdf.TextWriter(page.rect)
    writer.append((x, y), text, font=FONT, fontsize=size)
    writer.write_text(page)


def pixels(document: pymupdf.Document, dpi: int = 150) -> Image:
    pixmap = document[0].get_pixmap(dpi=dpi)
    return np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width, 3).copy()


def scanned(image: Image, *, skew: float = 0.0, noise: float = 4.0, quality: int = 60) -> Image:
    """Turned by ``skew`` degrees to the left, blurred, noisy and compressed."""
    height, width = image.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), skew, 1.0)
    image = cv2.warpAffine(image, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255.0,) * 3)
    image = cv2.GaussianBlur(image, (0, 0), 0.5)
    grain = np.random.default_rng(7).normal(0, noise, (height, width, 1))
    noisy = np.clip(image + grain, 0, 255).astype(np.uint8)
    coded = cv2.imencode(".jpg", noisy[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.ascontiguousarray(cv2.imdecode(coded, cv2.IMREAD_COLOR)[:, :, ::-1])


def stamped(image: Image, centre: tuple[float, float], radius: float, dpi: int = 150) -> Image:
    """With a red ring and star over the place in points."""
    ink = np.full_like(image, 255)
    middle = (round(centre[0] * dpi / 72), round(centre[1] * dpi / 72))
    reach = round(radius * dpi / 72)
    cv2.circle(ink, middle, reach, (215, 35, 35), 6)
    cv2.drawMarker(ink, middle, (215, 35, 35), cv2.MARKER_STAR, reach // 2, 4)
    return (image.astype(np.float32) * ink / 255).astype(np.uint8)


def texts(words: Sequence[Any]) -> list[str]:
    return [word.text for word in words]
