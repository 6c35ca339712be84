"""The Django app of the API."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "fadu.api"
    label = "api"
    verbose_name = "接口"
