"""The errors about a cluster. Each message says what is wrong and what to do."""

from collections.abc import Sequence

from baocha.search.address import Address
from baocha.search.engine import QueryTooCostlyError
from baocha_indexer.errors import DamagedIndexError, IndexUnreachableError, IndexUnusableError


class ClusterError(IndexUnusableError):
    """A cluster cannot be reached, refuses a request, or gave an answer that is not complete."""


class UnreachableError(ClusterError, IndexUnreachableError):
    """No host answers, or some shards do not."""


class StaleGenerationError(ClusterError):
    """The generation that an engine searches is being deleted. Open the index again."""


class ConflictError(ClusterError):
    """Another writer changed a document since it was read, or created the same index."""


class LockedError(ClusterError):
    """Another writer has the lease."""


class OutdatedIndexError(ClusterError):
    """The index was made by another version of baocha."""


def unreachable(address: Address, zh: str, en: str) -> UnreachableError:
    """Return the error for a cluster if no host answers. `zh`, `en`: the reason."""
    return UnreachableError(
        zh=f"无法连接 {address}：{zh}；请检查集群是否运行、地址和网络"
        + ("" if address.is_encrypted else "；使用 TLS 的集群，地址写成 opensearchs://"),
        en=f"cannot reach {address}: {en}; check that the cluster runs, the address and the network"
        + ("" if address.is_encrypted else "; if the cluster uses TLS, write opensearchs://"),
    )


def untrusted(address: Address, reason: str) -> ClusterError:
    """Return the error for a connection with TLS that cannot be made: what is wrong, what to do."""
    if "WRONG_VERSION_NUMBER" in reason or "RECORD_LAYER_FAILURE" in reason:
        return ClusterError(
            zh=f"{address} 没有使用 TLS；请把地址写成 opensearch://",
            en=f"{address} does not use TLS; write the address with opensearch://",
        )
    if "mismatch" in reason:
        return ClusterError(
            zh=f"{address} 的证书不是签发给该主机名的：{reason}；请改用证书中的主机名",
            en=f"the certificate of {address} is for another host: {reason}; use a host name "
            "that the certificate contains",
        )
    return ClusterError(
        zh=f"{address} 的证书无法验证：{reason}；请用设置 cluster-ca-file 指定 CA 证书文件（PEM）",
        en=f"the certificate of {address} cannot be verified: {reason}; set cluster-ca-file to the CA "
        "certificate (PEM)",
    )


def bad_ca_file(path: str, reason: str) -> ClusterError:
    """Return the error for a file of CA certificates that cannot be used."""
    return ClusterError(
        zh=f"无法读取 CA 证书文件 {path}（设置 cluster-ca-file）：{reason}",
        en=f"cannot use the CA certificate file {path} (setting cluster-ca-file): {reason}",
    )


def bad_api_key() -> ClusterError:
    """Return the error for an API key that cannot be sent. The key is not shown."""
    return ClusterError(
        zh="API 密钥（设置 cluster-api-key）含有无效字符；请重新复制",
        en="the API key (setting cluster-api-key) contains invalid characters; copy it again",
    )


def contradictory_login(user: str) -> ClusterError:
    """Return the error for a user with an API key, or without a password."""
    return ClusterError(
        zh=f"集群登录设置不完整或有冲突：用户 {user} 须有密码（cluster-password），且不能同时设置 cluster-api-key",
        en=f"the login to the cluster is incomplete or contradictory: the user {user} needs a password "
        "(cluster-password), and cluster-api-key must not be set too",
    )


def refused(address: Address, status: int, reason: str, login: str) -> ClusterError:
    """Return the error for status 401 (wrong or missing login) or 403 (missing permission).

    `login`: the user name or "API key"; empty if no login was sent.
    """
    if status == 401 and login:
        return ClusterError(
            zh=f"{address} 拒绝了登录（{login}）；请检查用户名、密码或 API 密钥",
            en=f"{address} rejected the login ({login}); check the user and password or the API key",
        )
    if status == 401:
        return ClusterError(
            zh=f"{address} 要求登录；请设置 cluster-user 和 cluster-password，或 cluster-api-key"
            "（环境变量 BAOCHA_CLUSTER_USER 等）",
            en=f"{address} requires a login; set cluster-user and cluster-password, or cluster-api-key "
            "(environment: BAOCHA_CLUSTER_USER and so on)",
        )
    return ClusterError(
        zh=f"{address} 拒绝了请求（{reason}）；用户需要的权限见 docs/opensearch.md",
        en=f"{address} refused the request ({reason}); docs/opensearch.md lists the rights that a user needs",
    )


def failed(address: Address, zh: str, en: str) -> ClusterError:
    """Return the error for any other request that failed. `zh`, `en`: the reason."""
    return ClusterError(
        zh=f"对 {address} 的请求失败：{zh}；请检查地址，并查看集群日志",
        en=f"the request to {address} failed: {en}; check the address and the log of the cluster",
    )


def conflict(address: Address, reason: str) -> ConflictError:
    """Return the error for a conditional write whose condition is not met."""
    return ConflictError(
        zh=f"另一个进程同时更改了索引 {address}：{reason}",
        en=f"another process changed the index {address} at the same time: {reason}",
    )


def incomplete(address: Address, zh: str, en: str) -> UnreachableError:
    """Return the error for an answer without all shards. `zh`, `en`: which did not respond."""
    return UnreachableError(
        zh=f"{address} 的部分分片未响应（{zh}），未返回结果；请检查集群状态后重试",
        en=f"some shards of {address} did not respond ({en}), so there is no result; check the health of "
        "the cluster and try again",
    )


def inexact(address: Address, what: str) -> ClusterError:
    """Return the error for an aggregation that did not count all values."""
    return ClusterError(
        zh=f"{address} 对 {what} 的统计不完整，因此没有结果；请报告此问题",
        en=f"{address} did not count all values of {what}, so there is no result; please report this",
    )


def too_slow(seconds: int) -> QueryTooCostlyError:
    """Return the error for a search that the cluster stopped after a time."""
    return QueryTooCostlyError(
        zh=f"检索在 {seconds} 秒内未完成，已停止，没有结果；请改用更长的短语，或减少邻近检索（“~”）",
        en=f"the search was stopped after {seconds} s, so there is no result; use longer phrases or fewer "
        "“~” conditions",
    )


def too_many_parts(reason: str) -> QueryTooCostlyError:
    """Return the error for a query that the cluster rejects because it is too complex."""
    return QueryTooCostlyError(
        zh=f"检索式过于复杂，超出集群限制（{reason}）；请减少检索词",
        en=f"the query is too complex for the cluster ({reason}); use fewer words",
    )


def missing(address: Address) -> ClusterError:
    """Return the error for an index that does not exist."""
    return ClusterError(
        zh=f"索引 {address} 不存在；请先建立：baocha index 报告文件夹 --index {address}",
        en=f"no index at {address}; create one: baocha index FOLDER --index {address}",
    )


def without_alias(address: Address, names: Sequence[str]) -> ClusterError:
    """Return the error for indices of baocha whose alias, the name in the address, was deleted."""
    alias, shown = address.index, ", ".join(names)
    return ClusterError(
        zh=f"别名 {alias} 不存在，但有报查的索引 {shown}；请在集群中恢复别名"
        '（POST /_aliases {"actions": [{"add": {"index": "索引", "alias": "'
        f'{alias}"}}}}]}}），或删除这些索引',
        en=f"the alias {alias} does not exist, but the indices {shown} exist; restore the alias "
        '(POST /_aliases {"actions": [{"add": {"index": "INDEX", "alias": "'
        f'{alias}"}}}}]}}) or delete these indices',
    )


def blocked(address: Address, reason: str) -> ClusterError:
    """Return the error for an index that is read-only or closed."""
    return ClusterError(
        zh=f"{address} 已关闭或设为只读（{reason}），可能因磁盘已满；请检查磁盘空间和索引设置 index.blocks",
        en=f"{address} is closed or read-only ({reason}), perhaps because a disk is full; check the disks "
        "and the settings index.blocks of the index",
    )


def timed_out(address: Address) -> UnreachableError:
    """Return the error for a request that no host answered in time."""
    return UnreachableError(
        zh=f"{address} 未在规定时间内响应；请检查集群状态，检索时也可改用更简单的检索式",
        en=f"{address} did not answer in time; check the cluster, or use a simpler query",
    )


def foreign(address: Address) -> ClusterError:
    """Return the error for an index that baocha did not create."""
    return ClusterError(
        zh=f"{address} 不是报查的索引，未作任何改动；请换一个索引名",
        en=f"{address} is not an index of baocha and was not changed; choose another index name",
    )


def not_opensearch(address: Address, name: str) -> ClusterError:
    """Return the error for a server that is not OpenSearch, or too old. `name`: empty if unknown."""
    return ClusterError(
        zh=f"{address} {f'是 {name}' if name else '不是 OpenSearch 服务'}；需要 OpenSearch 2.4 或更高版本",
        en=f"{address} is {name or 'not an OpenSearch server'}; OpenSearch 2.4 or later is needed",
    )


def outdated(address: Address) -> OutdatedIndexError:
    """Return the error for an index of another version of baocha."""
    return OutdatedIndexError(
        zh=f"{address} 的索引由另一版本的报查建立；请重建：baocha index 报告文件夹 --index {address} --rebuild",
        en=f"the index at {address} was made by another version of baocha; rebuild it: "
        f"baocha index FOLDER --index {address} --rebuild",
    )


def damaged(address: Address, zh: str, en: str) -> DamagedIndexError:
    """Return the error for an index with lost or changed documents."""
    command = f"--index {address} --rebuild"
    return DamagedIndexError(
        zh=f"{address} 的索引已损坏：{zh}；请用全部报告文件夹重建：baocha index 报告文件夹... {command}",
        en=f"the index at {address} is damaged: {en}; rebuild it from all folders: "
        f"baocha index FOLDER... {command}",
    )


def stale(address: Address) -> StaleGenerationError:
    """Return the error for an engine that is older than what the index keeps."""
    return StaleGenerationError(
        zh=f"{address} 的索引已更新，正在使用的版本已被删除；请重新检索",
        en=f"the index at {address} has been updated, and the version in use was deleted; search again",
    )


def locked(address: Address, host: str, process: str, until: str) -> LockedError:
    """Return the error for an index that another process is writing. `until`: when its lease expires."""
    return LockedError(
        zh=f"主机 {host} 的进程 {process} 正在写入 {address}（写入权至 {until}）；请待其结束后重试；如该进程已被终止，"
        f"请在 {until} 之后重试",
        en=f"process {process} on {host} is writing to {address} (lease until {until}); try again after it "
        f"has finished, or after {until} if it was killed",
    )


def lost_lease(address: Address) -> ClusterError:
    """Return the error for a writer whose lease expired, or whose index another writer changed."""
    return ClusterError(
        zh=f"{address} 的写入权已失效，本次更改未发布；请重新运行 baocha index",
        en=f"the lease to write to {address} has expired, so the changes were not published; run "
        "`baocha index` again",
    )


def unloaded(address: Address, report: str, reason: str) -> ClusterError:
    """Return the error for a report that the cluster did not accept."""
    return ClusterError(
        zh=f"{address} 未接受报告 {report}：{reason}；本次更改未发布",
        en=f"{address} did not accept the report {report}: {reason}; the changes were not published",
    )
