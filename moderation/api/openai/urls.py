"""The addresses under /v1/."""

from django.urls import path, re_path

from moderation.api.openai import views

urlpatterns = [
    path("moderations", views.moderations, name="openai-moderations"),
    path("models", views.models, name="openai-models"),
    path("models/<path:name>", views.model, name="openai-model"),
    re_path(r"", views.unknown_path, name="openai-unknown"),
]
