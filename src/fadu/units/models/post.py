"""Posts: which person holds which role in which unit, from when to when."""

from typing import Any

from django.db import models
from django.db.models import Q

from fadu.units.models.person import Person
from fadu.units.models.unit import Unit
from fadu.units.models.validity import ENDS_AFTER_IT_BEGINS, check_order
from fadu.units.roles import ADMINISTRATORS
from fadu.units.validators import role_key
from fadu.units.wording import both


class Post(models.Model):
    """A post 岗位. `role` is a key of the law book's roles; `until` is the last day, included.

    One account holds at most one administrator's post, ever: who turns from keeping the system to auditing it gets
    a second account, so that no one account's ledger mixes the work of two of the three.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="posts")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts")
    role = models.CharField(max_length=64, validators=[role_key])
    title = models.CharField(max_length=100, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        """The three administrators are kept apart by the database itself."""

        ordering = ["unit__order", "unit__code", "role", "id"]
        indexes = [models.Index(fields=["unit", "role"])]
        constraints = [
            models.CheckConstraint(condition=ENDS_AFTER_IT_BEGINS, name="post_ends_after_it_begins"),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(role__in=ADMINISTRATORS),
                name="post_three_administrators_apart",
                violation_error_message=both(
                    "系统、安全、审计三员互斥：一个账号只能有一个管理员岗位",
                    "system, security and audit administrators are separate: one account holds one such post",
                ),
            ),
            models.UniqueConstraint(
                fields=["person", "unit", "role", "since"],
                name="post_held_once",
                violation_error_message=both("该岗位已登记", "this post is already recorded"),
            ),
        ]

    def __str__(self) -> str:
        return self.key

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Checks and stores. Raises ValidationError."""
        self.full_clean()
        super().save(*args, **kwargs)

    @property
    def key(self) -> str:
        """How entries name it: role@unit."""
        return f"{self.role}@{self.unit.code}"

    def clean(self) -> None:
        """Raises ValidationError."""
        check_order(self.since, self.until)
