"""In which languages members can be spoken to by phone, on every store."""

from storage.durable.store import DurableStore
from storage.roll_files.staging import StagedMember
from tests.voters import member


def bare(phone: str) -> bytes:
    return phone.encode()


async def test_members_are_counted_by_the_language_of_the_roll_where_a_phone_is_theirs(store: DurableStore) -> None:
    people: list[StagedMember] = [
        member(1, language="kk"),
        member(2, language="ru"),
        member(3, language="ru"),
        member(4, language=""),
        member(5, language="en", status="none"),
        member(6, language="en", status="shared", phone="+77019999999"),
        member(7, language="en", status="shared", phone="+77019999999"),
    ]
    await store.office.load_election("[election]", "0" * 64)
    assert await store.roll.languages() == {}
    await store.roll.import_roll([people], bare, bare)
    assert await store.roll.languages() == {"kk": 1, "ru": 2, "": 1}
