"""Scans: prints the pages of a PDF as pictures, the way a copier would, and binds them again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
import pymupdf

from samples.binding import bound
from samples.blemishes import blemished

Image = npt.NDArray[np.uint8]
DATED = {"creationDate": "D:20250101000000+08'00'"}


@dataclass(frozen=True, slots=True)
class Scanner:
    """How a page is scanned.

    ``skew`` is in degrees, ``noise`` the spread of the grain (of 255), ``background`` the grey of the paper (255 is
    white), ``faint`` how far dark things fade (0 to 1), ``broken`` the share of every rule that is missing, ``stamp``
    how many round red stamps lie on it, ``turn`` a multiple of 90 degrees, ``quality`` that of the JPEG. ``dots`` is the
    share of the paper where thick specks lie; ``perspective`` and ``curl`` are shares of the page by which its corners
    and the middles of its rows lie elsewhere. ``part`` scans the printed part only and leaves the margins paper;
    ``layer`` lays an invisible text layer over it: ``good`` says what is printed, ``bad`` misreads and misplaces it.
    ``blemishes`` are those of :mod:`samples.blemishes`, ``bound`` is the way of :mod:`samples.binding` in which the
    picture is put into the page.
    """

    dpi: int = 200
    skew: float = 0.3
    quality: int = 60
    noise: float = 4.0
    background: int = 248
    faint: float = 0.0
    broken: float = 0.0
    stamp: int = 0
    turn: int = 0
    blur: float = 0.0
    dots: float = 0.0
    perspective: float = 0.0
    curl: float = 0.0
    part: bool = False
    layer: str = ""
    blemishes: tuple[str, ...] = ()
    bound: str = "jpeg"
    seed: int = 1


CLEAN = Scanner(skew=0.0, noise=0.0, background=255, quality=85)
OFFICE = Scanner()
STAMPED = Scanner(skew=0.6, stamp=1, quality=50)
FAINT = Scanner(dpi=150, skew=-0.8, quality=45, noise=7.0, background=226, faint=0.35, broken=0.06)
TURNED = Scanner(turn=90)
SCANNERS = {"clean": CLEAN, "office": OFFICE, "stamped": STAMPED, "faint": FAINT, "turned": TURNED}


def _drawn(page: pymupdf.Page, dpi: int) -> Image:
    pixels = page.get_pixmap(dpi=dpi, alpha=False)
    rows: Image = np.frombuffer(pixels.samples, np.uint8).reshape(pixels.height, pixels.width, 3)
    return rows.copy()


def _break_rules(image: Image, share: float, rng: np.random.Generator) -> Image:
    """White gaps in long lines: they are found by morphology and covered here and there."""
    if not share:
        return image
    dark = (255 - cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)).astype(np.uint8)
    length = max(20, image.shape[1] // 30)
    for kernel in ((length, 1), (1, length)):
        lines = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones(kernel[::-1], np.uint8)) > 60
        gaps = np.repeat(
            np.repeat(rng.random((image.shape[0] // 12 + 1, image.shape[1] // 12 + 1)) < share, 12, 0), 12, 1
        )
        image[lines & gaps[: image.shape[0], : image.shape[1]]] = 255
    return image


def _fade(image: Image, faint: float, background: int) -> Image:
    """Ink becomes lighter, paper darker."""
    low = 255 * faint
    scaled = low + image.astype(np.float32) * (background - low) / 255
    return scaled.astype(np.uint8)


def _stamp(image: Image, dpi: int, rng: np.random.Generator) -> Image:
    """A red ring with a star, as thick and transparent as ink on paper."""
    height, width = image.shape[:2]
    centre = (int(width * rng.uniform(0.6, 0.75)), int(height * rng.uniform(0.3, 0.6)))
    radius = int(dpi * 0.8)
    ink = np.full_like(image, 255)
    cv2.circle(ink, centre, radius, (214, 40, 40), max(2, dpi // 40))
    angles = np.arange(5) * 4 * np.pi / 5 - np.pi / 2
    star = np.stack([np.cos(angles), np.sin(angles)], 1) * radius * 0.4 + np.array(centre)
    cv2.fillPoly(ink, [star.astype(np.int32)], (214, 40, 40))
    mixed: Image = (image.astype(np.uint16) * ink // 255).astype(np.uint8)
    return mixed


def _skewed(image: Image, degrees: float, background: int) -> Image:
    height, width = image.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    paper = (background, background, background)
    turned: Image = cv2.warpAffine(
        image, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=paper
    ).astype(np.uint8)
    return turned


def _bent(image: Image, perspective: float, curl: float, background: int) -> Image:
    """The page seen from beside, and its rows bent upwards in the middle."""
    height, width = image.shape[:2]
    paper = (background, background, background)
    if perspective:
        dx, dy = width * perspective, height * perspective
        corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
        seen = corners + np.array([[dx, dy], [-dx, 0], [0, 0], [0, -dy]], np.float32)
        matrix = cv2.getPerspectiveTransform(corners, seen)
        image = cv2.warpPerspective(image, matrix, (width, height), borderValue=paper).astype(np.uint8)
    if curl:
        x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
        rise = height * curl * np.sin(np.pi * x / width)
        image = cv2.remap(
            image, x, (y + rise).astype(np.float32), cv2.INTER_LINEAR, borderValue=paper
        ).astype(np.uint8)
    return image


def _dotted(image: Image, share: float, rng: np.random.Generator) -> Image:
    """Specks of two to three pixels."""
    height, width = image.shape[:2]
    for y, x in zip(*np.nonzero(rng.random((height, width)) < share), strict=True):
        image[y : y + rng.integers(1, 4), x : x + rng.integers(1, 4)] = 90
    return image


def scanned_image(page: pymupdf.Page, scanner: Scanner) -> Image:
    """One page as pixels, rows × columns × RGB."""
    rng = np.random.default_rng(scanner.seed + page.number)
    image = _break_rules(_drawn(page, scanner.dpi), scanner.broken, rng)
    for _ in range(scanner.stamp):
        image = _stamp(image, scanner.dpi, rng)
    if scanner.blur:
        image = cv2.GaussianBlur(image, (0, 0), scanner.blur).astype(np.uint8)
    image = _fade(image, scanner.faint, scanner.background)
    image = _bent(image, scanner.perspective, scanner.curl, scanner.background)
    if scanner.dots:
        image = _dotted(image, scanner.dots, rng)
    if scanner.skew:
        image = _skewed(image, scanner.skew * rng.choice((-1.0, 1.0)), scanner.background)
    image = blemished(image, scanner.blemishes, scanner.dpi, rng)
    if scanner.noise:
        grain = rng.normal(0, scanner.noise, image.shape[:2])[..., None]
        image = np.clip(image + grain, 0, 255).astype(np.uint8)
    return np.ascontiguousarray(np.rot90(image, scanner.turn // 90))


def _bind(book: pymupdf.Document, page: pymupdf.Page, scanner: Scanner) -> None:
    """Add the page as a picture."""
    image = scanned_image(page, scanner)
    points = 72 / scanner.dpi
    sheet = book.new_page(width=image.shape[1] * points, height=image.shape[0] * points)
    place = sheet.rect
    if scanner.part:
        place = _printed(page) & sheet.rect
        pixels = [round(v / points) for v in place]
        image = image[pixels[1] : pixels[3], pixels[0] : pixels[2]]
        sheet.insert_text((place.x0, max(20, place.y0 - 10)), "附表", fontname="china-s", fontsize=10)
    bound(sheet, place, np.ascontiguousarray(image), scanner.quality, scanner.bound)
    if scanner.layer:
        _lay_text(sheet, page, scanner.layer)


def _printed(page: pymupdf.Page) -> pymupdf.Rect:
    """The part of a page where anything is printed, and a little around it."""
    box = pymupdf.Rect()
    for _, part in page.get_bboxlog():
        box |= pymupdf.Rect(part)
    return pymupdf.Rect(box.x0 - 12, box.y0 - 12, box.x1 + 12, box.y1 + 12)


_MISREADINGS = str.maketrans("5813合计科", "6893台汁料")


def _lay_text(sheet: pymupdf.Page, page: pymupdf.Page, layer: str) -> None:
    """The words of a page, invisible, as they are or as a poor recogniser reads them."""
    for number, (x0, _, _, y1, text, *_) in enumerate(page.get_text("words")):
        bad = layer == "bad" and number % 3 == 0
        said, dy = (text.translate(_MISREADINGS), 2.0) if bad else (text, 0.0)
        sheet.insert_text((x0, y1 - 2 + dy), said, fontname="china-s", fontsize=9, render_mode=3)


def table_pages(content: bytes) -> list[int]:
    """Numbers (from 0) of the pages of a PDF that have table rules on them."""
    with pymupdf.open(stream=content) as pdf:
        return [n for n in range(pdf.page_count) if len(pdf[n].get_cdrawings()) > 10]


def scan(content: bytes, scanner: Scanner = OFFICE, pages: Collection[int] | None = None) -> bytes:
    """The PDF with these pages (from 0; ``None``: all) as pictures; the others stay text. Always the same bytes."""
    source, book = pymupdf.open(stream=content), pymupdf.open()
    for number in range(source.page_count):
        page = source[number]
        if pages is not None and number not in pages:
            book.insert_pdf(source, from_page=number, to_page=number)
            continue
        _bind(book, page, scanner)
    book.set_metadata(DATED)
    result: bytes = book.tobytes(garbage=3, deflate=True, no_new_id=True)
    source.close()
    book.close()
    return result
