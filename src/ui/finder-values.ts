import type { FilterLanguage } from "../commands/filter-language.ts";
import type { Engine } from "../engine/contract.ts";
import { objectName } from "../events/object-name.ts";
import { counted } from "../models/numbers.ts";
import { safeText } from "../models/text-safety.ts";
import type { PaneContext } from "../panes/contract.ts";
import { goingTo, timeNamed } from "../panes/requests/goto.ts";
import { type Dimension, MATCH_ALL } from "../queries/contract.ts";
import { frameOf } from "../state/initial-state.ts";
import type { Candidate } from "./finder.ts";

const OBJECTS = 30;
const VALUES = 30;

/** What of the log can be found by its name, and how it is filtered by. */
const FIELDS = [
  { kind: "user", field: "user", dimension: "user" },
  { kind: "namespace", field: "ns", dimension: "namespace" },
  { kind: "address", field: "ip", dimension: "ip" },
  { kind: "code", field: "code", dimension: "code" },
  { kind: "program", field: "ua", dimension: "useragent" },
] as const satisfies readonly { kind: Candidate["kind"]; field: string; dimension: Dimension }[];

/** Users, namespaces, addresses, codes and programs whose names hold the text: to everything they asked for. */
export async function valuesFound(
  engine: Engine,
  language: FilterLanguage,
  text: string,
  signal: AbortSignal,
): Promise<readonly Candidate[]> {
  const found = FIELDS.map(async ({ kind, field, dimension }): Promise<readonly Candidate[]> => {
    const values = await engine.ask("values", { field, text, limit: VALUES, filter: MATCH_ALL }, signal);
    return values.map(({ value, requests }) => ({
      kind,
      label: safeText(value),
      detail: counted(requests, "request"),
      run: () =>
        kind === "code"
          ? [{ type: "open", frame: frameOf("codes", { code: value }) }]
          : [{ type: "push", frame: frameOf("requests"), chips: [language.term(dimension, value)], alone: true }],
    }));
  });
  return (await Promise.all(found)).flat();
}

/** Objects by parts of their names; `deploy nginx` and `deploy/nginx` are of that kind. The engine has ranked them. */
export async function objectsFound(engine: Engine, text: string, signal: AbortSignal): Promise<readonly Candidate[]> {
  const [, kind, name] = /^([a-z][\w.-]*)[\s/]+(\S.*)$/i.exec(text) ?? [];
  if (kind !== undefined && name !== undefined) {
    const filter = { op: "match" as const, field: "resource", tests: [{ kind: "exact" as const, text: kind }] };
    const ofKind = await engine.ask("objects", { text: name, limit: OBJECTS, filter }, signal);
    if (ofKind.rows.length > 0) return ofKind.rows.map((row) => objectCandidate(row, true));
  }
  const { rows } = await engine.ask("objects", { text, limit: OBJECTS }, signal);
  return rows.map((row) => objectCandidate(row, false));
}

function objectCandidate(
  row: { readonly resource: string; readonly namespace: string; readonly name: string; readonly requests: number },
  isMeant: boolean,
): Candidate {
  const params = {
    object: `${row.resource}/${row.name}`,
    ...(row.namespace === "" ? {} : { namespace: row.namespace }),
  };
  return {
    kind: "object",
    label: safeText(objectName(row)),
    detail: counted(row.requests, "request"),
    ...(isMeant ? { isMeant } : {}),
    run: () => [{ type: "open", frame: frameOf("trail", params) }],
  };
}

/** `at:00:20:10`, or a time alone: as `:goto`. */
export function timeFound(text: string, context: PaneContext): readonly Candidate[] {
  const named = text.replace(/^at:\s*/i, "");
  // A number alone is a code.
  const us = named === "" || /^\d+$/.test(named) ? null : timeNamed(named, context);
  if (us === null) return [];
  return [
    {
      kind: "time",
      label: safeText(`at ${named}`),
      detail: "the requests from then on",
      isMeant: true,
      run: ({ view }) => goingTo(us, view),
    },
  ];
}
