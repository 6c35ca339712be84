from fadu.definitions import library
from fadu.desk.rail import rail, road


def test_the_road_leaves_out_detours_and_shortcuts(procedure):
    assert [key for key in procedure.stages if key in road(procedure)] == [
        "proposed", "assigned", "underway", "verifying", "approving", "closed",
    ]  # fmt: skip


def test_stages_before_the_present_one_are_done_and_dated(procedure):
    line = rail(
        procedure, "underway", [("proposed", "2026-09-08"), ("assigned", "2026-09-11"), ("underway", "2026-09-12")]
    )
    assert [stop.state for stop in line.stops] == ["done", "done", "now", "ahead", "ahead", "ahead"]
    assert line.current.title == "办理中"
    assert (line.position, line.current.day) == (3, "2026-09-12")


def test_a_detour_is_shown_once_it_has_happened(procedure):
    line = rail(
        procedure, "assigned", [("proposed", "2026-09-08"), ("returned", "2026-09-14"), ("assigned", "2026-09-15")]
    )
    assert "退回待改派" in [stop.title for stop in line.stops]


def test_a_detour_stands_behind_the_stage_it_was_taken_from(procedure):
    moves = [
        ("proposed", "2026-09-08"),
        ("assigned", "2026-09-11"),
        ("underway", "2026-09-12"),
        ("suspended", "2026-09-20"),
    ]
    line = rail(procedure, "suspended", moves)
    assert [stop.title for stop in line.stops][2:5] == ["办理中", "中止", "待核查"]
    assert [stop.state for stop in line.stops][2:5] == ["done", "now", "ahead"]


def test_a_closed_case_shows_only_the_way_it_took(procedure):
    line = rail(procedure, "closed", [("proposed", "2026-09-08"), ("closed", "2026-09-10")])
    assert [stop.title for stop in line.stops] == ["待立项", "已销号"]


def test_every_shipped_procedure_has_a_road_from_its_start_to_an_end():
    for procedure in library().versions.values():
        assert road(procedure) & procedure.ends_in, procedure.key
