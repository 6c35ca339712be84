"""What an official document is made of, before it is set: numbers, levels, forms, titles."""

import pytest

from fadu.papers.paper import BadNumber, Paper, grid, number_of, paragraph, paragraphs
from fadu.papers.titles import title_lines


@pytest.mark.parametrize("number", ["云政办督〔2026〕57号", "督〔2026〕1号", "云政（公开）复〔2026〕12号"])
def test_a_document_bears_the_number_the_standard_knows(number):
    assert Paper("document", ("通知",), number=number).name == f"{number} 通知"


@pytest.mark.parametrize(
    "number",
    ["云政办督[2026]57号", "云政办督〔26〕57号", "云政办督〔2026〕057号", "云政办督〔2026〕第57号", "云政办督〔2026〕57", "〔2026〕57号", "督2026-57"],
)  # fmt: skip
def test_a_number_in_another_form_is_refused_with_the_right_one_in_two_languages(number):
    with pytest.raises(BadNumber, match=r"六角括号.* \| .*is no document number"):
        Paper("document", ("通知",), number=number)
    assert number_of(number) == ""


def test_an_issue_of_a_bulletin_is_numbered_without_leading_zeros():
    assert Paper("bulletin", ("情况",), issue="第12期").issue == "第12期"
    with pytest.raises(BadNumber):
        Paper("bulletin", ("情况",), issue="第012期")


def test_levels_and_their_heads_are_told_apart():
    found = list(
        paragraphs("一、办理要求\n（一）压缩时限。由45个工作日压缩。\n1.市财政局\n（1）按期\n正文\n\n3.5亿元到位")
    )
    assert [one.level for one in found] == [1, 2, 3, 4, 0, 0]
    assert [one.is_heading for one in found] == [True, False, False, False, False, False]
    assert [(run.text, run.style) for run in found[1].runs] == [
        ("（一）压缩时限。", "head"),
        ("由45个工作日压缩。", ""),
    ]


def test_a_long_sentence_that_begins_like_a_heading_is_text():
    assert not paragraph(f"一、{'承办单位应当按期反馈' * 6}。").is_heading
    assert paragraph("（三）补贴拨付").is_heading


def test_short_answers_share_a_row_of_a_form_and_keep_their_order():
    rows = grid(
        [
            ("来源", "会议纪要"),
            ("时限", "2026年10月22日"),
            ("协办", "市财政局、市住房和城乡建设局、市交通运输局"),
            ("签收人", ""),
        ]
    ).rows
    assert [[label for label, _ in row] for row in rows] == [["来源", "时限"], ["协办"], ["签收人"]]


def test_a_title_breaks_evenly_after_its_organ_and_never_before_a_mark_or_inside_a_number():
    organ = "云州市人民政府办公室"
    assert title_lines(f"{organ}关于加装电梯的通知", organ) == (organ, "关于加装电梯的通知")
    lines = title_lines("关于开展2026年度全市老旧小区加装电梯审批提速情况专项督查的通知")
    assert "".join(lines) == "关于开展2026年度全市老旧小区加装电梯审批提速情况专项督查的通知"
    assert len(lines) == 2
    assert max(map(len, lines)) - min(map(len, lines)) <= 4
    assert all(line[0] not in "，的）" and not line[0].isdigit() for line in lines)
    assert title_lines("短题") == ("短题",)
