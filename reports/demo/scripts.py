"""The campaigns of the demo city, how far each goes, and the courses of what they find."""

from __future__ import annotations

from findings.models import Finding
from inspections.models import Campaign, Visit

from .field import Script
from .matters import HANDED_ON, Course

C, F, V = Campaign.State, Finding.State, Visit.State
SPEECH, REPORT = "speech", "report"
HALLS = ("WL1101", "WLA4", "WL1102", "WLC4", "WL04", "WLB5", "WL1103", "WLA5", "WLB4", "WLC5")
OFFICES = ("WLA2", "WL05", "WLB3", "WL06", "WLA6", "WLC2", "WLB6", "WLC6", "WLA1", "WL04")
BUREAUS = ("WLC1", "WLB4", "WL05", "WLA3", "WLC3", "WL06", "WLB1", "WLC7", "WLA1", "WL04")
COUNTIES = ("WLC7", "WLA5", "WLB6", "WLC8", "WLC5", "WLA6", "WLB5", "WLC6", "WLB3", "WLC3", "WLA2", "WL1101")
WINDOW_CODES = (
    "B1-01",
    "B1-02",
    "B2-02",
    "B3-03",
    "C1-01",
    "C1-02",
    "C1-03",
    "C1-04",
    "C2-02",
    "C2-03",
    "D2-01",
)
DISCIPLINE = ("D1-01", "D1-02", "D1-03", "D1-04", "D1-05", "D2-01", "C1-02", "B2-03")
WIDE = (
    "A1-01",
    "A1-03",
    "A1-05",
    "A2-01",
    "A2-03",
    "A2-05",
    "B2-04",
    "B3-02",
    "B3-04",
    "C2-01",
    "D1-02",
    "D2-03",
    "D3-01",
)
SCRIPTS = (
    Script(
        "窗口服务质量明察",
        "窗口在岗、一次性告知、限时办结、收费公示情况。",
        "open",
        SPEECH,
        150,
        138,
        HALLS,
        C.CLOSED,
        WINDOW_CODES,
    ),
    Script(
        "工作纪律暗访",
        "到岗在岗、工作时间从事与工作无关活动、值班值守情况。",
        "covert",
        SPEECH,
        98,
        86,
        OFFICES,
        C.CLOSED,
        DISCIPLINE,
    ),
    Script(
        "惠企政策落实明察",
        "惠企政策公开、主动告知、兑现时限情况。",
        "open",
        REPORT,
        62,
        50,
        BUREAUS,
        C.REPORTING,
    ),
    Script(
        "机关作风暗访",
        "决策部署执行、服务态度、执法规范和工作纪律情况。",
        "covert",
        SPEECH,
        27,
        9,
        OFFICES[::-1],
        C.ACTIVE,
        WIDE,
    ),
    Script(
        "基层减负专项检查",
        "报表会议清理、调研走访和联系群众情况。",
        "open",
        REPORT,
        13,
        1,
        COUNTIES,
        C.ACTIVE,
        teams=3,
        visit_states=(*[V.LOCKED] * 6, V.ABORTED, V.LOCKED, V.REVIEWED, V.RECORDED, V.ON_SITE, V.DEPARTED),
    ),
    Script(
        "节前值班值守暗访", "值班值守和公务用车管理情况。", "covert", SPEECH, 4, -1, OFFICES[2:8], C.APPROVED
    ),
    Script("年度承诺兑现回访", "年初公开承诺事项兑现情况。", "open", SPEECH, 1, -1, HALLS[:6], C.DRAFT),
    Script(
        "政务公开专项检查",
        "公开栏、网站和办事指南更新情况。",
        "open",
        SPEECH,
        3,
        -1,
        BUREAUS[:6],
        C.SUBMITTED,
    ),
    Script(
        "调查研究作风检查", "调研选题、过程和成果转化情况。", "open", REPORT, 6, -1, COUNTIES[:5], C.RETURNED
    ),
    Script(
        "行政执法规范明察", "执法程序、裁量和公示情况。", "open", SPEECH, 45, -1, OFFICES[:5], C.CANCELLED
    ),
    Script("重复安排的窗口检查", "窗口服务情况。", "open", SPEECH, 40, -1, HALLS[:4], C.CANCELLED),
)
CLOSED = Course(F.CLOSED)
COURSES = {
    SCRIPTS[0].title: (
        CLOSED,
        Course(F.CLOSED, returns=1, slow=9),
        Course(F.CLOSED, verdict="partly"),
        Course(F.DISMISSED, verdict="dismiss"),
        Course(F.CLOSED, route="immediate", slow=4, grade=1),
        Course(F.CLOSED, slow=20, grade=3),
        Course(F.CLOSED, route="complex", slow=24, grade=3),
    ),
    SCRIPTS[1].title: (
        CLOSED,
        Course(F.CLOSED, route="immediate", slow=4, grade=1),
        Course(F.DISMISSED, verdict="dismiss"),
        Course(F.CLOSED, slow=18, returns=1, grade=3),
        Course(F.RECTIFYING, route="complex", slow=12, grade=4),
        Course(F.CLOSED, slow=12),
    ),
    SCRIPTS[2].title: (
        Course("refused", slow=12, grade=3),
        Course(F.SUBMITTED, route="complex", slow=24),
        Course(F.AWAITING_ACCEPTANCE, route="complex", slow=22),
        Course("one_accept", slow=16),
        Course("returned", returns=1, route="complex", slow=24, grade=3),
        Course(F.RECTIFYING, slow=9, grade=4),
        CLOSED,
        Course(F.CLOSED, verdict="partly", slow=10),
    ),
    SCRIPTS[3].title: (
        Course(F.CLOSED, route="immediate", slow=4, grade=1),
        Course(F.RECTIFYING, slow=6, grade=3),
        Course(F.SUBMITTED, slow=6),
        Course("returned", returns=1, slow=6, grade=3),
        Course(F.RECTIFYING, slow=6),
        Course(HANDED_ON, slow=4),
        Course(F.RECEIVED),
        Course(F.RECTIFYING, slow=5),
        Course(F.RECEIVED, grade=5),
        Course(F.ASSIGNED, route="immediate", grade=1),
        Course(F.ASSIGNED),
        Course(F.RECEIVED, route="complex"),
    ),
    SCRIPTS[4].title: (
        Course(F.ASSIGNED, grade=1),
        Course(F.CONFIRMED),
        Course(F.PARTLY, verdict="partly"),
        Course(F.DISMISSED, verdict="dismiss"),
        Course("asked"),
        Course(F.VERIFYING, grade=3),
        Course(F.NEW),
    ),
}
# Without courses left, what an old campaign found is closed, and what a running one found waits for a clerk.
LEFT_OVER = {SCRIPTS[0].title: CLOSED, SCRIPTS[1].title: CLOSED, SCRIPTS[2].title: CLOSED}
# Working days a course needs at most after the finding is raised.
NEEDS = {"asked": 1, F.NEW: 0, F.VERIFYING: 0, F.CONFIRMED: 2, F.PARTLY: 2, F.DISMISSED: 2, F.ASSIGNED: 2}
