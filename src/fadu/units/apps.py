"""The Django app of units and people."""

from django.apps import AppConfig


class UnitsConfig(AppConfig):
    """The `fadu.units` app."""

    name = "fadu.units"
    label = "units"
    verbose_name = "单位与人员"
