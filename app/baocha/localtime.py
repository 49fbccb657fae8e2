"""Format times for people: in the time zone of this machine, to the minute."""

from datetime import datetime


def local_time(iso: str) -> str:
    """Return an ISO 8601 time as local date and time; an empty text stays empty."""
    return datetime.fromisoformat(iso).astimezone().strftime("%Y-%m-%d %H:%M") if iso else ""
