"""Tokens that let a program act for a person: only their digests are stored."""

from django.db import models

from fadu.units.models.person import Person


class ApiToken(models.Model):
    """A token of a person, with that person's rights and no others. The token itself is shown once, when it is made."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    created = models.DateTimeField(auto_now_add=True)
    expires = models.DateField()
    last_used = models.DateField(null=True)
    revoked = models.DateTimeField(null=True)

    class Meta:
        """The newest first."""

        ordering = ["-created", "-pk"]

    def __str__(self) -> str:
        return self.name
