"""Categories as people read them, the same on every page; what is stored and sent keeps its name."""

from moderation.enums import Category

_TITLES: dict[str, str] = {
    Category.PII: "Personal information",
    Category.URL_RISK: "Risky link",
    Category.NSFW_IMAGE: "Sexual image",
}


def category_title(category: str) -> str:
    """``harassment/threatening`` is ``Harassment: threatening``."""
    return _TITLES.get(category) or category.replace("_", " ").replace("/", ": ").capitalize()


def category_choices() -> list[tuple[str, str]]:
    """Every category with its title, in the order of the vocabulary."""
    return [(category.value, category_title(category)) for category in Category]
