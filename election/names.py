"""A member's name as an officer may see it."""


def masked_name(name: str) -> str:
    """`С*** Е.` of `Сериков Ержан`: enough to tell whether it is the person who stands there, too little to note."""
    words = name.split()
    if not words:
        return "***"
    return " ".join([f"{words[0][0]}***", *(f"{word[0]}." for word in words[1:2])])
