import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect as connectHttp2 } from "node:http2";
import { request as httpsRequest } from "node:https";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { Listener, type ListenerLimits } from "../../src/listen/listener.ts";
import type { ListenSettings, Received } from "../../src/listen/contract.ts";
import { certificate } from "../support/certificates.ts";
import { describeShared } from "../support/shared-data.ts";
import { batch, post } from "../support/webhook.ts";

const directory = mkdtempSync(join(tmpdir(), "ktrail-listen-"));
afterAll(() => rmSync(directory, { recursive: true }));

const PLAIN: ListenSettings = {
  address: { host: "127.0.0.1", port: 0 },
  tls: null,
  clientCa: null,
  tokenFile: null,
  spool: null,
};

interface Running {
  readonly url: string;
  readonly listener: Listener;
  readonly lines: string[];
  readonly received: Received[];
  readonly notes: string[];
}

let running: Listener[] = [];
afterEach(async () => {
  for (const listener of running) await listener.close();
  running = [];
});

async function start(
  settings: Partial<ListenSettings> = {},
  limits: Partial<ListenerLimits> = {},
  take: () => Promise<void> = () => Promise.resolve(),
): Promise<Running> {
  const received: Received[] = [];
  const lines: string[] = [];
  const notes: string[] = [];
  const listener = new Listener(
    { ...PLAIN, ...settings },
    {
      take: async (one) => {
        await take();
        received.push(one);
        lines.push(...one.lines.toString().split("\n").slice(0, -1));
      },
      note: (text) => notes.push(text),
    },
    limits,
  );
  running.push(listener);
  return { url: (await listener.start()).replace(/\/$/, ""), listener, lines, received, notes };
}

function file(name: string, content: string): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

describe("a batch", () => {
  test("becomes lines of a log; sent again it is known", async () => {
    const { url, lines, listener } = await start();
    const first = await post(`${url}/?timeout=30s`, batch(0, 3));
    expect(first).toMatchObject({ status: 200, text: '{"events":3,"duplicates":0}\n' });
    expect(lines.map((line) => (JSON.parse(line) as { kind: string }).kind)).toEqual(["Event", "Event", "Event"]);
    expect(lines[0]).toContain('"auditID":"00000000-0000-4000-8000-000000000000","stage":"ResponseComplete"');
    expect((await post(url, batch(1, 4))).text).toBe('{"events":1,"duplicates":2}\n');
    expect(listener.counts).toMatchObject({ batches: 2, events: 4, duplicates: 2, refused: 0 });
  });

  test("keeps its bytes: numbers beyond 2^53, escapes, other keys; pretty-printed ones in a line", async () => {
    const { url, lines } = await start();
    const item =
      '{"level":"Request","auditID":"a","stage":"ResponseComplete","verb":"get","x":12345678901234567890,"y":"\\u003c\\n"}';
    await post(
      url,
      `{"items":[\n  ${item.replaceAll(",", ",\r\n  ")}\n],"apiVersion":"audit.k8s.io/v1","kind":"EventList"}`,
    );
    expect(lines).toHaveLength(1);
    expect(lines[0]?.replaceAll(/,\s+/g, ",")).toBe(`{"kind":"Event","apiVersion":"audit.k8s.io/v1",${item.slice(1)}`);
  });

  test("may be empty, or compressed", async () => {
    const { url, lines } = await start();
    expect((await post(url, '{"kind":"EventList","apiVersion":"audit.k8s.io/v1","items":null}')).status).toBe(200);
    const packed = await post(url, gzipSync(batch(0, 2)), { "Content-Encoding": "gzip" });
    expect(packed.text).toBe('{"events":2,"duplicates":0}\n');
    expect(lines).toHaveLength(2);
  });

  test("sent twice at once is taken once", async () => {
    const gate = Promise.withResolvers<void>();
    const { url, lines } = await start({}, {}, () => gate.promise);
    const both = [post(url, batch(0, 5)), post(url, batch(0, 5))];
    gate.resolve();
    const texts = (await Promise.all(both)).map(({ text }) => text).toSorted();
    expect(texts).toEqual(['{"events":0,"duplicates":5}\n', '{"events":5,"duplicates":0}\n']);
    expect(lines).toHaveLength(5);
  });

  test("is not acknowledged when it was not taken, and taken when it is sent again", async () => {
    let isBroken = true;
    const { url, lines, notes } = await start({}, {}, () =>
      isBroken ? Promise.reject(new Error("no")) : Promise.resolve(),
    );
    expect((await post(url, batch(0, 2))).status).toBe(503);
    expect(notes).toEqual([expect.stringContaining("was not taken"), expect.stringMatching(/answered 503.*80 s/)]);
    isBroken = false;
    expect((await post(url, batch(0, 2))).text).toBe('{"events":2,"duplicates":0}\n');
    expect(lines).toHaveLength(2);
  });

  test("tells its sender by the path", async () => {
    const { url, received } = await start();
    await post(`${url}/audit?timeout=30s`, batch(0, 1));
    await post(`${url}/audit/cp-1?timeout=30s`, batch(0, 1));
    expect(received.map(({ sender }) => sender)).toEqual(["", "cp-1"]);
  });
});

describe("what is refused, and leaves the service as it was", () => {
  const GOOD = batch(0, 1);
  test.each<[string, () => Parameters<typeof post>, number]>([
    ["a path", () => ["/nope", GOOD], 404],
    ["a name with a dot in front", () => ["/audit/.x", GOOD], 404],
    ["a method", () => ["/audit", GOOD, {}, { method: "PUT" }], 405],
    ["a look at it", () => ["/audit", "", {}, { method: "GET" }], 405],
    ["a content type", () => ["/", GOOD, { "Content-Type": "text/plain" }], 415],
    ["a content encoding", () => ["/", GOOD, { "Content-Encoding": "br" }], 415],
    ["no JSON", () => ["/", "{"], 400],
    ["JSON with something behind it", () => ["/", `${GOOD}x`], 400],
    ["another kind", () => ["/", '{"kind":"PodList","apiVersion":"v1","items":[]}'], 400],
    ["another version", () => ["/", '{"kind":"EventList","apiVersion":"v1","items":[]}'], 400],
    ["no items", () => ["/", '{"kind":"EventList","apiVersion":"audit.k8s.io/v1"}'], 400],
    ["an item that is none", () => ["/", '{"kind":"EventList","apiVersion":"audit.k8s.io/v1","items":[{"a":1}]}'], 400],
    ["two lists", () => ["/", GOOD.replace('"metadata":{}', '"records":[{"auditID":"x","stage":"y"}]')], 400],
    ["deep nesting", () => ["/", "[".repeat(200_000)], 400],
    ["damaged gzip", () => ["/", gzipSync(GOOD).subarray(0, 60), { "Content-Encoding": "gzip" }], 400],
    ["a large body", () => ["/", Buffer.alloc(1_100_000, 0x20)], 413],
    ["a gzip bomb", () => ["/", gzipSync(Buffer.alloc(300_000_000)), { "Content-Encoding": "gzip" }], 413],
  ])("%s", async (_what, made, status) => {
    const { url, lines } = await start({}, { bodyBytes: 1_000_000 });
    const [path, ...rest] = made();
    const before = process.memoryUsage().rss;
    const answer = await post(`${url}${path}`, ...rest);
    expect(answer.status).toBe(status);
    expect(answer.text).not.toMatch(/[^\x20-\x7e\n]/);
    expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
    expect((await post(url, GOOD)).status).toBe(200);
    expect(lines).toHaveLength(1);
  });

  test("no token, another token; the right one says who it is", async () => {
    const tokenFile = file("tokens", "# api servers\nwebhook-shared-token\nsecond-token, cp 2\n\n");
    const { url, received, notes } = await start({ tokenFile });
    const send = async (authorization?: string): Promise<number> => {
      const headers: Record<string, string> = authorization === undefined ? {} : { Authorization: authorization };
      return (await post(url, GOOD, headers)).status;
    };
    for (const wrong of [undefined, "", "Bearer", "Bearer x", "Basic webhook-shared-token", "Bearer # api servers"]) {
      expect(await send(wrong)).toBe(401);
    }
    expect(await send("Bearer webhook-shared-token")).toBe(200);
    expect(await send("bearer second-token")).toBe(200);
    expect(received.map(({ sender }) => sender)).toEqual(["", "cp-2"]);
    expect((await post(url, "x")).headers["www-authenticate"]).toBe("Bearer");
    expect(notes).toEqual(["a request from 127.0.0.1 was answered 401: a bearer token is needed"]);
  });

  test("a head, and a body, that never end", async () => {
    const { url, lines } = await start({}, { headersMs: 300, bodyMs: 600 });
    const port = Number(new URL(url).port);
    const head = connect(port, "127.0.0.1");
    head.write("POST / HTTP/1.1\r\nHost: x\r\n");
    const drip = setInterval(() => head.write("A: b\r\n"), 50);
    const body = connect(port, "127.0.0.1");
    body.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{");
    const dripped = setInterval(() => body.write(" "), 50);
    const closed = [head, body].map(async (socket) => {
      socket.on("error", () => undefined);
      socket.resume();
      // A reset is an end as well: `once` would throw it.
      await new Promise((resolve) => socket.once("close", resolve));
    });
    await Promise.all(closed);
    clearInterval(drip);
    clearInterval(dripped);
    // On a busy machine a good one may be too slow as well: it comes again.
    const again = async (): Promise<void> => expect((await post(url, GOOD)).status).toBe(200);
    await vi.waitFor(again, { timeout: 20_000 });
    expect(lines).toHaveLength(1);
  });

  test("a thousand idle connections: an API server still gets through, and keeps its own", async () => {
    const { url, lines, listener } = await start({}, { connections: 64, headersMs: 20_000 });
    const sockets: Socket[] = [];
    for (let at = 0; at < 1_000; at += 1) {
      const socket = connect(Number(new URL(url).port), "127.0.0.1");
      socket.on("error", () => undefined);
      sockets.push(socket);
    }
    await Promise.all(sockets.map((socket) => (socket.connecting ? once(socket, "connect").catch(() => null) : null)));
    expect((await post(url, GOOD)).status).toBe(200);
    expect(listener.connections).toBeLessThanOrEqual(64);
    expect(lines).toHaveLength(1);
    for (const socket of sockets) socket.destroy();
  });
});

test("what cannot be taken now is asked for again, and then comes whole", async () => {
  const gate = Promise.withResolvers<void>();
  const entered = Promise.withResolvers<void>();
  const { url, lines, listener } = await start({}, { pendingBytes: 20_000 }, () => {
    entered.resolve();
    return gate.promise;
  });
  const first = post(url, batch(0, 40));
  await entered.promise;
  const refused = await post(url, batch(40, 80));
  expect(refused).toMatchObject({ status: 429, headers: { "retry-after": "1" } });
  expect(listener.counts.deferred).toBe(1);
  gate.resolve();
  expect((await first).status).toBe(200);
  expect((await post(url, batch(40, 80))).status).toBe(200);
  expect(lines).toHaveLength(80);
});

test("with a spool it is acknowledged when it is on the disk, however long it takes to be shown", async () => {
  const gate = Promise.withResolvers<void>();
  const spool = { directory: join(directory, "spool"), mostBytes: 1024 * 1024 * 1024 };
  const { url, lines } = await start({ spool }, { pendingBytes: 20_000 }, () => gate.promise);
  expect((await post(url, batch(0, 40))).status).toBe(200);
  expect((await post(url, batch(40, 80))).status).toBe(429);
  expect(lines).toHaveLength(0);
  gate.resolve();
  await vi.waitFor(() => expect(lines).toHaveLength(40));
  expect((await post(url, batch(20, 80))).text).toBe('{"events":40,"duplicates":20}\n');
});

describe("TLS", () => {
  const authority = certificate("test authority");
  const server = certificate("ktrail", authority);
  const client = certificate("cp-1", authority);
  const stranger = certificate("mallory");
  const ca = file("ca.crt", authority.cert);
  const tls = { cert: file("tls.crt", server.cert), key: file("tls.key", server.key) };

  function postTls(url: string, identity: object): Promise<number> {
    return new Promise((resolve, reject) => {
      const headers = { "Content-Type": "application/json" };
      const sent = httpsRequest(url, { method: "POST", headers, ca: authority.cert, ...identity }, (response) => {
        response.resume();
        response.on("end", () => resolve(response.statusCode ?? 0));
      });
      sent.on("error", reject);
      sent.end(batch(0, 2));
    });
  }

  test("HTTP/1.1 with a client certificate, which says who it is; without one nobody gets in", async () => {
    const { url, received } = await start({ tls, clientCa: ca });
    expect(await postTls(url, { cert: client.cert, key: client.key })).toBe(200);
    expect(received.map(({ sender }) => sender)).toEqual(["cp-1"]);
    await expect(postTls(url, {})).rejects.toThrow();
    await expect(postTls(url, { cert: stranger.cert, key: stranger.key })).rejects.toThrow();
    await expect(post(url.replace("https", "http"), batch(0, 1))).rejects.toThrow();
    expect(await postTls(url, { cert: client.cert, key: client.key })).toBe(200);
  });

  test("HTTP/2, many batches over one connection; refusals too", async () => {
    const { url, received, lines } = await start({ tls, clientCa: ca }, { bodyBytes: 1_000_000 });
    const session = connectHttp2(url, { ca: authority.cert, cert: client.cert, key: client.key });
    const send = (path: string, body: string | Buffer): Promise<number> =>
      new Promise((resolve, reject) => {
        const stream = session.request({ ":method": "POST", ":path": path, "content-type": "application/json" });
        let status = 0;
        stream.on("response", (headers) => (status = Number(headers[":status"])));
        stream.on("error", (error) => (status === 0 ? reject(error) : resolve(status)));
        stream.on("close", () => resolve(status));
        stream.resume();
        stream.end(body);
      });
    const sent = Array.from({ length: 20 }, (_, at) => send("/audit?timeout=30s", batch(at * 10, at * 10 + 10)));
    expect(new Set(await Promise.all(sent))).toEqual(new Set([200]));
    expect(await send("/nope", batch(0, 1))).toBe(404);
    expect(await send("/", Buffer.alloc(1_100_000, 0x20))).toBe(413);
    expect(await send("/", batch(200, 201))).toBe(200);
    session.close();
    expect(lines).toHaveLength(201);
    expect(new Set(received.map(({ sender }) => sender))).toEqual(new Set(["cp-1"]));
  });

  test("files that are missing, or are none, are named", async () => {
    await expect(start({ tls: { cert: join(directory, "none"), key: tls.key } })).rejects.toThrow(/cannot read .*none/);
    await expect(start({ tls: { cert: tls.key, key: tls.key } })).rejects.toThrow(/tls\.key/);
    await expect(start({ tokenFile: file("empty", "\n# nothing\n") })).rejects.toThrow(/holds no token/);
  });
});

describeShared("batches of a real API server", ["data/webhook"], (folder) => {
  interface Recorded {
    readonly auditID: string;
    readonly stage: string;
    readonly stageTimestamp: string;
  }
  const keyOf = (line: string): string => {
    const { auditID, stage, stageTimestamp } = JSON.parse(line) as Recorded;
    return `${auditID} ${stage} ${stageTimestamp}`;
  };
  const read = (path: string): string => {
    const bytes = readFileSync(path);
    return (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString();
  };

  test.each([
    ["batch-h2", "bodies.ndjson.gz"],
    ["blocking-h1", "bodies.ndjson.gz"],
    ["batch-failures", "bodies.ndjson.gz"],
    ["blocking-strict-failures", "bodies.ndjson.gz"],
  ])("%s: each event of the log that was sent, once, as the log has it", async (run, name) => {
    const bodies = read(join(folder, run, name))
      .split("\n")
      .filter((body) => body !== "");
    const { url, lines } = await start();
    for (const body of bodies) expect((await post(`${url}/?timeout=30s`, body)).status).toBe(200);
    const log = new Map(
      read(join(folder, run, "same-traffic.audit.log.gz"))
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => [keyOf(line), line]),
    );
    const keys = lines.map(keyOf);
    expect(new Set(keys).size).toBe(keys.length);
    const sent = new Set(
      bodies.flatMap((body) =>
        (JSON.parse(body) as { items: Recorded[] }).items.map((item) => keyOf(JSON.stringify(item))),
      ),
    );
    expect(keys.length).toBe(sent.size);
    const shared = lines.filter((line) => log.has(keyOf(line)));
    expect(shared.length).toBeGreaterThan(lines.length * 0.9);
    for (const line of shared) expect(line).toBe(log.get(keyOf(line)));
  });
});
