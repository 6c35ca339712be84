"""Cases over the API: the same rights, the same refusals and the same ledger as at the desk."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from fadu.cases.files import store_bytes
from fadu.cases.models import Case, Entry, Link
from fadu.cases.verify import verify
from tests.api.conftest import Caller
from tests.cases.cast import PAPER, World, stored
from tests.cases.papers import PDF

PROPOSAL = {
    "matter": "城区积水点整治",
    "source": "meeting",
    "source_document": PAPER,
    "lead_unit": "yz-water",
    "result_required": "整治方案",
    "urgent": False,
}
LEDGER = "/procedures/supervision-item/cases"


def told(response: Any, status: int, kind: str) -> dict[str, Any]:
    """The problem an answer tells, checked to be one."""
    assert response.status_code == status, response.content.decode()
    assert response["Content-Type"] == "application/problem+json"
    found: dict[str, Any] = response.json()
    assert (found["type"], found["status"]) == (f"urn:fadu:problem:{kind}", status)
    assert found["title"]
    assert found["detail"]
    return found


def everything() -> tuple[int, int]:
    return Case.objects.count(), Entry.objects.count()


# -- a matter from end to end ------------------------------------------------------------------------------------------


def test_a_matter_goes_from_its_proposal_to_the_leader_and_back_over_the_api_alone(world: World, caller):
    he, gu, shen = caller("he"), caller("gu"), caller("shen")
    opened = he.post(LEDGER, {"data": PROPOSAL})
    assert opened.status_code == 201
    case = opened.json()
    assert isinstance(case["id"], str)
    assert opened["Location"] == f"/api/v1/cases/{case['id']}"
    assert (case["stage"], case["turn"], case["seq"], case["light"]) == ("proposed", "leader@yz", 1, "green")
    deeds = f"/cases/{case['id']}/actions"
    approved = gu.post(f"{deeds}/approve", {"data": {"due": "2026-10-22"}, "seen": 1}).json()
    assert (approved["number"], approved["due"], approved["stage"]) == ("督〔2026〕1号", "2026-10-22", "assigned")
    signed = shen.post(f"{deeds}/sign").json()
    assert (signed["stage"], signed["seq"]) == ("underway", 3)
    assert verify().fault == ""


def test_a_case_tells_its_clocks_children_links_documents_and_values(world: World, caller):
    document = store_bytes(PDF, "来源.pdf", world.people["he"])
    case = world.underway(source_document=document, co_units=["yz-parks"])
    other = world.propose("另一件")
    elsewhere = world.propose("云东的一件", by="feng", unit="yd-gov", lead_unit="yd-water")
    Link.objects.create(case=case, other=other)
    Link.objects.create(case=case, other=elsewhere)
    found = caller("he").get(f"/cases/{case.pk}").json()
    assert found["fields"]["matter"] == "城区积水点整治"
    clocks = {clock["key"]: clock for clock in found["clocks"]}
    assert (clocks["planning"]["due"], clocks["planning"]["status"], clocks["planning"]["light"]) == (
        "2026-09-15",
        "running",
        "green",
    )
    assert clocks["signing"]["status"] == "met"
    assert [(child["key"], child["is_open"]) for child in found["children"]] == [("co_part", True)]
    assert found["children"][0]["id"] == str(case.children.get().pk)
    assert found["links"] == [{"kind": "related", "id": str(other.pk)}]
    assert found["documents"] == [{**document, "field": "source_document", "entry": 1}]
    assert found["version"] == "supervision-item@1"
    assert found["head"] == stored(case).head


def test_chinese_stands_in_answers_as_it_is(world: World, caller):
    world.propose()
    assert "城区积水点整治".encode() in caller("he").get(LEDGER).content


def test_entries_come_in_order_with_their_digests(world: World, caller):
    case = world.underway()
    found = caller("shen").get(f"/cases/{case.pk}/entries").json()
    assert [(entry["seq"], entry["action"]) for entry in found["items"]] == [
        (1, "propose"),
        (2, "approve"),
        (3, "sign"),
    ]
    assert found["items"][0]["actor"]["name"] == "何以宁"
    assert found["items"][1]["data"] == {"due": "2026-10-22", "every_months": 1}
    assert found["items"][-1]["digest"] == stored(case).head
    assert found["next"] is None


def test_long_ledgers_are_read_in_parts(world: World, caller, monkeypatch):
    monkeypatch.setattr("fadu.api.views.ENTRIES", 2)
    case = world.underway()
    first = caller("he").get(f"/cases/{case.pk}/entries")
    assert [entry["seq"] for entry in first.json()["items"]] == [1, 2]
    assert re.fullmatch(r'<http://testserver(/api/v1.*)>; rel="next"', first["Link"])
    rest = caller("he").get(first.json()["next"].split("/api/v1")[1]).json()
    assert ([entry["seq"] for entry in rest["items"]], rest["next"]) == ([3], None)


def test_a_certificate_counts_every_day(world: World, caller):
    case = world.underway()
    found = caller("shen").get(f"/cases/{case.pk}/clocks/planning/certificate").json()
    assert found["run"]["due"] == found["certificate"]["due"] == "2026-09-15"
    assert sum(line["effect"] == "counted" for line in found["certificate"]["lines"]) == 5
    agreed = caller("shen").get(f"/cases/{case.pk}/clocks/item/certificate").json()
    assert (agreed["shape"], agreed["run"]["due"], agreed["certificate"]) == ("until", "2026-10-22", None)
    told(caller("shen").get(f"/cases/{case.pk}/clocks/none/certificate"), 404, "not-found")


def test_choices_say_what_may_be_done_and_why_the_rest_may_not(world: World, caller):
    case = world.underway()
    found = caller("shen").get(f"/cases/{case.pk}/actions").json()
    choices = {choice["action"]: choice for choice in found["items"]}
    assert found["seq"] == 3
    assert choices["file_plan"]["allowed"]
    assert choices["file_plan"]["schema"] == "supervision-item.file_plan"
    (refusal,) = choices["suspend"]["refusals"]
    assert (refusal["gate"], refusal["severity"]) == ("by", "block")
    assert refusal["text"] == {"zh": "不由您办理", "en": "Not yours to do"}


# -- refusals ----------------------------------------------------------------------------------------------------------


def test_a_refusal_tells_its_gate_field_and_article_in_both_languages(world: World, caller):
    before = everything()
    found = told(caller("he").post(LEDGER, {"data": {**PROPOSAL, "source": "rumour"}}), 422, "unfit")
    (refusal,) = found["refusals"]
    assert (refusal["gate"], refusal["field"]) == ("kind", "source")
    assert refusal["text"]["en"].startswith("Source")
    assert everything() == before
    missing = told(caller("he").post(LEDGER, {"data": {}}), 422, "unfit")
    assert missing["refusals"][0]["cites"][0] == {
        "law": "SUP",
        "articles": "11",
        "tag": "V",
        "words": {"zh": "《政府督查工作条例》第11条", "en": "Regulation on Government Supervision, art. 11"},
    }


def test_what_the_stage_or_a_gate_forbids_is_a_conflict(world: World, caller):
    case = world.propose()
    told(caller("shen").post(f"/cases/{case.pk}/actions/sign"), 409, "refused")
    underway = world.underway(co_units=["yz-parks"])
    found = told(
        caller("shen").post(f"/cases/{underway.pk}/actions/ask_closing", {"data": {"evidence": PAPER}}), 409, "refused"
    )
    assert found["refusals"][0]["gate"] == "parts_done"


def test_who_may_not_hears_403_and_who_may_not_see_hears_404(world: World, caller):
    case = world.propose()
    before = everything()
    found = told(
        caller("luo").post(f"/cases/{case.pk}/actions/approve", {"data": {"due": "2026-10-22"}}), 403, "not-yours"
    )
    assert found["refusals"][0]["gate"] == "by"
    for stranger in ("lin", "feng", "mo", "xi", "an", "shi"):
        for path in ("", "/entries", "/actions", "/clocks/item/certificate", f"/files/{'a' * 64}"):
            told(caller(stranger).get(f"/cases/{case.pk}{path}"), 404, "not-found")
        told(
            caller(stranger).post(f"/cases/{case.pk}/actions/approve", {"data": {"due": "2026-10-22"}}),
            404,
            "not-found",
        )
        told(caller(stranger).post(f"/cases/{case.pk}/actions", {"actions": [{"action": "approve"}]}), 404, "not-found")
    assert everything() == before


def test_separated_duties_are_kept_apart(world: World, caller):
    case = world.asked_to_close()
    world.post("shen", "supervision_officer@yz-sup")
    body = {"data": {"verified_how": "papers", "remark": "自己查自己"}}
    found = told(caller("shen").post(f"/cases/{case.pk}/actions/verify", body), 403, "not-yours")
    assert found["refusals"][0]["gate"] == "not_by"


@pytest.mark.parametrize("who", ["shen", "gu", "mo", "xi", "an", "shi"])
def test_who_holds_no_post_that_opens_a_matter_opens_none(world: World, caller, who):
    before = everything()
    told(caller(who).post(LEDGER, {"data": PROPOSAL}), 403, "not-yours")
    assert everything() == before


def test_a_case_is_opened_only_at_an_office_of_ones_own(world: World, caller):
    told(caller("he").post(LEDGER, {"data": PROPOSAL, "unit": "yd-gov"}), 403, "not-yours")
    world.post("he", "supervision_officer@yd-gov")
    at = caller("he").post(LEDGER, {"data": {**PROPOSAL, "lead_unit": "yd-water"}, "unit": "yd-gov"}).json()
    assert (at["government"], at["unit"]) == ("yd", "yd-gov")


def test_an_action_that_does_not_exist_is_not_found(world: World, caller):
    case = world.propose()
    told(caller("he").post(f"/cases/{case.pk}/actions/fly"), 404, "not-found")
    told(caller("he").post("/procedures/flying/cases", {"data": {}}), 404, "not-found")
    told(caller("he").get("/procedures/flying"), 404, "not-found")


def test_the_clocks_and_the_parents_actions_are_nobodys_by_hand(world: World, caller):
    case = world.underway(co_units=["yz-parks"])
    told(caller("he").post(f"/cases/{case.pk}/actions/escalate"), 403, "not-yours")
    told(caller("he").post("/procedures/co-handling/cases", {"data": {}}), 403, "not-yours")


def test_whoever_read_an_older_state_hears_what_happened_meanwhile(world: World, caller):
    case = world.underway()
    world.do(case, "report", "shen", progress="完成一半")
    found = told(
        caller("shen").post(f"/cases/{case.pk}/actions/report", {"data": {"progress": "完成"}, "seen": 3}), 409, "stale"
    )
    assert [(entry["seq"], entry["action"]) for entry in found["entries"]] == [(4, "report")]
    assert stored(case).seq == 4


def test_several_actions_are_done_together_or_not_at_all(world: World, caller):
    case = world.underway()
    shen, path = caller("shen"), f"/cases/{case.pk}/actions"
    reports = [{"action": "report", "data": {"progress": "一"}}, {"action": "report", "data": {"progress": "二"}}]
    done = shen.post(path, {"actions": reports, "seen": 3})
    assert (done.status_code, done.json()["seq"]) == (200, 5)
    told(shen.post(path, {"actions": [*reports, {"action": "report", "data": {}}]}), 422, "unfit")
    told(shen.post(path, {"actions": reports, "seen": 3}), 409, "stale")
    assert stored(case).seq == 5


def test_a_warning_is_passed_with_a_reason_that_is_recorded(world: World, caller):
    world.set("2026-09-08T09:00")
    case = world.approved()
    world.set("2026-09-30T09:00")
    shen, path = caller("shen"), f"/cases/{case.pk}/actions/return_it"
    body = {"data": {"return_reason": "不属本局职责", "suggested_unit": "yz-parks"}}
    found = told(shen.post(path, body), 409, "refused")
    assert [(item["gate"], item["severity"]) for item in found["refusals"]] == [("return_in_time", "warn")]
    assert shen.post(path, {**body, "overrides": {"return_in_time": "经协调同意"}}).json()["stage"] == "returned"
    assert Entry.objects.get(case=case, action="return_it").content["overrides"] == {"return_in_time": "经协调同意"}


def test_a_deed_bears_the_moment_it_was_done_and_never_a_later_one(world: World, caller):
    world.set("2026-09-08T09:00")
    case = world.approved()
    world.set("2026-09-09T12:00")
    shen = caller("shen")
    told(shen.post(f"/cases/{case.pk}/actions/sign", {"at": "2026-09-09T12:01"}), 422, "unfit")
    assert shen.post(f"/cases/{case.pk}/actions/sign", {"at": "2026-09-09T02:30:00Z"}).status_code == 200
    assert Entry.objects.get(case=case, action="sign").content["day"] == "2026-09-09T10:30"


def test_a_recorder_writes_down_what_a_leader_decided(world: World, caller):
    case, gu = world.propose(), str(world.people["gu"].pk)
    body = {"data": {"due": "2026-10-22"}, "on_behalf_of": gu}
    path = f"/cases/{case.pk}/actions/approve"
    told(caller("he").post(path, body), 403, "not-yours")
    world.post("he", "recorder@yz-sup")
    told(caller("he").post(path, {**body, "on_behalf_of": str(world.people["shen"].pk)}), 403, "not-yours")
    for nobody in ("0", "顾长川", "9" * 30):
        found = told(caller("he").post(path, {**body, "on_behalf_of": nobody}), 422, "unfit")
        assert [error["place"] for error in found["errors"]] == ["on_behalf_of"]
    assert caller("he").post(path, body).status_code == 200
    entry = Entry.objects.get(case=case, action="approve").content
    assert (entry["by"], entry["for"]) == (str(world.people["he"].pk), gu)


@pytest.mark.parametrize("at", ["yesterday", "0001-01-01", "1999-12-31", "2026-13-01", "9999-12-31T23:59:59+14:00"])
def test_a_moment_that_is_none_is_named(world: World, caller, at):
    case = world.approved()
    found = told(caller("shen").post(f"/cases/{case.pk}/actions/sign", {"at": at}), 422, "unfit")
    assert found["errors"][0]["place"] == "at"


def test_no_case_is_opened_before_its_procedure_was_in_force(world: World, caller):
    found = told(caller("he").post(LEDGER, {"data": PROPOSAL, "at": "2024-01-01"}), 422, "unfit")
    assert found["refusals"][0]["field"] == "at"


# -- lists -------------------------------------------------------------------------------------------------------------


def test_a_ledger_is_paged_by_key_in_both_directions(world: World, caller):
    for n in range(5):
        world.propose(f"第{n}件")
    he = caller("he")
    first = he.get(f"{LEDGER}?size=2&sort=old")
    assert [row["title"] for row in first.json()["items"]] == ["第0件", "第1件"]
    assert first.json()["prev"] is None
    links = dict(reversed(part) for part in re.findall(r'<([^>]+)>; rel="(\w+)"', first["Link"]))
    assert links == {"next": first.json()["next"]}
    second = he.get(links["next"].split("/api/v1")[1])
    assert [row["title"] for row in second.json()["items"]] == ["第2件", "第3件"]
    back = he.get(second.json()["prev"].split("/api/v1")[1]).json()
    assert [row["title"] for row in back["items"]] == ["第0件", "第1件"]
    last = he.get(second.json()["next"].split("/api/v1")[1]).json()
    assert ([row["title"] for row in last["items"]], last["next"]) == (["第4件"], None)


def test_a_ledger_is_narrowed_as_at_the_desk(world: World, caller):
    world.propose("等批的")
    world.underway("在办的", source="instruction", lead_unit="yz-water")
    he = caller("he")

    def titles(query: str) -> list[str]:
        response = he.get(f"{LEDGER}?{query}")
        assert response.status_code == 200, response.content.decode()
        return [row["title"] for row in response.json()["items"]]

    assert titles("stage=proposed") == ["等批的"]
    assert titles("kind=instruction") == ["在办的"]
    assert titles("q=等批") == ["等批的"]
    assert titles("state=closed") == []
    assert titles("unit=yz-parks") == []
    assert titles("since=2026-09-09") == []
    assert sorted(titles("light=green")) == ["在办的", "等批的"]
    world.set("2026-12-01T09:00")
    assert titles("light=red") == ["在办的"]


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("stat=open", "stat"),
        ("state=half", "state"),
        ("light=blue", "light"),
        ("size=0", "size"),
        ("size=1000", "size"),
        ("stage=flying", "stage"),
        ("outcome=flying", "outcome"),
        ("since=soon", "since"),
        ("q=%00", "q"),
    ],
)
def test_a_filter_that_means_nothing_is_named(world: World, caller, query, place):
    found = told(caller("he").get(f"{LEDGER}?{query}"), 422, "unfit")
    assert [error["place"] for error in found["errors"]] == [place]


@pytest.mark.parametrize("key", ["x", "~", "2026~1", "99999999999999999999999", "2026-01-01T00:00:00+00:00~9"])
def test_a_made_up_page_key_breaks_nothing(world: World, caller, key):
    world.propose()
    for sort in ("due", "new"):
        assert caller("he").get(f"{LEDGER}?sort={sort}&after={key}").status_code == 200


def test_everybody_sees_their_own_cases_and_no_others(world: World, caller):
    mine = world.propose()
    theirs = world.propose("云东的一件", by="feng", unit="yd-gov", lead_unit="yd-water")
    seen = {who: {row["id"] for row in caller(who).get(LEDGER).json()["items"]} for who in world.people}
    assert seen["he"] == seen["gu"] == seen["shen"] == {str(mine.pk)}
    assert seen["feng"] == seen["hai"] == {str(theirs.pk)}
    assert seen["lin"] == seen["mo"] == seen["xi"] == seen["an"] == seen["shi"] == set()


def test_the_inbox_holds_what_waits_for_me(world: World, caller):
    case = world.approved()
    found = caller("shen").get("/inbox").json()
    assert [row["id"] for row in found["items"]] == [str(case.pk)]
    assert found["counts"]["mine"] == 1
    assert caller("he").get("/inbox?tab=waiting").json()["items"][0]["id"] == str(case.pk)
    told(caller("gu").get("/inbox?tab=everything"), 422, "unfit")


def test_a_search_finds_only_what_may_be_seen(world: World, caller):
    world.propose("城区积水点整治")
    assert len(caller("he").get("/search?q=积水").json()["items"]) == 1
    assert caller("feng").get("/search?q=积水").json()["items"] == []
    told(caller("he").get("/search"), 422, "unfit")
    told(caller("he").get("/search?q="), 422, "unfit")


# -- what is kept from some --------------------------------------------------------------------------------------------


def test_a_field_for_some_roles_is_left_out_for_the_others_everywhere(world: World, caller):
    world.person("hot", "热线员", "hotline_officer@yz-gov")
    given = {"caller": {"name": "李女士"}, "phone": "13800000000", "secret": True}
    data = _needed_for_an_appeal(caller("hot"), given)
    opened = caller("hot").post("/procedures/appeal/cases", {"data": data})
    assert opened.status_code == 201, opened.content.decode()
    case = Case.objects.get(pk=opened.json()["id"])
    case.concerns.create(unit=world.units["yz-parks"])
    for path in (f"/cases/{case.pk}", f"/cases/{case.pk}/entries", "/procedures/appeal/cases?state=all"):
        assert b"13800000000" not in caller("lin").get(path).content
    assert caller("lin").get(f"/cases/{case.pk}").json()["hidden"] == ["caller", "phone"]
    assert caller("hot").get(f"/cases/{case.pk}").json()["fields"]["phone"] == "13800000000"
    assert caller("hot").get("/search?q=13800000000").json()["items"] == []


def _needed_for_an_appeal(caller: Caller, given: dict[str, Any]) -> dict[str, Any]:
    """Fills what the definition asks for, from its own schema: definitions may change."""
    found = caller.get("/procedures/appeal").json()
    (opening,) = [action for action in found["actions"] if action["from"] == ["start"]]
    made = {"string": "城区路灯不亮", "boolean": False, "number": 1}
    schema = opening["schema"]
    for key in schema["required"]:
        asked = schema["properties"][key]
        given.setdefault(key, asked["enum"][0] if "enum" in asked else made.get(asked.get("type"), {"name": "甲"}))
    return given


# -- speed -------------------------------------------------------------------------------------------------------------


def test_lists_and_deeds_take_few_queries(world: World, caller, django_assert_max_num_queries):
    for n in range(12):
        world.propose(f"第{n}件")
    case = world.approved(co_units=["yz-parks"])
    he, shen, gu = caller("he"), caller("shen"), caller("gu")
    he.get("/procedures"), shen.get("/procedures"), gu.get("/procedures")  # the day of use is noted once
    with django_assert_max_num_queries(5):
        he.get(LEDGER)
    with django_assert_max_num_queries(6):
        he.get("/inbox")
    with django_assert_max_num_queries(7):
        he.get(f"/cases/{case.pk}")
    with django_assert_max_num_queries(12):
        assert shen.post(f"/cases/{case.pk}/actions/sign").status_code == 200
    with django_assert_max_num_queries(12):
        assert he.post(LEDGER, {"data": PROPOSAL}).status_code == 201


def test_the_time_of_a_light_is_the_local_one(world: World, caller):
    world.approved(due="2026-10-22")
    world.set("2026-10-22T23:59")
    assert caller("he").get(LEDGER).json()["items"][0]["light"] == "yellow"
    world.set("2026-10-23T00:00")
    assert caller("he").get(LEDGER).json()["items"][0]["light"] == "red"
    assert timezone.get_current_timezone_name() == "Asia/Shanghai"


def test_a_session_works_as_well_as_a_token(world: World):
    client = Client()
    client.force_login(world.people["he"])
    assert client.get("/api/v1" + LEDGER).status_code == 200
