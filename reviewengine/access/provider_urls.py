"""The addresses of the sign-in through a provider; none where none is configured."""

from django.urls import URLPattern, path

from reviewengine import conf

urlpatterns: list[URLPattern] = []

if conf.load().access.oidc.issuer:
    from reviewengine.access.oidc import CallbackView, SignInView

    urlpatterns = [
        path("sign-in/", SignInView.as_view(), name="oidc-sign-in"),
        path("callback/", CallbackView.as_view(), name="oidc-callback"),
    ]
