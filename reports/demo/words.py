"""What the people of the demo city write: plain office prose, chosen by the seed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from random import Random

SEEN = json.loads((Path(__file__).parent / "seen.json").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Seen:
    """One thing an inspector writes down."""

    code: str
    facts: str
    place: str
    post: str
    persons: int


def seen(*, rng: Random, code: str, at: time) -> Seen:
    """A believable observation of an indicator. at: when it was seen, on the clock of the place"""
    row = rng.choice(SEEN[code])
    several = rng.randint(2, 6)
    blanks = {
        "t": f"{at.hour}时{at.minute:02d}分",
        "n": several,
        "d": rng.randint(5, 25),
        "w": rng.randint(1, 24),
        "m": rng.randint(4, 40) * 50,
        "h": rng.randint(8, 30),
    }
    # Where the facts say how many there were, the number is taken from them.
    persons = several if row["persons"] == "n" else row["persons"]
    return Seen(code, row["facts"].format(**blanks), row["place"].format(**blanks), row["post"], persons)


GOOD = (
    "窗口实行双人轮岗，中午不关门，群众取号后平均等候不到十分钟。",
    "为行动不便的老人安排专人陪办，现场从取号到办结用时二十分钟。",
    "办事指南按“一件事”重新编排，材料清单附有样表，群众反映看得懂。",
)
DEPARTMENTS = ("综合科", "审批科", "业务科", "综合窗口", "值班室", "执法中队", "信访接待室", "收费窗口")
COMPANY = ("办公室负责人", "值班负责人", "窗口负责人", "")
VERDICTS = (
    "现场记录、照片和单位陈述相互印证，事实清楚。",
    "经核对有关登记和系统记录，与现场记录一致。",
    "经电话核实并查阅台账，问题属实。",
)
PARTLY = (
    "主要事实属实；单位提交的审批手续可以证明其中一处事出有因，该部分不予认定。",
    "检查当日的情况属实；“长期如此”一节没有充分依据，不予认定。",
)
DISMISSALS = (
    "经核对单位提交的审批手续和系统记录，检查当日的情况有正当理由，不属于违规。",
    "经向服务对象核实，当时系应其本人要求办理，不属于所列问题。",
)
SET_ASIDE = ("单位当场改正，情节轻微，不单独列为问题。", "同一事项已在前次检查中列为问题，不重复列入。")
RETURNS = (
    "整改措施写得笼统，缺少完成时间和责任人；佐证照片看不出改正后的情况，请补充。",
    "举一反三排查没有范围和结果，建章立制部分未附制度文本，请补正后重新提交。",
    "“加强教育”不能代替责任人处理，请写明处理方式和依据。",
)
PASSES = ("报告要素齐全，措施具体，佐证充分，提请验收。", "退回意见已逐条落实，同意提请验收。")
ACCEPTS = (
    "现场复核，问题已改正，同意验收。",
    "查看制度文本和执行记录，措施已落实，同意验收。",
    "抽查三个工作日，没有再发现同类情况，同意验收。",
)
REFUSALS = ("现场复核时同类情况仍有一处，不同意验收，请继续整改。",)
CLOSINGS = ("验收意见一致，予以销号。", "整改到位，予以销号。")
OUTCOMES = (
    "共性问题已纳入月度通报，责任单位均已提交整改报告。",
    "检查结束，问题已全部交办，转入日常跟踪。",
)
REPORT_PARTS = {
    "problem_summary": (
        "检查组指出我单位“{title}”。经领导班子研究，问题属实。",
        "整改通知书指出的“{title}”一事，我单位于收到当日召开专题会议。",
    ),
    "investigation": (
        "经调阅有关记录，并与当事人谈话，检查当日的情况与现场记录一致。",
        "经查，问题系内部分工不清、督促不到位造成，此前未被发现。",
    ),
    "self_extension": (
        "对下属全部服务场所排查一遍，发现同类情况两处，已同步改正。",
        "对所有科室开展自查，未发现同类问题。",
    ),
    "unfinished": ("无", "信息系统改造计划于下季度末完成，期间由专人人工核对。"),
}
PLANS = (
    ("窗口服务质量明察", "窗口在岗、一次性告知、限时办结、收费公示情况。"),
    ("工作纪律暗访", "到岗在岗、工作时间从事与工作无关活动、值班值守情况。"),
    ("惠企政策落实明察", "惠企政策公开、主动告知、兑现时限情况。"),
    ("基层减负专项检查", "报表、会议、督查检查事项清理，调研走访和联系群众情况。"),
)
RETURNED_PLAN = "被查单位与上月检查重复三家，请调整对象，并写明检查范围。"
CANCELLED = "与上级同期安排的检查重复，按统筹要求取消。"
ABORTED = "当日该单位停电，窗口临时停止对外服务，改期再查。"
CORRECTION = "现场记录中“{wrong}”应为“{right}”，系笔误，其余内容不变。"
NOT_OURS = "经核对职责清单，该窗口自今年起由另一单位派驻管理，本单位不承担日常管理职责，附职责调整文件。"
IS_THEIRS = "职责调整文件属实，该窗口现由新责任单位管理，予以改派。"
