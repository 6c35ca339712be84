"""The staff workspace: pages over the cases a person may see."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "fadu.desk"
