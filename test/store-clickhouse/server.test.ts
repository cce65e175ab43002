import { ClickHouseLogLevel, createClient as connect, type ClickHouseClientConfigOptions } from "@clickhouse/client";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ClickHouseServer, startClickHouse } from "../support/clickhouse-server/clickhouse-server.ts";
import { describeOwnServer } from "../support/clickhouse-server/describe-store.ts";

const createClient = (options: ClickHouseClientConfigOptions): ReturnType<typeof connect> =>
  connect({ ...options, log: { level: ClickHouseLogLevel.OFF } });

/** What tests of the store rest on: the test's server behaves as a ClickHouse server does to its official client. */
describeOwnServer("the test's ClickHouse server", () => {
  let server: ClickHouseServer;
  let client: ReturnType<typeof createClient>;
  const open = (): void => {
    client = createClient({
      url: server.url,
      compression: { request: { codec: "zstd" }, response: { codec: "zstd" } },
    });
  };
  beforeAll(async () => {
    server = await startClickHouse({
      users: [
        { name: "default", password: "" },
        { name: "reader", password: "s3cret", readonly: 1 },
      ],
    });
    open();
  });
  afterAll(async () => {
    await client?.close();
    await server?.stop();
  });
  const rows = async (query: string, settings = {}, query_params = {}): Promise<unknown> =>
    (await client.query({ query, format: "JSONEachRow", clickhouse_settings: settings, query_params })).json();

  it("answers packed, with parameters and settings", async () => {
    const values = ["it's", "tab\there", "back\\slash", "new\nline", "ü€😀"];
    expect(
      await rows(
        "SELECT {a:Array(String)} AS a, {s:String} AS s, {n:UInt64} AS n, getSetting('max_threads') AS t",
        { max_threads: 1, output_format_json_quote_64bit_integers: 1 },
        { a: values, s: values.join(""), n: "18446744073709551615" },
      ),
    ).toEqual([{ a: values, s: values.join(""), n: "18446744073709551615", t: 1 }]);
    expect(await rows("SELECT getSetting('max_threads') > 0 AS t")).toEqual([{ t: 1 }]);
  });

  it("refuses with the server's codes", async () => {
    await expect(rows("SELEC 1")).rejects.toMatchObject({ code: "62", type: "SYNTAX_ERROR" });
    await expect(rows("SELECT * FROM nothing")).rejects.toMatchObject({ code: "60" });
    await expect(rows("SELECT 1", { no_such_setting: 1 })).rejects.toMatchObject({ code: "115" });
    const stranger = createClient({ url: server.url, username: "reader", password: "wrong" });
    await expect(stranger.query({ query: "SELECT 1" })).rejects.toMatchObject({ code: "516" });
    await stranger.close();
    // An answer that had begun.
    await expect(
      rows("SELECT throwIf(number = 500000) AS x FROM numbers(1000000)", { max_threads: 1, max_block_size: 1000 }),
    ).rejects.toMatchObject({ code: "395" });
  });

  it("keeps readers from writing and from settings", async () => {
    const reader = createClient({ url: server.url, username: "reader", password: "s3cret" });
    expect(await (await reader.query({ query: "SELECT 1 AS x", format: "JSONEachRow" })).json()).toEqual([{ x: 1 }]);
    await expect(reader.command({ query: "CREATE TABLE no (x Int32) ENGINE = Memory" })).rejects.toMatchObject({
      code: "164",
    });
    await expect(reader.query({ query: "SELECT 1", clickhouse_settings: { max_threads: 1 } })).rejects.toMatchObject({
      code: "164",
    });
    await reader.close();
  });

  it("cancels by query id and when the client goes", async () => {
    const query = "SELECT count() FROM numbers(1000000000000) WHERE NOT ignore(sipHash64(number))";
    const running = async (): Promise<unknown> =>
      rows(
        "SELECT count() AS n FROM system.processes WHERE query LIKE '%1000000000000%' AND query NOT LIKE '%system.processes%'",
        { output_format_json_quote_64bit_integers: 0 },
      );
    const killed = client.query({ query, query_id: "mine", format: "JSONEachRow" }).then((answer) => answer.json());
    killed.catch(() => undefined);
    await expect.poll(running).toEqual([{ n: 1 }]);
    await client.command({ query: "KILL QUERY WHERE query_id = 'mine'" });
    await expect(killed).rejects.toMatchObject({ code: "394" });

    const gone = new AbortController();
    const left = client.query({
      query,
      abort_signal: gone.signal,
      clickhouse_settings: { cancel_http_readonly_queries_on_client_close: 1 },
    });
    left.catch(() => undefined);
    await expect.poll(running).toEqual([{ n: 1 }]);
    gone.abort();
    await expect(left).rejects.toThrow();
    await expect.poll(running).toEqual([{ n: 0 }]);
  });

  it("tells progress between rows", async () => {
    const answer = await client.query({
      query: "SELECT max(sipHash64(number)) AS m FROM numbers(100000000)",
      format: "JSONEachRowWithProgress",
      clickhouse_settings: { max_threads: 1 },
    });
    const kinds = new Set<string>();
    for await (const some of answer.stream())
      for (const row of some) for (const kind of Object.keys(row.json() as object)) kinds.add(kind);
    expect([...kinds].sort()).toEqual(["meta", "progress", "row"]);
  });

  it("keeps what it confirmed when it is killed, and drops a batch it has by its token", async () => {
    await client.command({
      query:
        "CREATE TABLE kept (x UInt64) ENGINE = MergeTree ORDER BY x SETTINGS non_replicated_deduplication_window = 100",
    });
    const insert = (token: string, values: readonly number[]): Promise<unknown> =>
      client.insert({
        table: "kept",
        values: values.map((x) => ({ x })),
        format: "JSONEachRow",
        clickhouse_settings: { insert_deduplication_token: token, async_insert: 0 },
      });
    await insert("a", [1, 2, 3]);
    const { directory, port } = server;
    await server.kill();
    await expect(insert("b", [4])).rejects.toThrow();
    server = await startClickHouse({ directory, port });
    await insert("a", [1, 2, 3]);
    await insert("b", [4]);
    await insert("b", [5]);
    expect(
      await rows("SELECT groupArray(x) AS xs FROM (SELECT x FROM kept ORDER BY x)", {
        output_format_json_quote_64bit_integers: 0,
      }),
    ).toEqual([{ xs: [1, 2, 3, 4] }]);
  });
});
