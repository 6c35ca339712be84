"""Units, people, definitions and calendars, kept by the three administrators."""

from django.apps import AppConfig


class AdministrationConfig(AppConfig):
    name = "fadu.administration"
    label = "administration"
    verbose_name = "管理"
