"""The addresses of Perspective's door, at the root as its clients expect them."""

from django.urls import path, re_path

from moderation.api.perspective import discovery, views

urlpatterns = [
    path("v1alpha1/comments:analyze", views.analyze_comment, name="perspective-analyze"),
    path("v1alpha1/comments:suggestscore", views.suggest_score, name="perspective-suggestscore"),
    re_path(r"^v1alpha1/", views.unknown_path),
    path("$discovery/rest", discovery.document, name="perspective-discovery"),
    path("discovery/v1/apis/commentanalyzer/v1alpha1/rest", discovery.document, name="perspective-discovery-old"),
]
