"""WSGI entry: `gunicorn reviewengine.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reviewengine.settings")

application = get_wsgi_application()
