"""Papers for the tests: believable texts, no real place or person."""

import hashlib
import io
from datetime import date, datetime, time

from PIL import Image, ImageDraw

from findings.papers import Notice, NoticeFinding, NoticePhoto
from inspections.papers import (
    CheckEntry,
    CorrectionEntry,
    EvidenceEntry,
    Headcount,
    InspectorEntry,
    ObservationEntry,
    PhotoEntry,
    RecordSheet,
    SignOff,
)
from reports.papers import Bulletin, BulletinPhoto, Case, CategoryRow, Figure, UnitRow

FACTS = (
    "2026年11月12日上午10时30分，检查组在甲区发展改革局综合科发现，1名工作人员在上班时间浏览股票网页，发现检查人员后关闭；"
    "本人承认违规。该科应到5人、实到3人，1人请假，1人缺岗，无法说明去向；办事群众在窗口等候35分钟，无人接待。"
)


def photo(seed: int = 0, size: tuple[int, int] = (800, 600)) -> bytes:
    """A small drawn photograph as JPEG."""
    image = Image.new("RGB", size, (176, 190, 200 - seed % 40))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, size[1] * 2 // 3, size[0], size[1]), fill=(120, 110, 100))
    draw.rectangle((80, 150, 330, size[1] - 100), fill=(200, 180, 120 + seed % 100))
    draw.ellipse((size[0] // 2, 100, size[0] - 100, 350), fill=(150, 60, 50))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()


def digest(data: bytes) -> str:
    """SHA-256 as papers name a photograph."""
    return hashlib.sha256(data).hexdigest()


def bulletin(cases: int = 4, *, number: str | None = "安明察通〔2026〕12号", units: int = 12) -> Bulletin:
    """A monthly bulletin with so many cases."""
    names = [
        f"{'甲乙丙丁'[index % 4]}区{'教育住建民政交通水务财政'[index % 6 * 2 :][:2]}局"
        for index in range(units)
    ]
    return Bulletin(
        mark="安平市明察暗访工作领导小组办公室文件",
        issuer="安平市明察暗访工作领导小组办公室",
        title="关于2026年11月份全市明察暗访发现问题及整改情况的通报",
        recipients="各县（市、区）纪委监委，市直各部门、各单位，各派驻纪检监察组",
        period="2026年11月份",
        number=number,
        symbol="安明察通",
        opening="为持续改进机关作风，市明察暗访工作领导小组办公室组织4个检查组，采取“四不两直”方式开展明察暗访。现将有关情况通报如下。",
        overview="11月份，共检查单位36家次，其中暗访28家次、明察8家次，覆盖全市4个区和12个市直部门。",
        figures=(
            Figure("visits", "检查单位", "36家次", "统计期内已锁定的现场记录数，同一单位每检查一次计一次。"),
            Figure(
                "found", "发现问题", f"{cases}个", "统计期内检查发现、经核实确认的问题数，按检查所在月份计。"
            ),
            Figure("rate", "整改率", "83.3%", "已销号问题数÷已下发整改通知的问题数。"),
            Figure(
                "days",
                "平均办理",
                "11.4个工作日",
                "自下发整改通知书至销号的工作日数的平均值，未销号的不计入。",
            ),
        ),
        category_rows=(
            CategoryRow("A", "大局意识（政令不畅）", 2, 1, 0),
            CategoryRow("B", "服务意识（作风不实）", 5, 4, 1),
            CategoryRow("C", "质量意识（效率不高）", 3, 3, 0),
            CategoryRow("D", "自律意识（形象不佳）", 14, 12, 1),
        ),
        category_total=CategoryRow("", "合计", 24, 20, 2),
        unit_rows=tuple(UnitRow(name, 2, 1, index % 2, "50.0%") for index, name in enumerate(names)),
        unit_total=UnitRow("合计", 24, 12, 6, "50.0%") if units else None,
        cases=tuple(
            Case(
                heading=f"{'甲乙丙丁'[index % 4]}区发展改革局综合科工作人员上班时间浏览股票网页",
                facts=FACTS,
                time="2026年11月12日10时30分",
                place="甲区政务服务中心二楼综合窗口",
                unit=f"{'甲乙丙丁'[index % 4]}区发展改革局",
                post="综合科工作人员",
                basis="《安平市机关工作人员管理办法》第十二条第（三）项，“工作时间不得从事与工作无关的活动”",
                result="责令限期整改；对直接责任人批评教育，对科室负责人谈话提醒",
            )
            for index in range(cases)
        ),
        next_steps=(
            "压实主体责任。各单位主要负责同志要亲自过问、亲自部署，对照通报问题举一反三，12月15日前完成自查。",
            "从严督促整改。对逾期未整改的问题，按规定发送督办函；整改不力、敷衍应付的，严肃追究责任。",
        ),
        notes=("本通报数据截至2026年11月30日24时。",),
        dated=date(2026, 12, 2),
        copies_to="市委办公室，市人大常委会办公室，市政府办公室，市政协办公室，市委组织部，市委宣传部",
        printer="安平市明察暗访工作领导小组办公室",
        printed_on=date(2026, 12, 3),
    )


def with_photos(paper: Bulletin, *digests: str) -> Bulletin:
    """The bulletin with photographs in its first case."""
    from dataclasses import replace

    shots = tuple(
        BulletinPhoto(sha256, f"图{index}　现场情况") for index, sha256 in enumerate(digests, start=1)
    )
    return replace(paper, cases=(replace(paper.cases[0], photos=shots), *paper.cases[1:]))


def notice(findings: int = 2, *digests: str) -> Notice:
    """A notice of so many problems."""
    return Notice(
        mark="安平市明察暗访工作领导小组办公室",
        issuer="安平市明察暗访工作领导小组办公室",
        unit="甲区发展改革局",
        number="安明察改〔2026〕8号",
        symbol="安明察改",
        findings=tuple(
            NoticeFinding(
                number=f"WT-2026-{index + 31:04d}",
                facts=FACTS,
                category="D 自律意识／D1 不勤／D1-03 上网聊天玩游戏",
                rule="《安平市机关工作人员管理办法》第十二条第（三）项",
                grade="一般",
                requirement="立即纠正违规行为，健全考勤和请销假制度，对责任人员作出处理，并在本单位通报",
                route="限期整改",
                working_days=15,
                due_on=date(2026, 11, 30),
                photos=tuple(
                    NoticePhoto(sha256, f"图{at}　现场情况") for at, sha256 in enumerate(digests, start=1)
                )
                if index == 0
                else (),
            )
            for index in range(findings)
        ),
        grounds="2026年11月12日，检查组对你单位开展暗访。经核实",
        receipt_until=date(2026, 11, 10),
        objection_until=date(2026, 11, 16),
        contact="督查科",
        phone="0000-1234567",
        issued_on=date(2026, 11, 9),
        copies_to="甲区纪委监委",
    )


def record_sheet(*digests: str, locked: bool = True) -> RecordSheet:
    """The sheet of a visit with two observations, rare surnames among the names."""
    return RecordSheet(
        issuer="安平市明察暗访工作领导小组办公室",
        number="安察记〔2026〕103号",
        campaign="2026年第四季度机关作风暗访",
        method="暗访",
        level="本级",
        visited_on=date(2026, 11, 12),
        arrived=time(10, 20),
        left=time(11, 5),
        unit="甲区发展改革局",
        office="综合科（服务窗口）",
        place="甲区政务服务中心二楼",
        inspectors=(InspectorEntry("㛃某", "安纪检查第0012号"), InspectorEntry("䶮某", "安纪检查第0027号")),
        recorder="𬭎某",
        accompanying=None,
        headcount=Headcount(5, 3, 1, 0, 1, "综合科1名工作人员缺岗，单位未能说明去向"),
        checks=(CheckEntry("请销假登记", "登记不全，缺10月份记录"), CheckEntry("窗口到岗", None)),
        observations=(
            ObservationEntry(
                number=1,
                indicator_code="D1-03",
                indicator_name="上网聊天玩游戏",
                facts=FACTS + "\n经询问，其称“刚忙完，休息一下”。",
                seen_at="2026年11月12日10时30分",
                place="综合科办公室",
                who="综合科工作人员",
                rule="《安平市机关工作人员管理办法》第十二条第（三）项",
                handling="口头纠正",
                unit_said="将按规定处理。",
                photos=tuple(PhotoEntry(sha256, "电脑屏幕显示股票网页") for sha256 in digests),
            ),
            ObservationEntry(
                number=2, indicator_code="D1-02", indicator_name="脱岗串岗", facts="窗口无人值守35分钟。"
            ),
        ),
        evidence=(
            EvidenceEntry("照片", "电脑屏幕", "㛃某", datetime(2026, 11, 12, 10, 31), "3f" * 32),
            EvidenceEntry("录音", "谈话录音"),
        ),
        refusal="负责人不在现场，暗访未要求签字。",
        sign_offs=(
            SignOff("㛃某", "检查人员", datetime(2026, 11, 12, 11, 20)),
            SignOff("䶮某", "检查人员", datetime(2026, 11, 12, 11, 22)),
        ),
        leader_review=SignOff("欧阳某", "组长", datetime(2026, 11, 12, 17, 5), "情况属实"),
        locked_at=datetime(2026, 11, 13, 9, 0) if locked else None,
        locked_by="经办人员" if locked else None,
        corrections=(CorrectionEntry("“35分钟”应为“25分钟”。", "䶮某", datetime(2026, 11, 14, 9, 0)),)
        if locked
        else (),
    )
