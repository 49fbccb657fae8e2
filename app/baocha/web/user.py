"""The name of the user, which a trusted proxy sends."""

from flask import request

from baocha.mount import settings

MAX_USER = 200
"""Maximum length of the name of a user, in characters."""


def current_user() -> str | None:
    """Return the name of the user that the trusted proxy sends, or None.

    It is None if the setting `user-header` is not set: any client could send the header.
    """
    header = settings().user_header
    if not header:
        return None
    sent = request.headers.get(header, "").strip()
    try:
        # WSGI gives the bytes of a header as Latin-1 (PEP 3333); names are sent as UTF-8.
        name = sent.encode("latin-1").decode("utf-8")
    except UnicodeError:
        name = sent
    return name if 0 < len(name) <= MAX_USER and name.isprintable() else None
