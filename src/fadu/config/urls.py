"""Every address of the site: sign-in under /accounts/, the API under /api/, the rest belongs to the desk."""

from django.urls import URLPattern, URLResolver, include, path

from fadu.config.packages import present

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("allauth.urls")),
    path("language/", include("django.conf.urls.i18n")),
]

if present("fadu.api.urls"):
    urlpatterns.append(path("api/", include("fadu.api.urls")))

if present("fadu.desk.urls"):
    urlpatterns.append(path("", include("fadu.desk.urls")))
