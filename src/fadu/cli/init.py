"""`fadu init`: the data folder, the tables and the static files; safe to repeat."""

import secrets
import sys
from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import transaction

from fadu.cli import Failed
from fadu.cli.words import parser
from fadu.units.models import Person, Post, Unit
from fadu.units.roles import SYSTEM_ADMIN


def main(argv: Sequence[str]) -> int:
    """Prepare everything `fadu serve` needs; with --admin also the first account."""
    words = parser("init", "数据目录、数据表和静态文件，可重复运行 | data folder, tables, static files; safe to repeat")
    words.add_argument("--admin", metavar="USERNAME", help="首个系统管理员 | make the first system administrator")
    args = words.parse_args(argv)
    prepare()
    if args.admin:
        password = first_admin(args.admin)
        sys.stdout.write(
            f"username {args.admin}\npassword {password}  (shown once; to be changed at the first sign-in)\n"
        )
    return 0


def prepare() -> None:
    """Tables and static files, quietly."""
    call_command("migrate", interactive=False, verbosity=0)
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)


@transaction.atomic
def first_admin(username: str) -> str:
    """The one-time password of a new system administrator; raises Failed when there is one already."""
    if Post.objects.filter(role=SYSTEM_ADMIN).exists():
        raise Failed("there is a system administrator already; further accounts are made on the desk")
    password = secrets.token_urlsafe(12)
    office, _ = Unit.objects.get_or_create(
        code="fadu", defaults={"name_zh": "系统管理", "name_en": "System administration", "kind": Unit.Kind.OFFICE}
    )
    try:
        person = Person.objects.create_user(username, password, name=username, must_change_password=True)
    except ValidationError as error:
        raise Failed(f"--admin: {' '.join(error.messages)}") from error
    Post.objects.create(person=person, unit=office, role=SYSTEM_ADMIN, since=date.today())  # noqa: DTZ011  # the day here
    return password
