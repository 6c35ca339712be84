"""The Django side of the kernel."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "fadu.cases"
    label = "cases"
    verbose_name = "事项"
