"""The documentation names what there is, and its links lead somewhere."""

import re
from pathlib import Path

import pytest

from moderation.detectors.base import DetectorConfigError
from moderation.detectors.registry import DETECTORS
from moderation.detectors.remote.options import RemoteOptions
from moderation.enums import Category

ROOT = Path(__file__).resolve().parent.parent
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
CODE = "\n".join(
    path.read_text() for name in ("reviewengine", "moderation", "dashboard") for path in (ROOT / name).rglob("*.py")
)
METRICS = {
    *re.findall(r'(?:Counter|Gauge|Histogram|\bgauge)\(\s*"(\w+)"', CODE),
    "reviewengine_database_up",  # put together from the names of the dependencies
    "reviewengine_redis_up",
}
COMMANDS = [
    path
    for name in ("moderation", "reviewengine")
    for path in (ROOT / name).rglob("management/commands/*.py")
    if path.stem not in ("__init__", "demo_seed", "runstack")  # `make run` stands for the last two
]


def page(name: str) -> str:
    return (ROOT / name).read_text()


def anchors(path: Path) -> set[str]:
    """The places of a page that a link may name, as GitHub makes them of its headings."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def options_of(detector: str) -> list[str]:
    """What the detector says that it knows, when it is told something that no detector knows."""
    if detector == "remote":
        return list(RemoteOptions.model_fields)
    with pytest.raises(DetectorConfigError) as refusal:
        DETECTORS[detector].build({"nonsense": 1}, ())
    known = str(refusal.value).partition("It knows: ")[2].removesuffix(".")
    return [] if known == "none" else known.split(", ")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(path):
    for target, anchor in re.findall(r"\]\(([^)#\s]*)(?:#([^)\s]+))?\)", path.read_text()):
        if target.startswith(("http://", "https://")):
            continue
        place = (path.parent / target).resolve() if target else path
        assert place.exists(), target
        assert not anchor or anchor in anchors(place), f"{target}#{anchor}"


@pytest.mark.parametrize("path", sorted((ROOT / "docs").rglob("*.md")), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_readme_leads_to_every_page(path):
    name = path.relative_to(ROOT)
    assert f"]({'docs/adr/' if 'adr' in name.parts else name})" in page("README.md")


@pytest.mark.parametrize("name", sorted(METRICS))
def test_every_metric_is_explained(name):
    assert f"`{name}`" in page("docs/operations/metrics.md")


def test_no_metric_is_explained_that_does_not_exist():
    assert len(METRICS) > 20
    assert set(re.findall(r"`((?:reviewengine|http|celery|db)_\w+)`", page("docs/operations/metrics.md"))) == METRICS


@pytest.mark.parametrize("category", Category.values)
def test_every_category_is_explained(category):
    listed = page("docs/policies.md").partition("\nCategories: ")[2].partition("What each means")[0]
    assert category in re.split(r"[,.]?\s+", listed)
    assert f"`{category}`" in page("docs/categories.md")


@pytest.mark.parametrize("detector", DETECTORS)
def test_every_option_of_a_detector_is_named_in_full(detector):
    missing = [
        path
        for path in (f"detectors.{detector}.options.{name}" for name in options_of(detector))
        if f"`{path}`" not in page("docs/configuration.md")
    ]
    assert not missing


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: path.stem)
def test_every_command_is_named_in_the_readme(path):
    assert re.search(rf"`(?:manage\.py )?{path.stem}\b", page("README.md"))
