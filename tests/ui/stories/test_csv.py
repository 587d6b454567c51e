"""CSV that the browser writes: as careful with formulas as what Python writes."""

from playwright.sync_api import Browser

from resnet_explorer.describe.spreadsheet import comma_separated
from resnet_explorer.describe.text_tables import Cell
from tests.fixtures.cases import Count
from tests.fixtures.paths import PACKAGE
from tests.ui.test_csv_files import HOSTILE

SCRIPT = PACKAGE / "ui" / "components" / "shared" / "csv.js"
PLAIN = ("", "conv bn relu", "a, b", 'says "b"', "two\nlines", "+", "-", "-1", "-Infinity", "-1e-05", "1/2")


def test_the_browser_writes_what_python_writes(browser: Browser, count: Count) -> None:
    page = browser.new_page()
    page.evaluate(f"() => {{ {SCRIPT.read_text().replace('export ', '')}; window.csv = csv; }}")
    for text in (*HOSTILE, *PLAIN):
        with count():
            header = ["x", text]
            rows: list[list[Cell]] = [["x", text], [-1, -0.5]]
            written = page.evaluate("(table) => window.csv(table)", {"columns": header, "rows": rows})
            assert written == comma_separated(header, rows) + "\n"
    page.close()
