import os
from pathlib import Path

import pytest

from opencabinet import settings
from opencabinet.settings import BadSettings, Settings
from tests.cli.console import refused, told

HOME = {"OPENCABINET_HOME": "/srv/cabinet"}


def configured(folder: Path, content: str) -> dict[str, str]:
    """Give the environment with this configuration file."""
    path = folder / "cabinet.toml"
    path.write_text(content, "utf-8")
    return {"OPENCABINET_CONFIG": str(path)}


def test_everything_has_a_default_but_the_database() -> None:
    found = settings.load({})

    assert found == Settings()
    assert (found.host, found.port, found.database_url) == ("127.0.0.1", 8080, "")


def test_the_environment_is_read() -> None:
    found = settings.load(
        {**HOME, "OPENCABINET_PORT": "9000", "OPENCABINET_DATABASE_URL": "postgresql://db/cabinet", "PORT": "1"}
    )

    assert found == Settings(home="/srv/cabinet", port=9000, database_url="postgresql://db/cabinet")


def test_a_file_is_read_and_the_environment_wins(tmp_path: Path) -> None:
    file = configured(tmp_path, "port = 9000\nworkers = 3\nhome = '/srv/file'\n")

    found = settings.load({**file, "OPENCABINET_PORT": "9001"})

    assert found == Settings(home="/srv/file", port=9001, workers=3)


def test_networks_of_proxies_are_given_with_commas() -> None:
    found = settings.load({"OPENCABINET_TRUSTED_PROXIES": " 10.0.0.1,192.168.0.0/255.255.0.0, ::ffff:203.0.113.0/120"})

    assert list(map(str, found.proxies)) == ["10.0.0.1/32", "192.168.0.0/16", "203.0.113.0/24"]
    assert settings.load({"OPENCABINET_TRUSTED_PROXIES": " "}).proxies == Settings().proxies == ()


def test_names_of_the_tests_are_not_ours() -> None:
    assert settings.load({"OPENCABINET_TEST_REQUIRE": "all", "OPENCABINET_TEST_": ""}) == Settings()


@pytest.mark.parametrize("name", ["OPENCABINET_PROT", "OPENCABINET_", "OPENCABINET_TESTS", "OPENCABINET_CONFIG_FILE"])
def test_an_unknown_setting_is_refused(name: str) -> None:
    with pytest.raises(BadSettings, match=f"no setting {name}; known are .*database_url.*port"):
        settings.load({name: "1"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("PORT", value) for value in ("", "http", "0", "65536", "-1", "80.5", "8080 ", "٨٠")),
        *(("WORKERS", value) for value in ("0", "65", "many")),
        *(("DATABASE_URL", value) for value in ("mysql://db", "db", "host=db", " postgresql://db")),
        *(("TOKEN_SECONDS", value) for value in ("59", "86401", "1h")),
        *(("HOME", ""), ("HOST", ""), ("POOL_SIZE", "0")),
        *(
            ("TRUSTED_PROXIES", value)
            for value in ("0.0.0.0/0", "::/0", "10.0.0.0/0.0.0.255", "proxy.example", "10.1", "*")
        ),
        *(("TRUSTED_PROXIES", value) for value in (",", "10.0.0.1,", "10.0.0.1 10.0.0.2", "010.0.0.1", "fe80::1%eth0")),
        *(
            ("TRUSTED_PROXIES", value)
            for value in ("::ffff:0.0.0.0/96", "1\n2", ",".join(["10.0.0.1"] * 201), "1" * 9000)
        ),
        *(("FORWARDED_HEADER", value) for value in ("", "x-real-ip", "X-Forwarded-For", "x-forwarded-for, forwarded")),
    ],
)
def test_a_malformed_setting_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(BadSettings, match=f"malformed.*`{name.lower()}`") as wrong:
        settings.load({f"OPENCABINET_{name}": value})
    assert "\n" not in wrong.value.detail


@pytest.mark.parametrize(
    ("content", "word"),
    [("prot = 1", "prot"), ("port = '80'", "port"), ("port = 0", "port"), ("port", "cabinet.toml"), ("[port]", "port")],
)
def test_a_wrong_file_is_refused(tmp_path: Path, content: str, word: str) -> None:
    with pytest.raises(BadSettings, match=word) as wrong:
        settings.load(configured(tmp_path, content))
    assert "\n" not in wrong.value.detail


def test_a_missing_or_unreadable_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "latin").write_bytes(b"home = '\xff'")
    for path in (tmp_path, tmp_path / "none", tmp_path / "latin"):
        with pytest.raises(BadSettings, match=str(path)):
            settings.load({"OPENCABINET_CONFIG": str(path)})


def test_no_file_is_named_by_an_empty_name() -> None:
    assert settings.load({"OPENCABINET_CONFIG": ""}) == Settings()


@pytest.mark.skipif(os.geteuid() != 0, reason="the system's place is root's")
def test_root_keeps_data_in_the_systems_place() -> None:
    assert settings.load({}).folder == Path("/var/lib/opencabinet")


def test_a_home_may_begin_with_the_users_own() -> None:
    assert settings.load({"OPENCABINET_HOME": "~/cabinet"}).folder == Path.home() / "cabinet"


@pytest.mark.parametrize(
    "command", ["serve --embedded", "accounts list", "keys make", "migrate", "demo", "access show 1"]
)
def test_every_command_says_in_one_line_what_is_wrong(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENCABINET_PROT", "9000")
    refused(told(*command.split()), "There is no setting OPENCABINET_PROT")

    monkeypatch.delenv("OPENCABINET_PROT")
    monkeypatch.setenv("OPENCABINET_PORT", "http")
    refused(told(*command.split()), "A setting is malformed", "port")


@pytest.mark.parametrize("url", ["postgresql://[", "postgresql://db/?nonsense=1", "postgresql://db:port/"])
@pytest.mark.parametrize("command", ["accounts list", "migrate"])
def test_an_address_that_cannot_be_read_is_one_line(command: str, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENCABINET_DATABASE_URL", url)

    refused(told(*command.split()))


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:pass%word@db/x",
        "postgresql://me:password@db/x?pass=word",
        "postgresql://me:pass/word@db/x",
        "postgresql://me:1/password@db/x",
        "postgresql://me:pass@word@db/x",
        "postgresql://me:password@[db/x",
    ],
)
def test_a_password_in_a_malformed_address_is_not_told(url: str) -> None:
    with pytest.raises(BadSettings, match=r"DATABASE_URL is malformed") as wrong:
        settings.load({**HOME, "OPENCABINET_DATABASE_URL": url})

    assert wrong.value.detail == settings.BAD_URL
    assert wrong.value.__cause__ is None


@pytest.mark.parametrize("command", ["accounts list", "migrate", "serve"])
def test_a_database_that_does_not_answer_is_one_line(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert told("keys", "make").code == 0
    monkeypatch.setenv("OPENCABINET_DATABASE_URL", "postgresql:///cabinet?host=/nowhere")

    refused(told(*command.split()), "cannot be reached")


@pytest.mark.parametrize("command", ["keys make", "accounts list", "migrate", "serve --embedded"])
def test_a_home_that_cannot_be_one_is_one_line(command: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("OPENCABINET_HOME", str(tmp_path / "file" / "home"))

    refused(told(*command.split()), "file")
