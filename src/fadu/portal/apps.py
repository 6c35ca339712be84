"""The public site: what is published by definition, for everybody, without an account."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "fadu.portal"
