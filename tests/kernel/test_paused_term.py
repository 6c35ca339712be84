"""A term that stands still is shown as the day it cannot end before, were it resumed today."""

from fadu.data.calendars import state_council
from fadu.definitions import library
from fadu.kernel import clock as reading
from fadu.kernel.decide import Actor
from fadu.kernel.docket import MemoryDocket
from fadu.kernel.perform import Deed, open_case, perform

OFFICER = Actor("he", frozenset({("supervision_officer", "office")}))
LEADER = Actor("zhou", frozenset({("leader", "city")}))
HANDLER = Actor("jiang", frozenset({("unit_officer", "water")}))
MATTER = {
    "matter": "河道整治", "source": "meeting", "source_document": "纪要", "lead_unit": "water",
    "result_required": "报告", "urgent": False,
}  # fmt: skip


def test_each_day_of_a_pause_moves_an_agreed_date_by_a_day():
    docket, calendar = MemoryDocket.of(library()), state_council()
    procedure = library().in_force("supervision-item")
    case = open_case(docket, calendar, procedure, Deed.of(OFFICER, "propose", "2026-03-02", MATTER), "office")
    for actor, action, day, given in (
        (LEADER, "approve", "2026-03-03", {"due": "2026-04-30"}),
        (HANDLER, "sign", "2026-03-04", {}),
        (LEADER, "suspend", "2026-03-10", {"remark": "等待批复"}),
    ):
        perform(docket, calendar, case.id, Deed.of(actor, action, day, given))
    clock, run, data = procedure.clocks["item"], case.state.clocks["item"], case.state.data

    def shown(day: str) -> str:
        return reading.as_if_resumed(clock, run, data, calendar, reading.moment(day)).due

    assert [shown("2026-03-10"), shown("2026-03-24"), shown("2026-03-25")] == ["2026-04-30", "2026-05-14", "2026-05-15"]
    perform(docket, calendar, case.id, Deed.of(LEADER, "resume", "2026-03-25"))
    assert case.state.clocks["item"].due == "2026-05-15"
    assert (
        reading.as_if_resumed(clock, case.state.clocks["item"], data, calendar, reading.moment("2026-03-30")).due
        == "2026-05-15"
    )
