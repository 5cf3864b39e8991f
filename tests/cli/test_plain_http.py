"""What is said and done about plain http where others could listen."""

import pytest

from opencabinet.settings import Settings
from tests.cli.processes import READY, eventually, running

REFUSES = "It refuses the v1 API over plain http: set OPENCABINET_ALLOW_HTTP=true once that proxy stands."
EVERYWHERE = "0.0.0.0"  # noqa: S104 - what is tested


def given(host: str, *, allow: bool) -> Settings:
    """Make settings."""
    return Settings(host=host, allow_http=allow)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_plain_http_is_fine_where_only_this_machine_can_ask(host: str) -> None:
    assert given(host, allow=False).plain_http


@pytest.mark.parametrize("host", [EVERYWHERE, "::", "192.0.2.1", "cabinet.example", "localhost.example"])
def test_elsewhere_plain_http_is_for_the_operator_to_allow(host: str) -> None:
    assert not given(host, allow=False).plain_http
    assert given(host, allow=True).plain_http


@pytest.mark.parametrize("allow", ["false", "true"])
def test_the_start_says_whether_the_api_answers_plain_http(settings: Settings, allow: str) -> None:
    environment = {"OPENCABINET_HOST": EVERYWHERE, "OPENCABINET_ALLOW_HTTP": allow, "OPENCABINET_WORKERS": "1"}
    with running(settings.folder, "serve", OPENCABINET_DATABASE_URL=settings.database_url, **environment) as command:
        command.hear(READY)
        command.hear("let a proxy in front add https.")
        assert eventually(command.answers)
        answer = command.ask("/v1/limits", timeout=10)
        if allow == "false":
            command.hear(REFUSES)
            assert (answer.status_code, answer.json()["code"]) == (403, "https_required")
        else:
            assert answer.status_code == 200
        assert command.end() == 0

    assert (REFUSES in command.said) is (allow == "false")
