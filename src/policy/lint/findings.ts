import type { Place } from "../../yaml/located.ts";
import type { Policy } from "../contract.ts";
import type { Decision } from "../evaluate.ts";
import type { Finding } from "./contract.ts";

/** `a`, `a and b`, `a, b and 3 more`. */
export function list(words: readonly string[], most = 5): string {
  const shown = words.map((word) => (word === "" ? '""' : word));
  if (shown.length > most) return `${shown.slice(0, most).join(", ")} and ${String(shown.length - most)} more`;
  return shown.length < 2 ? shown.join("") : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1) ?? ""}`;
}

export function ofRule(rule: number, place: Place, message: string, instead: string): Finding {
  return { rule, place, message, instead };
}

export function ofFile(message: string, instead: string): Finding {
  return { rule: null, place: null, message, instead };
}

/** Who decides, in words: `line 12 (Metadata)`. */
export function deciderText(policy: Policy, { rule, level }: Pick<Decision, "rule" | "level">): string {
  const line = policy.rules[rule]?.place.line;
  return line === undefined ? "no rule (nothing is written)" : `line ${String(line)} (${level})`;
}

/** As deciderText, of rules by number; -1: none. */
export function decidersText(policy: Policy, rules: readonly number[]): string {
  return list(
    rules.map((rule) => deciderText(policy, { rule, level: policy.rules[rule]?.level ?? "None" })),
    3,
  );
}

/** Groups what is said of several requests by the rule that decides about them. */
export function byDecider<T>(
  entries: readonly (readonly [Decision, T])[],
): readonly (readonly [Decision, readonly T[]])[] {
  const groups = new Map<number, { readonly decision: Decision; readonly items: T[] }>();
  for (const [decision, item] of entries) {
    const known = groups.get(decision.rule);
    if (known === undefined) groups.set(decision.rule, { decision, items: [item] });
    else if (!known.items.includes(item)) known.items.push(item);
  }
  return [...groups.values()].map(({ decision, items }) => [decision, items]);
}

/** 0…1 as `12 %`. */
export function percentText(share: number): string {
  return `${share > 0 && share < 0.01 ? "less than 1" : String(Math.round(share * 100))} %`;
}
