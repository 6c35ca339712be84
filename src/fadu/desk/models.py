"""What people keep for themselves: views of a ledger, and forms begun and not yet handed in. Neither is of the ledger."""

from django.db import models
from django.db.models import Q, UniqueConstraint

from fadu.cases.models import Case, PlainJson
from fadu.units.models import Person, Unit


class SavedView(models.Model):
    """A view 视图: the address of a ledger under a name, with its filters, order and columns.

    `query` is what stands behind the question mark. `unit` is whom it is shared with: everybody who holds a post there
    finds it beside their own; what they see in it is still only what they may see.
    """

    owner = models.ForeignKey(Person, models.CASCADE, related_name="views")
    procedure = models.CharField(max_length=64)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=2000, blank=True)
    unit = models.ForeignKey(Unit, models.CASCADE, null=True, related_name="+", to_field="code", db_column="unit")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        """One of a name for each person and ledger."""

        ordering = ["order", "pk"]
        indexes = [models.Index(fields=["procedure", "unit"], name="view_shared")]
        constraints = [UniqueConstraint(fields=["owner", "procedure", "name"], name="view_name_once")]

    def __str__(self) -> str:
        return self.name


class FormDraft(models.Model):
    """What a person typed in a form and has not handed in; `case` is empty for the form that opens one."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="drafts")
    procedure = models.CharField(max_length=64)
    case = models.ForeignKey(Case, models.CASCADE, null=True, related_name="drafts")
    action = models.CharField(max_length=64)
    answers = models.JSONField(encoder=PlainJson)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        """One for each person and form; two constraints, because no database finds two empty cases equal."""

        constraints = [
            UniqueConstraint(fields=["person", "case", "action"], condition=Q(case__isnull=False), name="draft_once"),
            UniqueConstraint(
                fields=["person", "procedure", "action"], condition=Q(case__isnull=True), name="draft_of_new_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.procedure}/{self.action}"
