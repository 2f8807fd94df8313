import tomllib

from election.line_finder import LineFinder, Path

TEXT = '''\
# [not.a.table]
a.b = "x # no remark"      # a remark
text = """
[[contest]]
quotes "" and \\""" and ends with one""""
raw = \'\'\'
[x]
\'\'\'\'\'
list = [ # remark ]
  "one,]",
  [1, 2,
   3],
  { deep = 1, deeper.still = [
  ] },
]
"odd key" . 'other' = 2026-12-01 09:00:00

[[contest]]
id = "a"
[[contest.candidate]]
id = "1"
name = { kk = "}", ru = 'r' }
  [[ contest . candidate ]]
  id = "2"
[contest.extra.more]
x = -1.5e3
[[contest]]
[[contest.candidate]]
id = "3"
'''


def paths(value: object, path: Path = ()) -> list[Path]:
    """Every path in what tomllib read."""
    if isinstance(value, dict):
        return [path, *(found for key, item in value.items() for found in paths(item, (*path, key)))]
    if isinstance(value, list):
        return [path, *(found for n, item in enumerate(value) for found in paths(item, (*path, n)))]
    return [path]


def test_every_key_and_item_is_found_in_its_line() -> None:
    finder = LineFinder(TEXT)
    expected = {
        ("a", "b"): 2,
        ("text",): 3,
        ("raw",): 6,
        ("list",): 9,
        ("list", 0): 10,
        ("list", 1): 11,
        ("list", 1, 2): 12,
        ("list", 2, "deep"): 13,
        ("list", 2, "deeper", "still"): 13,
        ("odd key", "other"): 16,
        ("contest",): 18,
        ("contest", 0): 18,
        ("contest", 0, "id"): 19,
        ("contest", 0, "candidate", 0): 20,
        ("contest", 0, "candidate", 0, "name", "ru"): 22,
        ("contest", 0, "candidate", 1): 23,
        ("contest", 0, "candidate", 1, "id"): 24,
        ("contest", 0, "extra"): 25,
        ("contest", 0, "extra", "more", "x"): 26,
        ("contest", 1): 27,
        ("contest", 1, "candidate", 0, "id"): 29,
    }
    assert {path: finder.line(path) for path in expected} == expected


def test_no_path_that_tomllib_reads_is_left_to_a_parent_in_another_line() -> None:
    finder = LineFinder(TEXT)
    lines = TEXT.split("\n")
    for path in paths(tomllib.loads(TEXT)):
        if path and isinstance(path[-1], str):
            assert path[-1] in lines[finder.line(path) - 1]


def test_what_is_not_in_the_file_is_where_its_table_is() -> None:
    finder = LineFinder(TEXT)
    assert finder.line(("contest", 0, "candidate", 1, "name")) == 23
    assert finder.line(("contest", 1, "title")) == 27
    assert finder.line(("nothing",)) == 1


def test_line_ends_of_windows_count_once() -> None:
    assert LineFinder(TEXT.replace("\n", "\r\n")).line(("contest", 1, "candidate", 0, "id")) == 29
