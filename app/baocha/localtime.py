"""Times as people read them: this machine's own, to the minute."""

from datetime import datetime


def local_time(iso: str) -> str:
    """Return an ISO 8601 time as local date and time, empty for an empty one."""
    return datetime.fromisoformat(iso).astimezone().strftime("%Y-%m-%d %H:%M") if iso else ""
