"""The little of HTTP/1.1 that a load and a silent far end need: where a message ends."""

_HEAD = b"\r\n\r\n"


def end_of_message(data: bytes | bytearray) -> int:
    """How many bytes the first message in `data` has; 0 when it is not all there."""
    head = data.find(_HEAD)
    if head < 0:
        return 0
    fields = bytes(data[:head]).lower()
    if b"\r\ntransfer-encoding: chunked" in fields:
        last = data.find(b"\r\n0\r\n\r\n", head)
        return last + 7 if last >= 0 else 0
    place = fields.find(b"\r\ncontent-length:")
    length = int(fields[place + 17 :].split(b"\r\n", 1)[0]) if place >= 0 else 0
    whole = head + len(_HEAD) + length
    return whole if len(data) >= whole else 0
