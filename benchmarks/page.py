"""The tables of the results, and the page `docs/benchmarks.md` that is made of them.

Only what is in the results file is on the page, so that a test can make it again and compare.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from benchmarks.contenders import BUILT_ONLY, CONTENDERS, OWN
from benchmarks.kinds import COMPARED
from benchmarks.material import MIXED

Part = dict[str, Any]
"""The figures of a command, see `benchmarks.results`."""

NONE = "–"
"""Shown where there is no value."""

SLOWER = 1.05
"""A ratio above this is listed as slower, or as more."""

SHELL = "shell"
PLOTS = {"build": "build.svg", "kinds": "kinds.svg", "server": "server.svg", "growth": "growth.svg"}


def number(value: float) -> str:
    """Return a number with two or three significant digits."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.2g}"


def with_range(found: Sequence[float]) -> str:
    """Return the median of some rounds, with the smallest and the largest."""
    low, middle, high = found
    if low == high:
        return number(middle)
    return f"{number(middle)} ({number(low)}–{number(high)})"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    return lines + [f"| {' | '.join(row)} |" for row in rows]


def build_table(search: Part) -> list[str]:
    """Return the table of builds: time, memory, size of the index, and our ratios."""
    rows = []
    for name, found in search["contenders"].items():
        ratios = search["ratios"].get(name)
        rows.append(
            [
                name,
                with_range(found["build_s"]),
                number(found["build_memory_bytes"] / 1e6),
                number(found["index_bytes"] / search["utf8_bytes"]),
                with_range(ratios["build"]) if ratios else NONE,
                number(ratios["memory"]) if ratios else NONE,
                number(ratios["size"]) if ratios else NONE,
            ]
        )
    head = ("", "build s", "its memory MB", "index / text", "our time", "our memory", "our size")
    return _table(head, rows)


def mixed_tables(search: Part) -> list[str]:
    """Return the tables of the mixed queries: times, and our ratios."""
    times, shares = [], []
    for name, found in search["contenders"].items():
        mixed = found.get("kinds", {}).get(MIXED)
        if not mixed:
            continue
        floor = found.get("floor_ms")
        cells = [name, f"{mixed['exact']:.1%}", number(floor) if floor else NONE]
        for way in ("ids", "whole"):
            cells += [number(mixed[way][key]) for key in ("p50_ms", "p95_ms", "max_ms")]
        times.append([*cells, *(number(mixed["first"][key]) for key in ("p50_ms", "p95_ms"))])
        ratios = search["ratios"].get(name, {}).get("kinds", {}).get(MIXED)
        if ratios:
            columns = ("ids p50", "ids p95", "whole p50", "whole p95")
            first = number(ratios["first p50"])
            shares.append([name, *(with_range(ratios[c]) for c in columns), first])
    head = ("", "exact", "floor ms", "ids p50 ms", "p95", "max", "whole p50 ms", "p95", "max")
    ratio_head = (
        "our time ÷ that of",
        "ids p50",
        "ids p95",
        "whole p50",
        "whole p95",
        "first pass p50",
    )
    return [
        *_table((*head, "first pass p50 ms", "p95"), times),
        "",
        *_table(ratio_head, shares),
    ]


def kind_tables(search: Part) -> list[str]:
    """Return the table of our times of each kind, and those of our ratios."""
    own = search["contenders"][OWN]["kinds"]
    kinds = [kind for kind in COMPARED if kind in own]
    rows = []
    for kind in kinds:
        found = own[kind]
        exact = NONE if found["exact"] is None else f"{found['exact']:.0%}"
        values = (*found["whole"].values(), found["first"]["p50_ms"])
        rows.append([kind, exact, *map(number, values)])
    head = ("baocha", "exact", "p50 ms", "p95", "max", "first pass p50")
    lines = _table(head, rows)
    peers = [name for name in search["ratios"] if "kinds" in search["ratios"][name]]
    for key in ("whole p50", "whole p95"):
        rows = [[kind, *(_cell(search, name, kind, key) for name in peers)] for kind in kinds]
        lines += ["", *_table((f"our {key[6:]} ÷ that of", *peers), rows)]
    return lines


def _cell(search: Part, name: str, kind: str, key: str) -> str:
    """Return the ratio, and the share of queries that the peer answers exactly, if not all."""
    exact = search["contenders"][name].get("kinds", {}).get(kind, {}).get("exact")
    if exact is None:
        return NONE
    found = search["ratios"][name]["kinds"].get(kind)
    share = "" if exact == 1 else f"{exact:.0%} exact"
    if found is None:
        return share
    return f"{with_range(found[key])}{', ' * bool(share)}{share}"


def shell_table(shell: Part) -> list[str]:
    """Return the table of programs that start, search and end."""
    rows = [
        [name, *(with_range(shell[f"{what}_s"][name]) for what in ("wall", "cpu"))]
        for name in ("baocha", "ripgrep")
    ]
    ratios = [with_range(shell[f"{what}_ratio"]) for what in ("wall", "cpu")]
    return _table(("", "wall s", "CPU s"), [*rows, ["baocha / ripgrep", *ratios]])


def search_tables(search: Part) -> list[str]:
    """Return all tables of `benchmarks.search`."""
    about = f"{search['paragraphs']:,} paragraphs, {search['utf8_bytes'] / 1e6:.1f} MB as UTF-8"
    lines = [f"{about}, {search['queries']} mixed queries, {search['each']} of each kind.", ""]
    for tables in (build_table, mixed_tables, kind_tables):
        lines += [*tables(search), ""]
    return lines + (shell_table(search[SHELL]) if SHELL in search else [])


def server_tables(server: Part) -> list[str]:
    """Return the tables of requests per second, and our ratios."""
    rows = []
    for name, found in server["servers"].items():
        cells = [
            with_range(found[key]) for key in ("per_second", "p50_ms", "p95_ms", "client_cores")
        ]
        rows.append([name, *cells, number(found["response_bytes"][1] / 1000)])
    head = ("", "requests/s", "p50 ms", "p95 ms", "client, cores", "response kB")
    lines = _table(head, rows)
    if server["ratios"]:
        owns = list(next(iter(server["ratios"].values())))
        ratios = [[n, *(with_range(of[o]) for o in owns)] for n, of in server["ratios"].items()]
        lines += ["", *_table(("our requests/s ÷ those of", *owns), ratios)]
    return lines


def growth_tables(growth: Part) -> list[str]:
    """Return the table of sizes, with the exponents in the last row."""
    rows = [
        [
            f"{run['paragraphs']:,}",
            number(run["build_s"]),
            number(run["index_bytes"] / 1e6),
            *(number(run[key]) for key in ("first_p50_ms", "p50_ms", "p95_ms")),
            number(run["memory_bytes"] / 1e6),
        ]
        for run in growth["runs"]
    ]
    if growth["exponents"]:
        rows.append(["exponent", *(f"{value:.2f}" for value in growth["exponents"].values())])
    head = ("paragraphs", "build s", "index MB", "first pass p50 ms", "p50", "p95", "private MB")
    return _table(head, rows)


def slower(results: dict[str, Part]) -> Iterator[str]:
    """Yield what baocha is slower at than another program, or needs more for."""
    if search := results.get("search"):
        for name, found in search["ratios"].items():
            yield from _slower_than(name, found)
        for what, text in (("wall", "time"), ("cpu", "CPU time")):
            ratio = search.get(SHELL, {}).get(f"{what}_ratio", (0, 0, 0))[1]
            if ratio > SLOWER:
                yield f"{text} of a search on the command line: {number(ratio)} times that of ripgrep"
    for name, of in results.get("server", {}).get("ratios", {}).items():
        for own, (_, ratio, _) in of.items():
            if ratio < 1 / SLOWER:
                yield f"requests per second, {own}: {number(ratio)} times those of {name}"


def _slower_than(name: str, ratios: Part) -> Iterator[str]:
    """Yield what baocha is slower at than another engine, or needs more for."""
    more = {
        "time to build the index": ratios["build"][1],
        "memory to build the index": ratios["memory"],
        "size of the index": ratios["size"],
    }
    for what, ratio in more.items():
        if ratio > SLOWER:
            yield f"{what}: {number(ratio)} times that of {name}"
    for key in ("p50", "p95"):
        found = {kind: of[f"whole {key}"][1] for kind, of in ratios.get("kinds", {}).items()}
        longer = [f"{kind} {number(ratio)}" for kind, ratio in found.items() if ratio > SLOWER]
        if longer:
            yield f"{key} of whole answers, divided by that of {name}: {', '.join(longer)}"


def page(results: dict[str, Part]) -> str:
    """Return the page."""
    lines = [
        "# Benchmarks",
        "",
        "<!-- Written by `python -m benchmarks.report` from benchmarks/results.json. Do not edit. -->",
        "",
        "How fast baocha indexes and searches, beside other search engines, with the same texts and queries, on the same machine.",
        "Within each part, all engines are measured in one run; the parts may come from different commits. Machines differ, so",
        "compare the ratios and not the times. **A ratio is our value divided by the other one.** For time, memory and size, below 1",
        "means that baocha needs less; for requests per second, above 1 means that baocha is faster. The numbers are the median of",
        "the rounds, with the smallest and the largest. In the search part, every answer except those of *relaxed* is compared with a",
        "scan of all texts, and a ratio counts only queries that the other engine answers exactly. Answers in the parts about servers",
        "and growth are not checked.",
        "",
        *_table(("", "texts", "commit", "machine", "versions"), list(_runs(results))),
        "",
    ]
    search, server, growth = (results.get(name) for name in ("search", "server", "growth"))
    if search:
        lines += _search_sections(search)
    if server:
        lines += _server_section(server)
    if growth:
        lines += _growth_section(growth)
    lines += ["## Where baocha is slower or needs more", ""]
    found = [f"- {line}" for line in slower(results)]
    lines += found or ["Nothing that was measured here."]
    lines += ["", *_HOW]
    return "\n".join(lines) + "\n"


def _runs(results: dict[str, Part]) -> Iterator[list[str]]:
    for name, part in results.items():
        at = part["machine"]
        memory = f"{at['memory_bytes'] / 2**30:.0f} GB"
        # Several contenders may be one engine, the first word of their names.
        engines = {peer.split()[0]: found for peer, found in part["versions"].items()}
        versions = ", ".join(f"{engine} {found}" for engine, found in engines.items())
        texts = "invented reports" if part["corpus"] == "invented" else "a folder of files"
        if "paragraphs" in part:
            texts += f", {part['paragraphs']:,} paragraphs"
        if "utf8_bytes" in part:
            texts += f", {part['utf8_bytes'] / 1e6:.1f} MB as UTF-8"
        hardware = f"{at['cpu']}, {at['cores']} cores, {memory}; {at['os']}"
        yield [name, texts, part["commit"], hardware, f"Python {at['python']}, {versions}"]


def _plot(name: str, text: str) -> list[str]:
    return [f"![{text}](benchmarks/{PLOTS[name]})", ""]


def _search_sections(search: Part) -> list[str]:
    lines = [
        "## Building an index",
        "",
        "From the parsed paragraphs in memory to the last file. baocha prepares reports in as many processes as the machine has",
        "cores, and one more writes, as `baocha index` does; its time includes folding. The other engines get folded texts; the",
        "writer of tantivy has two threads, and two clients load OpenSearch. A server is already running. Memory is the increase of",
        "the peak of the process that builds, plus the peak of its other processes: the largest increase times their number. For",
        "Groonga and OpenSearch it contains the whole peak of the server, also what it needs when idle. Python cuts the terms",
        "of tantivy. baocha and “tantivy words and pairs” are built three times.",
    ]
    if BUILT_ONLY in search["contenders"]:
        lines += [
            f"“{BUILT_ONLY}” indexes pairs and words, as baocha does. The other engines index less."
        ]
    if left_out := [name for name in CONTENDERS if name not in search["contenders"]]:
        lines += ["", f"Left out of this run: {', '.join(left_out)}."]
    lines += ["", *build_table(search), "", *_plot("build", "Build time of each engine")]
    lines += [
        "## Mixed queries",
        "",
        f"{search['queries']} queries made from the texts: half are phrases of 1 to 12 characters, the others one or two words. **ids**: the",
        "exact count, the counts of all values of all facets, and the ids of the best ten. **whole**: the same with texts, spans and",
        "snippets of the ten; for baocha the JSON text of the API. Python makes the snippets for tantivy and OpenSearch, in their time. **first pass**: the whole answers of a new process after its first",
        f"query, each query once; the files are in the memory of the operating system. The other columns are medians of {search['rounds']} later rounds, in which the engines take turns. **floor**: the",
        "time of a request that searches nothing, for engines that are servers; it is part of their times.",
        "The times of an engine contain the queries that it does not answer exactly; the ratios do not.",
        "",
        *mixed_tables(search),
        "",
        "## Kinds of query",
        "",
        f"{search['each']} queries of each kind, made from the texts; whole answers. *Common phrases* are pairs of characters that occur",
        "in a sample more often than twice in 100 paragraphs. *near*: two words with at most 20 characters between them. *relaxed*: no paragraph has all words, and the closest",
        "ones are shown; no other engine has an equivalent. *filter*: a common phrase in one department; the counts of departments",
        "ignore the filter. *facets*: the count and all facets without hits. *export*: ids and texts of all hits. “–” means",
        "that the engine cannot express the kind, or that its answers are not checked. “exact” is the share that it answers exactly,",
        "if not all; with fewer than five exact answers there is no ratio.",
        "",
        *kind_tables(search),
        "",
        *_plot("kinds", "Our time divided by that of each other engine, for each kind of query"),
    ]
    if SHELL in search:
        shell = search[SHELL]
        lines += [
            "## On the command line",
            "",
            f"`baocha search` and `rg -F` (ripgrep {shell['version']}) as processes that start, search and end, {shell['queries']} rare phrases. They do",
            "different work: ripgrep reads all files, if they are text, and prints the lines with these very characters; baocha reads its index, folds the",
            "query, and prints the best ten paragraphs and the exact count.",
            "",
            *shell_table(shell),
            "",
        ]
    return lines


def _server_section(server: Part) -> list[str]:
    return [
        "## Servers",
        "",
        f"A client keeps {server['connections']} connections open. Each sends its next request as soon as it has the answer. Each server is measured for",
        f"{server['seconds']:.0f} s in each of {server['rounds']} rounds, one after another. The client and the server share all cores; “client, cores” is the share of",
        f"one core that the client uses. “baocha, page” is a whole HTML page. baocha has {server['workers']} workers. Groonga closes each connection after its answer, so the client opens a",
        "new one for each request. All answer the mixed queries with the exact count, the counts of all facets, and ten hits with",
        "their texts; Groonga also makes snippets; baocha also makes spans and snippets, and counts reports.",
        "",
        *server_tables(server),
        "",
        *_plot("server", "Requests per second of each server"),
    ]


def _growth_section(growth: Part) -> list[str]:
    return [
        "## Growth",
        "",
        "Altered copies of the reports make the collection larger: the parts of sentences between punctuation marks are shuffled",
        f"within each report. {growth['queries']} mixed queries, the same for each size, whole answers. Private memory is that of a process that only",
        "opens the index and searches, without mapped files. The exponent is the slope of the logarithms: 1 means in proportion",
        "to the number of paragraphs. With two sizes, it is only a ratio in another form.",
        "",
        *growth_tables(growth),
        "",
        *_plot("growth", "Growth of time, size and memory with the number of paragraphs"),
    ]


_HOW = [
    "## Run it",
    "",
    "```",
    "apt-get install groonga ripgrep openjdk-17-jre-headless maven   # what is missing is left out",
    "make bench CORPUS=FOLDER                                        # any folder that baocha index reads",
    "make bench                                                      # 20,000 invented paragraphs",
    "```",
    "",
    "This measures all of the above, writes [results.json](benchmarks/results.json), and makes this page and its plots of it.",
    "[benchmarks/README.md](../benchmarks/README.md) describes the single commands, and other measurements: ranking, reading files,",
    "clusters.",
]
