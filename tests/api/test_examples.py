"""The commands of docs/api.md, run as they stand there; what they print is what the document says."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from fadu.units.tokens import issue
from tests.cases.cast import World

PAGE = Path(__file__).parents[2] / "docs/api.md"
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def examples() -> list[tuple[str, str]]:
    """Each command with what the document says it prints; empty when it says nothing."""
    found = []
    for block in re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL):
        for part in re.split(r"^(?=curl )", block, flags=re.MULTILINE)[1:]:
            lines = [line for line in part.splitlines() if line and not line.startswith("#")]
            printed = [line for line in lines if line.startswith("{") and line is lines[-1] and len(lines) > 1]
            found.append(("\n".join(line for line in lines if line not in printed), "".join(printed)))
    return found


def run(client: Client, command: str, known: dict[str, str]) -> Any:
    for said, real in known.items():
        command = command.replace(said, real)
    words = shlex.split(command.replace("$api", "/api/v1").replace("$auth", "AUTH"))
    address = next(word for word in words if word.startswith("/api/v1"))
    given = {flag: words[place + 1] for place, flag in enumerate(words) if flag in ("-d", "-F")}
    if "-F" in given:
        name = given["-F"].partition("@")[2]
        return client.post(address, {"file": SimpleUploadedFile(name, PDF, "application/pdf")})
    if "-d" in given:
        return client.post(address, given["-d"], content_type="application/json")
    return client.get(address)


def test_every_command_works_and_prints_what_it_says(world: World):
    everyone = world.person("every", "万事通", "supervision_officer@yz-sup", "leader@yz-gov", "unit_officer@yz-water")
    client = Client(headers={"Authorization": f"Bearer {issue(everyone, '示例')[0]}"})
    known: dict[str, str] = {}
    commands = examples()
    assert len(commands) >= 8
    for command, printed in commands:
        answer = run(client, command, known)
        assert 200 <= answer.status_code < 300, f"{command}\n{answer.content.decode()}"
        if printed:
            said = json.loads(re.sub(r",?\s*…}", "}", printed))
            _compare(said, answer.json(), known)


def _compare(said: dict[str, Any], real: dict[str, Any], known: dict[str, str]) -> None:
    """Every value is as said; an identity, a digest or a size stands for the real one from here on."""
    for key, value in said.items():
        if key in ("id", "sha256", "size"):
            known[str(value)] = str(real[key])
        else:
            assert real[key] == value, key
