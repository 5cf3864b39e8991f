import stat
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from opencabinet.access import keyfile
from opencabinet.access.keyfile import KeyFileUnusable


def kept(home: Path, content: str, mode: int = 0o600) -> Path:
    """Keep a key file with this content."""
    home.mkdir(exist_ok=True)
    path = home / "keys.toml"
    path.write_text(content, "utf-8")
    path.chmod(mode)
    return path


def test_a_key_file_is_its_owners_only(tmp_path: Path) -> None:
    path = keyfile.make(tmp_path / "new" / "home")

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_key_file_holds_a_pepper_of_256_bits(tmp_path: Path) -> None:
    path = keyfile.make(tmp_path)

    assert keyfile.load(tmp_path).pepper == bytes.fromhex(tomllib.loads(path.read_text())["pepper"])
    assert len(keyfile.load(tmp_path).pepper) == 32


def test_a_key_file_that_exists_is_left_alone(tmp_path: Path) -> None:
    before = keyfile.make(tmp_path).read_bytes()

    assert keyfile.make(tmp_path).read_bytes() == before


def test_no_two_installations_have_the_same_pepper(tmp_path: Path) -> None:
    assert keyfile.make(tmp_path / "one").read_bytes() != keyfile.make(tmp_path / "other").read_bytes()


def test_of_many_makers_one_wins_and_nothing_is_left_over(tmp_path: Path) -> None:
    def make_and_load(_: int) -> bytes:
        keyfile.make(tmp_path)
        return keyfile.load(tmp_path).pepper

    with ThreadPoolExecutor(8) as makers:
        peppers = set(makers.map(make_and_load, range(64)))

    assert len(peppers) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["keys.toml"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601, 0o777])
def test_a_key_file_that_others_may_touch_is_refused(tmp_path: Path, mode: int) -> None:
    keyfile.make(tmp_path).chmod(mode)

    with pytest.raises(KeyFileUnusable, match="chmod 600"):
        keyfile.load(tmp_path)


def test_a_missing_key_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(KeyFileUnusable, match="opencabinet keys make"):
        keyfile.load(tmp_path)


@pytest.mark.parametrize(
    "content",
    ["", "pepper", "pepper = 7", "pepper = 'xyz'", "pepper = 'ä'", "salt = 'aa'", "pepper = ['aa']", "[pepper]\na = 1"],
)
def test_a_key_file_with_other_content_is_refused(tmp_path: Path, content: str) -> None:
    kept(tmp_path, content)

    with pytest.raises(KeyFileUnusable, match="is not a key file"):
        keyfile.load(tmp_path)


def test_a_short_pepper_is_refused(tmp_path: Path) -> None:
    kept(tmp_path, f"pepper = '{'ab' * 31}'")

    with pytest.raises(KeyFileUnusable, match="shorter than 32"):
        keyfile.load(tmp_path)


def test_a_refusal_does_not_tell_the_pepper(tmp_path: Path) -> None:
    kept(tmp_path, f"pepper = '{'ab' * 31}g'")

    with pytest.raises(KeyFileUnusable) as refused:
        keyfile.load(tmp_path)
    assert "abab" not in refused.value.detail


def test_a_folder_in_its_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "keys.toml").mkdir(mode=0o700)

    with pytest.raises(KeyFileUnusable):
        keyfile.load(tmp_path)


def test_keys_do_not_show_themselves(tmp_path: Path) -> None:
    keyfile.make(tmp_path)
    keys = keyfile.load(tmp_path)

    for shown in (repr(keys), str(keys), f"{keys}"):
        assert shown == "Keys(***)"
