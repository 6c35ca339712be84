"""What is stored: cases and the entries they are folded from, the definitions they began under, files, links, numbers."""

import json
from datetime import UTC, datetime
from typing import Any

from django.db import models
from django.db.models import Index, Q, UniqueConstraint

from fadu.units.models import Person, Unit

NEVER = datetime(9999, 1, 1, tzinfo=UTC)  # the due date of what has none: it sorts last, in every database


class PlainJson(json.JSONEncoder):
    """JSON with Chinese as it is: half the size, and readable in the database."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "ensure_ascii": False, "separators": (",", ":")})


class Definition(models.Model):
    """One composed version of a procedure or register, kept for as long as a case began under it."""

    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    document = models.JSONField(encoder=PlainJson)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """A version is its name and its content."""

        constraints = [UniqueConstraint(fields=["name", "digest"], name="definition_once")]

    def __str__(self) -> str:
        return self.name


class Case(models.Model):
    """One matter. Every column but the id is a projection of its entries; `verify` folds them and compares.

    `due` is the first moment after the soonest clock of those the definition shows, NEVER when none runs.
    `turn` is whose turn it is: role@unit, role@government, or person:ID. `amber_at` and `red_at` are the moments its
    light turns if nothing else happens; `timer_at` is when the clock owes an action of its own.
    """

    id = models.BigIntegerField(primary_key=True)
    procedure = models.CharField(max_length=64)
    definition = models.ForeignKey(Definition, models.PROTECT, related_name="+", db_index=False)
    root_id = models.BigIntegerField()
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    child_key = models.CharField(max_length=64, blank=True)
    government = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", to_field="code", db_column="government", db_index=False
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", to_field="code", db_column="unit", db_index=False)
    handling = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", to_field="code", db_column="handling", null=True, db_index=False
    )
    begun_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    number = models.CharField(max_length=100, blank=True)
    title = models.CharField(max_length=500, blank=True)
    kind = models.CharField(max_length=64, blank=True)
    stage = models.CharField(max_length=64)
    is_open = models.BooleanField(default=True)
    outcome = models.CharField(max_length=64, null=True)
    turn = models.CharField(max_length=160, blank=True)
    opened = models.DateTimeField()
    closed = models.DateTimeField(null=True)
    due = models.DateTimeField(default=NEVER)
    due_clock = models.CharField(max_length=64, blank=True)
    provisional = models.BooleanField(default=False)
    grey = models.BooleanField(default=False)
    amber_at = models.DateTimeField(null=True)
    red_at = models.DateTimeField(null=True)
    timer_at = models.DateTimeField(null=True)
    seq = models.PositiveIntegerField()
    head = models.CharField(max_length=64)
    state = models.JSONField(encoder=PlainJson)
    tokens = models.TextField(blank=True)

    class Meta:
        """Indexes for the inbox, the ledger, the figures and the timers.

        What lists ask of open cases is indexed over open cases only: they are few among the many, and SQLite cannot
        walk an index through a bare boolean.
        """

        indexes = [
            Index(fields=["turn", "due", "id"], condition=Q(is_open=True), name="case_inbox"),
            Index(fields=["begun_by", "due", "id"], condition=Q(is_open=True), name="case_begun"),
            Index(fields=["procedure", "handling", "due", "id"], condition=Q(is_open=True), name="case_unit_open"),
            Index(fields=["procedure", "due", "id"], condition=Q(is_open=True), name="case_open_due"),
            Index(fields=["procedure", "kind", "due", "id"], condition=Q(is_open=True), name="case_open_kind"),
            Index(fields=["procedure", "stage", "due", "id"], condition=Q(is_open=True), name="case_open_stage"),
            Index(fields=["handling", "stage", "due", "id"], condition=Q(is_open=True), name="case_open_unit_stage"),
            Index(
                fields=["procedure", "handling", "closed", "id"], condition=Q(is_open=False), name="case_unit_closed"
            ),
            Index(fields=["procedure", "kind", "closed", "id"], condition=Q(is_open=False), name="case_kind_closed"),
            Index(fields=["procedure", "id"], name="case_new"),
            # What follows the id is carried along, so that the leader's page counts in the index alone.
            Index(fields=["procedure", "opened", "id", "government", "handling", "kind"], name="case_opened"),
            Index(fields=["procedure", "closed", "id", "government", "handling", "kind"], name="case_closed"),
            Index(
                fields=["government", "procedure", "red_at", "id", "grey", "amber_at", "handling", "kind", "is_open"],
                condition=Q(is_open=True),
                name="case_board",
            ),
            Index(fields=["timer_at"], condition=Q(timer_at__isnull=False), name="case_timer"),
            Index(fields=["root_id"], name="case_family"),
        ]
        constraints = [
            UniqueConstraint(
                fields=["procedure", "number", "government"], condition=~Q(number=""), name="case_number_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number or self.pk} {self.title}".strip()


class Entry(models.Model):
    """One line of a case's ledger: append-only, chained. The database refuses its change or removal."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="entries")
    seq = models.PositiveIntegerField()
    procedure = models.CharField(max_length=64)
    action = models.CharField(max_length=64)
    actor = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    day = models.DateTimeField()
    recorded_at = models.DateTimeField()
    body = models.TextField()
    digest = models.CharField(max_length=64)
    algorithm = models.CharField(max_length=16)

    class Meta:
        """Found by case in order, and by what was done when."""

        constraints = [UniqueConstraint(fields=["case", "seq"], name="entry_in_order")]
        indexes = [
            Index(fields=["procedure", "action", "day"], name="entry_done"),
            Index(fields=["actor", "recorded_at"], name="entry_by"),
        ]
        ordering = ["case_id", "seq"]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.seq} {self.action}"

    @property
    def content(self) -> dict[str, Any]:
        """The body as a mapping; see docs/ledger.md."""
        found: dict[str, Any] = json.loads(self.body)
        return found


class Concern(models.Model):
    """A unit named in a case: its people may see the case."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="concerns")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", to_field="code", db_column="unit")

    class Meta:
        """Read from the unit to its cases."""

        constraints = [UniqueConstraint(fields=["unit", "case"], name="concern_once")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.case_id}"


class Guest(models.Model):
    """A person whom a case names now: while they hold a post, they may see it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="guests")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        """Read from the person to their cases."""

        constraints = [UniqueConstraint(fields=["person", "case"], name="guest_once")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.case_id}"


class NumberSeries(models.Model):
    """The last number a government gave in a series of a year; held while a transaction takes the next."""

    government = models.CharField(max_length=64)
    form = models.CharField(max_length=100)
    year = models.CharField(max_length=4)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        """One row a government, series and year."""

        constraints = [UniqueConstraint(fields=["government", "form", "year"], name="series_once")]

    def __str__(self) -> str:
        return f"{self.government} {self.form} {self.year}: {self.last}"


class Link(models.Model):
    """Two cases that belong together, and how: by a field of the first that holds the other (`kind` is its key, or
    `list.column`), or by an entry in both ledgers, and then there is a row each way.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="links")
    other = models.ForeignKey(Case, models.PROTECT, related_name="linked_from")
    kind = models.CharField(max_length=130, default="related")

    class Meta:
        """One link of a kind between two cases."""

        constraints = [UniqueConstraint(fields=["case", "other", "kind"], name="link_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind} {self.other_id}"


class File(models.Model):
    """A stored file, once for each content; its bytes lie under FADU_HOME/files by digest.

    `holders` are all who uploaded it: having the bytes is the right to use them.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    uploaded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    holders = models.ManyToManyField(Person, related_name="files")

    def __str__(self) -> str:
        return self.name


class Attachment(models.Model):
    """A file in a case: the entry that brought it, the field it fills (`list.column` in a row), its name there."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="attachments")
    seq = models.PositiveIntegerField()
    field = models.CharField(max_length=130)
    file = models.ForeignKey(
        File, models.PROTECT, related_name="attachments", to_field="sha256", db_column="sha256", db_index=False
    )
    name = models.CharField(max_length=200)

    class Meta:
        """Found by case and by file."""

        indexes = [Index(fields=["file", "case"], name="attachment_of_file")]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.seq} {self.name}"


class Edition(models.Model):
    """One version, written here, of a definition, of local rules or of a year's calendar 版本.

    It is a draft until somebody else publishes it, and from then on the database refuses its change or removal.
    `number` is the order of publication: the highest one tells a process whether what it has read is still whole.
    """

    class Kind(models.TextChoices):
        """What the text is."""

        PROCEDURE = "procedure"
        REGISTER = "register"
        OVERLAY = "overlay"
        CALENDAR = "calendar"

    class State(models.TextChoices):
        """Where it stands."""

        DRAFT = "draft"
        PUBLISHED = "published"
        WITHDRAWN = "withdrawn"

    kind = models.CharField(max_length=16, choices=Kind)
    key = models.CharField(max_length=64)
    version = models.PositiveIntegerField()
    file = models.CharField(max_length=200)
    text = models.TextField()
    state = models.CharField(max_length=16, choices=State, default=State.DRAFT)
    drafted_by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    drafted_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    reason = models.CharField(max_length=500, blank=True)
    number = models.PositiveIntegerField(null=True, unique=True)
    in_force = models.CharField(max_length=10, blank=True)
    basis = models.CharField(max_length=200, blank=True)
    published_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    published_at = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        """One published text a version; read by kind and key, the newest last."""

        ordering = ["kind", "key", "version", "id"]
        indexes = [Index(fields=["kind", "key", "version"], name="edition_of")]
        constraints = [
            UniqueConstraint(fields=["kind", "key", "version"], condition=Q(state="published"), name="edition_once")
        ]

    def __str__(self) -> str:
        return f"{self.key}@{self.version}"

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT
