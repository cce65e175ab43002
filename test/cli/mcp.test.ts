import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fitted } from "../../src/cli/mcp/fit.ts";
import { sampleLines } from "../support/finding-sample.ts";
import { ensureBuilt, ktrail, PROGRAM_ARGUMENTS, PROGRAM_FILE, ROOT } from "../support/program.ts";

const folder = mkdtempSync(join(tmpdir(), "ktrail-mcp-"));
const clients: Client[] = [];
beforeAll(ensureBuilt);
afterAll(async () => {
  for (const client of clients) await client.close();
  rmSync(folder, { recursive: true, force: true });
});

async function connect(...inputs: readonly string[]): Promise<Client> {
  const client = new Client({ name: "test", version: "1" });
  const args = [...PROGRAM_ARGUMENTS, "mcp", ...inputs];
  await client.connect(new StdioClientTransport({ command: PROGRAM_FILE, args, cwd: ROOT, stderr: "ignore" }));
  clients.push(client);
  return client;
}

async function call(client: Client, name: string, given: Record<string, unknown> = {}): Promise<CallToolResult> {
  return (await client.callTool({ name, arguments: given })) as CallToolResult;
}

function texts({ content }: CallToolResult): readonly string[] {
  return content.map((part) => (part.type === "text" ? part.text : ""));
}

const valueOf = (result: CallToolResult): unknown => JSON.parse(texts(result)[0] ?? "") as unknown;

describe("ktrail mcp", () => {
  it("has the headless questions as read-only tools, with the options of the command line", async () => {
    const client = await connect("fixtures/demo");
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name).join(" ")).toBe("info top series events trail why object findings");
    expect(tools.every(({ annotations }) => annotations?.readOnlyHint === true)).toBe(true);
    const top = tools.find(({ name }) => name === "top")?.inputSchema.properties ?? {};
    expect(Object.keys(top)).toEqual(expect.arrayContaining(["query", "since", "until", "namespace", "by", "limit"]));
    expect(Object.keys(top)).not.toEqual(expect.arrayContaining(["output"]));
    for (const name of ["run", "baseline", "exec", "follow"])
      expect(tools.some(({ inputSchema }) => Object.hasOwn(inputSchema.properties ?? {}, name))).toBe(false);
    expect(tools.find(({ name }) => name === "trail")?.inputSchema.required).toEqual(["object"]);
    expect(client.getInstructions()).toContain("filter language");
  });

  it("answers with the JSON that the command line prints", async () => {
    const client = await connect("fixtures/demo");
    const asks: readonly (readonly [string, Record<string, unknown>, readonly string[]])[] = [
      ["top", { by: "user", query: "code:403" }, ["--by", "user", "-q", "code:403", "--limit", "100"]],
      ["series", { step: "1m", query: "verb:delete" }, ["--step", "1m", "-q", "verb:delete", "--limit", "100"]],
      ["why", { object: "pod/nginx-857899445-7x5j6", namespace: "demo" }, ["-n", "demo"]],
      ["events", { query: "verb:delete actor:human", limit: 3 }, ["-q", "verb:delete actor:human", "--limit", "3"]],
    ];
    await Promise.all(
      asks.map(async ([name, given, words]) => {
        const operand = given["object"] === undefined ? [] : [String(given["object"])];
        const ran = await ktrail([name, ...operand, "fixtures/demo", "-o", "json", ...words]);
        expect([name, valueOf(await call(client, name, given))]).toEqual([name, JSON.parse(ran.stdout)]);
      }),
    );
    const found = valueOf(await call(client, "findings", { query: "user:mallory*" })) as Record<string, unknown[]>;
    expect(found["findings"]).not.toEqual([]);
    expect(valueOf(await call(client, "info"))).toMatchObject({ requests: 8819 });
    expect(texts(await call(client, "events", { query: "user:mallori" })).join("\n")).toMatch(/mallori/);
  });

  it("says what of a long answer was cut", async () => {
    const client = await connect("fixtures/demo");
    const result = await call(client, "events", { limit: 1_000_000 });
    const [json = "", ...cuts] = texts(result);
    expect(json.length).toBeLessThanOrEqual(64_000);
    expect(cuts[0]).toMatch(/^the answer is cut to its first \d+ of 1000$/);
    expect((JSON.parse(json) as unknown[]).length).toBe(Number(/first (\d+)/.exec(cuts[0] ?? "")?.[1]));
    expect(fitted({ text: "x".repeat(100_000) }).json).toBeNull();
    expect(fitted({ rows: Array.from({ length: 9_000 }, (_, at) => ({ at, list: [1, 2, 3] })) }).cuts).toHaveLength(1);
  });

  it("answers mistakes as errors of the tool, and goes on", async () => {
    const client = await connect("fixtures/demo");
    const wrong: readonly (readonly [string, Record<string, unknown>, RegExp])[] = [
      ["top", { by: "nothing" }, /--by/],
      ["top", { queri: "x" }, /did you mean query/],
      ["top", { query: "code:" }, /column/],
      ["top", { query: { a: 1 } }, /text or a number/],
      ["trail", {}, /needs an OBJECT/],
      ["trail", { object: "deploy/nobody" }, /deploy\/nobody/],
      ["trail", { object: "--help" }, /./],
      ["policy lint", {}, /there is no tool/],
      ["top", { exec: "touch /tmp/x" }, /takes no/],
    ];
    for (const [name, given, says] of wrong) {
      const result = await call(client, name, given);
      expect([name, given, result.isError]).toEqual([name, given, true]);
      expect(texts(result).join("\n")).toMatch(says);
    }
    expect(valueOf(await call(client, "info"))).toMatchObject({ requests: 8819 });
  });

  it("masks, survives what strangers wrote, and refuses what it cannot read", async () => {
    const log = join(folder, "hostile.log");
    const strange = 'a"\u001b]0;x\u0007\u0000\n{"jsonrpc":"2.0"}';
    writeFileSync(
      log,
      sampleLines([
        {
          user: strange,
          verb: "get",
          resource: "secrets",
          namespace: "a",
          name: "x",
          ua: "curl --password=hunter2secret",
        },
        { user: "b", verb: "get", resource: "/x", query: "token=abcdefghijklmnop123" },
      ]),
    );
    const client = await connect(log);
    const all = texts(await call(client, "events")).join("\n");
    expect(all).not.toMatch(/hunter2secret|abcdefghijklmnop123/);
    expect(
      (valueOf(await call(client, "top", { by: "user" })) as { rows: { key: { user: string } }[] }).rows,
    ).toHaveLength(2);
    const none = await connect(join(folder, "missing.log"));
    const result = await call(none, "info");
    expect(result.isError).toBe(true);
    expect(texts(result).join("\n")).toContain("missing.log");
    expect((await ktrail(["mcp", "-"], { stdin: "" })).code).toBe(2);
  });
});
