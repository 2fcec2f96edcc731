import importlib.util
import shutil
import sys
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SAMPLE = Path(__file__).parents[1] / "report/sample_tour.py"


@pytest.fixture(scope="session")
def browser():
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine: the pages were not looked at in a browser")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def tours():
    """The hand-written tours of the report's tests."""
    sys.path.append(str(SAMPLE.parent))  # it has a neighbour
    spec = importlib.util.spec_from_file_location("sample_tour_of_browser", SAMPLE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def visit(browser, tmp_path):
    """Opens a page at a width, in light or dark; whatever it asks for, and whatever it complains of, is kept."""
    contexts = []

    def opened(html, *, width=1280, dark=False, bypass_csp=False):
        file = tmp_path / "page.html"
        file.write_text(html, encoding="utf-8")
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            bypass_csp=bypass_csp,
        )
        contexts.append(context)
        page = context.new_page()
        page.asked, page.complaints = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda message: page.complaints.append(message.text))
        page.goto(file.as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()
