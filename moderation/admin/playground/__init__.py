"""The playground: a text or an image is read and judged before somebody's eyes, and nothing of it is stored."""

from moderation.admin.playground import views  # noqa: F401 - mounts the page
