"""The addresses of the process; the apps' own are included by name."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from reviewengine import health
from reviewengine.languages import choose_language
from reviewengine.metrics.exposition import metrics

handler400 = "moderation.api.fallbacks.bad_request"
handler403 = "moderation.api.fallbacks.permission_denied"
handler404 = "moderation.api.fallbacks.page_not_found"
handler500 = "moderation.api.fallbacks.server_error"

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("livez", health.livez, name="livez"),
    path("healthz", health.livez, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("readyz/<str:name>", health.readyz, name="readyz-check"),
    path("health", health.health, name="health"),
    path("metrics", metrics, name="metrics"),
    path("admin/language/", choose_language, name="choose-language"),
    path("admin/oidc/", include("reviewengine.access.provider_urls")),
    path("admin/", admin.site.urls),
    path("api/", include("moderation.api.urls")),
    path("v1/", include("moderation.api.openai.urls")),
    path("", include("moderation.api.perspective.urls")),
]
