"""Addresses of the desk. A procedure's key is its folder: /supervision-item/ is its ledger."""

from django.urls import path

from fadu.desk import deeds, views

urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("search/", views.search, name="search"),
    path("figures/", views.figures, name="figures"),
    path("figures/<slug:key>/", views.figure, name="figure"),
    path("me/", views.me, name="me"),
    path("theme/", views.theme, name="theme"),
    path("<slug:procedure>/", views.ledger, name="ledger"),
    path("<slug:procedure>/new/", deeds.new, name="new"),
    path("<slug:procedure>/<int:pk>/", views.case, name="case"),
    path("<slug:procedure>/<int:pk>/peek/", views.peek, name="peek"),
    path("<slug:procedure>/<int:pk>/files/<str:sha256>/", views.file, name="file"),
    path("<slug:procedure>/<int:pk>/do/<slug:action>/", deeds.do, name="do"),
    path("<slug:procedure>/<int:pk>/clocks/<slug:clock>/", views.certificate, name="certificate"),
]
