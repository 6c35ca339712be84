"""What administrative acts are called, and the values they change."""

from collections.abc import Mapping

from fadu.kernel.law import Text

ACTS: Mapping[str, Text] = {
    key: Text.parse(text)
    for key, text in {
        "add_unit": "新增单位 | Unit added",
        "change_unit": "修改单位 | Unit changed",
        "close_unit": "撤销单位 | Unit closed",
        "reopen_unit": "恢复单位 | Unit reopened",
        "add_person": "开立账号 | Account opened",
        "change_person": "修改人员 | Person changed",
        "close_account": "停用账号 | Account closed",
        "reopen_account": "启用账号 | Account reopened",
        "reset_password": "重设密码 | Password reset",
        "reset_factor": "清除两步验证 | Second factor removed",
        "give_post": "授予岗位 | Post given",
        "end_post": "终止岗位 | Post ended",
        "delegate": "设定代理 | Delegation made",
        "revoke_delegation": "撤销代理 | Delegation revoked",
        "revoke_token": "废止令牌 | Token revoked",
        "import_units": "导入单位 | Units imported",
        "import_people": "导入人员 | People imported",
        "draft": "起草版本 | Version drafted",
        "change_draft": "修改草案 | Draft changed",
        "withdraw": "撤回草案 | Draft withdrawn",
        "publish": "发布版本 | Version published",
        "recount": "重算期限 | Terms recounted",
    }.items()
}
SUBJECTS: Mapping[str, Text] = {
    key: Text.parse(text)
    for key, text in {
        "unit": "单位 | Unit",
        "person": "人员 | Person",
        "edition": "版本 | Edition",
        "calendar": "日历 | Calendar",
        "file": "文件 | File",
    }.items()
}
VALUES: Mapping[str, Text] = {
    key: Text.parse(text)
    for key, text in {
        "code": "代码 | Code",
        "name_zh": "名称 | Name",
        "name_en": "英文名称 | English name",
        "short_zh": "简称 | Short name",
        "kind": "类型 | Kind",
        "parent": "上级单位 | Parent",
        "division": "行政区划代码 | Division code",
        "uscc": "统一社会信用代码 | Credit code",
        "order": "排序 | Order",
        "since": "自 | Since",
        "until": "至 | Until",
        "username": "用户名 | User name",
        "name": "姓名 | Name",
        "phone": "电话 | Telephone",
        "email": "邮箱 | E-mail",
        "language": "语言 | Language",
        "unit": "单位 | Unit",
        "role": "角色 | Role",
        "title": "职务 | Title",
        "deputy": "代理人 | Deputy",
        "reason": "事由 | Reason",
        "roles": "代理的角色 | Roles lent",
        "revoked": "撤销日 | Revoked",
        "token": "令牌 | Token",
        "rows": "行数 | Rows",
        "key": "代码 | Key",
        "version": "版本 | Version",
        "in_force": "施行日 | In force",
        "basis": "批准文件 | Approving paper",
        "digest": "摘要 | Digest",
        "cases": "涉及事项 | Cases",
        "sha256": "文件摘要 | Digest of the file",
    }.items()
}
