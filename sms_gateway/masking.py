"""What a log may show of a number."""


def masked(phone: str) -> str:
    """`+7 701 *** ** 67`: the first four digits and the last two. For logs only."""
    digits = phone.removeprefix("+")
    return f"+{digits[:1]} {digits[1:4]} *** ** {digits[-2:]}"
