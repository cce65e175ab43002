import { isoTime } from "../../events/time.ts";
import { NameArena } from "../../finder/name-arena.ts";
import { rank } from "../../finder/rank.ts";
import type { ObjectsQuery, ObjectsResult } from "../../store/store.ts";
import { hasTime, microsOf } from "../sql/columns.ts";
import type { FigureRow } from "../sql/figures.ts";
import { SqlParams } from "../sql/params.ts";
import { ID, selectedSql } from "../sql/source.ts";
import { finish } from "../../queries/scan.ts";
import type { Asked } from "./asked.ts";

/** Objects, the most requested first, among which a text is looked for here: of more the server leaves out those without its letters. */
const MOST_RANKED = 50_000;

/** Objects whose name is like a text, best first; without text the most requested ones. */
export async function objectsOf(asked: Asked, { text, limit, ...selection }: ObjectsQuery): Promise<ObjectsResult> {
  const params = new SqlParams();
  const us = microsOf("received");
  const isTimed = hasTime("received");
  const label = "concat(if(namespace = '', '', concat(namespace, '/')), name, ' ', resource)";
  const like = text === "" ? "" : ` WHERE ${lettersSql(text, params)}`;
  const rows = await asked.rows(
    `SELECT *, count() OVER () AS found FROM (SELECT *, count() OVER () AS total FROM (` +
      `SELECT resource, namespace, name, ${label} AS label, count() AS requests, countIf(code >= 400) AS errors,` +
      ` minIf(${us}, ${isTimed}) AS first, maxIf(${us}, ${isTimed}) AS last,` +
      ` argMaxIf(${ID}, (${us}, -toInt64(${ID})), ${isTimed}) AS last_id, min(${ID}) AS first_id` +
      ` FROM (SELECT * FROM ${selectedSql(asked.source, selection, asked.time, params)}) WHERE resource != '' AND name != ''` +
      ` GROUP BY resource, namespace, name))${like}` +
      ` ORDER BY requests DESC, first_id LIMIT ${text === "" ? Math.max(1, limit) : MOST_RANKED}`,
    params,
  );
  const chosen = text === "" ? rows.map((row) => ({ row, matches: [] })) : ranked(rows, text, limit);
  const time = (value: unknown): string => (Number(value) === 0 ? "" : (isoTime(Number(value)) ?? ""));
  return {
    total: Number(rows[0]?.["total"] ?? 0),
    rows: chosen.slice(0, limit).map(({ row, matches }) => ({
      resource: String(row["resource"]),
      namespace: String(row["namespace"]),
      name: String(row["name"]),
      label: String(row["label"]),
      requests: Number(row["requests"]),
      errors: Number(row["errors"]),
      firstSeen: time(row["first"]),
      lastSeen: time(row["last"]),
      lastSeq: Number(row["last_id"]),
      matches,
    })),
  };
}

/** Labels that have every letter of the text, however they stand. */
function lettersSql(text: string, params: SqlParams): string {
  const letters = [...new Set(text.toLowerCase().replaceAll(/\s/g, ""))].slice(0, 32);
  const has = (letter: string): string => `position(lowerUTF8(label), ${params.text(letter)}) > 0`;
  // A few may be mistyped: half of them is what the finder asks for.
  return letters.length === 0
    ? "1"
    : `(${letters.map((letter) => `(${has(letter)})`).join(" + ")}) * 2 >= ${letters.length}`;
}

function ranked(
  rows: readonly FigureRow[],
  text: string,
  limit: number,
): { readonly row: FigureRow; readonly matches: readonly (readonly [number, number])[] }[] {
  const arena = new NameArena();
  for (const { label } of rows) arena.addText(String(label));
  const most = rows.reduce((max, row) => Math.max(max, Number(row["requests"])), 1);
  const found = finish(
    rank(
      arena,
      (at) => String(rows[at]?.["label"]),
      text,
      limit * 2,
      (at) => Number(rows[at]?.["requests"]) / most,
    ),
  );
  return found.map(({ label, matches }) => ({ row: rows[label] as FigureRow, matches }));
}
