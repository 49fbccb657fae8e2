// The attributes of the elements: which values they may have, and what is used instead of a bad one.
// Names in capitals are constants of Python, see tools/make_component.py.

const BOOLEAN = ["hotkey", "doctor"];
const CHOICES = { mode: MODES, theme: THEMES };
const TARGETS = ["_self", "_blank", "_parent", "_top"];
const YEARS = /^(\d{4}(-\d{4})?|unknown|未知)$/;

export const ATTRIBUTES = [
  "lang",
  "theme",
  "mode",
  "limit",
  "target",
  "query",
  "placeholder",
  "filters",
  ...FACETS,
  "token",
  ...BOOLEAN,
];

// Return `{ value, allowed }`. `value` is what the element uses. `allowed` says which values are
// valid, if the given one is not; `label` returns a text of the pages. `given` is null without the
// attribute. `isBox`: of a <baocha-box>, whose target may be an element.
export function read(name, given, label, isBox) {
  if (BOOLEAN.includes(name)) {
    // Vue writes "false" for a value that is false.
    const valid = [null, "", "true", "false", name].includes(given);
    const value = valid && given !== null && given !== "false";
    return { value, allowed: valid ? "" : `${name}, ${name}="true", ${name}="false"` };
  }
  if (name === "filters") return readList(given ?? "", /\s+/, FACETS, FACETS.join(" "));
  if (FACETS.includes(name)) return readValues(name, given ?? "", label);
  switch (name) {
    case "lang": {
      const language = /^(zh|en)(-|$)/i.exec(given ?? "zh")?.[1].toLowerCase();
      return { value: language ?? "zh", allowed: language ? "" : "zh-CN, en" };
    }
    case "mode":
    case "theme": {
      const valid = given === null || CHOICES[name].includes(given);
      const standard = name === "mode" ? "results" : "light";
      return {
        value: valid ? (given ?? standard) : standard,
        allowed: valid ? "" : CHOICES[name].join(", "),
      };
    }
    case "limit": {
      const valid = given === null || (/^[1-9]\d{0,2}$/.test(given) && given <= MAX_LIMIT);
      return {
        value: valid ? Number(given ?? DEFAULT_LIMIT) : DEFAULT_LIMIT,
        allowed: valid ? "" : `1–${MAX_LIMIT}`,
      };
    }
    case "target": {
      const valid = given === null || TARGETS.includes(given) || /^[^_\s]\S*$/.test(given);
      const named = label(isBox ? "allowed_element" : "allowed_window");
      const allowed = `${TARGETS.join(", ")}, ${named}`;
      return { value: valid ? (given ?? "_self") : "_self", allowed: valid ? "" : allowed };
    }
    case "token": {
      // Other characters are not allowed in a header.
      const valid = given === null || /^[!-~]*$/.test(given);
      return { value: valid ? given : null, allowed: valid ? "" : label("allowed_token") };
    }
    default: {
      const valid = [...(given ?? "")].length <= MAX_QUERY_LENGTH;
      const allowed = label("allowed_text", { length: MAX_QUERY_LENGTH });
      return { value: valid ? given : null, allowed: valid ? "" : allowed };
    }
  }
}

function readValues(name, given, label) {
  if (name === "level") {
    const levels = [...LEVELS, "unknown", "未知"];
    return readList(given, "|", levels, levels.slice(0, -1).join(", "));
  }
  if (name === "year") {
    return readList(given, "|", (year) => YEARS.test(year), "2022, 2021-2023, unknown");
  }
  const short = (value) => [...value].length <= MAX_VALUE_LENGTH;
  const limits = { count: MAX_VALUES, length: MAX_VALUE_LENGTH };
  return readList(given, "|", short, label("allowed_values", limits));
}

// Return the valid items of a list.
function readList(given, separator, valid, allowed) {
  const items = given
    .split(separator)
    .map((item) => item.trim())
    .filter(Boolean);
  const isValid = Array.isArray(valid) ? (item) => valid.includes(item) : valid;
  const value = items.filter(isValid).slice(0, MAX_VALUES);
  return { value, allowed: value.length < items.length ? allowed : "" };
}
