"""What a department buys and owns, and the units it consists of."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from random import Random

from samples.city.catalogue import Department, Place


@dataclass(frozen=True, slots=True)
class Goods:
    """An entry of the procurement catalogue with a price range in yuan, a multiple of 20."""

    name: str
    catalogue_code: str
    measure_unit: str
    kind: str
    price: int
    most: int


GOODS = (
    Goods("复印纸", "A05040101", "包", "goods", 20, 60),
    Goods("台式计算机", "A02010105", "台", "goods", 5000, 4),
    Goods("便携式计算机", "A02010108", "台", "goods", 6000, 2),
    Goods("A4黑白打印机", "A02021003", "台", "goods", 1600, 3),
    Goods("办公桌", "A05010201", "张", "goods", 1200, 4),
    Goods("车辆维修和保养服务", "C23120301", "辆", "services", 4000, 2),
    Goods("物业管理服务", "C21040001", "项", "services", 60000, 1),
    Goods("修缮工程", "B08010000", "项", "works", 90000, 1),
)


@dataclass(frozen=True, slots=True)
class Purchase:
    """One line of the procurement table; ``amount`` is quantity × unit price, paid from the general public budget."""

    project: str
    project_budget: Decimal
    goods: Goods
    quantity: int
    unit_price: Decimal
    reserved: Decimal

    @property
    def amount(self) -> Decimal:
        return self.quantity * self.unit_price


@dataclass(frozen=True, slots=True)
class Asset:
    """A line of the table of fixed assets at the end of last year."""

    item: str
    quantity: Decimal | None
    value: Decimal


@dataclass(frozen=True, slots=True)
class Institution:
    """A unit of the department, with its nature, rank and funding as printed."""

    name: str
    nature: str
    rank: str
    funding: str


def _purchase(draw: Random, goods: Goods) -> Purchase:
    price = Decimal(goods.price + 20 * draw.randint(0, max(1, goods.price // 80)))
    quantity = draw.randint(1, goods.most) * 5
    amount = price * quantity
    budget = amount + 1000 * draw.randint(0, 40)
    return Purchase("公用经费", budget, goods, quantity, price, amount if draw.random() < 0.7 else Decimal(0))


def purchases(seed: int, dep: Department, year: int, stage: str) -> tuple[Purchase, ...]:
    """What is bought in a year, one line a kind of goods."""
    draw = Random(f"{seed}/{dep.number}/{year}/{stage}/purchases")  # noqa: S311
    chosen = draw.sample(GOODS, draw.randint(1, 4))
    return tuple(_purchase(draw, goods) for goods in sorted(chosen, key=GOODS.index))


def assets(seed: int, dep: Department, year: int) -> tuple[Asset, ...]:
    """Fixed assets at the end of the year before, total first."""
    draw = Random(f"{seed}/{dep.number}/{year}/assets")  # noqa: S311
    area, office = draw.randint(6, 40) * 100, draw.randint(3, 5) * 100
    house = Decimal(area * 1500)
    cars, equipment, other = draw.randint(0, 6), draw.randint(0, 3), draw.randint(80, 900)
    values = (house, Decimal(cars * 165_000), Decimal(equipment * 258_000), Decimal(other * 3_100))
    return (
        Asset("资产总额", None, sum(values, Decimal(0))),
        Asset("1、房屋（平方米）", Decimal(area), values[0]),
        Asset("其中：办公用房（平方米）", Decimal(office), Decimal(office * 1500)),
        Asset("2、车辆（台、辆）", Decimal(cars) if cars else None, values[1]),
        Asset("3、单价在20万元以上的设备", Decimal(equipment) if equipment else None, values[2]),
        Asset("4、其他固定资产", Decimal(other), values[3]),
    )


def institutions(place: Place, dep: Department) -> tuple[Institution, ...]:
    """The department itself (本级) and its public institutions."""
    full = place.name + dep.name
    own = Institution(full + "本级", "行政", dep.rank, "财政拨款")
    public = (
        Institution(place.name + name, "事业", "股级", "财政性资金基本保证") for name in dep.institutions
    )
    return (own, *public)
