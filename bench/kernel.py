"""What one action costs in the kernel alone, on a supervised item: reading the state back, deciding, folding."""

import json
from collections.abc import Callable
from time import perf_counter
from typing import Any

from fadu.data.calendars import state_council
from fadu.definitions import library
from fadu.kernel.decide import Actor, choices
from fadu.kernel.docket import MemoryDocket
from fadu.kernel.perform import Deed, open_case, perform
from fadu.kernel.state import State, fold

SUN = Actor("sun", frozenset({("supervision_officer", "office")}))
QIAN = Actor("qian", frozenset({("supervision_officer", "office")}))
VICE = Actor("vice", frozenset({("leader", "office")}))
ZHAO = Actor("zhao", frozenset({("unit_officer", "water")}))
PROPOSAL = {
    "matter": "河道整治", "source": "meeting", "source_document": "纪要", "lead_unit": "water",
    "result_required": "验收报告", "urgent": False,
}  # fmt: skip
STEPS: list[tuple[Actor, str, str, dict[str, Any]]] = [
    (VICE, "approve", "2026-03-03", {"due": "2026-04-30"}),
    (ZHAO, "sign", "2026-03-04", {}),
    (ZHAO, "file_plan", "2026-03-09", {"plan": "计划"}),
    (ZHAO, "report", "2026-04-02", {"progress": "过半"}),
    (SUN, "chase", "2026-04-10", {"slip": "blue"}),
    (ZHAO, "ask_later_date", "2026-04-20", {"why_later": "汛期"}),
    (VICE, "grant_later_date", "2026-04-21", {"due": "2026-05-20"}),
    (VICE, "suspend", "2026-04-22", {"remark": "防汛"}),
    (VICE, "resume", "2026-04-28", {}),
    (ZHAO, "ask_closing", "2026-05-18", {"evidence": "报告"}),
    (QIAN, "verify", "2026-05-19", {"verified_how": "papers", "remark": "属实"}),
    (VICE, "strike_off", "2026-05-20", {"outcome": "done"}),
]
ROUNDS = 200


def main() -> None:
    calendar, docket = state_council(), MemoryDocket.of(library())
    procedure = library().in_force("supervision-item")
    spent: dict[str, float] = {}
    for _ in range(ROUNDS):
        started = perf_counter()
        folder = open_case(docket, calendar, procedure, Deed.of(SUN, "propose", "2026-03-02", PROPOSAL), "office")
        spent["propose"] = spent.get("propose", 0) + perf_counter() - started
        for actor, action, day, data in STEPS:
            started = perf_counter()
            perform(docket, calendar, folder.id, Deed.of(actor, action, day, data))
            spent[action] = spent.get(action, 0) + perf_counter() - started
    for action, seconds in spent.items():
        print(f"{action:18} {seconds / ROUNDS * 1e6:7.1f} µs")
    print(f"{'mean of an action':18} {sum(spent.values()) / ROUNDS / len(spent) * 1e6:7.1f} µs")
    _reading(docket, folder.id)


def _reading(docket: MemoryDocket, case_id: int) -> None:
    state, bodies = docket.get(case_id).state, docket.entries[case_id]
    raw, calendar = state.to_json(), state_council()
    text, procedure = json.dumps(raw), docket.get(case_id).procedure
    underway = fold(bodies[:4])
    works: dict[str, Callable[[], Any]] = {
        "State.from_json": lambda: State.from_json(raw),
        "State.to_json": state.to_json,
        "json.loads": lambda: json.loads(text),
        "fold of 13": lambda: fold(bodies),
        "choices, underway": lambda: choices(procedure, calendar, underway, ZHAO, "2026-04-01"),
    }
    for name, work in works.items():
        started = perf_counter()
        for _ in range(ROUNDS):
            work()
        print(f"{name:18} {(perf_counter() - started) / ROUNDS * 1e6:7.1f} µs")


if __name__ == "__main__":
    main()
