import type { Names, Place } from "./names.ts";

/** What the name of a parameter says about its value; others may hold anything. */
const PARAMETERS: Readonly<Record<string, Place>> = {
  labelSelector: "name",
  fieldSelector: "value",
  fieldManager: "name",
  container: "name",
  command: "text",
  continue: "name",
};

/** `/apis/apps/v1/namespaces/demo/deployments/web?limit=5`: types stay, names go, the rest as its place says. */
export function redactUri(uri: string, names: Names): string {
  const question = uri.indexOf("?");
  const path = question < 0 ? uri : uri.slice(0, question);
  const redacted = redactPath(path.split("/"), names).join("/");
  if (question < 0) return redacted;
  const query = uri.slice(question + 1).split("&");
  return `${redacted}?${query.map((part) => redactParameter(part, names)).join("&")}`;
}

function redactPath(steps: readonly string[], names: Names): readonly string[] {
  const places = placesOf(steps);
  return steps.map((step, at) => decoded(step, (text) => names.replace(text, places[at] ?? "text")));
}

/** What an API server has beside its APIs, whoever is called so. */
const OWN_ROOTS = new Set("healthz livez readyz metrics version debug logs configz flagz statusz".split(" "));

/** The place of each step of a path, which begins with an empty one. */
function placesOf(steps: readonly string[]): readonly Place[] {
  const places: Place[] = ["text", "field"];
  const root = steps[1];
  if (OWN_ROOTS.has(root ?? "")) return steps.map(() => "field");
  if (root !== "api" && root !== "apis") return steps.map(() => "text");
  let at = root === "api" ? 3 : 4;
  while (places.length < at) places.push("kind");
  while (steps[at] === "watch" || steps[at] === "proxy") places[at++] = "kind";
  if (steps[at] === "namespaces" && steps.length > at + 2) {
    places[at++] = "kind";
    places[at++] = "name";
  }
  places[at++] = "kind";
  places[at++] = "name";
  places[at++] = "kind";
  // Behind a proxy anything may follow.
  while (at < steps.length) places[at++] = "text";
  return places;
}

function redactParameter(part: string, names: Names): string {
  const equals = part.indexOf("=");
  const name = equals < 0 ? part : part.slice(0, equals);
  const redacted = decoded(name, (text) => names.replace(text, "field"));
  if (equals < 0) return redacted;
  const place = PARAMETERS[name] ?? "value";
  return `${redacted}=${decoded(part.slice(equals + 1), (text) => names.replace(text, place))}`;
}

/** Percent-encoding stays where it was needed. */
function decoded(text: string, change: (text: string) => string): string {
  if (!/[%+]/.test(text)) return change(text);
  let plain: string;
  try {
    plain = decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return change(text);
  }
  const changed = change(plain);
  return changed === plain ? text : encodeURIComponent(changed);
}
