import hmac
import secrets

import pytest

from vault.errors import Fault, VaultError
from vault.phones import PhoneKeys


def _keys() -> PhoneKeys:
    return PhoneKeys(secrets.token_bytes(32), secrets.token_bytes(32))


def test_a_phone_has_one_key_under_a_key_file_and_another_under_another() -> None:
    here, there = _keys(), _keys()
    assert here.phone_key("+77010000001") == here.phone_key("+77010000001")
    assert here.phone_key("+77010000001") != here.phone_key("+77010000002")
    assert here.phone_key("+77010000001") != there.phone_key("+77010000001")


def test_the_phone_key_is_hmac_sha256_of_the_phone() -> None:
    lookup = bytes(range(32))
    expected = hmac.new(lookup, b"+77010000001", "sha256").digest()
    assert PhoneKeys(lookup, bytes(32)).phone_key("+77010000001") == expected


@pytest.mark.parametrize("phone", ["+7701000000", "+77010000001", "+123456789012345"])
def test_an_encrypted_phone_comes_back_and_differs_each_time(phone: str) -> None:
    keys = _keys()
    first, second = keys.encrypt_phone(phone), keys.encrypt_phone(phone)
    assert first != second
    assert keys.decrypt_phone(first) == keys.decrypt_phone(second) == phone
    assert phone.encode() not in first


def test_encrypted_phones_of_every_length_are_equally_long() -> None:
    keys = _keys()
    assert {len(keys.encrypt_phone("+" + "7" * digits)) for digits in range(10, 16)} == {56}


def test_an_encrypted_phone_does_not_open_altered_or_elsewhere() -> None:
    keys = _keys()
    encrypted = keys.encrypt_phone("+77010000001")
    for place in range(len(encrypted)):
        altered = encrypted[:place] + bytes([encrypted[place] ^ 1]) + encrypted[place + 1 :]
        with pytest.raises(VaultError) as refusal:
            keys.decrypt_phone(altered)
        assert refusal.value.code is Fault.NOTE_DAMAGED
    with pytest.raises(VaultError):
        _keys().decrypt_phone(encrypted)


@pytest.mark.parametrize(
    "phone",
    [
        "87010000001",
        "+7701000000٣",
        "+770100000",
        "+1234567890123456",
        "+7 701 000 0001",
        "+77010000001\n",
        "",
    ],
)
def test_a_phone_in_another_form_is_refused_and_not_repeated(phone: str) -> None:
    keys = _keys()
    for act in (keys.phone_key, keys.encrypt_phone):
        with pytest.raises(VaultError) as refusal:
            act(phone)
        assert refusal.value.code is Fault.PHONE_FORM
        assert not phone or phone not in str(refusal.value)


def test_the_phone_keys_do_not_show_in_repr() -> None:
    lookup, encryption = b"L" * 32, b"E" * 32
    assert "LLLL" not in repr(PhoneKeys(lookup, encryption))
    assert "EEEE" not in repr(PhoneKeys(lookup, encryption))
