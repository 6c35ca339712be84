"""What people were told, what was mailed, and what other systems were sent; with where the reading of the ledger stands."""

from datetime import time

from django.db import models
from django.db.models import F, Index, Q, UniqueConstraint

from fadu.cases.models import Case, Entry, PlainJson
from fadu.units.models import Person
from fadu.units.wording import both


class Kind(models.TextChoices):
    """Why somebody is told."""

    TURN = "turn", both("轮到您", "Your turn")
    LETTER = "letter", both("收到文书", "A letter")
    MOVED = "moved", both("期限变更", "A new date")
    SOON = "soon", both("临近到期", "Due soon")
    OVERDUE = "overdue", both("已逾期", "Overdue")
    NOTE = "note", both("留言", "A note")
    CLOSED = "closed", both("已办结", "Closed")


class Rhythm(models.TextChoices):
    """How often somebody is written to."""

    AT_ONCE = "at_once", both("随到随发", "At once")
    DAILY = "daily", both("每个工作日一封", "One mail a workday")
    NEVER = "never", both("不发邮件", "No mail")


class Notice(models.Model):
    """One thing one person is told, once: `mark` is the entry or the moment it is about.

    `detail` names the action, letter or clock of the definition; words are made when it is read.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="notices")
    case = models.ForeignKey(Case, models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=16, choices=Kind)
    mark = models.CharField(max_length=40)
    detail = models.CharField(max_length=64, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    due = models.DateTimeField(null=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    is_written = models.BooleanField(default=False)  # whether the mails have taken account of it

    class Meta:
        """The unread of a person are few; they are counted on every page."""

        constraints = [UniqueConstraint(fields=["person", "case", "kind", "mark"], name="notice_once")]
        indexes = [
            Index(fields=["person", "-id"], name="notice_of_person"),
            Index(fields=["person"], condition=Q(read_at=None), name="notice_unread"),
            Index(fields=["id"], condition=Q(is_written=False), name="notice_unwritten"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.case_id} → {self.person_id}"


class Preference(models.Model):
    """How a person wants to be written to. `quiet_from` to `quiet_until` may run over midnight; equal means no quiet."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="preference")
    rhythm = models.CharField(max_length=16, choices=Rhythm, default=Rhythm.AT_ONCE)
    muted = models.JSONField(default=list, encoder=PlainJson, blank=True)
    quiet_from = models.TimeField(default=time(21, 0))
    quiet_until = models.TimeField(default=time(8, 0))

    def __str__(self) -> str:
        return f"{self.person_id} {self.rhythm}"


class State(models.TextChoices):
    """Where something sent stands."""

    WAITING = "waiting", both("待发送", "Waiting")
    SENT = "sent", both("已发送", "Sent")
    FAILED = "failed", both("发送失败", "Failed")


class Sending(models.Model):
    """What mails and deliveries have in common: they wait, are tried, and are kept as the record of what was sent."""

    state = models.CharField(max_length=16, choices=State, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField()
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        """Shared columns, no table."""

        abstract = True


class Mail(Sending):
    """One e-mail to one person, as it was written."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="mails")
    address = models.EmailField()
    subject = models.CharField(max_length=300)
    body = models.TextField()
    is_digest = models.BooleanField(default=False)
    notices = models.ManyToManyField(Notice, related_name="mails")

    class Meta:
        """Waiting mails are found by their moment."""

        indexes = [Index(fields=["next_at"], condition=Q(state="waiting"), name="mail_waiting")]

    def __str__(self) -> str:
        return self.subject


class Hook(models.Model):
    """Another system that is told of entries, with the rights of `person` and no others.

    Its signing key is derived from the server's secret and `salt`; it is never stored.
    """

    name = models.CharField(max_length=100)
    url = models.URLField(max_length=500)
    person = models.ForeignKey(Person, models.PROTECT, related_name="hooks")
    procedures = models.JSONField(default=list, encoder=PlainJson, blank=True)
    salt = models.CharField(max_length=64)
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.name


class Delivery(Sending):
    """One event for one hook. `status` is the last answer's HTTP status."""

    hook = models.ForeignKey(Hook, models.PROTECT, related_name="deliveries")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")
    body = models.TextField()
    status = models.PositiveIntegerField(null=True)

    class Meta:
        """One delivery of an entry to a hook, ever; waiting ones are found by their moment."""

        constraints = [UniqueConstraint(fields=["hook", "entry"], name="delivery_once")]
        indexes = [
            Index(fields=["next_at"], condition=Q(state="waiting"), name="delivery_waiting"),
            Index(F("hook"), F("id").desc(), name="delivery_of_hook"),
        ]

    def __str__(self) -> str:
        return f"{self.hook_id} ← {self.entry_id}"


class Bookmark(models.Model):
    """How far a reader has read: entries up to `entry_id` are done with, lights that turned up to `moment` are told."""

    name = models.CharField(max_length=32, primary_key=True)
    entry_id = models.BigIntegerField(default=0)
    moment = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} {self.entry_id}"


class Told(models.Model):
    """An entry beyond the bookmark that has been told already; swept away once the bookmark has passed it."""

    entry_id = models.BigIntegerField(primary_key=True)

    def __str__(self) -> str:
        return str(self.entry_id)
