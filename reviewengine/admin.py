"""The console: our own admin site."""

from django.contrib.admin import AdminSite


class ReviewEngineAdminSite(AdminSite):
    site_header = "Review Engine"
    site_title = "Review Engine"
    index_title = "Console"
