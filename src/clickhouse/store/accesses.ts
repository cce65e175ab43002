import { referencedAttributes, requestAttributes } from "../../events/request-attributes.ts";
import { splitResource } from "../../events/resource-names.ts";
import {
  accessKey,
  type AccessOptions,
  type AccessRow,
  type AccessTable,
  SEQS_KEPT,
  USE_ANNOTATIONS,
} from "../../queries/accesses.ts";
import type { Selection } from "../../queries/contract.ts";
import { microsOf } from "../sql/columns.ts";
import type { FigureRow } from "../sql/figures.ts";
import { SqlParams } from "../sql/params.ts";
import { ID, selectedSql } from "../sql/source.ts";
import type { Asked } from "./asked.ts";

/** Entries the server tells apart before those for the same are joined here. */
const MOST_ENTRIES = 1_000_000;

/** What was asked of the authorizer: the server groups by what attributes are made of, here they are made. */
export async function accessesOf(
  asked: Asked,
  selection: Selection,
  { names, seqsOf }: AccessOptions,
): Promise<AccessTable> {
  const params = new SqlParams();
  const us = microsOf("received");
  // Of a query only a selector names what is asked for.
  const uri = "concat(path, if(uri LIKE '%fieldSelector=%', concat('?', extract(uri, 'fieldSelector=[^&]*')), ''))";
  const columns = [
    "user, as_from, groups, verb, resource, subresource, namespace, name, decision, auth_reason",
    "code",
    `${uri} AS asked_uri`,
    "annotations['apiserver.k8s.io/startup'] != '' AS starting",
    ...USE_ANNOTATIONS.map(([key], at) => `annotations['${key}'] AS used${at}`),
  ];
  const rows = await asked.rows(
    `SELECT ${columns.join(", ")}, count() AS requests, minIf(${us}, ${us} != 0) AS first, maxIf(${us}, ${us} != 0) AS last,` +
      ` groupArraySorted(${SEQS_KEPT})(-toInt64(${ID})) AS newest, min(${ID}) AS first_id` +
      ` FROM ${selectedSql(asked.source, selection, asked.time, params)}` +
      ` GROUP BY ALL ORDER BY first_id LIMIT ${MOST_ENTRIES + 1}`,
    params,
  );
  const entries = new Map<string, AccessRow & { readonly seqs: number[] }>();
  let unknown = 0;
  for (const [at, row] of rows.entries()) {
    if (at >= MOST_ENTRIES) {
      unknown += Number(row["requests"]);
      continue;
    }
    const told = accessOf(row, names);
    const key = accessKey(told);
    const known = entries.get(key);
    entries.set(key, known === undefined ? told : joined(known, told));
  }
  return {
    rows: [...entries.values()].map((row) => ({
      ...row,
      seqs: row.seqs.slice(-Math.max(1, seqsOf(row))),
    })),
    unknown,
  };
}

function accessOf(row: FigureRow, names: boolean): AccessRow & { readonly seqs: number[] } {
  const text = (column: string): string => String(row[column] ?? "");
  const [resource, apiGroup] = splitResource(text("resource"));
  const uri = text("asked_uri");
  const reference = {
    apiGroup,
    resource,
    subresource: text("subresource"),
    namespace: text("namespace"),
    name: text("name"),
  };
  const made = requestAttributes(uri, text("verb")) ?? referencedAttributes(reference, text("verb"), uri);
  const used = USE_ANNOTATIONS.flatMap(([, used], at) =>
    text(`used${at}`) === "" ? [] : [`${used}/${text(`used${at}`)}`],
  );
  const code = Number(row["code"]);
  return {
    user: text("user"),
    asFrom: text("as_from"),
    groups: row["groups"] as readonly string[],
    attributes: names || made.name === "" ? made : { ...made, name: "" },
    decision: text("decision"),
    authReason: text("auth_reason"),
    code: code === 0 ? null : code,
    starting: Number(row["starting"]) === 1,
    usedPolicy: used[0] ?? "",
    requests: Number(row["requests"]),
    firstUs: Number(row["first"]) || Number.NaN,
    lastUs: Number(row["last"]) || Number.NaN,
    seqs: (row["newest"] as readonly unknown[]).map((seq) => -Number(seq)).reverse(),
  };
}

function joined(a: AccessRow, b: AccessRow): AccessRow & { readonly seqs: number[] } {
  const times = (of: (...values: number[]) => number, x: number, y: number): number =>
    Number.isNaN(x) ? y : Number.isNaN(y) ? x : of(x, y);
  return {
    ...a,
    requests: a.requests + b.requests,
    firstUs: times(Math.min, a.firstUs, b.firstUs),
    lastUs: times(Math.max, a.lastUs, b.lastUs),
    seqs: [...a.seqs, ...b.seqs].sort((x, y) => x - y).slice(-SEQS_KEPT),
  };
}
