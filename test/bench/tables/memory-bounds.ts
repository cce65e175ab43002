import { Readable } from "node:stream";
import { eventLine } from "../../support/live-log.ts";
import { ensureBuilt, PROGRAM } from "../../support/program.ts";
import { measure, missingTime } from "../child.ts";
import { figure, type Table } from "../report.ts";

const MIB = 2 ** 20;
const REQUESTS = 300_000;
const LINES_AT_ONCE = 500;
const RECORD_MIB = 1_024;
const START = Date.UTC(2026, 10, 21);

/** What strangers can do to the memory of a headless command, and what `--memory` makes of it. */
export async function memoryBounds(): Promise<Table> {
  ensureBuilt();
  const rows: string[][] = [];
  const many = REQUESTS.toLocaleString("en-US");
  for (const memory of [[], ["--memory", "512MiB"], ["--memory", "256MiB"]]) {
    const command = [process.execPath, PROGRAM, "top", "-", "--by", "useragent", "-o", "json", ...memory];
    process.stderr.write(`${many} requests of new names ${memory.join(" ")}\n`);
    const { stdout, peakMiB } = await measure(command, Readable.from(newNames()));
    const { requests, rows: groups } = JSON.parse(stdout) as {
      requests: number;
      rows: { key: { useragent: string }; requests: number }[];
    };
    const others = groups.find(({ key }) => key.useragent === "(other)")?.requests ?? 0;
    const title = [`stdin, ${many} requests, six new names each`, ...memory].join(" ");
    rows.push([title, figure(peakMiB), requests.toLocaleString("en-US"), others.toLocaleString("en-US")]);
  }
  process.stderr.write(`a record of ${RECORD_MIB} MiB\n`);
  const command = [process.execPath, PROGRAM, "info", "-", "-o", "json"];
  const { stdout, peakMiB } = await measure(command, Readable.from(longRecord()));
  const { requests } = JSON.parse(stdout) as { requests: number };
  rows.push([`stdin, one record of ${RECORD_MIB} MiB between two others`, figure(peakMiB), String(requests), "0"]);
  const missing = missingTime();
  return {
    id: "memory-bounds",
    title: "Peak memory of headless commands against hostile logs",
    columns: ["", "peak MiB", "requests counted", "of them as (other)"],
    rows,
    notes: missing === null ? [] : [missing],
  };
}

function* newNames(): Generator<Buffer> {
  for (let n = 0; n < REQUESTS; n += LINES_AT_ONCE) {
    const lines = Array.from({ length: LINES_AT_ONCE }, (_, k) => {
      const id = String(n + k).padStart(9, "0");
      return eventLine(n + k, START + n + k)
        .replace(/"userAgent":"[^"]*"/, `"userAgent":"agent-${id} of a long and made-up kind/${id}"`)
        .replace(/"username":"[^"]*"/, `"username":"user-${id}@example.com"`)
        .replace(/"sourceIPs":\[[^\]]*\]/, `"sourceIPs":["fd00::${id.slice(0, 4)}:${id.slice(5)}"]`)
        .replace(/"name":"[^"]*"/, `"name":"name-${id}-of-an-object"`)
        .replace(
          /"requestURI":"[^"]*"/,
          `"requestURI":"/api/v1/namespaces/demo/pods/name-${id}?resourceVersion=${id}"`,
        );
    });
    yield Buffer.from(lines.join(""));
  }
}

function* longRecord(): Generator<Buffer> {
  const long = eventLine(1, START + 1);
  const at = long.indexOf('"auditID":"') + '"auditID":"'.length;
  yield Buffer.from(eventLine(0, START) + long.slice(0, at));
  const text = Buffer.alloc(MIB, "x");
  for (let i = 0; i < RECORD_MIB; i += 1) yield text;
  yield Buffer.from(long.slice(at) + eventLine(2, START + 2));
}
