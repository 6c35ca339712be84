"""Units, people, definitions and calendars, kept by the three administrators."""

from importlib import import_module

from django.apps import AppConfig


class AdministrationConfig(AppConfig):
    name = "fadu.administration"
    label = "administration"
    verbose_name = "管理"

    def ready(self) -> None:
        import_module("fadu.administration.recount")  # declares a kind of job
