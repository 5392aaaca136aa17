"""项目绩效目标表: a project's plan and its indicators, made up from its amount and its name."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from samples.city.books import Project, rng
from samples.disclosure import Disclosure

CENT = Decimal(100)
"""0.01 万元, the grain in which the plan of a project is printed."""

QUARTERS = ("plan_march", "plan_june", "plan_october", "plan_december")


@dataclass(frozen=True, slots=True)
class Indicator:
    """One line of the lower part of the sheet."""

    level1: str
    level2: str
    level3: str
    description: str
    target: str
    basis: str


def purpose(project: Project) -> str:
    """预算数（用途）."""
    return f"用于{_short(project)}，保障相关工作顺利开展，提高财政资金使用效益。"


def goals(project: Project) -> tuple[str, ...]:
    """绩效目标, one line each."""
    return (f"1.完成{_short(project)}的年度任务。", "2.按进度支付资金，提升服务对象满意度。")


def _short(project: Project) -> str:
    return project.name.split("年", 1)[-1] if project.notice and "号-" in project.name else project.name


def plan(amount: Decimal) -> dict[str, Decimal]:
    """What is to be spent by the end of March, June, October and December: a quarter more each time."""
    return {
        name: (amount * n / 4 / CENT).to_integral_value(ROUND_HALF_UP) * CENT
        for n, name in enumerate(QUARTERS, 1)
    }


def indicators(disclosure: Disclosure, project: Project) -> tuple[Indicator, ...]:
    """The indicators of a project: output, benefit and satisfaction."""
    draw = rng(disclosure.seed, project.number, "indicators")
    basis = project.name.split("-", 1)[0] if "号-" in project.name else "年初工作计划"
    money = f"{(project.amount / 10_000).normalize():f}万元"
    lines = [
        ("产出指标", "数量指标", "完成工作任务数量", "年度内完成的任务数量", f"≥{draw.randint(2, 60)}项"),
        ("产出指标", "质量指标", "工作完成合格率", "验收合格的任务占全部任务的比例", "100%"),
        ("产出指标", "时效指标", "资金拨付时间", "资金拨付时间", f"{disclosure.year}年12月31日前完成"),
        ("产出指标", "成本指标", "成本费用总控制数", "实际支出金额控制在预算范围内", f"≤{money}"),
        ("效益指标", "社会效益指标", "推动事业发展，提升公共服务水平", "服务能力和水平提升情况", "较上年有所提高"),
        ("效益指标", "可持续影响指标", "长效机制建设", "相关制度健全程度", "逐步完善"),
        ("满意度指标", "服务对象满意度指标", "服务对象满意度", "调查中满意人数占调查总人数比例", f"≥{draw.randint(85, 98)}%"),
    ]  # fmt: skip
    if draw.random() < 0.4:
        del lines[5]
    return tuple(Indicator(*line, basis) for line in lines)
