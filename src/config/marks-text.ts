import type { Mark } from "../state/app-state.ts";

type Facts = Mark["facts"];
/** What a mark keeps of a request: the rest is read in the log. */
type Kept = Exclude<keyof Facts, "seq" | "groups" | "sourceIPs" | "annotations" | "source">;

const KEPT: { readonly [Key in Kept]-?: "text" | "number" | "number or null" | "flag" } = {
  auditID: "text",
  receivedUs: "number",
  stageUs: "number",
  latencyMs: "number or null",
  stage: "text",
  level: "text",
  verb: "text",
  user: "text",
  asFrom: "text",
  resource: "text",
  subresource: "text",
  namespace: "text",
  name: "text",
  uid: "text",
  code: "number or null",
  reason: "text",
  ip: "text",
  useragent: "text",
  decision: "text",
  authReason: "text",
  uri: "text",
  actorClass: "text",
  longRunning: "flag",
  inFlight: "flag",
  cutOff: "flag",
  bodiesTruncated: "flag",
  apiserver: "text",
};

/** `mask`: what is kept outside the log has no secrets of it. */
export function marksText(marks: readonly Mark[], mask: (text: string) => string): string {
  const entries = marks.map(({ id, note, facts }) => {
    const kept = Object.fromEntries(
      Object.keys(KEPT).map((key) => {
        const value = facts[key as Kept];
        return [key, typeof value === "string" ? mask(value) : value];
      }),
    );
    return { id, note, facts: { ...kept, source: facts.source } };
  });
  return `${JSON.stringify({ version: 1, marks: entries }, null, 1)}\n`;
}

/** Null for a text that holds no marks; what is missing of a request is as if the log lacked it. */
export function readMarks(text: string, log: string): readonly Mark[] | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const marks = field(value, "marks");
  if (!Array.isArray(marks)) return null;
  return marks.flatMap((mark: unknown): readonly Mark[] => {
    const id = textOf(field(mark, "id"));
    return id === "" ? [] : [{ id, note: textOf(field(mark, "note")), facts: factsOf(field(mark, "facts")), log }];
  });
}

function factsOf(value: unknown): Facts {
  const kept = Object.entries(KEPT).map(([key, kind]): [string, unknown] => {
    const own = field(value, key);
    if (kind === "text") return [key, textOf(own)];
    if (kind === "flag") return [key, own === true];
    // JSON has null for what is no number.
    return [key, typeof own === "number" ? own : kind === "number" ? Number.NaN : null];
  });
  const source = field(value, "source");
  return {
    ...(Object.fromEntries(kept) as unknown as Pick<Facts, Kept>),
    seq: Number.NaN,
    groups: [],
    sourceIPs: [],
    annotations: {},
    source: {
      path: textOf(field(source, "path")),
      offset: numberOf(field(source, "offset")),
      bytes: numberOf(field(source, "bytes")),
    },
  };
}

function field(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function numberOf(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
