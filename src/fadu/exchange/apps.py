"""Cases out to spreadsheets and in from them, and the record of what left the house."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "fadu.exchange"
    label = "exchange"
    verbose_name = "导入导出"
