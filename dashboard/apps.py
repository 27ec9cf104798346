"""The dashboard app: it reads, and never writes."""

from django.apps import AppConfig


class DashboardConfig(AppConfig):
    name = "dashboard"
