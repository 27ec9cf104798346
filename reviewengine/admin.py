"""The console: our own admin site, to which the apps add pages, index panels and groups of models.

The site knows none of the apps. Each calls the ``register_...`` methods from its ``admin`` module, which Django
imports at start, before the addresses are read.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from reviewengine.access import sessions
from reviewengine.access.site import AccessSite

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class NavLink:
    """A link for people who hold one of ``permissions`` (``app_label.codename``); without any, for everybody."""

    label: "str | _StrPromise"
    url_name: str
    permissions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IndexPanel:
    """A part of the first page. ``context`` reads what ``template`` shows, or answers None: nothing is shown then."""

    template: str
    context: Callable[[HttpRequest], dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class ModelGroup:
    """Models that are listed together, each as ``app_label.modelname``, whatever app they belong to."""

    name: "str | _StrPromise"
    models: tuple[str, ...]


class ReviewEngineAdminSite(AccessSite):
    """The admin site of every Review Engine process."""

    site_header = "Review Engine"
    site_title = "Review Engine"
    index_title = _("Console")
    site_url = None
    empty_value_display = "–"

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self._pages: list[URLResolver] = []
        self._links: list[NavLink] = []
        self._person_links: list[NavLink] = []
        self._panels: list[IndexPanel] = []
        self._groups: list[ModelGroup] = []
        self._password_recorder: Callable[[HttpRequest], object] | None = None

    def register_pages(self, prefix: str, urls: Sequence[URLPattern], *, link: NavLink | None = None) -> None:
        """Adds pages under ``/admin/<prefix>``, named ``admin:<name>``, with views wrapped by admin_view.

        ``link`` leads to them in every page's header.
        """
        self._pages.append(path(prefix, include(list(urls))))
        if link:
            self._links.append(link)

    def register_person_link(self, link: NavLink) -> None:
        """Adds a link to the menu of the person who is signed in."""
        self._person_links.append(link)

    def register_heartbeats(self, *names: str) -> None:
        """Names of addresses that a page asks by itself: they do not keep an abandoned session alive."""
        sessions.register_heartbeats(f"admin:{name}" for name in names)

    def register_index_panel(self, panel: IndexPanel) -> None:
        """Adds a panel to the first page, below those that are there."""
        self._panels.append(panel)

    def register_model_group(self, group: ModelGroup) -> None:
        """Lists these models together; groups stand in the order in which they were registered."""
        self._groups.append(group)

    def register_password_recorder(self, recorder: Callable[[HttpRequest], object]) -> None:
        """``recorder`` is called, in the same transaction, when a person has changed their own password."""
        self._password_recorder = recorder

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        return super().admin_view(_without_nul(view), cacheable)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [*self._pages, *super().get_urls()]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        links = {
            "nav_links": _links_for(request, self._links),
            "person_links": _links_for(request, self._person_links),
        }
        return {**super().each_context(request), **links}

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        contexts = [(panel.template, panel.context(request)) for panel in self._panels]
        panels = [{"template": template, **context} for template, context in contexts if context is not None]
        roles = request.user.groups.order_by("name").values_list("name", flat=True)
        return super().index(request, {"panels": panels, "roles": list(roles), **(extra_context or {})})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """The models that the person may see, looked up when a page shows them: every page has the list at hand."""
        listed = super().get_app_list
        if app_label:
            return listed(request, app_label)
        return SimpleLazyObject(lambda: _grouped(listed(request), self._groups))

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        with transaction.atomic():
            response = super().password_change(request, extra_context)
            if response.status_code == 302 and self._password_recorder:
                self._password_recorder(request)
        return response


def _links_for(request: HttpRequest, links: list[NavLink]) -> list[dict[str, Any]]:
    """The links that the person may follow; of those that lead here, the one with the longest address is current."""
    allowed = [link for link in links if not link.permissions or any(map(request.user.has_perm, link.permissions))]
    urls = [reverse(link.url_name) for link in allowed]
    here = max((url for url in urls if request.path.startswith(url)), key=len, default=None)
    return [{"label": link.label, "url": url, "current": url == here} for link, url in zip(allowed, urls, strict=True)]


def _without_nul(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Refuses an address with a NUL: Django hands filters to PostgreSQL, which cannot hold one, as they are."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if any("\0" in part for name, values in request.GET.lists() for part in (name, *values)):
            raise BadRequest("The address holds a NUL character.")
        return view(request, *args, **kwargs)

    return guarded


def _grouped(apps: list[dict[str, Any]], groups: list[ModelGroup]) -> list[dict[str, Any]]:
    """The app list with its models in our groups; what no group names stays with its app."""
    models = {f"{app['app_label']}.{model['object_name'].lower()}": model for app in apps for model in app["models"]}
    listed = [
        {"name": group.name, "app_label": "group", "app_url": "", "has_module_perms": True, "models": found}
        for group in groups
        if (found := [models[name] for name in group.models if name in models])
    ]
    named = {id(models[name]) for group in groups for name in group.models if name in models}
    for app in apps:
        app["models"] = [model for model in app["models"] if id(model) not in named]
    return listed + [app for app in apps if app["models"]]
