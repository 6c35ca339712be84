"""Many cases at once: the same rows as one deed after another, whole families, numbers without gaps."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from fadu.cases import definitions
from fadu.cases.actors import actor_for
from fadu.cases.bulk import BulkDocket
from fadu.cases.listing import Filters, ledger
from fadu.cases.models import Case, Entry, NumberSeries
from fadu.cases.moments import legal
from fadu.cases.verify import verify
from fadu.kernel import ledger as sealing
from fadu.kernel import perform
from fadu.kernel.perform import Deed, Folder
from fadu.kernel.refusal import Refused
from tests.cases.cast import PAPER, World

ITEM = {
    "matter": "城区积水点整治", "source": "meeting", "source_document": PAPER, "lead_unit": "yz-water",
    "co_units": ["yz-parks", "yz-roads"], "result_required": "整治方案", "urgent": False,
}  # fmt: skip
DUE = {"due": "2026-10-22"}
OWN = {"id", "root_id", "parent_id", "number", "head", "state"}  # differ from case to case by their nature


def deed(world: World, docket: BulkDocket, by: str, action: str, **data: Any) -> Deed:
    person = world.people[by]
    docket.person_id = person.pk
    return Deed.of(actor_for(person, "yz", world.present.date()), action, legal(), data)


def opened(world: World, docket: BulkDocket) -> Folder:
    procedure = definitions.in_force("supervision-item", "2026-09-08")
    folder = perform.open_case(
        docket, docket.calendar, procedure, deed(world, docket, "he", "propose", **ITEM), "yz-sup"
    )
    perform.perform(docket, docket.calendar, folder.id, deed(world, docket, "gu", "approve", **DUE))
    return folder


def bulk() -> BulkDocket:
    return BulkDocket(definitions.calendar(), "yz")


def columns(case: Case) -> dict[str, Any]:
    return {
        field.attname: getattr(case, field.attname) for field in Case._meta.concrete_fields if field.attname not in OWN
    }


def test_the_rows_are_those_of_one_deed_after_another(world: World) -> None:
    singly = world.approved(co_units=["yz-parks", "yz-roads"], result_required="整治方案", due=DUE["due"])
    docket = bulk()
    with docket.batch():
        folder = opened(world, docket)
    together = Case.objects.get(pk=folder.id)
    one, other = columns(Case.objects.get(pk=singly.pk)), columns(together)
    one.pop("tokens")
    other.pop("tokens")  # hold the number
    assert one == other
    bodies = [[entry.content["action"] for entry in Entry.objects.filter(case=pk)] for pk in (singly.pk, folder.id)]
    assert bodies[0] == bodies[1]
    assert Case.objects.filter(parent=together).count() == 2
    assert not verify().fault


def test_a_case_is_found_by_text_and_seen_by_the_units_it_names(world: World) -> None:
    docket = bulk()
    with docket.batch():
        folder = opened(world, docket)
    for username in ("he", "shen", "lin"):
        rows = ledger(world.people[username], "supervision-item", Filters(text="积水点"))
        assert list(rows.values_list("pk", flat=True)) == [folder.id]


def test_numbers_follow_those_given_before_and_those_after_follow_them(world: World) -> None:
    before = world.approved()
    docket = bulk()
    with docket.batch():
        numbers = [opened(world, docket).state.number for _ in range(3)]
    after = world.approved()
    found = [before.number, *numbers, after.number]
    assert found == [f"督〔2026〕{n}号" for n in range(1, 6)]


def test_a_batch_that_fails_leaves_nothing_and_no_gap(world: World) -> None:
    docket = bulk()
    with pytest.raises(Refused):
        _refused_in_a_batch(world, docket)
    assert not Case.objects.exists()
    assert not Entry.objects.exists()
    with docket.batch():
        assert opened(world, docket).state.number == "督〔2026〕1号"
    assert NumberSeries.objects.get(form="督〔year〕n号").last == 1


def _refused_in_a_batch(world: World, docket: BulkDocket) -> None:
    with docket.batch():
        folder = opened(world, docket)
        perform.perform(docket, docket.calendar, folder.id, deed(world, docket, "he", "sign"))


def test_what_is_written_is_let_go(world: World) -> None:
    docket = bulk()
    for _ in range(2):
        with docket.batch():
            opened(world, docket)
        assert not docket.held
        assert not docket.entries
    assert (docket.cases, docket.lines) == (6, Entry.objects.count())


def test_the_clock_acts_by_itself_with_no_account(world: World) -> None:
    docket = bulk()
    with docket.batch():
        folder = opened(world, docket)
        docket.person_id = None
        world.set("2026-10-27T09:00")
        perform.tick(docket, docket.calendar, folder.id, world.present, 1)
    escalated = Entry.objects.get(case=folder.id, action="escalate")
    assert escalated.actor is None
    assert escalated.content["day"] == "2026-10-22"


def test_entries_are_sealed_with_the_algorithm_in_use(world: World, settings: Any) -> None:
    settings.FADU_LEDGER_ALGORITHM = sealing.SM3
    docket = bulk()
    with docket.batch():
        opened(world, docket)
    assert set(Entry.objects.values_list("algorithm", flat=True)) == {"sm3"}
    assert not verify().fault


KILLED = """
    import os, signal
    from fadu import cli
    cli._set_up()
    from fadu.cases.bulk import BulkDocket
    from fadu.replay import troupe, volumes
    troupe.BATCH, volumes.MOST = 10, 60
    write, batches = BulkDocket.write, []
    def killed(self):
        write(self)
        batches.append(1)
        if len(batches) == 3:
            os.kill(os.getpid(), signal.SIGKILL)
    BulkDocket.write = killed
    cli.main(["replay", "guangzhou-2022"])
"""


@pytest.mark.crash
def test_a_run_that_is_killed_leaves_whole_families_and_no_gap(tmp_path: Path) -> None:
    environ = {**os.environ, "FADU_HOME": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    environ.pop("DATABASE_URL", None)

    def run(text: str) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "-c", dedent(text)]
        return subprocess.run(words, env=environ, capture_output=True, text=True, check=False)

    assert run("from fadu.cli import main; main(['init'])").returncode == 0
    assert run(KILLED).returncode == -signal.SIGKILL
    said = run("from fadu.cli import main; raise SystemExit(main(['verify']))")
    assert said.returncode == 0, said.stdout
    counted = """
        from fadu import cli
        cli._set_up()
        from fadu.cases.models import Case, NumberSeries
        roots = Case.objects.filter(parent=None)
        numbered = roots.exclude(number="").count()
        print(roots.count(), numbered == NumberSeries.objects.get(form="督〔year〕n号", year="2022").last)
    """
    assert run(counted).stdout.split() == ["20", "True"]
