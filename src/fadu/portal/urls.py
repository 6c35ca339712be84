"""Addresses of the public site, all under /public/."""

from django.urls import path

from fadu.portal import views

urlpatterns = [
    path("", views.home, name="public"),
    path("<slug:procedure>/", views.listing, name="public-list"),
    path("<slug:procedure>/<int:pk>/", views.case, name="public-case"),
    path("<slug:procedure>/<int:pk>/files/<str:sha256>/", views.file, name="public-file"),
]
