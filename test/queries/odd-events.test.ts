import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../../src/engine/contract.ts";
import { createEngine } from "../../src/engine/create-engine.ts";
import { parseQuery } from "../../src/queries/parse-filter.ts";
import { eventLine } from "../index/feeder.ts";
import { oracleMatches } from "../support/oracle-filter.ts";
import { oracleRequests } from "../support/oracle.ts";

/** Keys that stand twice in an event, numbers beyond 2^53, addresses of both families, watches that have not ended. */
const LINES: readonly string[] = [
  ...["10.2.9.9", "::ffff:10.2.9.9", "::1", "2001:db8::5", "fe80::1%eth0", "", "10.2", "nonsense"].map((ip, i) =>
    eventLine({ auditID: `ip-${i}`, received: i, sourceIPs: ip === "" ? [] : ["203.0.113.9", ip] }).toString(),
  ),
  ...["9007199254740993", "9007199254740992", "-9007199254740995", "1.0", "1e3", "3"].map((number, i) =>
    eventLine({ auditID: `n-${i}`, received: 100 + i, requestObject: { spec: { replicas: "NUMBER" } } })
      .toString()
      .replace('"NUMBER"', number),
  ),
  twice(eventLine({ auditID: "first", received: 200 }).toString(), '"auditID":"last"'),
  twice(eventLine({ auditID: "first", received: 201 }).toString(), String.raw`"\u0061uditID":"escaped"`),
  twice(eventLine({ auditID: "user", received: 202 }).toString(), '"user":{"username":"bob","username":"zoe"}'),
  twice(eventLine({ auditID: "verb", received: 203 }).toString(), '"verb":"delete"'),
  twice(
    eventLine({ auditID: "ref", received: 204 }).toString(),
    '"objectRef":{"resource":"nodes","name":"a","name":"b"}',
  ),
  twice(eventLine({ auditID: "code", received: 205 }).toString(), '"responseStatus":{"code":500,"code":404}'),
  twice(
    eventLine({ auditID: "notes", received: 206, annotations: { "a/b": "1" } }).toString(),
    '"annotations":{"a/b":"2","a/b":"3"}',
  ),
  twice(eventLine({ auditID: "level", received: 207 }).toString(), '"level":"Request"'),
  twice(eventLine({ auditID: "nobody", received: 208 }).toString(), '"impersonatedUser":{}'),
  ...["watch", "get"].flatMap((verb, i) => [
    eventLine({ auditID: `open-${verb}`, received: 300 + i, staged: 9_000, stage: "ResponseStarted", verb }).toString(),
    eventLine({ auditID: `ended-${verb}`, received: 310 + i, staged: 9_000, verb }).toString(),
  ]),
];

/** The event with one more key at its end. */
function twice(line: string, pair: string): string {
  return `${line.slice(0, -1)},${pair}}`;
}

describe("odd events are shown as they are matched", () => {
  let folder = "";
  let path = "";
  let engine!: Engine;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "ktrail-odd-"));
    path = join(folder, "audit.log");
    writeFileSync(path, `${LINES.join("\n")}\n`);
    engine = createEngine({ inputs: [path] });
    await engine.loaded();
  });
  afterAll(async () => {
    await engine.close();
    rmSync(folder, { recursive: true });
  });

  const rowsOf = async (text: string) =>
    (await engine.ask("rows", { filter: parseQuery(text), anchor: "oldest", after: 1_000, auditIDs: true })).rows;
  const idsOf = async (text: string): Promise<readonly string[]> => (await rowsOf(text)).map(({ auditID }) => auditID);

  test.each([
    "ip:::/0",
    "ip:0.0.0.0/0",
    "ip:10.2.0.0/16",
    "ip:::ffff:0:0/96",
    "ip:10.2.9.9",
    "ip:0:0::1",
    "ip:fe80::1",
    'ip:""',
    "-ip:::/0",
    "forwarded:203.0.113.0/24",
    "body:spec.replicas=9007199254740993",
    "body:spec.replicas=9007199254740992",
    "body:spec.replicas=-9007199254740995",
    "body:spec.replicas=1",
    "body:spec.replicas=1000",
    "body:spec.replicas>2",
    "id:last",
    "id:first",
    "id:escaped",
    "id:*st",
    "user:zoe",
    "user:bob",
    "verb:delete",
    "name:b",
    "name:a",
    "code:404",
    "annotation:a/b=3",
    "annotation:*/b=1",
    "annotation:a/*",
    "level:Request",
    'id:/nob/ as:""',
    "id:/nob/ as:*",
    "id:/nob/ user:alice*",
    "latency>1s",
    "latency>=0 verb:watch",
    "-latency>=0",
  ])("%s", async (text) => {
    const filter = parseQuery(text);
    const expected = oracleRequests([path]).filter((request) => oracleMatches(filter, exactly(request)));
    expect((await idsOf(text)).toSorted()).toEqual(expected.map(({ auditID }) => auditID).toSorted());
  });

  test("what is shown of them is what selects them", async () => {
    for (const row of await rowsOf("")) {
      const terms = `id:"${row.auditID}" verb:"${row.verb}" user:"${row.user}" name:"${row.name}" ip:"${row.ip}"`;
      expect([terms, await idsOf(terms)]).toEqual([terms, [row.auditID]]);
      const isTimed = (await idsOf(`id:"${row.auditID}" latency>=0`)).length === 1;
      expect([row.auditID, row.latencyMs !== null]).toEqual([row.auditID, isTimed]);
    }
  });
});

/** The oracle parses as JSON.parse does: digits beyond 2^53 are put back as text. */
function exactly<T extends { readonly auditID: string; readonly event: object }>(request: T): T {
  const digits = /"replicas":(-?\d{16,})/.exec(LINES.find((line) => line.includes(`"${request.auditID}"`)) ?? "")?.[1];
  return digits === undefined
    ? request
    : { ...request, event: { ...request.event, requestObject: { spec: { replicas: digits } } } };
}
