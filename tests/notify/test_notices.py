from datetime import date, timedelta

from django.utils import timezone

from fadu.cases.models import Entry
from fadu.notify.models import Bookmark, Kind, Notice, Told
from fadu.notify.reading import WINDOW
from fadu.notify.telling import notices
from fadu.notify.wording import name_of, sentence
from tests.cases.cast import World


def told(world: World, username: str) -> list[tuple[str, str]]:
    rows = Notice.objects.filter(person=world.people[username]).order_by("pk")
    return [(notice.kind, notice.detail) for notice in rows]


def test_a_proposal_tells_those_who_may_approve_and_not_its_author(world: World, tell):
    world.propose()
    tell()
    assert told(world, "gu") == [(Kind.TURN, "propose")]
    assert told(world, "zhou") == []  # the turn is the leader's, by the first action that moves on
    assert told(world, "he") == []


def test_an_approval_reaches_everybody_of_the_unit_once_as_a_letter(world: World, tell):
    world.approved()
    tell()
    for username in ("shen", "tao"):
        assert told(world, username) == [(Kind.LETTER, "assignment_slip")]
    assert told(world, "lin") == []


def test_a_deputy_is_told_what_the_absent_would_be(world: World, tell):
    world.delegate("gu", "luo", date(2026, 9, 1), date(2026, 9, 30))
    world.propose()
    tell()
    assert (Kind.TURN, "propose") in told(world, "luo")


def test_a_closed_account_is_told_nothing(world: World, tell):
    world.people["tao"].is_active = False
    world.people["tao"].save()
    world.approved()
    tell()
    assert told(world, "tao") == []


def test_a_chase_is_an_entry_and_a_letter_to_the_unit(world: World, tell):
    case = world.underway()
    tell()
    Notice.objects.all().delete()
    world.do(case, "chase", "he", slip="blue", remark="请于月底前报送")
    tell()
    assert told(world, "shen") == [(Kind.LETTER, "blue_slip")]
    notice = Notice.objects.select_related("case", "by").get(person=world.people["shen"])
    assert sentence(notice) == "何以宁发出“督查催办单（蓝单）”"
    assert name_of(notice).endswith("城区积水点整治")


def test_a_later_date_is_told_to_the_unit_it_binds(world: World, tell):
    case = world.underway(due="2026-09-30")
    world.do(case, "ask_later_date", "shen", why_later="施工交叉")
    tell()
    Notice.objects.all().delete()
    world.do(case, "grant_later_date", "gu", due="2026-10-30")
    tell()
    assert told(world, "shen") == [(Kind.MOVED, "item")]
    notice = Notice.objects.select_related("case", "by").filter(person=world.people["shen"]).get()
    assert sentence(notice) == "“办结”期限改为10月30日"


def test_the_end_is_told_to_whoever_opened_the_case(world: World, tell):
    case = world.approving()
    tell()
    Notice.objects.all().delete()
    world.do(case, "strike_off", "gu", outcome="done")
    tell()
    assert told(world, "he") == [(Kind.CLOSED, "strike_off")]


def test_a_light_is_told_when_it_turns_and_follows_a_moved_date(world: World, tell):
    case = world.underway(due="2026-09-30")
    world.do(case, "report", "shen", progress="已开工")
    tell()
    Notice.objects.all().delete()
    world.set("2026-09-20T09:00")
    world.do(case, "ask_later_date", "shen", why_later="施工交叉")
    world.do(case, "grant_later_date", "gu", due="2026-10-30")
    world.do(case, "report", "shen", progress="继续")
    tell()
    Notice.objects.all().delete()
    world.set("2026-10-09T09:00")  # behind the old date, ahead of the new one
    tell()
    assert (Kind.OVERDUE, "item") not in told(world, "shen")
    world.set("2026-11-02T09:00")
    tell()
    assert told(world, "shen").count((Kind.OVERDUE, "item")) == 1
    tell()
    assert told(world, "shen").count((Kind.OVERDUE, "item")) == 1


def test_nothing_is_told_twice_when_the_ledger_is_read_again(world: World, tell):
    world.approved()
    tell()
    before = Notice.objects.count()
    Told.objects.all().delete()  # as after a crash between the notices and the mark
    tell()
    assert Notice.objects.count() == before


def test_an_entry_committed_late_under_an_earlier_id_is_told_all_the_same(world: World, tell):
    world.propose()
    world.propose("另一事项")
    tell()
    Notice.objects.filter(case__title="另一事项").delete()
    early = Entry.objects.earliest("pk")
    assert early.action == "propose"
    assert told(world, "gu") == [(Kind.TURN, "propose")]
    Notice.objects.all().delete()
    Told.objects.filter(entry_id=early.pk).delete()  # it was not there yet
    tell()
    assert told(world, "gu") == [(Kind.TURN, "propose")]


def test_what_was_told_long_ago_is_swept_away(world: World, tell):
    world.approved()
    tell()
    assert Told.objects.count() == 2
    last = Entry.objects.latest("recorded_at").recorded_at
    world.set(timezone.localtime(last + WINDOW + timedelta(hours=1)).replace(tzinfo=None).isoformat())
    tell()
    assert not Told.objects.exists()
    assert Bookmark.objects.get(name="ledger").entry_id == Entry.objects.latest("pk").pk


def test_the_first_reading_begins_at_the_present(world: World, tell):
    Bookmark.objects.all().delete()
    world.approved()
    tell()
    assert not Notice.objects.exists()
    assert Bookmark.objects.get(name="lights").moment == timezone.now()


def test_a_batch_of_entries_asks_a_fixed_number_of_questions(world: World, django_assert_max_num_queries):
    for number in range(3):
        world.approved(f"事项{number}")
    entries = list(Entry.objects.all())
    with django_assert_max_num_queries(6):
        assert len(notices(entries)) >= 6
