"""Linking two cases over the API: who sees both may, and both ledgers say so."""

import pytest

from fadu.cases.models import Entry, Link
from tests.api.test_cases import told
from tests.cases.cast import World


def test_a_link_is_answered_with_the_other_case_and_stands_in_both(world: World, caller):
    one, other = world.approved("甲"), world.approved("乙")
    answer = caller("he").post(f"/cases/{one.pk}/links", {"number": other.number})
    assert answer.status_code == 201
    assert answer.json()["id"] == str(other.pk)
    for case, far in ((one, other), (other, one)):
        detail = caller("he").get(f"/cases/{case.pk}").json()
        assert detail["links"] == [{"kind": "related", "id": str(far.pk)}]
        assert Entry.objects.filter(case=case).latest("seq").action == "@link"
    again = told(caller("he").post(f"/cases/{one.pk}/links", {"number": other.number}), 422, "unfit")
    assert again["refusals"][0]["field"] == "number"


@pytest.mark.parametrize(
    "body", [{}, {"number": ""}, {"number": 7}, {"number": "督〔2099〕1号"}, {"number": "甲" * 101}]
)
def test_what_names_no_case_links_nothing(world: World, caller, body):
    told(caller("he").post(f"/cases/{world.approved().pk}/links", body), 422, "unfit")
    assert not Link.objects.exists()


def test_only_who_sees_both_links_them(world: World, caller):
    one, other = world.approved("甲"), world.approved("乙", lead_unit="yz-water")
    told(caller().post(f"/cases/{one.pk}/links", {"number": other.number}), 401, "signed-out")
    world.person("min", "闵安")
    told(caller("min").post(f"/cases/{one.pk}/links", {"number": other.number}), 404, "not-found")
    told(caller("he").get(f"/cases/{one.pk}/links"), 405, "wrong-verb")
    assert not Link.objects.exists()
