"""A letter of any procedure as a document: what it says, as it stood when it was issued, and to whom it shows what."""

from dataclasses import replace
from typing import Any

import pytest

from fadu.cases.act import act, rectify
from fadu.cases.definitions import procedure_of
from fadu.cases.models import Case, Entry
from fadu.definitions import library
from fadu.kernel.definition import Letter, Procedure
from fadu.kernel.law import Text
from fadu.kernel.refusal import Refused
from fadu.kernel.state import State
from fadu.papers import letters
from fadu.papers.content import Content
from fadu.papers.letters import NoLetter, issued, letter_paper
from fadu.papers.paper import Grid, Paper
from fadu.papers.pdf import pdf
from fadu.papers.saying import Saying
from fadu.papers.word.setter import docx
from fadu.units.models import Unit
from fadu.units.posts import posts_of
from tests.desk.city import City, build

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> City:
    return build()


@pytest.fixture
def case(city: City) -> Case:
    return city.signed(days_ago=5, co_units=["yz-house"])


def slip(case: Case, **more: Any) -> Paper:
    return letter_paper(case, 2, "assignment_slip", **more)


def answers(paper: Paper) -> dict[str, str]:
    form = next(block for block in paper.blocks if isinstance(block, Grid))
    return {label: words for row in form.rows for label, words in row}


def with_letter(monkeypatch: pytest.MonkeyPatch, procedure: Procedure, **changes: Any) -> Letter:
    """The procedure's assignment slip, changed."""
    made = replace(procedure.letters["assignment_slip"], **changes)
    monkeypatch.setitem(procedure.letters, "assignment_slip", made)
    return made


def test_a_slip_names_its_organ_number_receiver_matter_and_full_due_date(case):
    paper, due = slip(case), case.due
    said = answers(paper)
    assert paper.mark == "云州市人民政府办公室督办单"
    assert (paper.form, paper.number, paper.organ) == ("slip", case.number, "云州市人民政府办公室")
    assert said["督办事项"] == "城区积水点整治验收"
    assert said["主办单位"] == "云州市水务局"
    assert f"{due.year}年" in said["办结"]
    assert said["签发"] == "顾长川"


def test_a_section_issues_in_the_name_of_its_office(city, case):
    act(case, "chase", city.people["he"], {"slip": "blue"})
    chase = list(issued_of(case))[-1]
    assert letter_paper(case, chase.seq, chase.key).organ == "云州市人民政府办公室"


def issued_of(case: Case):
    bodies = [entry.content for entry in Entry.objects.filter(case=case).order_by("seq")]
    return issued(procedure_of(case.definition_id), bodies)


def test_what_happens_later_never_alters_a_letter(city, case):
    before = slip(case)
    shen, gu = city.people["shen"], city.people["gu"]
    act(case, "ask_later_date", shen, {"why_later": "与地铁施工交叉"})
    act(case, "grant_later_date", gu, {"due": "2029-01-31"})
    assert slip(case) == before
    assert pdf(slip(case)) == pdf(before)
    assert docx(slip(case)) == docx(before)
    assert "2029年1月31日" not in str(before)


def test_an_entry_that_issued_a_letter_is_not_taken_back(city, case):
    act(case, "chase", city.people["he"], {"slip": "blue"})
    with pytest.raises(Refused, match="已发出文书"):
        rectify(case, city.people["he"], "发错单位")


def test_asking_for_a_letter_that_was_not_issued_finds_none(case):
    for seq, key in (
        (2, "chase_slip"),
        (3, "assignment_slip"),
        (99, "assignment_slip"),
        (0, "assignment_slip"),
        (2, "nothing"),
    ):
        with pytest.raises(NoLetter):
            letter_paper(case, seq, key)


def test_nobody_reads_in_a_letter_what_they_may_not_see(monkeypatch, city, case):
    procedure = procedure_of(case.definition_id)
    hidden = replace(procedure.fields["result_required"], seen_by=("leader",))
    monkeypatch.setitem(procedure.fields, "result_required", hidden)
    with_letter(monkeypatch, procedure, text=(Text("成果：{result_required}。", "Result: {result_required}."),))
    leader = slip(case, held=posts_of(city.people["gu"], case.opened.date()))
    clerk = slip(case, held=posts_of(city.people["shen"], case.opened.date()))
    assert "整治方案、验收材料和点位清单" in str(leader)
    assert "整治方案、验收材料和点位清单" not in str(clerk)
    assert (leader.stamp, clerk.stamp) == ("", "节录")
    assert "有 1 项内容您无权查看" in clerk.foot
    assert "整治方案".encode() not in pdf(clerk)


def test_a_text_fills_in_fields_terms_and_its_own_words_and_leaves_out_what_would_have_a_gap(monkeypatch, case):
    with_letter(
        monkeypatch,
        procedure_of(case.definition_id),
        text=(
            Text("{addressee}：请于{item}前办结“{matter}”。", "{addressee}: finish '{matter}' by {item}."),
            Text("进展：{progress}。", "Progress: {progress}."),
            Text("{organ}{day}，{number}。", "{organ}, {day}, {number}."),
        ),
    )
    lines = answers(slip(case))["办理要求"].split("\n")
    assert lines[0].startswith("云州市水务局：请于20")
    assert lines[0].endswith("日前办结“城区积水点整治验收”。")
    assert len(lines) == 2
    assert case.number in lines[1]


@pytest.mark.parametrize("form", ["letter", "document", "bulletin"])
def test_the_same_letter_as_a_document_a_letter_or_a_bulletin(monkeypatch, case, form):
    procedure = procedure_of(case.definition_id)
    lead, co = (
        procedure.letters["assignment_slip"].to[0],
        replace(procedure.letters["assignment_slip"].to[0], name="co_units"),
    )
    with_letter(
        monkeypatch, procedure, form=form, copies=(co,), heading=Text("{organ}关于{matter}的督办通知", "On {matter}"),
        text=(Text("一、办理要求\n请于{item}前办结。", "Finish by {item}."),), shows=("matter", "result_required", "item"), to=(lead,),
    )  # fmt: skip
    paper = slip(case)
    assert paper.form == form
    text = str(paper)
    assert "整治方案、验收材料和点位清单" in text
    assert paper.title == ("云州市人民政府办公室", "关于城区积水点整治验收的督办通知")
    if form == "bulletin":
        assert paper.imprint is not None
        assert paper.imprint.lines == ("发送：云州市水务局。",)
    else:
        assert paper.addressee == "云州市水务局："
        assert "抄送：云州市住房和城乡建设局。" in text
    assert (
        paper.mark
        == {"letter": "云州市人民政府办公室", "document": "云州市人民政府办公室文件", "bulletin": "督办单"}[form]
    )
    assert len(pdf(paper)) > 1000


def test_the_english_reading_copy_says_that_the_chinese_one_counts(case):
    paper = slip(case, lang="en")
    assert paper.mark == "General Office – Assignment slip"
    assert answers(paper)["Lead unit"] == "Water Bureau"
    assert "the document itself is the Chinese one" in paper.foot


def test_a_letter_of_ten_thousand_characters_with_markup_in_it_is_set(city):
    case = city.approved(matter="<script>alert(1)</script>#panic()" + "长" * 400, days_ago=3)
    assert len(pdf(slip(case))) > 1000
    assert len(docx(slip(case))) > 1000


def test_letters_cost_the_same_however_many_cases_there_are(django_assert_max_num_queries, city, case):
    for n in range(3):
        city.approved(f"另一件{n}", days_ago=2)
    with django_assert_max_num_queries(5):
        slip(case)


def test_every_letter_that_ships_makes_a_paper(case):
    """Of cases that know nothing but their number: what is empty is left out, nothing breaks."""
    for procedure in library().versions.values():
        for letter in procedure.letters.values():
            for lang in ("zh", "en"):
                saying = Saying.of(lang, (), {})
                state = State(seq=1, day="2026-01-05", stage=next(iter(procedure.stages)), unit="yz-sup")
                body = {"seq": 1, "by": "clock", "day": "2026-01-05", "action": "x"}
                content = Content(procedure, letter, state, body, "", frozenset(procedure.fields), saying)
                paper = letters._paper(content)
                assert (paper.form, paper.organ) == (
                    letter.form,
                    "云州市人民政府办公室" if lang == "zh" else "General Office",
                )


def test_the_unit_s_full_name_stands_in_a_document(case):
    Unit.objects.filter(code="yz-water").update(short_zh="市水务局")
    assert answers(slip(case))["主办单位"] == "云州市水务局"
