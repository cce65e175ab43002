/** The log's own values for a command line. */
import { existsSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { holdsSecret } from "../../commands/masked-terms.ts";
import { createEngine } from "../../engine/create-engine.ts";
import type { Engine } from "../../engine/contract.ts";
import { pathOf } from "../../files/file-names.ts";
import { completionsAt } from "../../queries/complete-filter.ts";
import { MATCH_ALL } from "../../queries/contract.ts";
import type { Candidate, LogPlace } from "./place.ts";

/** Somebody has pressed tab and waits: what was read by then has to do. */
const PATIENCE_MS = 800;
const CAPACITY = 200_000;
const OFFERED = 40;
/** Values that mean themselves in every shell, in quotes or not: names of strangers must not become commands. */
const PLAIN = /^[\w@%+=:,./-]+$/;

export async function logValues(log: LogPlace, words: readonly string[]): Promise<readonly Candidate[]> {
  const inputs = words.filter((word) => existsSync(pathOf(word)));
  if (inputs.length === 0) return [];
  const engine = createEngine({ inputs, follow: false, capacity: CAPACITY, format: "auto" });
  try {
    await Promise.race([engine.loaded(), pause(PATIENCE_MS)]);
    const found = await valuesOf(engine, log);
    return found.filter(({ text }) => !holdsSecret(text));
  } finally {
    await engine.close();
  }
}

async function valuesOf(engine: Engine, log: LogPlace): Promise<readonly Candidate[]> {
  if (log.kind === "object") return objectsLike(engine, log.typed);
  if (log.kind === "field") {
    const { field, typed, before } = log;
    const values = await engine.ask("values", { field, text: typed, limit: OFFERED, filter: MATCH_ALL });
    return fitting(
      values.map(({ value, requests }) => ({ text: value, requests })),
      typed,
      before,
    );
  }
  const { place, before } = log;
  const { field, key, typed, rest } = place;
  if (field === undefined) return [];
  const ask = { field: field.id, ...(key === undefined ? {} : { key }), text: typed, limit: OFFERED, filter: rest };
  const values = await engine.ask("values", ask);
  const written = completionsAt(place, values).filter(({ text }) => values.some(({ value }) => value === text));
  return fitting(
    written.map(({ text, detail }) => ({ text, requests: Number(detail) })),
    typed,
    before,
  );
}

/** `deploy/ng`, `ng`: as the commands take them, with the kind in the words it is typed in. */
async function objectsLike(engine: Engine, typed: string): Promise<readonly Candidate[]> {
  const slash = typed.indexOf("/");
  const kind = typed.slice(0, Math.max(0, slash));
  const name = typed.slice(slash + 1);
  const filter = { op: "match" as const, field: "resource", tests: [{ kind: "exact" as const, text: kind }] };
  const { rows } = await engine.ask("objects", {
    text: name.toLowerCase(),
    limit: OFFERED,
    ...(kind === "" ? {} : { filter }),
  });
  return rows
    .filter((row) => row.name.startsWith(name) && PLAIN.test(row.name) && PLAIN.test(row.resource))
    .map((row) => ({
      text: `${kind === "" ? row.resource : kind}/${row.name}`,
      about: row.namespace === "" ? requestsText(row.requests) : `-n ${row.namespace}`,
    }));
}

/** Shells offer only what starts with the word. */
function fitting(
  values: readonly { readonly text: string; readonly requests: number }[],
  typed: string,
  before: string,
): readonly Candidate[] {
  return values
    .filter(({ text }) => text.startsWith(typed) && PLAIN.test(text))
    .map(({ text, requests }) => ({ text: before + text, about: requestsText(requests) }));
}

function requestsText(requests: number): string {
  return requests > 0 ? `${requests} ${requests === 1 ? "request" : "requests"}` : "";
}
