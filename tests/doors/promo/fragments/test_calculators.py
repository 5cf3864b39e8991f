"""Calculators: what is counted, and what is wrong with what was given."""

import httpx
import pytest

from tests.doors.promo.fragments.reading import read, text
from tests.doors.promo.fragments.shown import result, wrong
from tests.doors.promo.fragments.test_informers import FRAMED


@pytest.mark.usefixtures("stock")
async def test_a_pip_is_counted(site: httpx.AsyncClient) -> None:
    usual = result(await site.get("/informers/pip"))
    asked = result(await site.get("/informers/pip", params={"symbol": "usdjpy", "lots": "1.5", "currency": "eur"}))

    assert usual == {"One pip": "0.0001", "Value of one pip": "1.00 USD"}
    assert asked["In JPY"] == "150 JPY"
    assert asked["Value of one pip"] == "0.91 EUR"  # 150 JPY / 150 / 1.102


@pytest.mark.usefixtures("stock")
async def test_margin_is_counted(site: httpx.AsyncClient) -> None:
    given = {"symbol": "EURUSD", "lots": "10", "leverage": "1:50", "side": "sell", "currency": "USD"}
    found = result(await site.get("/informers/margin", params=given))

    assert found["Size of the position"] == "100,000 units"
    assert found["Price"] == "1.10200"
    assert found["Margin needed"] == "2,204.00 USD"


@pytest.mark.usefixtures("stock")
async def test_figures_may_be_typed_as_in_arabic(site: httpx.AsyncClient) -> None:
    assert result(await site.get("/informers/pip", params={"lots": "٢٫٥"}))["Value of one pip"] == "2.50 USD"


@pytest.mark.usefixtures("stock")
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"lots": "0"}, "This must be more than zero."),
        ({"lots": "-1"}, "This must be more than zero."),
        ({"lots": "1e5"}, "Write a number such as 1 or 0.5."),
        ({"lots": "1,5"}, "Write a number such as 1 or 0.5."),
        ({"lots": "10001"}, "This is too much: at most 10000."),
        ({"lots": "9" * 300}, "Write a number such as 1 or 0.5."),
        ({"symbol": "NOTHING"}, "Choose one of the list."),
        ({"currency": "XXX"}, "Choose one of the list."),
        ({"leverage": "0"}, "Write a whole number from 1 to 3000."),
        ({"leverage": "1e3"}, "Write a whole number from 1 to 3000."),
        ({"side": "both"}, "Choose one of the list."),
        ({"price": "0"}, "This must be more than zero."),
        ({"currency": "ZAR"}, "No rate of exchange into this currency is known."),
    ],
)
async def test_what_is_wrong_is_said_at_its_field(site: httpx.AsyncClient, given: dict[str, str], said: str) -> None:
    answer = await site.get("/informers/margin", params=given)

    assert answer.status_code == 200
    assert wrong(answer) == [said]
    tree = read(answer)
    (node,) = tree.css("[aria-invalid]")
    assert text(tree, f"#{node.attributes['aria-describedby']}") == said
    assert result(answer) == {}


@pytest.mark.usefixtures("stock")
async def test_every_field_has_a_label(site: httpx.AsyncClient) -> None:
    for path in (*FRAMED, "/informers", "/landings/start"):
        tree = read(await site.get(path))
        labels = {node.attributes.get("for") for node in tree.css("label")}
        fields = tree.css("input:not([type=hidden]), select")
        assert [node.attributes.get("id") for node in fields if node.attributes.get("id") not in labels] == [], path
        assert all(node.attributes.get("scope") for node in tree.css("thead th, tbody th"))
