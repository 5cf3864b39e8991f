from hypothesis import given
from hypothesis import strategies as st

from opencabinet.kernel.sealing import seal, unseal

KEY = b"k" * 32


@given(plain=st.binary(max_size=100), owner=st.binary(max_size=20))
def test_what_is_sealed_is_unsealed_by_its_key_for_its_owner_alone(plain: bytes, owner: bytes) -> None:
    kept = seal(KEY, plain, owner)

    assert unseal(KEY, kept, owner) == plain
    assert unseal(b"o" * 32, kept, owner) is None
    assert unseal(KEY, kept, owner + b"x") is None
    assert unseal(KEY, kept[:-1], owner) is None
    assert unseal(KEY, b"", owner) is None
    assert seal(KEY, plain, owner) != kept, "Nobody sees that the same is kept twice."
