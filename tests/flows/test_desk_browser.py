"""The desk in a real browser: the click paths of an auditor, on a desk's screen and on a phone's."""

from __future__ import annotations

import re
import shutil
import socket
import threading
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import pytest
import uvicorn

from fisc.flows.desk import Settings, desk
from fisc.flows.desk.opened import read_tables
from fisc.warehouse.ledger import Ledger
from tests.flows.desk_home import Made, make

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra dev)")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
PATIENCE_MS = 60_000
REREAD_MS = 180_000
"""A document is read again in a process that has to start first, on a machine that does other things."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("desk"),
    pytest.mark.skipif(
        CHROMIUM is None, reason="there is no Chromium on this machine (apt-get install chromium)"
    ),
]


@dataclass(frozen=True, slots=True)
class Desk:
    made: Made
    address: str


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = make(tmp_path_factory.mktemp("desk"))
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(desk(Settings(made.home, made.sources, port)), log_level="warning")
    )
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    yield Desk(made, f"http://127.0.0.1:{port}")
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[sync_api.Browser]:
    sync_api.expect.set_options(timeout=PATIENCE_MS)
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


def opened(
    browser: sync_api.Browser, size: tuple[int, int] = (1280, 800), locale: str = "zh-CN"
) -> tuple[sync_api.Page, list[str]]:
    """A page, and the list into which goes whatever the browser complains of."""
    page = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale=locale).new_page()
    page.set_default_timeout(PATIENCE_MS)
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.append(said.text) if said.type in ("error", "warning") else None)
    return page, troubles


def test_from_the_list_to_an_amount_and_its_box_and_back(served: Desk, browser: sync_api.Browser) -> None:
    page, troubles = opened(browser)
    page.goto(served.address)
    page.get_by_role("searchbox").fill("卫生健康")
    page.get_by_role("button", name="查看").click()
    page.locator(".documents .name a").first.click()
    page.locator(".begins a", has_text="收入总表").click()
    cell = page.locator("td a[id^=c]").nth(5)
    number = str(cell.get_attribute("id"))[1:]
    cell.click()
    box = page.locator(f"#b{number}")
    sync_api.expect(box).to_have_class(re.compile(r"\bon\b"))
    sync_api.expect(page.locator("#selected")).to_be_visible()
    other = str(page.locator("svg a.cell").nth(9).get_attribute("id"))[1:]
    page.locator(f"#b{other} rect").click(force=True)
    sync_api.expect(page.locator(f"#c{other}")).to_have_class(re.compile(r"\bon\b"))
    sync_api.expect(page.locator(f"#c{other}")).to_be_in_viewport()
    sync_api.expect(box).not_to_have_class(re.compile(r"\bon\b"))
    inside = page.evaluate(
        """n => { const b = document.querySelector(`#b${n} rect`).getBoundingClientRect();
                  const p = document.querySelector('.paper img').getBoundingClientRect();
                  return b.left >= p.left && b.right <= p.right && b.top >= p.top && b.bottom <= p.bottom; }""",
        other,
    )
    assert inside, "the box lies on the picture"
    page.context.close()
    assert troubles == []


def test_by_keys_alone_to_the_two_numbers_of_a_finding(served: Desk, browser: sync_api.Browser) -> None:
    page, troubles = opened(browser)
    page.goto(f"{served.address}/?findings=error")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/document/*")
    page.goto(f"{page.url}/page/1")
    page.keyboard.press("]")
    page.wait_for_url(re.compile(r"/page/(?!1$)\d+"))
    page.keyboard.press("n")
    sync_api.expect(page.locator(".card.on")).to_have_count(1)
    for side in ("expected", "actual"):
        drawn = page.locator(f"svg .side.{side}.on")
        sync_api.expect(drawn).to_have_count(1)
        sync_api.expect(drawn.locator("text")).to_be_visible()
    page.keyboard.press("e")
    sync_api.expect(page.get_by_role("button", name="记下免除")).to_be_visible()
    page.context.close()
    assert troubles == []


def test_an_amount_is_corrected_and_a_finding_waived_and_the_document_read_again(
    served: Desk, browser: sync_api.Browser
) -> None:
    made = served.made
    with Ledger.open(made.home) as ledger:
        before = read_tables(made.home, ledger.document(made.slipped))
    cells = before["cell"].to_pylist()
    number = next(n for n, cell in enumerate(cells, 1) if cell["proof"] == "refuted")
    page, troubles = opened(browser)
    page.goto(f"{served.address}/document/{made.slipped}/page/{cells[number - 1]['page']}#c{number}")
    page.locator("#selected .act").click()
    page.get_by_label("应读作").fill("12.34")
    page.get_by_label("单位").select_option("万元")
    page.get_by_label("理由").fill("原件印作12.34")
    page.get_by_label("姓名").fill("王审")
    page.get_by_role("button", name="记下更正").click()
    sync_api.expect(page.get_by_text("已重新读取。")).to_be_visible(timeout=REREAD_MS)
    sync_api.expect(page.get_by_text("原件印作12.34（王审")).to_be_visible()
    page.locator(".index .error a").first.click()
    page.locator(".card:target .decide").click()
    sync_api.expect(page.get_by_label("姓名")).to_have_value("王审")
    page.get_by_label("理由").fill("已与单位核实")
    page.get_by_role("button", name="记下免除").click()
    sync_api.expect(page.get_by_text("已重新读取。")).to_be_visible(timeout=REREAD_MS)
    sync_api.expect(page.locator(".index .waived").first).to_be_visible()
    page.context.close()
    with Ledger.open(made.home) as ledger:
        after = read_tables(made.home, ledger.document(made.slipped))
    (corrected,) = (cell for cell in after["cell"].to_pylist() if cell["method"] == "corrected")
    assert (corrected["value"], corrected["text"]) == (Decimal("123400.00"), cells[number - 1]["text"])
    waived = [finding for finding in after["finding"].to_pylist() if finding["waived"]]
    assert [(finding["waived"], finding["waived_by"]) for finding in waived] == [("已与单位核实", "王审")]
    kept = tomllib.loads((made.sources / "reviewed" / "wangxi.toml").read_text("utf-8"))
    assert (len(kept["correction"]), len(kept["waiver"])) == (1, 1)
    assert troubles == []


@pytest.mark.parametrize(("locale", "word"), [("zh-CN", "检查表"), ("en-US", "Inspection sheet")])
def test_on_a_phone_every_page_fits_its_width(
    served: Desk, browser: sync_api.Browser, locale: str, word: str
) -> None:
    page, troubles = opened(browser, (390, 844), locale)
    base = f"{served.address}/document/{served.made.slipped}"
    for path in (
        f"{served.address}/", f"{served.address}/findings", f"{served.address}/inspection", base, f"{base}/page/3",
        f"{base}/inspection", f"{base}/cell/1", f"{base}/finding/1",
    ):  # fmt: skip
        page.goto(path)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, path
    sync_api.expect(page.get_by_role("link", name=word)).to_be_visible()
    page.get_by_role("link", name="English" if locale == "zh-CN" else "中文").click()
    other = "Inspection sheet" if locale == "zh-CN" else "检查表"
    sync_api.expect(page.get_by_role("link", name=other)).to_be_visible()
    page.context.close()
    assert troubles == []
