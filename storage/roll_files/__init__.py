"""Reading a roll: CSV or XLSX in, members with E.164 phones and a report out, in bounded memory.

roll = open_roll(path, mapping=None, default_region="KZ")
with Staging() as staging:
    report = staging.load(roll, on_rows=progress)
    for members in staging.members():
        ...
"""

from storage.roll_files.errors import RollFileError
from storage.roll_files.phones import Phone, PhoneReader
from storage.roll_files.report import Report
from storage.roll_files.roll import RollFile, RollRow, open_roll
from storage.roll_files.staging import StagedMember, Staging

__all__ = [
    "Phone",
    "PhoneReader",
    "Report",
    "RollFile",
    "RollFileError",
    "RollRow",
    "StagedMember",
    "Staging",
    "open_roll",
]
