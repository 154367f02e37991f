"""What is said about a problem fits the problem: words by theme, and the theme by the indicator's code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from random import Random

from findings.rules.outcome import Outcome, Rule

# The longest prefix of the code decides.
THEME_OF = {
    "A": "process",
    "A1-02": "posted",
    "A1-03": "conduct",
    "A1-04": "money",
    "A1-05": "outside",
    "A2": "process",
    "B": "service",
    "B1-03": "law",
    "B1-04": "outside",
    "B2-01": "outside",
    "B3": "law",
    "B3-02": "money",
    "B3-03": "posted",
    "C1": "service",
    "C2": "process",
    "D1": "duty",
    "D1-03": "conduct",
    "D1-04": "conduct",
    "D1-05": "conduct",
    "D2-01": "posted",
    "D2": "conduct",
    "D3": "conduct",
    "D3-03": "law",
    "D3-04": "money",
    "D3-05": "money",
    "R1": "process",
    "R2": "service",
    "R3": "outside",
    "R4": "outside",
    "R4-2": "duty",
    "R5": "outside",
    "R5-5": "law",
}
SAID = {
    "duty": ("情况属实，当场通知当事人返岗。", "负责人到场后说明，临时替岗没有安排到位。"),
    "posted": ("承认公示更新不及时，表示当天更换。", "称负责更新的同志休假，没有指定替代人员。"),
    "service": ("情况属实，当场向办事群众道歉并补充说明。", "承认解释不够，表示今后注意。"),
    "process": ("称与其他科室意见不一致，正在协调。", "承认超过了规定时限，没有书面说明。"),
    "money": ("称按往年做法执行，没有新的定价文件。", "承认票据和台账不一致，表示立即核对。"),
    "law": ("称人手不足，部分程序事后补办。", "承认没有裁量说明，表示按规定补正。"),
    "conduct": ("当事人承认，表示接受处理。", "对检查指出的问题没有异议。"),
    "outside": ("承认工作不够深入，表示改进。", "称任务较多，来不及逐一落实。"),
}
HANDLED = {
    "duty": ("责令当事人立即返岗。", "要求负责人到场说明情况。", ""),
    "posted": ("责令当日更换公示内容。", "", ""),
    "service": ("要求当场为群众办理。", "口头纠正，要求负责人到场。", ""),
    "process": ("要求负责人到场说明情况。", "", ""),
    "money": ("要求封存票据和台账备查。", "要求停止收取。", ""),
    "law": ("复印卷宗备查。", "要求负责人到场说明情况。", ""),
    "conduct": ("责令立即停止，由单位负责人带离。", "登记在场人员岗位。", ""),
    "outside": ("复印台账备查。", "", ""),
}
STATEMENTS = {
    "duty": (
        "经核实，检查当日该同志临时外出未按规定报备，情况属实，我单位没有异议。",
        "当日替岗人员未到位，造成空岗，我单位负有管理责任，接受处理意见。",
    ),
    "posted": (
        "公示内容更新不及时属实，原负责人员调离后没有明确接替人员，已安排补齐。",
        "问题属实，已安排专人核对全部公示内容。",
    ),
    "service": (
        "经调看当日录像，工作人员解释不到位，情况属实，已向当事群众道歉。",
        "情况基本属实。当日系统升级，办理较慢，但态度和解释确有不足，接受批评。",
    ),
    "process": (
        "办理环节衔接不畅属实，主要是科室之间没有约定转办时限，我单位接受意见。",
        "超过时限属实。其中三个工作日在等待外单位回复，请予考虑。",
    ),
    "money": (
        "收取依据不充分属实，已停止执行，正在逐笔核对。",
        "票据和台账不一致属实，财务科已开始清理，结果另报。",
    ),
    "law": (
        "卷宗要素不全属实，承办中队没有按规定集体讨论，我单位接受意见。",
        "裁量说明缺失属实，已要求补正。",
    ),
    "conduct": (
        "经谈话核实，当事人承认上述事实，我单位没有异议，将按规定处理。",
        "情况属实，我单位日常教育监督不够，负有管理责任。",
    ),
    "outside": (
        "走访和核查不深入属实，台账填写在前、到场在后，接受批评。",
        "部分点位没有到现场属实，已重新安排。",
    ),
}
REQUIREMENTS = {
    "duty": ("核实情况，对责任人作出处理，完善替岗和外出报备制度，并在全单位开展一次在岗自查。",),
    "posted": ("立即更新公示内容，明确维护责任人和更新周期，举一反三检查所有服务场所。",),
    "service": ("对当事人批评教育，落实首问负责和一次性告知，开展窗口服务规范培训，整改结果书面报告。",),
    "process": ("梳理办理流程，明确各环节时限和责任人，对积压事项逐件办结，整改情况附清单。",),
    "money": ("停止没有依据的收取，逐笔核对并依规清退，查清责任，完善票据和账目管理。",),
    "law": ("补正卷宗，公开裁量标准，对近一年同类案件开展评查，评查结果书面报告。",),
    "conduct": ("核实情况，依规依纪对责任人作出处理，开展警示教育，并在全单位开展一次自查。",),
    "outside": ("逐项到现场重新核查，据实修正台账，建立走访和巡查的抽查办法，整改情况附现场记录。",),
}
# Of a report: cause, measures, how people were dealt with, rules made.
CAUSES = {
    "duty": "思想上对在岗纪律认识不够；管理上巡查流于形式；制度上缺少替岗和报备的具体规定。",
    "posted": "思想上存在应付心理；管理上科室负责人督促不严；制度上公示更新没有明确责任人。",
    "service": "思想上服务意识淡薄；管理上培训和抽查不足；制度上首问负责没有落实到岗。",
    "process": "思想上怕担责任；管理上环节之间无人统筹；制度上转办没有时限。",
    "money": "思想上沿用旧例；管理上票据领用核销不严；制度上缺少定期对账。",
    "law": "思想上重结果轻程序；管理上卷宗评查不经常；制度上裁量标准没有细化。",
    "conduct": "思想上纪律观念松弛；管理上日常监督缺位；制度上没有提醒和抽查办法。",
    "outside": "思想上存在形式主义；管理上以台账代替到场；制度上没有抽查复核。",
}
MEASURES = {
    "duty": "一是当日补齐在岗人员；二是实行岗位AB角；三是每日两次巡查并登记，已连续执行十个工作日。",
    "posted": "一是更换全部过期公示；二是指定专人每周一核对；三是科室负责人每月抽查一次。",
    "service": "一是向当事群众当面道歉并办结事项；二是统一使用一次性告知书；三是组织两次窗口服务培训。",
    "process": "一是积压事项逐件办结；二是约定科室间转办不超过一个工作日；三是系统内设置到期提醒。",
    "money": "一是停止收取并逐笔核对；二是多收部分已退回缴费人；三是票据由专人领用、按月对账。",
    "law": "一是补正相关卷宗；二是公布裁量标准；三是对近一年同类案件评查一遍。",
    "conduct": "一是对当事人谈话并作出处理；二是开展警示教育；三是由值班领导每日抽查。",
    "outside": "一是到现场逐项重新核查；二是据实修正台账；三是走访附定位照片并按月抽查。",
}
RULES = {
    "duty": "修订《在岗管理办法》，明确替岗、外出报备和巡查要求。",
    "posted": "建立公示信息维护清单，逐项明确责任人和更新周期。",
    "service": "修订《窗口服务规范》，把首问负责和一次性告知列入考核。",
    "process": "制定《内部转办时限规定》，逐环节明确时限和责任人。",
    "money": "修订《收费和票据管理办法》，增加按月对账和公开内容。",
    "law": "制定《行政处罚裁量说明制作办法》，明确集体讨论情形。",
    "conduct": "制定《工作纪律提醒抽查办法》，明确抽查频次和处理方式。",
    "outside": "制定《走访巡查抽查办法》，每月按一成比例到场复核。",
}
# What the picture of the corrected state shows: a kind of reports.demo.scenes.
SCENES = {"duty": "counter", "posted": "board", "service": "counter", "conduct": "corridor"}


def of(code: str) -> str:
    """The theme of an indicator."""
    return next(THEME_OF[code[:length]] for length in range(len(code), 0, -1) if code[:length] in THEME_OF)


def report_parts(*, rng: Random, code: str) -> dict[str, str]:
    """The parts of a report that depend on what was wrong."""
    theme = of(code)
    handled = (
        "对直接责任人批评教育，扣减当月绩效；对科室负责人谈话提醒。",
        "对当事人谈话提醒，责令书面检查。",
    )
    return {
        "cause_analysis": CAUSES[theme],
        "measures": MEASURES[theme],
        "persons_handled": rng.choice(handled),
        "rules_built": RULES[theme],
    }


def outcome(parts: Mapping[str, str], *, code: str) -> Outcome:
    """The numbers that go with the words of a report."""
    handled = parts["persons_handled"]
    told = {"criticism": "批评教育", "talk": "谈话提醒", "self_criticism": "书面检查"}
    return Outcome(
        places_checked=8,
        places_found=2 if "两处" in parts["self_extension"] else 0,
        money_returned=Decimal(1260 if of(code) == "money" else 0),
        rules=tuple(Rule(title) for title in re.findall("《(.+?)》", parts["rules_built"])),
        dealt={kind: 1 for kind, words in told.items() if words in handled},
    )
