"""What the rows of supervision promise across cases: prefilled reviews, readers of a bulletin, minutes that become items."""

import pytest

from fadu.cases.access import visible
from fadu.cases.act import act, open_case
from fadu.cases.leading import prefill
from fadu.cases.models import Case, Link
from tests.cases.cast import World

pytestmark = pytest.mark.django_db


def bulletin(world: World) -> Case:
    data = {"year": 2026, "subject": "重点任务进展", "kind_of": "progress"}
    found = open_case("bulletin", world.people["he"], data, world.units["yz-sup"])
    act(found, "submit", world.people["he"], {"text": "正文"})
    return act(found, "sign_off", world.people["gu"], {})


def test_whoever_a_bulletin_is_sent_to_reads_it_only_when_it_is_issued(world: World):
    shen, lin = world.people["shen"], world.people["lin"]
    found = bulletin(world)
    assert not visible(shen).filter(pk=found.pk).exists()
    act(found, "issue", world.people["he"], {"readers": [str(shen.pk)]})
    assert Case.objects.get(pk=found.pk).number == "督查〔2026〕第1期"
    assert visible(shen).filter(pk=found.pk).exists()
    assert not visible(lin).filter(pk=found.pk).exists()


def test_a_review_is_prefilled_with_the_item_its_unit_and_its_timeline(world: World):
    case = world.underway()
    given = prefill(case, "call_review", "after-action-review", world.people["he"])
    assert (given["item"], given["matter"], given["lead_unit"]) == (case.pk, case.title, "yz-water")
    assert "签收" in given["history"]


def test_an_instruction_becomes_an_item_that_points_back_to_it(world: World):
    data = {
        "subject": "内涝治理",
        "leader_named": str(world.people["gu"].pk),
        "text": "请水务局牵头整治。",
        "given_on": "2026-03-02",
        "paper_name": "专报",
        "tasks": [{"paragraph": 1, "text": "整治内涝点", "unit": "yz-water", "result": "整治报告"}],
    }
    word = open_case("instruction", world.people["he"], data, world.units["yz-sup"])
    item = Case.objects.get(procedure="supervision-item")
    assert (item.stage, item.kind, item.title) == ("proposed", "instruction", "整治内涝点")
    assert Link.objects.filter(case=item, other=word, kind="instruction").exists()
    assert visible(world.people["gu"]).filter(pk=word.pk).exists()
