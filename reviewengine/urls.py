"""The addresses of the process; the apps' own are included by name."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/", include("moderation.api.urls")),
]
