"""Documents of an invented city, one of each form."""

from dataclasses import replace
from datetime import UTC, datetime

from fadu.papers.paper import Imprint, Paper, Paragraph, Run, Table, grid, paragraphs

TEXT = """2026年9月8日市长办公会第15次会议议定事项，现交办如下，请按期办理并反馈。
一、办理要求
（一）压缩时限。将既有住宅加装电梯从受理到核发施工手续的时间，由45个工作日压缩到20个工作日以内，取消重复公示。
（二）联合验收。制定三部门联合验收细则，明确受理窗口、验收内容和各部门意见时限，不得相互设为前置。
（三）补贴拨付。验收合格后20个工作日内拨付财政补贴。
二、责任分工
市住房和城乡建设局主办，于10月22日前报送细则文本和首批30部电梯办理清单。
1.市自然资源和规划局、市市场监督管理局协办。
（1）按主办单位分派的子事项期限反馈。
三、反馈方式
请于1个工作日内在督办系统签收，3个工作日内报送工作计划。"""
ORGAN = "云州市人民政府办公室"
MADE = datetime(2026, 9, 11, 9, 30, tzinfo=UTC)

DOCUMENT = Paper(
    form="document",
    mark=f"{ORGAN}文件",
    number="云政办督〔2026〕57号",
    title=(ORGAN, "关于老旧小区加装电梯审批提速的督办通知"),
    addressee="市住房和城乡建设局，市自然资源和规划局、市市场监督管理局、市财政局：",
    blocks=tuple(paragraphs(TEXT)),
    attachments=("首批加装电梯项目清单",),
    organ=ORGAN,
    date="2026年9月11日",
    note="联系人：督查室，0990-1234567",
    imprint=Imprint(("抄送：市审计局，市数据局。",), ORGAN, "2026年9月11日印发"),
    author=ORGAN,
    subject="督办通知",
    made=MADE,
)
LONG = replace(
    DOCUMENT,
    blocks=tuple(
        paragraphs("\n".join(["这是二十二行二十八字的正文用来数清每一页的行数和每一行的字数是否合乎标准。" * 12] * 4))
    ),
)
LETTER = replace(
    DOCUMENT,
    form="letter",
    mark=ORGAN,
    number="云政办函〔2026〕3号",
    title=("关于商请提供验收数据的函",),
    imprint=Imprint(("抄送：市数据局。",)),
)
SLIP = Paper(
    form="slip",
    mark=f"{ORGAN}督办单",
    number="督〔2026〕318号",
    date="2026年9月11日",
    title=(),
    blocks=(
        grid(
            [
                ("督办事项", "城区积水点整治验收"),
                ("来源", "会议纪要"),
                ("办结时限", "2026年10月22日"),
                ("主办单位", "云州市水务局"),
                ("协办单位", "云州市住房和城乡建设局、云州市财政局、云州市交通运输局"),
                ("成果形式", "整治方案、验收材料和点位清单"),
                ("办理要求", "请于1个工作日内签收，5个工作日内报送办理计划，按月反馈进展。"),
                ("领导批示", "\n\n"),
                ("签收人", ""),
                ("签收时间", ""),
            ]
        ),
    ),
    organ=ORGAN,
    made=MADE,
)
BULLETIN = Paper(
    form="bulletin",
    mark="云州督查",
    issue="第12期",
    organ="云州市人民政府办公室督查室",
    date="2026年9月11日",
    title=("三季度市级督办事项办理情况",),
    blocks=(
        *paragraphs("一、总体情况\n本季度立项督办事项120项，已办结96项。"),
        Table(
            ("序号", "事项", "主办单位", "期限", "状态"),
            tuple(
                (str(n), "老旧小区加装电梯审批提速", "市住房和城乡建设局", "2026年10月22日", "办理中")
                for n in range(1, 40)
            ),
            "表1　逾期事项",
            (0.9, 3, 2.6, 2.3, 1.1),
            (0,),
        ),
        Paragraph((Run("全年立项"), Run("1,270项", "strong"), Run("1", "note"), Run("。"))),
    ),
    imprint=Imprint(("报：市长、副市长。", "发：各区人民政府，市政府各部门。")),
    made=MADE,
)
