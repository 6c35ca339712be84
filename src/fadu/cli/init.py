"""`fadu init`: the data folder, the tables and the static files; safe to repeat."""

import sys
from collections.abc import Sequence
from datetime import date

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import transaction

from fadu.administration.people import one_time_password
from fadu.administration.record import record
from fadu.cli import Failed
from fadu.cli.words import parser
from fadu.units.models import Person, Post, Unit
from fadu.units.models.person import normalised
from fadu.units.roles import AUDIT_ADMIN, SECURITY_ADMIN, SYSTEM_ADMIN

KINDS = {"admin": SYSTEM_ADMIN, "security": SECURITY_ADMIN, "audit": AUDIT_ADMIN}


def main(argv: Sequence[str]) -> int:
    """Prepare everything `fadu serve` needs; and the accounts of administrators, which are kept here alone."""
    words = parser("init", "数据目录、数据表和静态文件，可重复运行 | data folder, tables, static files; safe to repeat")
    for option, title in (("admin", "系统 | system"), ("security", "安全保密 | security"), ("audit", "审计 | audit")):
        help_text = f"{title}: 开立管理员账号，或重设其密码 | make this administrator, or a new password for them"
        words.add_argument(f"--{option}", metavar="USERNAME", help=help_text)
    args = words.parse_args(argv)
    prepare()
    for option, role in KINDS.items():
        if username := getattr(args, option):
            password = administrator(username, role)
            once = "shown once; to be changed at the first sign-in"
            sys.stdout.write(f"username {username}\npassword {password}  ({once})\n")
    return 0


def prepare() -> None:
    """Tables and static files, quietly."""
    call_command("migrate", interactive=False, verbosity=0)
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)


@transaction.atomic
def administrator(username: str, role: str) -> str:
    """The one-time password of an administrator, new or forgotten; raises Failed for an account that is no such one.

    No administrator makes another on the desk, so that none of the three can take up the work of the others.
    """
    password = one_time_password()
    found = Person.objects.filter(username=normalised(username)).first()
    if found is not None:
        if not Post.objects.filter(person=found, role=role).exists():
            raise Failed(f"'{username}' is an account of other work; an administrator has one of their own")
        Authenticator.objects.filter(user=found).delete()
        found.set_password(password)
        found.is_active = found.must_change_password = True
        found.save()
        record(None, "reset_password", f"person:{found.username}")
        return password
    office, _ = Unit.objects.get_or_create(
        code="fadu", defaults={"name_zh": "系统管理", "name_en": "System administration", "kind": Unit.Kind.OFFICE}
    )
    try:
        person = Person.objects.create_user(username, password, name=username, must_change_password=True)
    except ValidationError as error:
        raise Failed(f"{username}: {' '.join(error.messages)}") from error
    Post.objects.create(person=person, unit=office, role=role, since=date.today())  # noqa: DTZ011  # the day here
    record(None, "give_post", f"person:{person.username}", after={"role": role, "unit": office.code})
    return password
