"""The staff workspace: pages over the cases a person may see."""

from importlib import import_module

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "fadu.desk"

    def ready(self) -> None:
        import_module("fadu.desk.exporting")  # declares a kind of job
