/** One step into a body: a key, an array index, or any of either. */
export type BodyStep = { readonly key: string } | { readonly index: number } | { readonly any: true };

/** `spec.containers[*].image`, `annotations["a.b/c"]`, `items.0.name` → steps; a sentence when it is no path. */
export function parseBodyPath(text: string): readonly BodyStep[] | string {
  const steps: BodyStep[] = [];
  let rest = text;
  while (rest !== "") {
    const step = /^\.?(?:\["((?:[^"\\]|\\.)*)"\]|\[(\d{1,9}|\*)\]|([^.[\]]+))/.exec(rest);
    if (step === null || (steps.length === 0 && rest.startsWith("."))) {
      return `"${text}" is no path, as in spec.replicas, spec.containers[*].image or metadata.labels["a.b/c"]`;
    }
    const [whole, quoted, index, name] = step;
    if (quoted !== undefined) steps.push({ key: quoted.replaceAll(/\\(["\\])/g, "$1") });
    else if (index === "*" || name === "*") steps.push({ any: true });
    else if (index !== undefined) steps.push({ index: Number(index) });
    else steps.push({ key: name ?? "" });
    rest = rest.slice(whole.length);
    if (rest !== "" && !/^[.[]/.test(rest))
      return `"${text}" is no path: "." or "[" belongs before "${rest.slice(0, 20)}"`;
    if (rest === ".") return `"${text}" is no path: it ends with "."`;
  }
  return steps.length > 32 ? `"${text.slice(0, 40)}…" is too deep a path` : steps;
}

/** Values found under bounds that a stranger's body cannot push: at most 10,000 nodes are looked at. */
const MAX_NODES = 10_000;

/** Every value at the end of the path; objects and arrays count as their JSON text. Missing: none. */
export function bodyValues(body: unknown, steps: readonly BodyStep[]): string[] {
  let nodes: unknown[] = [body];
  for (const step of steps) {
    const next: unknown[] = [];
    for (const node of nodes) {
      if (next.length >= MAX_NODES) break;
      childrenOf(node, step, next);
    }
    nodes = next;
  }
  return nodes.map(textOf);
}

function childrenOf(node: unknown, step: BodyStep, into: unknown[]): void {
  if (typeof node !== "object" || node === null || isExactNumber(node)) return;
  if ("any" in step) {
    for (const value of Object.values(node)) {
      if (into.length >= MAX_NODES) return;
      into.push(value);
    }
    return;
  }
  if ("index" in step) {
    if (Array.isArray(node) && step.index < node.length) into.push(node[step.index]);
    return;
  }
  // A number among dotted names picks an element of an array: items.0.name
  if (Object.hasOwn(node, step.key) && (!Array.isArray(node) || /^\d+$/.test(step.key))) {
    into.push((node as Record<string, unknown>)[step.key]);
  }
}

/** A number that JSON.parse would round; `rawJSON` has its digits. */
function isExactNumber(node: object): node is { readonly rawJSON: string } {
  return Object.getPrototypeOf(node) === null && Object.isFrozen(node) && "rawJSON" in node;
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "object" && value !== null && isExactNumber(value)) {
    // 1.0 and 1e3 are written in many ways; digits are lost of integers only.
    return /^-?\d+$/.test(value.rawJSON) ? value.rawJSON : JSON.stringify(Number(value.rawJSON));
  }
  return value === null ? "null" : (JSON.stringify(value) ?? "");
}
