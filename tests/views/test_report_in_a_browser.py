"""The page in a real Chromium: nothing is loaded or run, it fits every width, and axe-core finds nothing to mend.

axe-core comes from npm: FOLLOWUPD_AXE names its `axe.min.js` (`npm install axe-core@4.14.1`); .ci/run sees to it.
"""

import os
import shutil
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from followupd.views.report.page import page
from tests.servers.fixtures import REQUIRED
from tests.views.browser import Browser, browser
from tests.views.company import seen

AXE = os.environ.get("FOLLOWUPD_AXE", "")
AXE_IS = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
WIDTHS = (380, 800, 1400)
ABSENT = os.environ.get(REQUIRED) != "required"


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    if not (shutil.which("chromium") or shutil.which("chromium-browser")) and ABSENT:
        pytest.skip("there is no chromium")
    with browser(tmp_path_factory.mktemp("profile")) as started:
        yield started


@pytest.fixture(scope="module", params=[3, 300], ids=["3 people", "300 people"])
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("report") / "report.html", request.param)


def written(path: Path, people: int) -> Path:
    path.write_text(page(seen(people), ZoneInfo("Europe/Berlin")), encoding="utf-8")
    return path


def test_nothing_is_loaded_and_nothing_refused(chromium: Browser, report: Path) -> None:
    chromium.read(report, 800)
    assert [one["request"]["url"] for one in chromium.told("Network.requestWillBeSent")] == [report.as_uri()]
    assert chromium.told("Log.entryAdded") == []
    assert chromium.value("document.scripts.length") == 0
    assert chromium.value("getComputedStyle(document.body).backgroundColor") == "rgb(253, 252, 250)"


def test_a_script_that_stole_in_would_not_run(chromium: Browser, report: Path, tmp_path: Path) -> None:
    stolen = tmp_path / "stolen.html"
    script, attributes = "<script>document.title = 1</script>", 'style="color: red" onclick="document.title = 2"'
    more = f'{script}<p id="p" {attributes}>x</p></main>'
    stolen.write_text(report.read_text(encoding="utf-8").replace("</main>", more), encoding="utf-8")
    chromium.read(stolen, 800)
    chromium.value("document.getElementById('p').click()")
    assert chromium.value("document.title").startswith("followupd: ")
    assert chromium.value("getComputedStyle(document.getElementById('p')).color") == "rgb(29, 36, 48)"
    assert len(chromium.told("Log.entryAdded")) >= 2


@pytest.mark.parametrize("width", WIDTHS)
def test_it_fits_and_every_row_stands_on_the_one_axis(chromium: Browser, report: Path, width: int) -> None:
    chromium.read(report, width)
    assert chromium.value("document.scrollingElement.scrollWidth") <= width
    axis, *rows = chromium.value(
        "[document.querySelector('.axis > div'), ...document.querySelectorAll('.person > summary svg')]"
        ".map(one => one.getBoundingClientRect()).map(one => [Math.round(one.left), Math.round(one.right)])"
    )
    assert axis[1] - axis[0] >= width * 0.6
    assert {tuple(row) for row in rows} == {tuple(axis)}


def test_dark_is_dark_and_what_is_closed_opens(chromium: Browser, report: Path) -> None:
    chromium.read(report, 800, dark=True)
    assert chromium.value("getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 28)"
    chromium.value("document.querySelector('.person > summary').click()")
    assert chromium.value("document.querySelector('.person').open")
    assert chromium.value("document.querySelector('.person .inside').getBoundingClientRect().height") > 100


@pytest.mark.skipif(not AXE and ABSENT, reason="FOLLOWUPD_AXE names no axe.min.js")
@pytest.mark.parametrize(("width", "dark"), [(380, True), (1400, False)])
def test_axe_finds_nothing_to_mend(chromium: Browser, tmp_path: Path, width: int, dark: bool) -> None:
    source = Path(AXE).read_bytes()
    assert sha256(source).hexdigest() == AXE_IS, "this is another version of axe-core"
    chromium.read(written(tmp_path / "report.html", 12), width, dark=dark)
    chromium.value("document.querySelectorAll('details').forEach(one => { one.open = true })")
    chromium.value(f"{source.decode()}; 0")
    wrong = chromium.value(
        "axe.run(document, {resultTypes: ['violations']})"
        ".then(found => found.violations.map(one => one.id + ': ' + one.nodes.map(node => node.html).join('\\n')))"
    )
    assert wrong == []
