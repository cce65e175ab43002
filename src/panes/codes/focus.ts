import type { GroupResult, GroupRow } from "../../queries/contract.ts";
import type { GroupSection } from "../group-section.ts";
import { codeMeaning } from "../tones.ts";

/** What is broken down: one code, a class of codes, or all errors. */
export interface Focus {
  /** "403", "5xx" or "errors": also the row's id. */
  readonly id: string;
  readonly title: string;
  readonly term: string;
}

export const ERRORS: Focus = { id: "errors", title: "all errors", term: "code:>=400" };

/** "403", "4xx", "errors", "none"; undefined for anything else. */
export function focusOf(id: string): Focus | undefined {
  if (id === "" || id === ERRORS.id) return ERRORS;
  if (/^[1-5]xx$/.test(id)) return { id, title: id, term: `code:${id}` };
  if (/^\d{3}$/.test(id)) return { id, title: `${id} ${codeMeaning(Number(id))}`.trim(), term: `code:${id}` };
  if (id === "none") return { id, title: "no answer yet", term: 'code:""' };
  return undefined;
}

/** The row of a code in the answer by code; errors and classes are summed. */
export function focusRow(result: GroupResult, focus: Focus): GroupRow | undefined {
  const rows = result.rows.filter((row) => isIn(focus, row.key["code"] ?? ""));
  const [only] = rows;
  return rows.length <= 1 ? only : summed(rows);
}

function isIn(focus: Focus, code: string): boolean {
  if (focus.id === ERRORS.id) return Number(code) >= 400;
  if (focus.id.endsWith("xx")) return code.length === 3 && code[0] === focus.id[0];
  return code === (focus.id === "none" ? "" : focus.id);
}

function summed(rows: readonly GroupRow[]): GroupRow {
  const sum = (of: (row: GroupRow) => number): number => rows.reduce((total, row) => total + of(row), 0);
  const length = Math.max(0, ...rows.map((row) => row.spark?.length ?? 0));
  return {
    key: { code: "" },
    requests: sum((row) => row.requests),
    share: sum((row) => row.share),
    rate: sum((row) => row.rate),
    errors: { "4xx": sum((row) => row.errors["4xx"]), "5xx": sum((row) => row.errors["5xx"]) },
    latencyMs: null,
    firstSeen: rows.map((row) => row.firstSeen).reduce((a, b) => (b < a ? b : a)),
    lastSeen: rows.map((row) => row.lastSeen).reduce((a, b) => (b > a ? b : a)),
    bytes: null,
    spark: Array.from({ length }, (_, at) => sum((row) => row.spark?.[at] ?? 0)),
  };
}

/** The tables beside each other, most telling first: for 401 nobody is known but the address. */
export function breakdown(focus: Focus, isPreview: boolean): readonly GroupSection[] {
  const base = { terms: [focus.term], rows: isPreview ? 40 : 50 };
  const pairs: GroupSection = {
    ...base,
    id: "pairs",
    title: focus.id === ERRORS.id || focus.id.endsWith("xx") ? "Which code, who" : "Who, on what",
    by: focus.id === ERRORS.id || focus.id.endsWith("xx") ? ["code", "user", "resource"] : ["user", "verb", "resource"],
    // Who and on what is the answer: on the page of one code it may take a whole band.
    ...(isPreview ? { minWidth: 48 } : { minWidth: 76, userWidth: 34 }),
    weight: 3,
    shows: ["last", "first"],
  };
  const ip: GroupSection = { ...base, id: "ip", title: "From where", by: ["ip"], minWidth: 29, shows: ["last"] };
  const first = focus.id === "401" ? [ip, { ...pairs, minWidth: 46, userWidth: 14 }] : [pairs, ip];
  if (isPreview) return first;
  return [
    ...first,
    { ...base, id: "reason", title: "Which reason", by: ["reason"], minWidth: 24, shows: ["last"] },
    { ...base, id: "useragent", title: "With what program", by: ["useragent"], minWidth: 38, shows: [] },
    { ...base, id: "namespace", title: "In which namespace", by: ["namespace"], minWidth: 24, shows: [] },
    {
      ...base,
      id: "why",
      title: "What the authorizer said",
      by: ["annotation:authorization.k8s.io/reason"],
      minWidth: 38,
      shows: [],
    },
    { ...base, id: "who", title: "Whose", by: ["who"], minWidth: 24, shows: [] },
  ];
}
