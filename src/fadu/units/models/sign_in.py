"""What happened at the door: who signed in or tried to, when, from where. For the auditor; never changed."""

from django.db import models

from fadu.units.models.person import Person
from fadu.units.wording import both


class SignIn(models.Model):
    """One sign-in, or one that failed. `username` is what was typed; `person` whose name that is, if anybody's."""

    class What(models.TextChoices):
        """How it ended."""

        IN = "in", both("登录", "signed in")
        FAILED = "failed", both("密码不对", "wrong password")
        FACTOR = "factor", both("两步验证不对", "wrong second factor")
        LOCKED = "locked", both("次数过多，已锁", "locked out")
        OUT = "out", both("退出", "signed out")
        PASSWORD = "password", both("修改密码", "changed the password")

    at = models.DateTimeField(auto_now_add=True)
    what = models.CharField(max_length=16, choices=What)
    username = models.CharField(max_length=150)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="sign_ins", db_index=False)
    address = models.CharField(max_length=45, blank=True)
    agent = models.CharField(max_length=200, blank=True)

    class Meta:
        """The newest first; found by person and by what happened."""

        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["person", "-id"], name="sign_in_of"),
            models.Index(fields=["what", "-id"], name="sign_in_what"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.username} {self.what}"
