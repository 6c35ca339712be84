"""Declared numbers over cases, with their evidence and their frozen published values."""

from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "fadu.figures"
    label = "figures"
    verbose_name = "指标"
