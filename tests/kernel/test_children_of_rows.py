"""A list of rows opens a child for each row it chooses, with the columns of that row."""

import pytest

from fadu.kernel.refusal import Refused
from fadu.kernel.source import DefinitionError
from tests.kernel.small import LEADER, MATTER, OFFICER, City, procedure

OF_ROWS = MATTER.replace(
    "kind: list, of: unit}",
    "kind: list, of: {of: {title: 单位 | Unit, kind: unit}, what: {title: 内容 | What, kind: text}}}",
).replace("each: {helpers: unit}, gives: {name: name}", "each: helpers, gives: {what: name, of: unit}")
CHOSEN = OF_ROWS.replace("each: helpers,", "each: helpers, where: {what: filled},")
ROWS = [{"of": "parks", "what": "补植"}, {"of": "roads"}, {"of": "water", "what": "清淤"}]


def opened(city: City) -> list[tuple[str, str, dict[str, str]]]:
    children = [folder for folder in city.docket.folders.values() if folder.parent_id]
    return [(one.state.data["unit"], one.state.data["name"], dict(one.state.set_by)) for one in children]


def test_each_chosen_row_opens_a_child_with_its_columns_set_by_whoever_wrote_the_row() -> None:
    city = City(CHOSEN, {"name": "河道", "unit": "water", "helpers": ROWS})
    city.act(LEADER, "assign", "2026-03-03", due="2026-04-30")
    by = {"name": OFFICER.id, "unit": OFFICER.id}
    assert opened(city) == [("parks", "补植", by), ("water", "清淤", by)]


def test_a_row_that_lacks_what_its_child_needs_opens_none_and_names_the_list() -> None:
    city = City(OF_ROWS, {"name": "河道", "unit": "water", "helpers": ROWS})
    with pytest.raises(Refused) as caught:
        city.act(LEADER, "assign", "2026-03-03", due="2026-04-30")
    (refusal,) = caught.value.refusals
    assert (refusal.field, refusal.text.zh) == ("helpers", "协办：请填写“名称”")
    assert not opened(city)


@pytest.mark.parametrize(
    ("written", "instead"),
    [("each: helpers,", "each: name,"), ("what: name,", "whatever: name,"), ("{what: filled}", "{why: filled}")],
)
def test_a_list_that_is_none_and_a_column_that_is_none_are_faults(written: str, instead: str) -> None:
    with pytest.raises(DefinitionError):
        procedure(CHOSEN.replace(written, instead))
