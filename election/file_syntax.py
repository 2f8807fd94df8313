"""Reading TOML, with what tomllib says of a mistake put into a line, plain words and a mend."""

import re
import tomllib
from dataclasses import dataclass

_PLACE = re.compile(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", re.DOTALL)
_PLAIN_WORDS = (
    ("Expected '=' after a key", "there is no = after the key", "write each line as key = value"),
    (
        "Invalid value",
        "the value cannot be read",
        'put a text in straight quotes, "like this", and close each list with ]',
    ),
    (
        "Invalid statement",
        "this is neither a key nor a [section]",
        "write key = value, and # before a remark",
    ),
    ("Invalid initial character", "the key begins with an odd sign", "write keys in plain letters a-z"),
    ("Unterminated string", "a text is not closed", 'end it with the same quotes it begins with: "…"'),
    ("Illegal character '\\n'", "a text is not closed", 'end it with straight quotes on the same line: "…"'),
    ("Unescaped", "there is a single \\ in a text", "write it twice: \\\\"),
    ("Unclosed array", "a list is not closed", "end it with ], and put commas between its items"),
    (
        "Unclosed inline table",
        "a { is not closed",
        "end it with } on the same line, and put commas between its items",
    ),
    ("Cannot overwrite", "this key stands twice in its section", "take one out"),
    ("Duplicate inline", "this key stands twice between { and }", "take one out"),
    (
        "Cannot declare",
        "this section stands twice",
        "join the two, or write [[…]] if it is one of several",
    ),
    (
        "Expected newline",
        "something stands after the value",
        "begin a new line, or write # before a remark",
    ),
    ("Expected ']", "the heading is not closed", "end it with as many brackets as it begins with"),
    ("Invalid date", "there is no such date or hour", "write it as 2026-12-01T09:00:00"),
)


@dataclass(eq=False)
class NotToml(Exception):
    """The text breaks the rules of TOML; the first place where it does. tomllib looks no further."""

    line: int
    place: str
    problem: str
    mend: str


def read_toml(text: str) -> dict[str, object]:
    """What a TOML text holds. Raises NotToml."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _explained(str(error), text) from None
    except RecursionError:
        raise NotToml(1, "the file", "brackets are nested too deeply", "take some out") from None
    except ValueError:  # Python reads no number of more than 4,300 digits
        raise NotToml(1, "the file", "a number in it is far too long", "shorten it") from None


def _explained(message: str, text: str) -> NotToml:
    found = _PLACE.fullmatch(message)
    what, line, column = found.groups() if found else (message, None, None)
    plain = ((problem, mend) for beginning, problem, mend in _PLAIN_WORDS if what.startswith(beginning))
    problem, mend = next(plain, (f"this is not TOML ({what})", "compare it with the example of `dauys election new`"))
    if line is None:
        return NotToml(text.rstrip().count("\n") + 1, "end of the file", problem, mend)
    return NotToml(int(line), f"column {column}", problem, mend)
