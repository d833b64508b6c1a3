"""The wheel carries the templates and its types, the sdist what a packager needs, and neither carries leftovers."""

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEMPLATES = {path.name for path in (ROOT / "templates").glob("*.txt")}


def build(command: list[str], folder: Path, pattern: str) -> Path:
    """Run a build with the tools that are installed, and return the one file it made."""
    run = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    (made,) = folder.glob(pattern)
    return made


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("wheel")
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(folder)]
    with zipfile.ZipFile(build(["pip", "wheel", *options, "."], folder, "*.whl")) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("sdist")
    with tarfile.open(build(["hatchling", "build", "-t", "sdist", "-d", str(folder)], folder, "*.tar.gz")) as archive:
        return {name.partition("/")[2] for name in archive.getnames()}


def test_the_wheel_holds_every_template_and_the_mark_of_a_typed_package(wheel: set[str]) -> None:
    assert TEMPLATES
    assert {f"followupd/templates/{name}" for name in TEMPLATES} <= wheel
    assert "followupd/py.typed" in wheel
    assert {"followupd/views/report/page.html", "followupd/views/report/style.css"} <= wheel
    assert {f"followupd/letters/phrases/{name}.toml" for name in ("any", "de", "en")} <= wheel


def test_the_wheel_holds_every_module_and_nothing_beside_the_package(wheel: set[str]) -> None:
    modules = {str(path.relative_to(ROOT)) for path in (ROOT / "followupd").rglob("*.py")}
    assert modules <= wheel
    assert {name.split("/")[0] for name in wheel if ".dist-info/" not in name} == {"followupd"}
    assert not [name for name in wheel if "__pycache__" in name]


def test_the_sdist_holds_the_example_config_and_all_that_the_tests_need(sdist: set[str]) -> None:
    wanted = {"config.example.toml", "README.md", "CHANGELOG.md", "LICENSE", "pyproject.toml", "docs/reliability.md"}
    assert wanted <= sdist
    assert {f"templates/{name}" for name in TEMPLATES} <= sdist
    assert {".ci/run", "requirements.lock"} <= sdist


def test_two_builds_of_one_tree_are_the_same_octets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    for kind, pattern in (("wheel", "*.whl"), ("sdist", "*.tar.gz")):
        made = []
        for name in ("one", "two"):
            folder = tmp_path / kind / name
            folder.mkdir(parents=True)
            made.append(build(["hatchling", "build", "-t", kind, "-d", str(folder)], folder, pattern).read_bytes())
        assert made[0] == made[1], kind
