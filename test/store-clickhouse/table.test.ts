import { Readable } from "node:stream";
import { afterAll, beforeAll, expect, it } from "vitest";
import { storeAddress } from "../../src/clickhouse/address.ts";
import { ask, type Client, openClient } from "../../src/clickhouse/client.ts";
import { checkTable, tableSizes } from "../../src/clickhouse/table/check.ts";
import { columnOf, COLUMNS, FILLED, rowText } from "../../src/clickhouse/table/columns.ts";
import { named, SHARD_KEY, type TableOptions, tableStatements } from "../../src/clickhouse/table/definition.ts";
import { cutOriginal } from "../../src/clickhouse/table/original.ts";
import { shippedEvent } from "../../src/clickhouse/table/shipped-event.ts";
import { setUpTable, UnusableTable } from "../../src/clickhouse/table/table-state.ts";
import { passOriginals } from "../../src/engine/originals-pass.ts";
import { eventFacts } from "../../src/events/event-facts.ts";
import { FIELDS } from "../../src/events/fields.ts";
import { parseJson } from "../../src/events/json.ts";
import { objectOf } from "../../src/events/json-values.ts";
import { wholeObject } from "../../src/formats/shape/json-bytes.ts";
import { momentOf } from "../../src/ingest/scanner/parsed-event.ts";
import { type ClickHouseServer, startClickHouse } from "../support/clickhouse-server/clickhouse-server.ts";
import { describeOwnServer } from "../support/clickhouse-server/describe-store.ts";

const PLAIN: TableOptions = { replacing: false, days: 90, onCluster: null, isCloud: false };

function rowOf(bytes: Buffer, seq: number): string {
  const event = objectOf(parseJson(bytes.toString("utf8")));
  const { auditID, uri } = eventFacts(event);
  const { receivedUs, stageUs } = momentOf(event);
  const members = wholeObject(bytes, 0, bytes.length) ?? [];
  const original = cutOriginal(bytes, 0, bytes.length, members, { auditID, uri, receivedUs, stageUs });
  const place = {
    cluster: "c",
    apiserver: "",
    input: "log",
    offset: 0,
    bytes: bytes.length,
    seq,
    shippedS: Math.floor(Date.now() / 1_000),
  };
  return rowText(shippedEvent(event, original, place, (hasEnded) => ({ isFinal: hasEnded, firstSeq: seq })));
}

const event = (text: string): string =>
  `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Request","auditID":"a-1","stage":"ResponseComplete","requestURI":"/api/v1/pods?x=1","verb":"create",${text}"requestReceivedTimestamp":"2026-11-21T00:00:00.000001Z","stageTimestamp":"2026-11-21T00:00:01.500000Z"}`;

const ODD: readonly (string | Buffer)[] = [
  event(""),
  event('"requestObject":{"b":1.0, "a":[1e3,"\\u0041\\/"]},"responseObject":{"metadata":{"name":"n","uid":"u"}},'),
  // A key that comes twice, marks of the table's own, what is no UTF-8, halves of pairs.
  event('"auditID":"a-2","requestObject":{"x":1},"requestObject":{"y":2},'),
  event('"requestObject":{"x":"\ue004 \ue00f"},"userAgent":"\ue000",'),
  Buffer.from(event('"userAgent":"\u00ff\u00fe",'), "latin1"),
  event('"userAgent":"\\ud800 \\udfff","annotations":{"a":"b","n":5},'),
  event('"objectRef":{"resource":"pods","namespace":"a/b","name":"100%/x"},'),
  event("").replace("2026-11-21T00:00:00.000001Z", "9999-01-01T00:00:00.000000Z"),
  event("").replace("2026-11-21T00:00:00.000001Z", "1969-12-31T23:59:59.999999Z"),
  event("").replace("2026-11-21T00:00:00.000001Z", "2026-11-21T02:00:00.1+02:00"),
  event("").replace('"a-1"', '"\\u0061\\"1"'),
  event("").replaceAll(",", " , "),
];

it("the table has a column for every fact the index keeps as it stands in the event", () => {
  for (const { column } of FIELDS) if (column !== undefined) expect(columnOf(column.fact)).toMatch(/^[a-z_]+$/);
  expect(columnOf("sourceIPs")).toBe("source_ips");
});

describeOwnServer("the table in ClickHouse", () => {
  let server: ClickHouseServer;
  let client: Client;
  const address = (table: string, user = ""): ReturnType<typeof storeAddress> =>
    storeAddress(`clickhouse://${user}127.0.0.1:${server.port}/default.${table}`);
  beforeAll(async () => {
    server = await startClickHouse({
      users: [
        { name: "default", password: "" },
        { name: "reader", password: "r", readonly: 1 },
      ],
    });
    client = openClient(address("audit"), { password: "" });
  });
  afterAll(async () => {
    await client?.close();
    await server?.stop();
  });
  const insert = async (table: string, rows: string): Promise<void> => {
    const { stream } = await client.exec({
      query: `INSERT INTO ${named("default", table)} (${FILLED.map(({ name }) => named(name)).join(", ")}) FORMAT JSONCompactEachRow`,
      values: Readable.from([Buffer.from(rows)]),
    });
    stream.resume();
  };

  it("gives every original back, byte for byte", async () => {
    await setUpTable(client, address("audit"), PLAIN);
    const originals = ODD.map((each) => Buffer.from(each));
    let seen = 0;
    const shared = { format: "auto", signal: new AbortController().signal };
    for await (const _ of passOriginals({
      ...shared,
      inputs: ["fixtures/demo"],
      see: ({ bytes, start, end }) => {
        // A seventh: of all kinds, at the cost of few.
        if (seen++ % 7 === 0) originals.push(Buffer.from(bytes.subarray(start, end)));
      },
    }));
    expect(originals.length).toBeGreaterThan(1_000);
    await insert("audit", originals.map(rowOf).join(""));
    const rows = await ask<{ at: number; raw: string }>(
      client,
      "SELECT toUInt32(seq) AS at, hex(raw) AS raw FROM audit ORDER BY seq",
    );
    expect(rows.filter(({ at, raw }) => raw !== originals[at]?.toString("hex").toUpperCase())).toEqual([]);
    expect(rows.length).toBe(originals.length);
    const [some] = await ask(
      client,
      "SELECT path, resource_path, object, object_name, annotations, annotations_json, latency_us FROM audit WHERE seq = 6",
    );
    expect(some).toEqual({
      path: "/api/v1/pods",
      resource_path: "pods",
      object: "a%2Fb/pods/100%25%2Fx",
      object_name: "100%/x",
      annotations: {},
      annotations_json: "",
      latency_us: 1_499_999,
    });
  });

  it("is found in order, by users who may only read too; sizes are measured", async () => {
    await setUpTable(client, address("checked"), PLAIN);
    expect((await setUpTable(client, address("checked"), PLAIN)).was).toBe("as it should be");
    await insert("checked", rowOf(Buffer.from(event("")), 1));
    const reader = openClient(address("checked", "reader@"), { password: "r", isBare: true });
    const findings = await checkTable(reader, address("checked"));
    expect(findings.filter(({ verdict }) => verdict !== "ok")).toEqual([]);
    expect(await checkTable(reader, address("nothing"))).toContainEqual(
      expect.objectContaining({ what: "table", verdict: "bad" }),
    );
    await reader.close();
    const sizes = await tableSizes(client, address("checked"));
    expect(sizes).toMatchObject({ events: 1, parts: 1, clusters: 1 });
    const stored = COLUMNS.filter(({ alias }) => alias === undefined).map(({ name }) => name);
    expect(sizes.columns.map(({ column }) => column).sort()).toEqual([...stored].sort());
  });

  it("is brought up to date with what is in it, and left alone when it is not ours or newer", async () => {
    const [, create = ""] = tableStatements(address("old"), { ...PLAIN, days: null });
    const without = create
      .split("\n")
      .filter((line) => !/^ {2}(?:`(?:owners|object)`|INDEX i_object_name)/.test(line))
      .join("\n");
    await client.command({ query: without.replace(/version \d+'/, "version 1'") });
    expect(await checkTable(client, address("old"))).toContainEqual(
      expect.objectContaining({ what: "columns", verdict: "bad", detail: "missing: object, owners" }),
    );
    expect((await setUpTable(client, address("old"), { ...PLAIN, days: 30 })).was).toBe("brought up to date");
    expect((await setUpTable(client, address("old"), { ...PLAIN, days: 30 })).was).toBe("as it should be");
    expect((await checkTable(client, address("old"))).every(({ verdict }) => verdict === "ok")).toBe(true);
    await client.command({ query: "CREATE TABLE other (x Int32) ENGINE = Memory" });
    await expect(setUpTable(client, address("other"), PLAIN)).rejects.toThrow(UnusableTable);
    await client.command({ query: "ALTER TABLE old MODIFY COMMENT 'ktrail audit events, version 99'" });
    await expect(setUpTable(client, address("old"), PLAIN)).rejects.toThrow("newer ktrail");
  });

  it("can be made to replace, and is SQL for clusters and the cloud", async () => {
    await setUpTable(client, address("replacing"), { ...PLAIN, replacing: true });
    for (const times of [1, 2]) await insert("replacing", rowOf(Buffer.from(event("")), times));
    expect(await ask(client, "SELECT toUInt32(count()) AS n FROM replacing FINAL")).toEqual([{ n: 1 }]);
    for (const options of [
      { ...PLAIN, onCluster: "fleet" },
      { ...PLAIN, isCloud: true },
    ])
      for (const statement of tableStatements(address("audit"), options))
        await client.command({ query: `EXPLAIN AST ${statement}` });
    const [shippers = "", local = "", distributed = ""] = tableStatements(address("audit"), {
      ...PLAIN,
      onCluster: "fleet",
    });
    expect(shippers).toContain(
      "ReplicatedMergeTree('/clickhouse/tables/all/default/audit_shippers', '{shard}_{replica}')",
    );
    expect(local).toContain(
      "ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/default/audit_local', '{replica}')",
    );
    expect(distributed).toContain(`Distributed(\`fleet\`, \`default\`, \`audit_local\`, ${SHARD_KEY})`);
  });
});
