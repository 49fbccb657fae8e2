"""One mount of search in a Flask application: access, the open index, limits and headers."""

from baocha.mount.access import (
    EXTENSION,
    Mount,
    NotAllowedError,
    current_mount,
    engine_for,
    enter_gate,
    leave_gate,
    local_urls,
    mount_name,
    settings,
    url_for,
)
from baocha.mount.conditional import entity_tag, is_unchanged, set_entity_tag
from baocha.mount.downloads import (
    MAX_DOWNLOADS,
    MAX_UPLOADS,
    limit_sending,
    release_place,
    reserve_place,
)
from baocha.mount.gate import MAX_RUNNING, MAX_WAITING, BusyError, Gate
from baocha.mount.headers import API, set_headers
from baocha.mount.hosts import EVERY_HOST, hosts_of, is_loopback, listens_everywhere
from baocha.mount.live import WARM_UP_QUERY, LiveEngine, public_reason
from baocha.mount.metrics import CONTENT_TYPE, FOLDER_VARIABLE, Metrics, remove_live_gauges
from baocha.mount.originals import (
    NO_REPORT,
    OriginalError,
    checked_copy,
    has_page_images,
    page_response,
)

__all__ = [
    "API",
    "CONTENT_TYPE",
    "EVERY_HOST",
    "EXTENSION",
    "FOLDER_VARIABLE",
    "MAX_DOWNLOADS",
    "MAX_RUNNING",
    "MAX_UPLOADS",
    "MAX_WAITING",
    "NO_REPORT",
    "WARM_UP_QUERY",
    "BusyError",
    "Gate",
    "LiveEngine",
    "Metrics",
    "Mount",
    "NotAllowedError",
    "OriginalError",
    "checked_copy",
    "current_mount",
    "engine_for",
    "enter_gate",
    "entity_tag",
    "has_page_images",
    "hosts_of",
    "is_loopback",
    "is_unchanged",
    "leave_gate",
    "limit_sending",
    "listens_everywhere",
    "local_urls",
    "mount_name",
    "page_response",
    "public_reason",
    "release_place",
    "remove_live_gauges",
    "reserve_place",
    "set_entity_tag",
    "set_headers",
    "settings",
    "url_for",
]
