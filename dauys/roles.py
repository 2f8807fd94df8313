"""The parts of the program that can be processes of their own."""

from enum import StrEnum


class Role(StrEnum):
    """Whatever the role, it uses the same store; `board` uses none."""

    ALL = "all"
    BOT = "bot"
    SMS = "sms"
    BOARD = "board"
    CLOCK = "clock"
    SENDER = "sender"
