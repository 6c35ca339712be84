"""Every address of the site: sign-in under /accounts/, the API under /api/, the public site under /public/, the rest is the desk."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("allauth.urls")),
    path("language/", include("django.conf.urls.i18n")),
    path("api/", include("fadu.api.urls")),
    path("public/", include("fadu.portal.urls")),
    path("", include("fadu.desk.urls")),
]
