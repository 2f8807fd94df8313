"""X-Twilio-Signature, as Twilio's "Security" page describes it."""

import base64
import hashlib
import hmac
from collections.abc import Mapping


def sign(url: str, form: Mapping[str, str], token: str) -> str:
    """Base64 of HMAC-SHA1 over the URL and the sorted names and values of a POST."""
    text = url + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()
