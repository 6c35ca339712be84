"""Addresses of the administration, under /administration/."""

from django.urls import path

from fadu.desk.administration import units, views

urlpatterns = [
    path("", views.begin, name="administration"),
    path("units/", units.units, name="units"),
    path("units/new/", units.add_unit, name="add-unit"),
    path("units/<slug:code>/", units.unit, name="unit"),
    path("units/<slug:code>/change/", units.change_unit, name="change-unit"),
    path("units/<slug:code>/close/", units.close_unit, name="close-unit"),
    path("units/<slug:code>/reopen/", units.reopen_unit, name="reopen-unit"),
]
