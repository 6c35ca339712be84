"""What people and other systems are told about the ledger, and the record of having told them."""

from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "fadu.notify"
    label = "notify"
    verbose_name = "通知"
