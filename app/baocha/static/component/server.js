// Requests to the server that this script came from, and why they fail.

// The path of this script is embed/v1.js.
export const BASE = new URL("..", import.meta.url).href;

// The directive of the page's Content-Security-Policy that blocked the last request.
let violated = "";

document.addEventListener("securitypolicyviolation", (event) => {
  const uri = event.blockedURI;
  if (event.disposition !== "enforce" || !uri) return; // "report" blocks nothing
  if (BASE.startsWith(uri) || uri.startsWith(BASE)) violated = event.effectiveDirective;
});

// Return the JSON of an address of the API. Throws an Error with the reason that the server gives,
// or a TypeError if there is no answer.
export async function ask(path, parameters, token, signal) {
  violated = "";
  const answer = await fetch(`${BASE}api/v1/${path}?${parameters}`, {
    signal,
    credentials: "omit",
    headers: token ? { Authorization: `Bearer ${token}` } : {},
  });
  const body = await answer.json().catch(() => null); // a proxy may answer with a page
  signal.throwIfAborted();
  if (!answer.ok || !body) throw new Error(body?.detail ?? body?.title ?? `HTTP ${answer.status}`);
  return body;
}

// Return what is wrong and what to change. Browsers do not tell a page why a request failed.
export async function explain(error, label) {
  const { origin } = new URL(BASE);
  if (!(error instanceof TypeError)) return label("refused", { reason: error.message });
  await new Promise((done) => setTimeout(done, 50)); // the violation event comes later
  if (violated) return label("policy_forbids", { directive: violated, origin });
  try {
    // With "no-cors", a request succeeds if the server answers, although we may not read it.
    await fetch(`${BASE}api/v1/status`, { mode: "no-cors", credentials: "omit" });
    if (origin !== location.origin) return label("origin_not_allowed", { origin: location.origin });
  } catch {
    // The server does not answer.
  }
  return label("unreachable", { address: BASE });
}
