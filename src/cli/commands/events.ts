import type { Engine, EngineStatus, FedRequest } from "../../engine/contract.ts";
import type { RequestFacts } from "../../events/request.ts";
import { KtrailError } from "../../errors.ts";
import { printedLook, printedTable } from "../answer-section.ts";
import type { CliCommand, CommandContext } from "../contract.ts";
import { EVENT_FIELDS, eventRecord } from "../event-record.ts";
import { followRequests } from "../follow-requests.ts";
import { note } from "../notes.ts";
import { type Answer, type DataSection, fields, type OutputRow, TABLE_FORMATS } from "../output.ts";
import { GREATEST_FIRST, ROW_ORDERS } from "../../queries/contract.ts";
import { requestPages } from "../request-pages.ts";
import { printedRequests } from "../../panes/requests/table.ts";
import { counted } from "../../models/numbers.ts";
import { dateTime, type TimeZone } from "../../models/times.ts";

export const events = {
  name: "events",
  about: "the matching requests, one a line",
  operands: [],
  options: [
    "query",
    "since",
    "until",
    "namespace",
    "output",
    "limit",
    "sort",
    "reverse",
    "follow",
    "tail",
    "capacity",
    "memory",
    "format",
    "exec",
    "store",
    "passwordFile",
    "tz",
    "color",
    "ascii",
  ],
  sorts: ROW_ORDERS,
  check({ follow, sort, reverse }) {
    if (follow && (sort !== undefined || reverse))
      throw new KtrailError("KT100", "-f prints requests as they come: it takes no --sort and no --reverse");
  },
  defaults: { output: "table", limit: "all", sort: "received", tail: "everything that is there" },
  outputs: [...TABLE_FORMATS, "raw"],
  examples: [
    ["ktrail events audit.log -q 'verb:delete ns:demo actor:human'", "who deleted what in demo"],
    ["ktrail events audit.log -q 'resource:secrets verb:get,list' -o jsonl | jq -r .user", "for scripts"],
    ["ktrail events -f audit.log -q code:4xx", "refusals as they happen"],
  ],
  async answer({ engine, invocation: { options }, selection, stop }: CommandContext) {
    const { limit = Number.POSITIVE_INFINITY, output = "table" } = options;
    // auditIDs cost a second look at the input; tables for people have none.
    const withIDs = output === "json" || output === "jsonl" || output === "csv";
    if (options.follow) {
      const wanted = output === "raw" ? "bytes" : withIDs ? "auditIDs" : "nothing";
      const fed = followRequests(engine, selection, { limit, wanted }, stop);
      return output === "raw"
        ? { data: NO_ROWS, raw: bytesOf(fed) }
        : eventsAnswer(factsOf(fed), options.tz, engine.status);
    }
    const order = ROW_ORDERS.find((known) => known === options.sort) ?? "received";
    const reverse = options.reverse !== GREATEST_FIRST.includes(order);
    const pages = requestPages(engine, selection, limit, withIDs, { order, reverse });
    return output === "raw"
      ? { data: NO_ROWS, raw: originals(engine, pages) }
      : eventsAnswer(pages, options.tz, engine.status);
  },
} satisfies CliCommand;

async function* factsOf(fed: AsyncIterable<readonly FedRequest[]>): AsyncGenerator<readonly RequestFacts[]> {
  for await (const page of fed) yield page.map(({ facts }) => facts);
}

async function* bytesOf(fed: AsyncIterable<readonly FedRequest[]>): AsyncGenerator<readonly Uint8Array[]> {
  for await (const page of fed) yield page.flatMap(({ bytes }) => (bytes === null ? [] : [bytes]));
}

function eventsAnswer(pages: AsyncIterable<readonly RequestFacts[]>, zone: TimeZone, status: EngineStatus): Answer {
  const { row, ...section } = printedTable(
    { ...printedRequests(status), fields: fields(...EVENT_FIELDS) },
    { ...printedLook(zone), momentText: (ms: number) => dateTime(ms, zone) },
    eventRecord,
  );
  async function* batches(): AsyncGenerator<readonly OutputRow[]> {
    for await (const page of pages) yield page.map(row);
  }
  return { data: { ...section, batches: batches() } };
}

const NO_ROWS: DataSection = { columns: [], fields: [], batches: [] };

/** Original bytes held at a time; more is read in further passes over the input. */
const ORIGINAL_BYTES = 32 * 1024 * 1024;

/** The bytes the requests were read from, in the same order; those that cannot be read any more are counted and said. */
async function* originals(
  engine: Engine,
  pages: AsyncIterable<readonly RequestFacts[]>,
): AsyncGenerator<readonly Uint8Array[]> {
  let missing = 0;
  let why = "";
  for await (const page of pages) {
    for (const seqs of bySize(page)) {
      const found: Uint8Array[] = [];
      for (const original of await engine.ask("originals", { seqs })) {
        if ("bytes" in original) {
          found.push(original.bytes);
        } else {
          missing += 1;
          why = original.missing;
        }
      }
      yield found;
    }
  }
  if (missing > 0) note(`${counted(missing, "event")} could not be read again: ${why}`);
}

/** The page's rows in order, cut where their originals come to ORIGINAL_BYTES. */
function* bySize(page: readonly RequestFacts[]): Generator<readonly number[]> {
  let seqs: number[] = [];
  let bytes = 0;
  for (const { seq, source } of page) {
    if (bytes + source.bytes > ORIGINAL_BYTES && seqs.length > 0) {
      yield seqs;
      seqs = [];
      bytes = 0;
    }
    seqs.push(seq);
    bytes += source.bytes;
  }
  if (seqs.length > 0) yield seqs;
}
