"""The tree of units: the city, its districts, bureaux and sections."""

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import QuerySet, Value
from django.db.models.functions import Concat, Substr

from fadu.units.models.validity import ENDS_AFTER_IT_BEGINS, check_order
from fadu.units.validators import credit_code, division_code, unit_code
from fadu.units.wording import both


class Unit(models.Model):
    """A unit 单位. Ledgers name it by `code`, which therefore never changes.

    `path` is every code from the root down, as /yz/yz-gov/yz-water/; `government` is the nearest unit of that kind
    upwards, itself included. Both are kept by `save()`; a queryset's `update()` of the parent would miss them.
    """

    class Kind(models.TextChoices):
        """What a unit is."""

        GOVERNMENT = "government", both("政府", "Government")
        OFFICE = "office", both("办公厅（室）", "General office")
        BUREAU = "bureau", both("部门", "Bureau")
        SECTION = "section", both("处（科）室", "Section")
        DISTRICT = "district", both("区县", "District")
        TOWNSHIP = "township", both("乡镇（街道）", "Township")
        OUTSIDE = "outside", both("外部单位", "Outside body")

    code = models.CharField(max_length=64, unique=True, validators=[unit_code])
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    short_zh = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=16, choices=Kind)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=1000, unique=True, editable=False)
    government = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="governed")
    division = models.CharField(max_length=6, blank=True, validators=[division_code])
    uscc = models.CharField(max_length=18, null=True, blank=True, unique=True, validators=[credit_code])
    order = models.PositiveIntegerField(default=0)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    class Meta:
        """Listed as the tree is drawn up."""

        ordering = ["order", "code"]
        constraints = [models.CheckConstraint(condition=ENDS_AFTER_IT_BEGINS, name="unit_ends_after_it_begins")]

    def __str__(self) -> str:
        return self.short_zh or self.name_zh

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Checks, stores, and carries the subtree along when the unit has moved. Raises ValidationError."""
        # Two moves at once could make a circle; holding the roots lets one through at a time.
        list(Unit.objects.select_for_update(no_key=True).filter(parent=None).order_by("pk"))
        if self.parent:
            self.parent.refresh_from_db(fields=["path", "government"])
        self.path = f"{self.parent.path if self.parent else '/'}{self.code}/"
        self.full_clean()
        before = Unit.objects.filter(pk=self.pk).first() if self.pk else None
        super().save(*args, **kwargs)
        self._place(before)

    @property
    def subtree(self) -> "QuerySet[Unit]":
        """This unit and every unit below it, in one query. Elsewhere: filter(unit__path__startswith=self.path)."""
        return Unit.objects.filter(path__startswith=self.path)

    @property
    def ancestors(self) -> "QuerySet[Unit]":
        """The units above it, from the root down."""
        return Unit.objects.filter(code__in=self.path.strip("/").split("/")[:-1]).order_by("path")

    def within(self, other: Self) -> bool:
        """Whether it is `other` or lies below it."""
        return self.path.startswith(other.path)

    def clean(self) -> None:
        """Raises ValidationError."""
        self.uscc = self.uscc or None
        check_order(self.since, self.until)
        stored = Unit.objects.filter(pk=self.pk).first() if self.pk else None
        if stored and stored.code != self.code:
            raise ValidationError(
                {"code": both("单位代码已写入记录，不能更改", "ledgers hold the code; it cannot change")}
            )
        if stored and self.parent and self.parent.path.startswith(stored.path):
            raise ValidationError({"parent": both("单位不能移到自身或下级之下", "a unit cannot move below itself")})

    def _place(self, before: "Unit | None") -> None:
        above = self.parent.government_id if self.parent else None
        self.government_id = self.pk if self.kind == self.Kind.GOVERNMENT else above
        Unit.objects.filter(pk=self.pk).update(path=self.path, government=self.government_id)
        if before is None:
            return
        below = Unit.objects.filter(path__startswith=before.path).exclude(pk=self.pk)
        # Only those who looked up past this unit, or to it, look somewhere else now.
        below.filter(government=before.government_id).update(government=self.government_id)
        if self.path != before.path:
            below.update(path=Concat(Value(self.path), Substr("path", len(before.path) + 1)))
