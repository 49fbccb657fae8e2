// Links and forms to the same page fetch it and replace the content of <main>. The address, the
// back button and sharing work as without scripts. If the server cannot be reached, the page stays and
// shows a message. After any other error, the browser loads the page.

import { announceText } from "./announce.js";
import { t } from "./texts.js";

const UNREACHABLE = new Error("no answer");
const IGNORED = "[data-plain], [download], [target]";

// Return the document at an address. XMLHttpRequest parses it without running anything; to parse
// text, as DOMParser does, is forbidden by the policy of the pages (Trusted Types).
function load(url, signal) {
  return new Promise((resolve, reject) => {
    const asked = new XMLHttpRequest();
    asked.open("GET", url);
    asked.responseType = "document";
    asked.setRequestHeader("Accept", "text/html");
    asked.addEventListener("load", () => resolve(asked.response));
    asked.addEventListener("error", () => reject(UNREACHABLE));
    signal.addEventListener("abort", () => {
      asked.abort();
      reject(signal.reason);
    });
    asked.send();
  });
}

export function refreshing(enhance) {
  let request = null;
  let shown = location.search;

  function isOurs(url) {
    return url.origin === location.origin && url.pathname === location.pathname;
  }

  async function go(url, { keep = false, push = true, top = 0 } = {}) {
    request?.abort();
    request = new AbortController();
    const main = document.querySelector("main");
    main.setAttribute("aria-busy", "true");
    try {
      const page = await load(url, request.signal);
      const fresh = page.querySelector("main");
      // The front page has another layout, and an error page may have no <main>.
      const isFront = (page) => page.querySelector(".top").classList.contains("large");
      if (!fresh || isFront(page) !== isFront(document)) throw new Error("another layout");
      // Like browsers: going to the current address adds no history entry.
      if (push && url.href !== location.href) {
        history.replaceState({ top: scrollY }, "");
        history.pushState({}, "", url);
      }
      const isMoved = movedTo(url, main, fresh);
      shown = url.search;
      main.replaceWith(document.adoptNode(fresh));
      document.title = page.title;
      for (const part of [".bottom", ".places .language"]) {
        document.querySelector(part).replaceWith(document.adoptNode(page.querySelector(part)));
      }
      updateBox(document.querySelector(".search"), page.querySelector(".search"), push);
      enhance(fresh);
      if (isMoved) announceText(t("index_updated"), true);
      const place = url.hash && document.getElementById(decodeURIComponent(url.hash.slice(1)));
      if (keep && push && place) {
        // Restore the focus: the followed link was replaced by a new one.
        place.querySelector("[data-keep]")?.focus({ preventScroll: true });
      } else if (!push) {
        scrollTo(0, top);
      } else if (!keep) {
        scrollTo(0, 0);
        fresh.focus({ preventScroll: true });
      }
    } catch (error) {
      if (error.name === "AbortError") return;
      if (error !== UNREACHABLE || !push) return location.assign(url);
      main.removeAttribute("aria-busy");
      announceText(t("server_unreachable"), true);
    }
  }

  // Return whether an address is another page of the same results, but of a newer index: its hits may
  // have been on other pages before.
  function movedTo(url, main, fresh) {
    const [before, now] = [main, fresh].map((one) => one.querySelector("[data-search]")?.dataset);
    if (!before || !now || before.generation === now.generation) return false;
    const withoutPage = (search) => {
      const parameters = new URLSearchParams(search);
      parameters.delete("page");
      return parameters.toString();
    };
    return url.search !== shown && withoutPage(before.search) === withoutPage(now.search);
  }

  // Keep the input of the box, because the user may still be typing, and replace the hidden
  // fields. After going back, the query is that of the restored page.
  function updateBox(here, there, typing) {
    for (const field of here.querySelectorAll("input[type=hidden]")) field.remove();
    here.append(...there.querySelectorAll("input[type=hidden]"));
    const input = here.querySelector("#q");
    if (!typing || document.activeElement !== input) input.value = there.querySelector("#q").value;
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("main a[href]");
    if (!link || event.defaultPrevented || event.button || link.matches(IGNORED)) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const url = new URL(link.href);
    const isFragment = url.search === location.search && url.hash;
    if (!isOurs(url) || isFragment) return;
    event.preventDefault();
    go(url, { keep: "keep" in link.dataset });
  });

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form.search");
    if (!form || event.defaultPrevented) return;
    const url = new URL(form.action);
    url.search = new URLSearchParams(new FormData(form));
    if (!isOurs(url) || !url.searchParams.get("q").trim()) return;
    event.preventDefault();
    go(url, { keep: true });
  });

  // Going to a fragment such as #text is also popstate, but needs no other page.
  history.scrollRestoration = "manual";
  addEventListener("popstate", (event) => {
    // Ignore a page that was requested before.
    request?.abort();
    document.querySelector("main").removeAttribute("aria-busy");
    const top = event.state?.top ?? 0;
    if (location.search !== shown) go(new URL(location.href), { push: false, top });
  });
}
