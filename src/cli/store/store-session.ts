/** Commands on a store: the table set up, checked and measured; logs shipped to it. */
import { shownAddress, storeAddress, type StoreAddress } from "../../clickhouse/address.ts";
import type { Client } from "../../clickhouse/client.ts";
import { checkTable, tableSizes } from "../../clickhouse/table/check.ts";
import { setUpTable } from "../../clickhouse/table/table-state.ts";
import { KtrailError } from "../../errors.ts";
import { byteSize, count } from "../../models/numbers.ts";
import { column, countCell, numeric, textCell } from "../cells.ts";
import type { JobContext } from "../contract.ts";
import { type Answer, type DataSection, fields, type Section } from "../output.ts";
import { WRITERS } from "../writers/registry.ts";
import { credentialsOf, openStore, unusable } from "./open-store.ts";

export { runShip } from "./ship.ts";

export async function runStore(what: "init" | "check" | "stats", context: JobContext): Promise<number> {
  const { invocation, sink, style } = context;
  const { options, operands } = invocation;
  const address = storeAddress(operands["URL"] ?? "");
  const { client, close } = await openStore(address, credentialsOf(address, options.passwordFile));
  try {
    const answer =
      what === "init"
        ? await initAnswer(client, address, context)
        : what === "check"
          ? await checkAnswer(client, address)
          : await statsAnswer(client, address);
    await WRITERS[options.output ?? "table"].write(answer, sink, style);
    return answer.exitCode ?? 0;
  } catch (error) {
    throw error instanceof KtrailError ? error : unusable(address, error);
  } finally {
    await close();
  }
}

async function initAnswer(client: Client, address: StoreAddress, { invocation }: JobContext): Promise<Answer> {
  const { replacing, onCluster = null, cloud, ttl: days = null } = invocation.options;
  const { was, version, statements } = await setUpTable(client, address, {
    replacing,
    onCluster,
    isCloud: cloud,
    days,
  });
  const record = { table: `${address.database}.${address.table}`, was, version, statements };
  return {
    document: record,
    data: {
      columns: [column("table", "table"), column("was", "was"), numeric("version", "version")],
      fields: fields("table", "was", "version"),
      batches: [[{ record, cells: () => [textCell(record.table), textCell(was, "good"), textCell(String(version))] }]],
    },
  };
}

const TONES = { ok: "good", warn: "warn", bad: "danger" } as const;

async function checkAnswer(client: Client, address: StoreAddress): Promise<Answer> {
  const findings = await checkTable(client, address);
  return {
    document: { store: shownAddress(address), findings },
    data: {
      columns: [column("what", "what"), column("verdict", "verdict"), column("detail", "detail", { grow: 1 })],
      fields: fields("what", "verdict", "detail"),
      batches: [
        findings.map((record) => ({
          record: { ...record },
          cells: () => [
            textCell(record.what),
            textCell(record.verdict, TONES[record.verdict]),
            textCell(record.detail),
          ],
        })),
      ],
    },
    ...(findings.some(({ verdict }) => verdict === "bad") ? { exitCode: 4 as const } : {}),
  };
}

async function statsAnswer(client: Client, address: StoreAddress): Promise<Answer> {
  const { columns, ...table } = await tableSizes(client, address);
  const perEvent = (bytes: number): number => (table.events === 0 ? 0 : Math.round((bytes / table.events) * 10) / 10);
  const rows = columns.map(({ bytesPerEvent, ...each }) => ({
    ...each,
    bytesPerEvent: Math.round(bytesPerEvent * 10) / 10,
  }));
  const whole = { ...table, bytesPerEvent: perEvent(table.bytes) };
  const data: DataSection = {
    title: `Columns, as measured over ${count(table.measuredEvents)} of the events: those in large parts`,
    columns: [
      column("column", "column"),
      column("type", "type", { grow: 1 }),
      numeric("packed", "packed"),
      numeric("plain", "plain"),
      numeric("each", "bytes/event"),
    ],
    fields: fields("column", "type", "packedBytes", "plainBytes", "bytesPerEvent"),
    batches: [
      rows.map((record) => ({
        record,
        cells: () => [
          textCell(record.column),
          textCell(record.type),
          textCell(byteSize(record.packedBytes)),
          textCell(byteSize(record.plainBytes)),
          textCell(record.bytesPerEvent.toFixed(1)),
        ],
      })),
    ],
  };
  const sizes: Section = {
    columns: [
      numeric("events", "events"),
      numeric("bytes", "on disk"),
      numeric("each", "bytes/event"),
      numeric("parts", "parts"),
      numeric("clusters", "clusters"),
      column("from", "from"),
      column("to", "to"),
    ],
    batches: [
      [
        {
          cells: () => [
            countCell(whole.events),
            textCell(byteSize(whole.bytes)),
            textCell(whole.bytesPerEvent.toFixed(1)),
            countCell(whole.parts),
            countCell(whole.clusters),
            textCell(whole.events === 0 ? "" : `${whole.from}Z`),
            textCell(whole.events === 0 ? "" : `${whole.to}Z`),
          ],
        },
      ],
    ],
  };
  return {
    document: { store: shownAddress(address), ...whole, columns: rows },
    data,
    people: table.measuredEvents === 0 ? [sizes] : [sizes, data],
  };
}
