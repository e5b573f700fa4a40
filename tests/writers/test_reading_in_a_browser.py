"""The reading version of a report in a real browser: search, provenance, contents, light and dark, and no request to anywhere.
Skipped where Chromium and its driver are not installed."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from studygen.pipeline.building import build

PROTOCOLS = Path(__file__).resolve().parents[2] / "protocols"
DELIVERED = PROTOCOLS / "natalizumab-fingolimod-paes" / "deliveries" / "dk_dmsr" / "aggregates.csv"
BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(BROWSER is None or DRIVER is None, reason="needs chromium and chromium-driver"),
]
webdriver = pytest.importorskip("selenium.webdriver")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the report as a file."""
    output = tmp_path_factory.mktemp("reading")
    (built,) = build(PROTOCOLS / "natalizumab-fingolimod-paes", output, ["report"], ["html"], workers=1).files
    return built.path.as_uri()


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER
    profile = tmp_path_factory.mktemp("profile")
    for argument in (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--host-resolver-rules=MAP * ~NOTFOUND",
        f"--user-data-dir={profile}",
        "--window-size=1280,900",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    yield browser
    browser.quit()


@pytest.fixture
def page(driver: Any, report: str) -> Any:
    """The report, freshly opened, on a wide screen, without smooth scrolling."""
    driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    driver.execute_cdp_cmd(
        "Emulation.setEmulatedMedia",
        {"features": [{"name": "prefers-reduced-motion", "value": "reduce"}, {"name": "prefers-color-scheme", "value": "light"}]},
    )
    driver.get("about:blank")
    driver.get(report)
    driver.execute_script("localStorage.clear()")
    return driver


def one(page: Any, selector: str) -> Any:
    return page.find_element("css selector", selector)


def wait(page: Any, script: str) -> Any:
    from selenium.webdriver.support.ui import WebDriverWait

    return WebDriverWait(page, 10, poll_frequency=0.05).until(lambda driver: driver.execute_script(script))


def test_it_opens_without_a_word_on_the_console_and_without_a_request(page: Any) -> None:
    fetched = page.execute_script("return performance.getEntriesByType('resource').map(entry => entry.name)")
    assert [name for name in fetched if not name.startswith("data:")] == []
    assert page.get_log("browser") == []


def test_search_finds_marks_and_counts(page: Any) -> None:
    one(page, "body").send_keys("/")
    one(page, ".search input").send_keys("Hartung-Knapp")
    assert wait(page, "return document.querySelectorAll('main mark').length")
    # A hyphen finds the dash that is printed.
    marked = page.execute_script("return [...new Set([...document.querySelectorAll('mark')].map(mark => mark.textContent))]")
    assert "Hartung–Knapp" in marked
    hits = page.execute_script("return document.querySelectorAll('mark').length")
    assert one(page, ".search output").text.endswith(f" of {hits}")
    first = page.execute_script("return document.querySelector('mark.now').getBoundingClientRect().top")
    assert 0 < first < 900


def test_search_goes_on_and_back_and_leaves_the_text_as_it_was(page: Any) -> None:
    from selenium.webdriver.common.keys import Keys

    before = page.execute_script("return document.querySelector('main').innerHTML")
    field = one(page, ".search input")
    field.send_keys("relapse rate ratio")
    wait(page, "return document.querySelector('mark.now')")
    here = one(page, ".search output").text
    field.send_keys(Keys.ENTER)
    assert one(page, ".search output").text != here
    field.send_keys(Keys.SHIFT, Keys.ENTER)
    assert one(page, ".search output").text == here
    field.send_keys(Keys.ESCAPE)
    assert page.execute_script("return document.querySelector('main').innerHTML") == before


def test_a_match_may_reach_over_a_change_of_type(page: Any) -> None:
    # "Section 10.4 " is a link within its sentence.
    text = page.execute_script(
        "const link = document.querySelector('main p a.ref'); return link.textContent + link.nextSibling.data.slice(0, 12)"
    )
    one(page, ".search input").send_keys(text)
    assert wait(page, "return document.querySelectorAll('mark.now').length") == 2


def test_what_is_not_there_is_said(page: Any) -> None:
    one(page, ".search input").send_keys("zebra")
    assert wait(page, "return document.querySelector('.search output').textContent") == "No match"


def test_a_number_shows_where_it_comes_from(page: Any) -> None:
    one(page, "main p [data-result='arr_ratio.dk_dmsr.estimate']").click()
    shown = one(page, "#provenance").text
    assert "0.93 (0.74–1.17)" in shown
    assert "deliveries/dk_dmsr/aggregates.csv" in shown
    assert "lines 2–4" in shown
    assert hashlib.sha256(DELIVERED.read_bytes()).hexdigest() in shown
    assert "Danish Multiple Sclerosis Registry" in shown


def test_the_provenance_can_be_followed_and_closed_with_the_keyboard(page: Any) -> None:
    from selenium.webdriver.common.keys import Keys

    number = one(page, "main p [data-result='arr_ratio.pooled']")
    page.execute_script("arguments[0].focus()", number)
    page.switch_to.active_element.send_keys(Keys.ENTER)
    assert page.execute_script("return document.activeElement.id") == "provenance"
    assert "DerSimonian" in one(page, "#provenance").text
    one(page, "#provenance .input").click()
    assert one(page, "#provenance-number").text == "0.93 (0.74–1.17)"
    one(page, "#provenance .back").click()
    assert one(page, "#provenance-number").text == "0.77 (0.55–1.08)"
    page.switch_to.active_element.send_keys(Keys.ESCAPE)
    assert not one(page, "#provenance").is_displayed()
    assert page.execute_script("return document.activeElement === arguments[0]", number)


def test_the_pop_up_stays_on_the_screen(page: Any) -> None:
    for number in page.find_elements("css selector", "main p [data-result]")[:12]:
        page.execute_script("arguments[0].scrollIntoView({block: 'center'}); arguments[0].click()", number)
        box = page.execute_script(
            "const b = document.querySelector('#provenance').getBoundingClientRect(); return [b.left, b.right]"
        )
        assert 0 <= box[0] < box[1] <= 1280


def test_the_contents_lead_and_follow(page: Any) -> None:
    page.execute_script("document.querySelector('nav .sections a[href=\"#sec-main-results\"]').click()")
    wait(page, "return document.querySelector('nav [aria-current]')?.hash === '#sec-main-results'")
    top = page.execute_script("return document.querySelector('#sec-main-results').getBoundingClientRect().top")
    bar = page.execute_script("return document.querySelector('.bar').offsetHeight")
    assert bar <= top < bar + 80
    # Its part is unfolded, so that one sees where one is.
    assert one(page, "nav [aria-current]").is_displayed()


def test_the_states_stay_in_sight(page: Any) -> None:
    page.execute_script("scrollTo(0, 20000)")
    assert page.execute_script("return document.querySelector('.marks').getBoundingClientRect().top") == 0
    assert "published aggregate results" in one(page, ".marks").text


def test_dark_is_chosen_and_remembered(page: Any, report: str) -> None:
    light = page.execute_script("return getComputedStyle(document.documentElement).backgroundColor")
    assert light == "rgb(255, 255, 255)"
    one(page, ".theme").click()
    dark = page.execute_script("return getComputedStyle(document.documentElement).backgroundColor")
    assert dark == "rgb(20, 24, 31)"
    page.get(report)
    assert page.execute_script("return getComputedStyle(document.documentElement).backgroundColor") == dark
    page.execute_script("localStorage.clear()")


def test_on_a_phone_only_tables_scroll_sideways_and_contents_are_a_sheet(page: Any, report: str) -> None:
    page.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
    )
    page.get(report)
    assert page.execute_script("return document.documentElement.scrollWidth") == 390
    assert page.execute_script("return [...document.querySelectorAll('.display')].some(box => box.scrollWidth > box.clientWidth)")
    assert not one(page, "nav").is_displayed()
    one(page, ".open-contents").click()
    assert one(page, "nav").is_displayed()
    one(page, "nav .sections a[href='#sec-milestones']").click()
    assert not one(page, "nav").is_displayed()


def test_without_script_everything_can_be_read(driver: Any, report: str) -> None:
    driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        driver.get(report)
        assert one(driver, "nav .sections a[href='#sec-main-results']").is_displayed()
        assert not one(driver, ".search input").is_displayed()
        number = one(driver, "main p [data-result='arr_ratio.pooled']")
        assert number.get_attribute("href").endswith("#value-arr_ratio-pooled")
    finally:
        driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
