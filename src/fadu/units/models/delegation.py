"""Delegations: who acts for an absent person, from when to when."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q, QuerySet

from fadu.units.models.person import Person
from fadu.units.models.validity import ENDS_AFTER_IT_BEGINS, check_order, in_force, overlapping
from fadu.units.roles import ADMINISTRATORS
from fadu.units.validators import role_key
from fadu.units.wording import both


class Delegation(models.Model):
    """A delegation 代理: the deputy may act in the absent person's posts, or in the `roles` named.

    It is never passed on (no chains), and never carries an administrator's post. `revoked` is the first day on
    which it no longer holds; a row is kept for good, because entries were made under it.
    """

    absent = models.ForeignKey(Person, models.PROTECT, related_name="delegated")
    deputy = models.ForeignKey(Person, models.PROTECT, related_name="deputising")
    since = models.DateField()
    until = models.DateField()
    reason = models.CharField(max_length=200)
    roles = models.JSONField(default=list, blank=True)
    revoked = models.DateField(null=True, blank=True)

    class Meta:
        """What a single row can break is refused by the database too."""

        ordering = ["-since", "id"]
        constraints = [
            models.CheckConstraint(condition=ENDS_AFTER_IT_BEGINS, name="delegation_ends_after_it_begins"),
            models.CheckConstraint(
                condition=~Q(absent=F("deputy")),
                name="delegation_to_somebody_else",
                violation_error_message=both("不能委托本人代理", "nobody deputises for themselves"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.absent} → {self.deputy}"

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Checks and stores. Raises ValidationError."""
        # Two delegations recorded at once could form a chain; holding both people lets one through at a time.
        people = [self.absent_id, self.deputy_id]
        list(Person.objects.select_for_update().filter(pk__in=people).order_by("pk").values_list("pk"))
        self.full_clean()
        super().save(*args, **kwargs)

    @classmethod
    def on(cls, day: date) -> "QuerySet[Delegation]":
        """Those that hold on that day."""
        return cls.objects.filter(in_force(day), _standing(day))

    @property
    def last_day(self) -> date:
        """The last day on which it holds; a day before `since` when it was revoked before it began."""
        if self.revoked is None:
            return self.until
        return min(self.until, self.revoked - timedelta(days=1))

    def covers(self, role: str) -> bool:
        """Whether the deputy may act in that role of the absent person."""
        return role not in ADMINISTRATORS and (not self.roles or role in self.roles)

    def clean(self) -> None:
        """Raises ValidationError naming the field."""
        check_order(self.since, self.until)
        self._check_roles()
        dates: tuple[date | None, date | None] = (self.since, self.until)
        if None not in dates and self.last_day >= self.since:
            self._check_chain()

    def revoke(self, on: date) -> None:
        """Ends it: from the day `on` it no longer holds."""
        self.revoked = on
        self.save()

    def _check_roles(self) -> None:
        if not isinstance(self.roles, list) or not all(isinstance(role, str) for role in self.roles):
            raise ValidationError({"roles": both("应为角色代码列表", "must be a list of role keys")})
        for role in self.roles:
            role_key(role)
            if role in ADMINISTRATORS:
                raise ValidationError({"roles": both(f"管理员岗位 {role} 不得委托代理", f"{role} cannot be delegated")})

    def _check_chain(self) -> None:
        others = Delegation.objects.exclude(pk=self.pk).filter(overlapping(self.since, self.last_day))
        others = others.filter(Q(revoked__isnull=True) | Q(revoked__gt=self.since))
        if others.filter(absent=self.deputy_id).exists():
            message = both("代理人同期已委托他人，代理不得转委托", "the deputy is absent too in that time; no chains")
            raise ValidationError({"deputy": message})
        if others.filter(deputy=self.absent_id).exists():
            message = both(
                "被代理人同期正代理他人，代理不得转委托", "the absent person deputises in that time; no chains"
            )
            raise ValidationError({"absent": message})


def _standing(day: date) -> Q:
    return Q(revoked__isnull=True) | Q(revoked__gt=day)
