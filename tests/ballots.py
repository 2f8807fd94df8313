"""Election files for tests, written as an organiser would write them."""

from collections.abc import Sequence

Name = str | tuple[str, str, str]
"""One text for all languages, or one each for kk, ru and en."""


def election(*contests: str, policy: str = "", hours: str = "", identity: str = "primaries") -> str:
    """An election of these contests. `hours` and `policy` are lines of the file."""
    return "\n".join(
        [
            "[election]",
            f'id = "{identity}"',
            'title = { kk = "Сайлау", ru = "Выборы", en = "Election" }',
            'timezone = "Asia/Almaty"',
            hours,
            "[policy]",
            policy,
            "[commission]",
            "two_person = false",
            *contests,
        ]
    )


def contest(
    identity: str,
    names: Sequence[Name],
    *,
    title: Name = "",
    choose: int = 1,
    blank: bool = True,
    order: str = "listed",
    only: str = "",
    about: str = "",
) -> str:
    """A contest of candidates `<contest>-1`, `<contest>-2` … `only` is a line such as `regions = […]`."""
    lines = [
        "[[contest]]",
        f'id = "{identity}"',
        f"title = {_words(title or identity.title())}",
        f"choose = {choose}",
        f"blank = {str(blank).lower()}",
        f'order = "{order}"',
        only,
    ]
    for number, name in enumerate(names, 1):
        lines += ["[[contest.candidate]]", f'id = "{identity}-{number}"', f"name = {_words(name)}"]
        lines += [f'about = "{about} {number}"'] if about else []
    return "\n".join(lines)


def _words(name: Name) -> str:
    if isinstance(name, str):
        return f'"{name}"'
    kk, ru, en = name
    return f'{{ kk = "{kk}", ru = "{ru}", en = "{en}" }}'
