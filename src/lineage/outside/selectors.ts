import { asObject, field, list, text, type JsonValue } from "../json.ts";
import { labelsOf } from "./needs.ts";

/** Which pods a Service or a PodDisruptionBudget means. */
export interface Selector {
  readonly labels: Readonly<Record<string, string>>;
  readonly expressions: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values: readonly string[];
  }[];
  /** Without any condition: a budget then means every pod, a Service none. */
  readonly isForAll: boolean;
}

const MOST_EXPRESSIONS = 32;

/** Kinds that select pods. */
export const SELECTING: ReadonlySet<string> = new Set(["services", "poddisruptionbudgets.policy"]);

/** null when the body has no spec, or is a Service without a selector. */
export function selectorOf(resource: string, spec: JsonValue | undefined): Selector | null {
  if (asObject(spec) === null) return null;
  const selector = field(spec, "selector");
  if (resource === "services") {
    const labels = labelsOf(selector);
    return { labels, expressions: [], isForAll: false };
  }
  const labels = labelsOf(field(selector, "matchLabels"));
  const expressions = list(selector, "matchExpressions")
    .slice(0, MOST_EXPRESSIONS)
    .map((entry) => ({
      key: text(entry, "key"),
      operator: text(entry, "operator"),
      values: list(entry, "values").filter((value) => typeof value === "string"),
    }));
  const isForAll = asObject(selector) !== null && expressions.length === 0 && Object.keys(labels).length === 0;
  return { labels, expressions, isForAll };
}

export function selects({ labels, expressions, isForAll }: Selector, of: Readonly<Record<string, string>>): boolean {
  const wanted = Object.entries(labels);
  if (wanted.length === 0 && expressions.length === 0) return isForAll;
  const valueOf = (key: string): string | undefined => (Object.hasOwn(of, key) ? of[key] : undefined);
  return (
    wanted.every(([key, value]) => valueOf(key) === value) &&
    expressions.every(({ key, operator, values }) => {
      const value = valueOf(key);
      if (operator === "In") return value !== undefined && values.includes(value);
      if (operator === "NotIn") return value === undefined || !values.includes(value);
      return operator === "Exists" ? value !== undefined : operator === "DoesNotExist" && value === undefined;
    })
  );
}

/** `app=web, tier Exists` */
export function selectorWords({ labels, expressions, isForAll }: Selector): string {
  if (isForAll) return "being in the namespace";
  const words = [
    ...Object.entries(labels).map(([key, value]) => `${key}=${value}`),
    ...expressions.map(({ key, operator, values }) => `${key} ${operator} ${values.join("|")}`.trim()),
  ];
  const more = words.length - 3;
  return words.slice(0, 3).join(", ") + (more > 0 ? ` and ${String(more)} more` : "");
}
