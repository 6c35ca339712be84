"""Cases out to spreadsheets and in from them, and the record of what left the house."""

from importlib import import_module

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "fadu.exchange"
    label = "exchange"
    verbose_name = "导入导出"

    def ready(self) -> None:
        import_module("fadu.exchange.importing")  # declares the kinds of job
