"""Parameters of v1, fields among them: known ones, once each, and no credentials."""

import httpx
import pytest

from opencabinet.access import Family
from opencabinet.accounts import Account
from tests.doors.v1.asking import asked, family, of_accounts, path, path_of, refused


async def test_only_the_fields_asked_for_are_given(
    site: httpx.AsyncClient, account: Account, own: dict[str, str]
) -> None:
    balance = await asked(site, path(account.login, "balance"), own, fields="equity,balance")
    trades = await asked(site, path(account.login, "trades/closed"), own, fields="ticket,net", limit=2)

    assert balance == {"equity": "1000", "balance": "1000"}
    assert [set(row) for row in trades["data"]] == [{"ticket", "net"}] * 2
    assert {"page", "period", "receipt", "as_of"} <= set(trades)


async def test_every_operation_refuses_fields_it_does_not_have(
    site: httpx.AsyncClient, account: Account, each_own: dict[Family, dict[str, str]]
) -> None:
    for operation in of_accounts(site):
        if not any(each.name == "fields" for each in operation.parameters):
            continue
        for wrong in ("nonsense", "ticket,nonsense", "", ",", "login,", "__class__", "Login"):
            found = await refused(site, path_of(operation, account.login), each_own[family(operation)], fields=wrong)
            assert found == (400, "invalid_parameter"), (operation.id, wrong)


async def test_every_operation_refuses_parameters_it_does_not_know(
    site: httpx.AsyncClient, account: Account, each_own: dict[Family, dict[str, str]]
) -> None:
    for operation in of_accounts(site):
        where = path_of(operation, account.login)
        for wrong in ("nonsense=1", "Limit=1", "=1", "nonsense", "from[]=2026-01-01"):
            answer = await site.get(f"{where}?{wrong}", headers=each_own[family(operation)])
            assert (answer.status_code, answer.json()["code"]) == (400, "invalid_parameter"), (operation.id, wrong)


async def test_every_operation_refuses_a_parameter_given_twice(
    site: httpx.AsyncClient, account: Account, each_own: dict[Family, dict[str, str]]
) -> None:
    for operation in of_accounts(site):
        name = operation.parameters[0].name
        answer = await site.get(
            f"{path_of(operation, account.login)}?{name}=1&{name}=1", headers=each_own[family(operation)]
        )

        assert (answer.status_code, answer.json()["param"]) == (400, name), operation.id
        assert answer.json()["detail"] == "It is given twice."


@pytest.mark.parametrize("name", ["passkey", "password", "token", "access_token", "api_key", "KEY", "Authorization"])
async def test_a_credential_in_the_query_is_refused_by_a_name_of_its_own(
    site: httpx.AsyncClient, account: Account, own: dict[str, str], name: str
) -> None:
    for where in (path(account.login), path(account.login, "trades/closed"), "/v1/limits", "/v1/whoami"):
        answer = await site.get(where, params={name: "secret"}, headers=own)

        assert (answer.status_code, answer.json()["code"]) == (400, "credential_in_query")
        assert "secret" not in answer.text
