"""The records of a user, stored by the server: baskets, items, saved searches, visits, settings.

They exist only if the setting `user-header` names the header in which a trusted proxy sends the name
of the user. Otherwise the browser stores the same records.
"""

import re

from flask import Response, abort, current_app, jsonify, make_response, request

from baocha.basket import (
    KINDS,
    BasketError,
    RecordConflictError,
    RecordStore,
    StoreError,
    TooManyRecordsError,
    load_json,
)
from baocha.mount import settings
from baocha.search import local_path
from baocha.web.blueprint import RETRY_SECONDS, Page, bp, message
from baocha.web.texts import text
from baocha.web.uploads import receive_body, refuse_other_sites
from baocha.web.user import current_user
from baocha_indexer.messages import Language

_KEY = re.compile(r"[A-Za-z0-9_.~-]{1,128}")
_PREFIX = re.compile(r"[A-Za-z0-9_.~-]{0,128}")


@bp.get("/records/<kind>")
def list_records(kind: str) -> Response:
    """Return the records of a kind whose keys begin with the parameter `prefix`."""
    user, store = _user(), _store(kind)
    prefix = request.args.get("prefix", "")
    if not _PREFIX.fullmatch(prefix):
        abort(404)
    response = jsonify(records=[record.to_dict() for record in store.list(user, kind, prefix)])
    response.headers["Cache-Control"] = "no-store"  # a proxy must not show them to another user
    return response


@bp.put("/records/<kind>/<key>")
def put_record(kind: str, key: str) -> Response | tuple[Response, int]:
    """Store a record and return its new version.

    The answer is 409, with the current record, if the record no longer has the given version.
    """
    user, store = _user(), _store(kind, key)
    body = load_json(receive_body())
    value = body.get("value") if isinstance(body, dict) else None
    version = body.get("version") if isinstance(body, dict) else None
    if not isinstance(value, dict) or not (version is None or type(version) is int):
        raise BasketError(
            zh="应为 {value, version}：value 为对象，version 为整数或 null",
            en="send {value, version}: value must be an object, version an integer or null",
        )
    try:
        return jsonify(version=store.put(user, kind, key, value, version))
    except RecordConflictError as conflict:
        record = conflict.record.to_dict() if conflict.record else None
        language: Language = "en" if request.args.get("lang") == "en" else "zh"
        return jsonify(error=text(language, "record_conflict"), record=record), 409


@bp.delete("/records/<kind>/<key>")
def delete_record(kind: str, key: str) -> tuple[str, int]:
    """Delete a record. The items of a basket are deleted with it."""
    refuse_other_sites()
    user, store = _user(), _store(kind, key)
    store.delete(user, kind, key)
    return "", 204


def _user() -> str:
    user = current_user()
    if user is None:
        abort(404)
    return user


def _store(kind: str, key: str = "x") -> RecordStore:
    if kind not in KINDS or KINDS[kind].is_shared or not _KEY.fullmatch(key):
        abort(404)
    return RecordStore(local_path(settings().index))


@bp.errorhandler(StoreError)
def _cannot_store(error: StoreError) -> Response:
    current_app.logger.error("records cannot be read or written: %s", error.__cause__)
    response = make_response(message("store_failed", 503, [error.message]))
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


@bp.errorhandler(TooManyRecordsError)
def _too_many(error: TooManyRecordsError) -> Page:
    return message("too_large", 413, [error.message])
