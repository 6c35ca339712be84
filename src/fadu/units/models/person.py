"""People who sign in. There is no superuser: what somebody may do follows from the posts they hold."""

import unicodedata
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models.functions import Lower

from fadu.units.wording import both


def normalised(username: str) -> str:
    """One spelling per person: full-width letters become plain ones, capitals small ones."""
    return unicodedata.normalize("NFKC", username).strip().lower()


class People(BaseUserManager["Person"]):
    """Makes and finds people."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "Person":
        """A stored person; without a password they cannot sign in yet. Raises ValidationError."""
        person = Person(username=normalised(username), **fields)
        person.set_password(password)
        person.full_clean()
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> "Person":
        """By username, however it is typed."""
        return self.get(username=normalised(username or ""))


class Person(AbstractBaseUser):
    """A person 人员. `phone` is private: it is shown to nobody but the person and those who keep the accounts."""

    username = models.CharField(max_length=150, unique=True, validators=[UnicodeUsernameValidator()])
    name = models.CharField(max_length=100)
    phone = models.CharField(max_length=32, blank=True)
    email = models.EmailField(blank=True)
    language = models.CharField(
        max_length=10,
        default="zh-hans",
        choices=[("zh-hans", "简体中文"), ("en", "English"), ("zh-hant", "繁體中文")],
    )
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)

    objects = People()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        """Sign-in ignores capitals, so two names may not differ by them alone."""

        ordering = ["name", "username"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(username=Lower("username")),
                name="person_username_in_small_letters",
                violation_error_message=both("用户名用小写字母", "a username is in small letters"),
            )
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def clean(self) -> None:
        """Settles the spelling of username and email."""
        self.username = normalised(self.username)
        self.email = People.normalize_email(self.email)
