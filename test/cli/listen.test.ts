import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { gunzipSync } from "node:zlib";
import { endProcess, listenProcess, type ListenProcess, sendLoad } from "../support/listen-load.ts";
import { answered } from "../support/headless.ts";
import { ensureBuilt, PROGRAM_ARGUMENTS, PROGRAM_FILE } from "../support/program.ts";
import { batch, post } from "../support/webhook.ts";

const directory = mkdtempSync(join(tmpdir(), "ktrail-cli-listen-"));
afterAll(() => rmSync(directory, { recursive: true }));

beforeAll(() => ensureBuilt());

let started: ListenProcess[] = [];
async function start(args: readonly string[] = []): Promise<ListenProcess> {
  const one = await listenProcess(args);
  started.push(one);
  return one;
}
afterEach(async () => {
  for (const one of started) await endProcess(one, "SIGKILL");
  started = [];
});

function ktrail(...args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(PROGRAM_FILE, [...PROGRAM_ARGUMENTS, ...args], { encoding: "utf8" });
}

function spooled(spool: string): string[] {
  return readdirSync(spool)
    .sort()
    .flatMap((name) =>
      gunzipSync(readFileSync(join(spool, name)))
        .toString()
        .split("\n")
        .slice(0, -1),
    )
    .map((line) => (JSON.parse(line) as { auditID: string }).auditID);
}

const idOf = (at: number): string => `00000000-0000-4000-8000-${String(at).padStart(12, "0")}`;

test("prints a JSON line a request as it comes, filtered, and ends in good order", async () => {
  const { url, out, child } = await start(["-q", "user:user-3"]);
  expect((await post(`${url}/audit/cp-1`, batch(0, 40))).status).toBe(200);
  await vi.waitFor(() => expect(out.lines).toBe(2), { timeout: 10_000 });
  const rows = out.text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(rows.map(({ auditID }) => auditID)).toEqual([idOf(3), idOf(23)]);
  expect(rows[0]).toMatchObject({ user: "user-3", verb: "get", source: { path: expect.stringContaining("/cp-1") } });
  await endProcess({ child, url, out }, "SIGINT");
  expect(child.exitCode).toBe(130);
});

test("2,000 events a second are all printed", async () => {
  const { url, out } = await start();
  const sent = await sendLoad(url, { perSecond: 2_000, seconds: 2, batchEvents: 200 });
  expect(sent).toBe(4_000);
  await vi.waitFor(() => expect(out.lines).toBe(4_000), { timeout: 20_000 });
});

test("killed in the middle: what was acknowledged is in the spool, none of it twice, also after it goes on", async () => {
  const spool = join(directory, "killed");
  const acknowledged = new Set<number>();
  const first = await start(["--spool", spool]);
  const sending = sendLoad(`${first.url}/audit/cp-1`, {
    perSecond: 4_000,
    seconds: 2,
    batchEvents: 100,
    onAcknowledged: (from, to) => {
      for (let at = from; at < to; at += 1) acknowledged.add(at);
      if (acknowledged.size === 2_000) first.child.kill("SIGKILL");
    },
  });
  await sending;
  await endProcess(first, "SIGKILL");
  expect(acknowledged.size).toBeGreaterThanOrEqual(2_000);
  // Batches without an answer are sent again, those before them too.
  const second = await start(["--spool", spool]);
  for (let from = 0; from < 3_000; from += 100)
    expect((await post(`${second.url}/audit/cp-1`, batch(from, from + 100))).status).toBe(200);
  await endProcess(second, "SIGINT");
  const ids = spooled(join(spool, "cp-1"));
  expect(new Set(ids).size).toBe(ids.length);
  const kept = new Set(ids);
  for (const at of acknowledged)
    if (!kept.has(idOf(at))) throw new Error(`event ${at} was acknowledged and is not there`);
  for (let at = 0; at < 3_000; at += 1) if (!kept.has(idOf(at))) throw new Error(`event ${at} is not there`);
  const info = JSON.parse((await answered(["info", spool, "-o", "json"])).stdout) as Record<string, unknown>;
  expect(info).toMatchObject({ events: ids.length, requests: ids.length });
});

describe("the command line", () => {
  test.each<[string, readonly string[], RegExp]>([
    ["all interfaces without TLS", [":9443"], /beyond this machine it needs --tls-cert and --tls-key/],
    [
      "another address with TLS alone",
      ["10.0.0.1", "--tls-cert", "a", "--tls-key", "b"],
      /needs --client-ca or --token-file/,
    ],
    ["half of TLS", ["--tls-cert", "a"], /takes both or none/],
    ["client certificates without TLS", ["--client-ca", "a"], /--client-ca needs --tls-cert/],
    ["no address", ["1:2:3"], /is no address/],
    ["two", ["127.0.0.1", "::1"], /is no address|takes one address/],
  ])("%s is refused", (_what, args, message) => {
    const { status, stderr } = ktrail("listen", ...args);
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
  });

  test("an address that is taken, and files that are missing, are named", async () => {
    const { url } = await start();
    const taken = ktrail("listen", new URL(url).host);
    expect(taken.stderr).toMatch(/cannot listen on 127\.0\.0\.1:\d+: .*EADDRINUSE/);
    expect(taken.status).toBe(3);
    const missing = ktrail("listen", "127.0.0.1:0", "--token-file", join(directory, "none"));
    expect(missing.stderr).toMatch(/cannot read .*none/);
    expect(missing.status).toBe(3);
  });

  test("--print-config is a kubeconfig for that address", async () => {
    const { stdout } = ktrail(
      "listen",
      "--print-config",
      ":9555",
      "--tls-cert",
      "a",
      "--tls-key",
      "b",
      "--token-file",
      "c",
    );
    const { parse } = await import("yaml");
    expect(parse(stdout)).toMatchObject({
      kind: "Config",
      clusters: [
        { cluster: { server: "https://KTRAIL-HOST:9555/audit/NAME", "certificate-authority": expect.any(String) } },
      ],
      users: [{ user: { token: "TOKEN" } }],
      "current-context": "ktrail",
    });
    for (const word of ["kubeadm", "k3s", "RKE2", "kind", "minikube", "--audit-webhook-config-file"]) {
      expect(stdout).toContain(word);
    }
  });
});
