"""The addresses under /api/."""

from django.urls import path, re_path

from moderation.api import views

urlpatterns = [
    path("v1/content", views.content, name="content"),
    path("v1/content/bulk", views.content_bulk, name="content-bulk"),
    path("v1/content/<str:content_id>", views.ContentDetail.as_view(), name="content-detail"),
    path("v1/media", views.media, name="media"),
    path("problems/<str:code>", views.problem_page, name="problem"),
    re_path(r"", views.unknown_path),
]
