"""Field validators of the units app, worded in both languages."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

from fadu.units.codes import BadCodeError, check_division, check_uscc
from fadu.units.wording import both

# No "/" and no "@": codes build paths such as /yz/yz-water/ and turns such as unit_officer@yz-water.
unit_code = RegexValidator(
    re.compile(r"\A[a-z0-9]+(-[a-z0-9]+)*\Z"),
    both(
        "单位代码由小写字母、数字和短横线组成，例如 yz-water",
        "a unit code is small letters, digits and hyphens, as yz-water",
    ),
)
role_key = RegexValidator(
    re.compile(r"\A[a-z][a-z0-9_]*\Z"),
    both(
        "角色代码由小写字母、数字和下划线组成，例如 unit_officer",
        "a role is small letters, digits and _, as unit_officer",
    ),
)


def division_code(value: str) -> None:
    """GB/T 2260; raises ValidationError."""
    try:
        check_division(value)
    except BadCodeError as error:
        raise ValidationError(both(error.zh, error.en), code="division") from error


def credit_code(value: str) -> None:
    """GB 32100-2015; raises ValidationError."""
    try:
        check_uscc(value)
    except BadCodeError as error:
        raise ValidationError(both(error.zh, error.en), code="uscc") from error
