"""Tokens that let a program act for a person: only their digests are stored."""

from django.db import models

from fadu.units.models.person import Person
from fadu.units.wording import both


class Scope(models.TextChoices):
    """What a token is good for."""

    READ = "read", both("只读", "read only")
    ACT = "act", both("读取和办理", "read and act")


class ApiToken(models.Model):
    """A token of a person: that person's rights, narrowed to its scope. The token itself is shown once, when it is made.

    `procedures` are the keys of the procedures it opens; empty means all.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    scope = models.CharField(max_length=8, choices=Scope, default=Scope.ACT)
    procedures = models.JSONField(default=list, blank=True)
    created = models.DateTimeField(auto_now_add=True)
    expires = models.DateField()
    last_used = models.DateField(null=True)
    revoked = models.DateTimeField(null=True)

    class Meta:
        """The newest first."""

        ordering = ["-created", "-pk"]

    def __str__(self) -> str:
        return self.name
