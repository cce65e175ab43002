import type { AppState, Prompt } from "../state/app-state.ts";

/** Prompts whose text panes look at while it is typed. */
const INSIDE: ReadonlySet<Prompt["kind"] | undefined> = new Set(["search", "narrow"] as const);

/** Nothing a pane looks at differs: what is typed below it, and what it was answered, costs no new view. */
export function showsTheSame(a: AppState, b: AppState): boolean {
  if (a === b) return true;
  if (a.prompt !== b.prompt && (INSIDE.has(a.prompt?.kind) || INSIDE.has(b.prompt?.kind))) return false;
  const same = { ...a, prompt: b.prompt, message: b.message };
  return Object.keys(same).every((key) => same[key as keyof AppState] === b[key as keyof AppState]);
}
