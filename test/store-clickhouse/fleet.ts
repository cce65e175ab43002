import { ask, type Client } from "../../src/clickhouse/client.ts";
import { FILLED } from "../../src/clickhouse/table/columns.ts";
import { named } from "../../src/clickhouse/table/definition.ts";

/** Days over which the clusters' logs are spread. */
const DAYS = 30;
/** In the place of the part of a UUID that tells clusters apart: in no log. */
const MARK = "Q0Q0";

/** Columns of texts that name objects, accounts or times, in bodies among others. */
const TEXTS = new Set([
  "audit_id",
  "user",
  "as_from",
  "who",
  "uri",
  "namespace",
  "name",
  "uid",
  "object_name",
  "object_uid",
  "generate_name",
  "deletion",
  "message",
  "auth_reason",
  "annotations_json",
  "request_object",
  "response_object",
  "rest",
]);
const LISTS = new Set(["groups", "owner_uids", "owners"]);

/**
 * Makes a fleet's table out of one cluster's: `c000` is the cluster as it is, each other one the same life a number of days before,
 * with UUIDs and namespaces (`team-…`) of its own in all texts and bodies. Tables are made already.
 */
export async function fillFleet(
  client: Client,
  { from, marked, to }: { readonly from: string; readonly marked: string; readonly to: string },
  clusters: number,
): Promise<void> {
  const columns = FILLED.map(({ name }) => named(name));
  const insert = async (into: string, source: string, change: (column: string) => string): Promise<void> => {
    const selected = FILLED.map(({ name }) => change(name)).join(", ");
    await client.command({
      query: `INSERT INTO ${into} (${columns.join(", ")}) SELECT ${selected} FROM ${source}`,
      clickhouse_settings: { max_insert_threads: "1", max_threads: 2 },
    });
  };
  const each = (column: string, change: (text: string) => string): string =>
    LISTS.has(column) ? `arrayMap(x -> ${change("x")}, ${named(column)})` : change(named(column));
  const isText = (column: string): boolean => TEXTS.has(column) || LISTS.has(column);
  await insert(to, from, (column) => (column === "cluster" ? "'c000'" : named(column)));
  const uuid = "([0-9a-f]{8}-[0-9a-f]{4})-[0-9a-f]{4}-";
  const mark = (text: string): string => `replaceRegexpAll(${text}, '${uuid}', '\\\\1-${MARK}-')`;
  await insert(marked, from, (column) => (isText(column) ? each(column, mark) : named(column)));
  const [first] = await ask<{ day: string }>(client, `SELECT toString(toDate(min(received))) AS day FROM ${from}`);
  const day = first?.day ?? "";
  for (let number = 1; number < clusters; number++) {
    const back = number % DAYS;
    const then = new Date(Date.parse(day) - back * 86_400_000).toISOString().slice(0, 10);
    const own = number.toString(16).padStart(4, "0");
    const shifted = (text: string): string =>
      `replaceAll(replaceAll(replaceAll(${text}, '-${MARK}-', '-${own}-'), '${day}', '${then}'), 'team-', 'team${number}-')`;
    await insert(to, marked, (column) => {
      if (column === "cluster") return `'c${String(number).padStart(3, "0")}'`;
      if (column === "seq" || column === "first_seq") return `${named(column)} + ${number} * 1000000000000`;
      if (column === "received" || column === "stage_time") return `${named(column)} - INTERVAL ${back} DAY`;
      return isText(column) ? each(column, shifted) : named(column);
    });
  }
}
