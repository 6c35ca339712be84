"""Whatever is changed behind the write path is found, and the database itself refuses what it can."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import DatabaseError, connection, models, transaction

from fadu.cases import definitions
from fadu.cases.models import Case, Concern, Definition, Entry
from fadu.cases.projection import searchable
from fadu.cases.verify import verify
from fadu.kernel import ledger
from fadu.kernel.perform import Folder
from fadu.kernel.state import fold
from tests.cases.cast import World
from tests.cases.tampering import sql, undone, unguarded


@pytest.fixture
def case(world: World) -> Case:
    """A matter with two co-units, one of whose parts is done, and a second matter beside it."""
    world.set("2026-09-11T09:00")
    found = world.underway(co_units=["yz-parks", "yz-roads"])
    part = Case.objects.get(parent=found, handling__code="yz-parks")
    world.do(part, "sign", "lin")
    world.do(part, "submit", "lin", answer="已移栽行道树")
    world.do(part, "confirm", "shen")
    world.do(found, "report", "shen", progress="六处开工")
    world.underway("桥面维修")
    assert verify().fault == ""
    return found


def fault_after(statement: str, *values: Any) -> str:
    """What verify says when one statement got past the triggers; the statement is undone."""
    with undone(), unguarded(), undone():
        assert sql(statement, *values) > 0, "the tampering itself did nothing"
        found = verify().fault
    assert verify().fault == ""
    return found


def test_an_untouched_database_passes_and_everything_is_counted(case: Case):
    report = verify()
    assert (report.cases, report.entries, report.fault) == (Case.objects.count(), Entry.objects.count(), "")
    assert report.cases == 4


def test_an_empty_database_passes(db: None):
    assert verify().fault == ""


def test_a_changed_body_is_found(case: Case):
    body = Entry.objects.get(case=case, seq=2).body.replace("2026-10-25", "2026-11-25")
    fault = fault_after("UPDATE cases_entry SET body = %s WHERE case_id = %s AND seq = 2", body, case.pk)
    assert "entry 2 does not match its digest" in fault


def test_a_body_that_is_no_body_is_found(case: Case):
    """Even with the digest that fits it."""
    statement = "UPDATE cases_entry SET body = 'x', digest = %s WHERE case_id = %s AND seq = 2"
    digest = ledger.seal(Entry.objects.get(case=case, seq=1).digest, "x")
    assert "entry 2 says it is entry None" in fault_after(statement, digest, case.pk)


def test_a_changed_digest_is_found(case: Case):
    fault = fault_after("UPDATE cases_entry SET digest = %s WHERE case_id = %s AND seq = 2", "0" * 64, case.pk)
    assert "entry 2 does not match its digest" in fault


def test_an_unknown_algorithm_is_found(case: Case):
    fault = fault_after("UPDATE cases_entry SET algorithm = 'md5' WHERE case_id = %s AND seq = 2", case.pk)
    assert "unknown algorithm 'md5'" in fault


def test_a_removed_entry_is_found(case: Case):
    fault = fault_after("DELETE FROM cases_entry WHERE case_id = %s AND seq = 2", case.pk)
    assert "entry 2 is missing" in fault


def test_a_truncated_ledger_is_found(case: Case):
    fault = fault_after("DELETE FROM cases_entry WHERE case_id = %s AND seq >= 4", case.pk)
    assert "its last entry is not the one the case names" in fault


def test_a_ledger_that_is_gone_is_found(case: Case):
    fault = fault_after("DELETE FROM cases_entry WHERE case_id = %s", case.pk)
    assert "its last entry is not the one the case names" in fault


def test_swapped_entries_are_found(case: Case):
    with undone(), unguarded():
        for old, new in ((2, 99), (3, 2), (99, 3)):
            sql("UPDATE cases_entry SET seq = %s WHERE case_id = %s AND seq = %s", new, case.pk, old)
        assert "entry 2 does not match its digest" in verify().fault


def test_a_duplicated_entry_is_refused_or_found(case: Case):
    columns = "case_id, procedure, action, actor_id, day, recorded_at, body, digest, algorithm"
    copy = f"INSERT INTO cases_entry (seq, {columns}) SELECT {{}}, {columns} FROM cases_entry WHERE case_id = %s AND seq = 4"
    with pytest.raises(DatabaseError), transaction.atomic():
        sql(copy.format(4), case.pk)
    last = Entry.objects.filter(case=case).count() + 1
    assert f"entry {last} does not match its digest" in fault_after(copy.format(last), case.pk)


def test_an_entry_moved_to_another_case_is_found(case: Case):
    other = Case.objects.get(title="桥面维修")
    last = Entry.objects.filter(case=case).count()
    next_there = Entry.objects.filter(case=other).count() + 1
    statement = "UPDATE cases_entry SET case_id = %s, seq = %s WHERE case_id = %s AND seq = %s"
    assert fault_after(statement, other.pk, next_there, case.pk, last) != ""


def test_a_ledger_copied_whole_onto_another_case_is_found(case: Case):
    """The chain is sound; it is another case's."""
    other = Case.objects.get(title="桥面维修")
    with undone(), unguarded():
        sql("DELETE FROM cases_entry WHERE case_id = %s", other.pk)
        sql("UPDATE cases_entry SET case_id = %s WHERE case_id = %s", other.pk, case.pk)
        sql("UPDATE cases_case SET head = %s WHERE id = %s", case_head(case), other.pk)
        sql("DELETE FROM cases_concern WHERE case_id = %s", case.pk)
        faults = verify().fault
        assert "holds an entry of another case" in faults or "its last entry" in faults


def case_head(case: Case) -> str:
    return Case.objects.get(pk=case.pk).head


def test_a_stray_entry_is_found(case: Case):
    fault = fault_after("UPDATE cases_entry SET case_id = 4711 WHERE case_id = %s", case.pk)
    assert "case 4711: has entries but no row" in fault


def test_a_rewritten_ledger_with_fresh_digests_is_found_by_its_parent(case: Case):
    """Somebody who can seal entries anew still contradicts what the child wrote into its parent's ledger."""
    part = Case.objects.get(parent=case, handling__code="yz-parks")
    with undone(), unguarded():
        reseal(part, "已移栽行道树", "全部按期完成")
        assert f"case {case.pk}: knows an entry of its child {part.pk}" in verify().fault


def reseal(case: Case, old: str, new: str) -> None:
    """The text of a case changed in its entries, its row and its index alike, and every digest made anew."""
    head = ""
    for entry in Entry.objects.filter(case=case).order_by("seq"):
        body = entry.body.replace(old, new)
        head = ledger.seal(head, body)
        sql("UPDATE cases_entry SET body = %s, digest = %s WHERE id = %s", body, head, entry.pk)
    state = fold([entry.content for entry in Entry.objects.filter(case=case).order_by("seq")])
    folder = Folder(case.pk, definitions.procedure_of(case.definition_id), state)
    Case.objects.filter(pk=case.pk).update(head=head, state=state.to_json(), tokens=searchable(folder))


def test_a_child_that_is_gone_with_its_ledger_is_found(case: Case):
    part = Case.objects.get(parent=case, handling__code="yz-roads")
    with undone(), unguarded():
        for table in ("cases_entry", "cases_concern"):
            sql(f"DELETE FROM {table} WHERE case_id = %s", part.pk)
        sql("DELETE FROM cases_case WHERE id = %s", part.pk)
        assert f"its child {part.pk} is gone" in verify().fault


def changed(column: "models.Field[Any, Any]", value: Any) -> Any:
    """Another value that the column can hold."""
    if isinstance(column, models.BooleanField):
        return not value
    if isinstance(column, models.DateTimeField):
        return connection.ops.adapt_datetimefield_value((value or Case.objects.latest("pk").opened) - timedelta(days=1))
    if isinstance(column, models.JSONField):
        return json.dumps({**value, "outcome": "done"}, ensure_ascii=False)
    if isinstance(column, models.ForeignKey) and column.related_model.__name__ == "Unit":
        return "yd-water"
    if isinstance(column, models.CharField | models.TextField):
        return f"{value or ''}x"[-column.max_length :] if column.max_length else f"{value}x"
    if column.attname == "definition_id":
        return Definition.objects.exclude(pk=value).latest("pk").pk
    if column.attname == "parent_id":
        return Case.objects.get(title="桥面维修").pk
    return value + 1


def test_every_changed_column_of_a_case_is_found(case: Case):
    part, unseen = Case.objects.get(parent=case, handling__code="yz-parks"), []
    for row in (case, part):
        row.refresh_from_db()
        for column in Case._meta.concrete_fields:
            if column.primary_key:
                continue
            value = changed(column, getattr(row, column.attname))
            if not fault_after(f"UPDATE cases_case SET {column.column} = %s WHERE id = %s", value, row.pk):
                unseen.append((row.child_key, column.attname))
    assert unseen == []


@pytest.mark.parametrize("column", ["procedure", "action", "actor_id", "day", "recorded_at"])
def test_every_changed_column_of_an_entry_is_found(case: Case, world: World, column: str):
    row: dict[str, Any] = dict(Entry.objects.filter(case=case).values().get(seq=3))
    value = {"actor_id": world.people["mo"].pk, "procedure": "x", "action": "x"}.get(column)
    if value is None:
        value = connection.ops.adapt_datetimefield_value(row[column] + timedelta(days=1))
    fault = fault_after(f"UPDATE cases_entry SET {column} = %s WHERE case_id = %s AND seq = 3", value, case.pk)
    assert f"entry 3: its column '{column}'" in fault


def test_a_unit_let_in_or_shut_out_by_hand_is_found(case: Case, world: World):
    words = "the units it concerns are not those its entries name"
    insert = "INSERT INTO cases_concern (case_id, unit) VALUES (%s, 'yd-water')"
    assert words in fault_after(insert, case.pk)
    assert Concern.objects.filter(case=case, unit_id="yz-water").exists()
    assert words in fault_after("DELETE FROM cases_concern WHERE case_id = %s AND unit = 'yz-water'", case.pk)


def test_a_file_put_in_or_taken_out_by_hand_is_found(case: Case):
    words = "its files are not those its entries brought"
    assert words in fault_after("DELETE FROM cases_attachment WHERE case_id = %s", case.pk)
    assert words in fault_after("UPDATE cases_attachment SET name = 'x.pdf' WHERE case_id = %s", case.pk)


def test_a_changed_definition_is_found(case: Case):
    document = json.dumps({**case.definition.document, "title": "别的程序 | Other"}, ensure_ascii=False)
    fault = fault_after("UPDATE cases_definition SET document = %s WHERE id = %s", document, case.definition_id)
    assert "does not match its digest" in fault


FORBIDDEN = [
    "UPDATE cases_entry SET body = 'x'",
    "UPDATE cases_entry SET recorded_at = day WHERE seq = 1",
    "DELETE FROM cases_entry",
    "DELETE FROM cases_entry WHERE seq = 4",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_database_itself_refuses_to_change_an_entry(case: Case, statement: str):
    with pytest.raises(DatabaseError, match="ledger entries are never"), transaction.atomic():
        sql(statement)
    assert verify().fault == ""


@pytest.mark.parametrize("conflict", ["id", "case_id, seq"])
def test_the_database_refuses_to_replace_an_entry_by_inserting_over_it(case: Case, conflict: str):
    columns = "id, case_id, seq, procedure, action, actor_id, day, recorded_at, body, digest, algorithm"
    chosen = columns.replace("body", "'x'").replace(
        "id, case_id", "id + 1000, case_id" if "seq" in conflict else "id, case_id"
    )
    select = f"SELECT {chosen} FROM cases_entry WHERE case_id = {case.pk} AND seq = 2"
    if connection.vendor == "sqlite":
        statement = f"INSERT OR REPLACE INTO cases_entry ({columns}) {select}"
    else:
        statement = f"INSERT INTO cases_entry ({columns}) {select} ON CONFLICT ({conflict}) DO UPDATE SET body = 'x'"
    with pytest.raises(DatabaseError, match="ledger entries are never"), transaction.atomic():
        sql(statement)
    assert verify().fault == ""


def test_the_chain_goes_on_when_the_algorithm_changes(case: Case, world: World, settings: Any):
    assert not hasattr(django_settings, "FADU_LEDGER_ALGORITHM")
    settings.FADU_LEDGER_ALGORITHM = ledger.SM3
    world.do(case, "report", "shen", progress="国密")
    settings.FADU_LEDGER_ALGORITHM = ledger.SHA256
    world.do(case, "report", "shen", progress="又是 SHA-256")
    used = list(Entry.objects.filter(case=case).order_by("-seq").values_list("algorithm", flat=True)[:3])
    assert used == ["sha256", "sm3", "sha256"]
    assert verify().fault == ""
    seq = Case.objects.get(pk=case.pk).seq - 1
    fault = fault_after("UPDATE cases_entry SET algorithm = 'sha256' WHERE case_id = %s AND seq = %s", case.pk, seq)
    assert f"entry {seq} does not match its digest" in fault
