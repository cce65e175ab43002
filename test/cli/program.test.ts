import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt, ktrail, PROGRAM, ROOT, PROGRAM_ARGUMENTS, PROGRAM_FILE } from "../support/program.ts";

const LOG = "fixtures/demo";
const ONE_FILE = "fixtures/demo/audit.log";

let folder = "";
beforeAll(() => {
  ensureBuilt();
  folder = mkdtempSync(join(tmpdir(), "ktrail-program-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function event(fields: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    kind: "Event",
    apiVersion: "audit.k8s.io/v1",
    level: "Metadata",
    auditID: "a1",
    stage: "ResponseComplete",
    requestURI: "/api/v1/namespaces/demo/pods",
    verb: "list",
    user: { username: "alice", groups: ["dev"] },
    sourceIPs: ["10.0.0.1"],
    userAgent: "kubectl/v1.36",
    objectRef: { resource: "pods", namespace: "demo", apiVersion: "v1" },
    responseStatus: { metadata: {}, code: 200 },
    requestReceivedTimestamp: "2026-11-21T00:00:00.000000Z",
    stageTimestamp: "2026-11-21T00:00:00.005000Z",
    ...fields,
  });
}

describe("exit codes and messages", () => {
  it.each([
    [["top", LOG, "--by", "usr"], /^ktrail: --by: "usr" is no dimension; did you mean user\?/],
    [["top", LOG, "--bogus"], /^ktrail: unknown option '--bogus' \(see ktrail top --help\)\n$/],
    [["events", LOG, "-q", "cod:403"], /^ktrail: .*code/],
    [["evnts", LOG], /^ktrail: there is no command or file "evnts"; did you mean ktrail events\?\n$/],
    [["info"], /^ktrail: no input: name an audit log/],
    [["trail", "deploy/nosuch", LOG], /^ktrail: no request of this log touches "deploy\/nosuch"/],
    [["top", "--sort", "byts", LOG], /^ktrail: --sort: "byts" is none of requests, .*; did you mean bytes\?/],
    [["events", "-f", "--sort", "latency", LOG], /^ktrail: -f prints requests as they come/],
    [["info", "--format", "jsnl", LOG], /^ktrail: --format: "jsnl" is none of auto, jsonl.*did you mean jsonl\?/],
  ])("%j is wrong usage: 2, nothing on stdout", async (args, message) => {
    const { code, stdout, stderr } = await ktrail(args);
    expect(stderr).toMatch(message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  });

  it("shows where a filter is wrong", async () => {
    const { code, stderr } = await ktrail(["events", LOG, "-q", "verb:get cod:403"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/column 10/);
    expect(stderr).toMatch(/^ {2}verb:get cod:403\n {11}\^/m);
  });

  it("names inputs that cannot be read, reads the others and ends with 3", async () => {
    const missing = join(folder, "missing.log");
    const binary = file(
      "binary.log",
      new Uint8Array(4096).map((_, at) => (at * 7919) & 255),
    );
    const prose = file("notes.txt", "Dear diary,\ntoday I read logs.\n");
    const { code, stdout, stderr } = await ktrail([
      "top",
      missing,
      binary,
      prose,
      ONE_FILE,
      "--by",
      "verb",
      "-o",
      "json",
    ]);
    expect(code).toBe(3);
    expect(stderr.split("\n").filter((line) => line !== "")).toHaveLength(3);
    for (const name of ["missing.log", "binary.log", "notes.txt"]) expect(stderr).toContain(name);
    const alone = await ktrail(["top", ONE_FILE, "--by", "verb", "-o", "json"]);
    expect(stdout).toBe(alone.stdout);
  });

  it("prints no answer when nothing could be read", async () => {
    expect(await ktrail(["top", join(folder, "missing.log")])).toMatchObject({ code: 3, stdout: "" });
  });

  it.skipIf(process.getuid?.() === 0)("says who may not read a file", async () => {
    const path = file("secret.log", event());
    chmodSync(path, 0);
    const { code, stderr } = await ktrail(["info", path]);
    expect(code).toBe(3);
    expect(stderr).toContain(path);
    expect(stderr).toMatch(/permission|may not/i);
  });

  it.skipIf(process.platform !== "linux")("opens files whose names are no UTF-8, named or found", async () => {
    const path = join(folder, "latin");
    mkdirSync(path);
    const name = Buffer.concat([Buffer.from(`${path}/audit-`), Buffer.of(0xe4, 0xff), Buffer.from(".log")]);
    writeFileSync(name, `${event()}\n`);
    const shell = (script: string): { status: number | null; stdout: string; stderr: string } =>
      spawnSync("sh", ["-c", script, process.execPath, PROGRAM], { cwd: path, encoding: "utf8" });
    const escaped = String.raw`audit-\udce4\udcff.log`;
    for (const input of ["audit-*", "."]) {
      const { status, stdout, stderr } = shell(`"$0" "$1" info ${input} -o json`);
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      expect(stdout).toContain(escaped);
      expect(JSON.parse(stdout)).toMatchObject({ requests: 1 });
    }
    expect(shell('"$0" "$1" events audit-* -o raw').stdout).toBe(`${event()}\n`);
    expect(shell('"$0" "$1" info audit-*').stdout).toContain(String.raw`audit-\u{dce4}\u{dcff}.log`);
    expect(shell('"$0" "$1" info missing-$(printf "\\377")').stderr).toMatch(/missing-.*does not exist|no such file/i);
  });

  it("takes an empty file as an empty log", async () => {
    const { code, stdout } = await ktrail(["info", file("empty.log", ""), "-o", "json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ events: 0, requests: 0, span: { from: null, to: null, seconds: 0 } });
    expect(await ktrail(["top", file("empty.log", "")])).toMatchObject({ code: 0 });
    expect(await ktrail(["series", file("empty.log", ""), "-o", "csv"])).toMatchObject({
      code: 0,
      stdout: "t,requests\n",
    });
  });

  it("passes over what is no log in a directory, without an error", async () => {
    const path = join(folder, "mixed");
    mkdirSync(path);
    writeFileSync(join(path, "audit.log"), `${event()}\n`);
    writeFileSync(join(path, "README.md"), "# not a log\n");
    const { code, stdout, stderr } = await ktrail(["info", path, "-o", "json"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({ requests: 1 });
    expect(stdout).toContain("README.md");
  });

  it("counts bad lines and says where the first is", async () => {
    const path = file(
      "bad.log",
      `${event()}\nnot json\n${event({ auditID: "a2" })}\n{"half": tru\nalso not json\n${event({ auditID: "a3" }).slice(0, 99)}`,
    );
    const { code, stdout, stderr } = await ktrail(["top", path, "--by", "user", "-o", "json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ requests: 2 });
    expect(stderr).toMatch(
      new RegExp(`^ktrail: 2 bad lines skipped, first at ${path}:${event().length + 1} \\(.+\\)$`, "m"),
    );
    expect(stderr).toMatch(/^ktrail: 2 lines cut short skipped/m);
  });
});

describe("streams", () => {
  it("reads stdin as - and when nothing else is named", async () => {
    const named = await ktrail(["info", "-", "-o", "json"], { stdin: `${event()}\n` });
    expect(JSON.parse(named.stdout)).toMatchObject({ requests: 1 });
    const piped = await ktrail(["top", "--by", "user", "-o", "json"], { stdin: `${event()}\n` });
    expect(JSON.parse(piped.stdout)).toMatchObject({ requests: 1 });
  });

  it("prints original bytes from stdin too", async () => {
    const line = event({ userAgent: "ünï\u0001code" });
    const { stdout } = await ktrail(["events", "-", "-o", "raw"], { stdin: `${line}\n` });
    expect(stdout).toBe(`${line}\n`);
  });

  it("ends quietly when the reader leaves", async () => {
    for (const format of ["table", "json", "jsonl", "csv", "md", "raw"]) {
      const child = spawn(PROGRAM_FILE, [...PROGRAM_ARGUMENTS, "events", LOG, "-o", format], {
        cwd: ROOT,
        stdio: ["ignore", "pipe", "pipe"],
      });
      let stderr = "";
      child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
      child.stdout.once("data", () => child.stdout.destroy());
      const [code, signal] = (await once(child, "close")) as [number | null, string | null];
      expect({ format, code, signal, stderr }).toEqual({ format, code: 0, signal: null, stderr: "" });
    }
  });

  it.skipIf(!existsSync("/dev/full")).each([[["--help"]], [["info", LOG]], [["events", LOG, "-o", "raw"]], [[LOG]]])(
    "%j says in one line that its answer did not fit",
    (args) => {
      const full = openSync("/dev/full", "w");
      const run = spawnSync(PROGRAM_FILE, [...PROGRAM_ARGUMENTS, ...args], {
        cwd: ROOT,
        stdio: ["ignore", full, "pipe"],
        encoding: "utf8",
      });
      closeSync(full);
      expect({ status: run.status, stderr: run.stderr }).toEqual({
        status: 1,
        stderr: "ktrail: the answer could not be written: the disk is full\n",
      });
    },
  );

  it("tells a fault by its stack, not by the source it happened in", () => {
    const fault = file("fault.cjs", 'setTimeout(() => { throw new Error("out of order"); }, 300);');
    const args = ["--require", fault, PROGRAM, "events", "-f", ONE_FILE, "-o", "jsonl"];
    const run = spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8", maxBuffer: 1 << 28 });
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(/^ktrail: this is a fault of ktrail:\n +Error: out of order$/m);
    expect(run.stderr.length).toBeLessThan(4000);
  });

  it("prints the same requests as jsonl, json, csv and raw", async () => {
    const of = (format: string): Promise<{ stdout: string }> =>
      ktrail(["events", LOG, "-q", "code:403,409", "-o", format]);
    const lines = (await of("jsonl")).stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { auditID: string });
    expect(lines.length).toBeGreaterThan(100);
    expect(JSON.parse((await of("json")).stdout)).toEqual(lines);
    const raw = (await of("raw")).stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { auditID: string });
    expect(raw.map(({ auditID }) => auditID)).toEqual(lines.map(({ auditID }) => auditID));
    expect((await of("csv")).stdout.trimEnd().split("\n")).toHaveLength(lines.length + 1);
  });

  it("follows into a pipe until interrupted: 130", async () => {
    const path = file("growing.log", `${event()}\n`);
    const child = spawn(PROGRAM_FILE, [...PROGRAM_ARGUMENTS, "events", "-f", path, "-o", "jsonl"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let seen = "";
    let wake: () => void = () => undefined;
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      seen += text;
      wake();
    });
    const lines = (count: number): Promise<void> =>
      new Promise((resolve) => {
        wake = () => seen.split("\n").length > count && resolve();
        wake();
      });
    await lines(1);
    writeFileSync(path, `${event({ auditID: "a2" })}\n`, { flag: "a" });
    await lines(2);
    child.kill("SIGINT");
    const [code] = (await once(child, "close")) as [number | null];
    expect(code).toBe(130);
    const ids = seen
      .trimEnd()
      .split("\n")
      .map((line) => (JSON.parse(line) as { auditID: string }).auditID);
    expect(ids).toEqual(["a1", "a2"]);
  });
});

describe("hostile strings", () => {
  const evil = {
    user: { username: "\u001b]0;title\u0007\u001b[2J", groups: ["__proto__", "constructor"] },
    userAgent: "\u009b31m\u202egnp.exe|`<script>`\n=HYPERLINK(1)",
    objectRef: { resource: "pods", namespace: "__proto__", name: "\u0000\r\n\t", apiVersion: "v1" },
    sourceIPs: ["10.0.0.1", "\u001b[31mred"],
    requestURI: "/api/v1/\u001bP0;0|evil\u001b\\",
    annotations: { "\u001b[5m": "blink", __proto__: "x" },
  };

  it.each([
    ["info"],
    ["top", "--by", "user,useragent"],
    ["top", "--by", "group,namespace"],
    ["top", "--by", "ip,object"],
    ["series", "--by", "user"],
    ["events"],
    ["trail", "__proto__"],
    ["why", "toString"],
  ])("%s %s %s never reach a terminal raw", async (...words) => {
    const path = file("evil.log", `${event(evil)}\n\u001b[2J bad \u009b line\n`);
    for (const format of ["table", "json", "jsonl", "csv", "md"]) {
      const { stdout, stderr, code } = await ktrail([...words, path, "-o", format]);
      expect(code).toBeLessThanOrEqual(2);
      const shown = format === "csv" ? stderr : stdout + stderr;
      expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    }
  });

  it("have no character in CSV that nobody sees", async () => {
    const invisible = "a\u200bl\u2060i\ufeffc\u00ade\u{e0041}\u180e\u3164";
    const path = file("invisible.log", `${event({ user: { username: invisible } })}\n`);
    const { stdout } = await ktrail(["events", path, "-o", "csv"]);
    expect(stdout).not.toMatch(/[\p{Cf}\p{Default_Ignorable_Code_Point}]/u);
    expect(stdout).toContain(String.raw`a\u200bl\u2060i\ufeffc\xade\u{e0041}\u180e\u3164`);
  });

  it("are safe as file names and arguments too", async () => {
    const { stderr } = await ktrail(["info", "\u001b[2Jmissing.log"]);
    expect(stderr).not.toContain("\u001b");
    expect((await ktrail(["top", "--by", "\u001b[2J"])).stderr).not.toContain("\u001b");
  });
});

describe("the starter", () => {
  it("has a version and speaks as a kubectl plugin", async () => {
    expect((await ktrail(["--version"])).stdout).toMatch(
      /^ktrail \d+\.\d+\.\d+(?: \(with Node\.js \d+\.\d+\.\d+\))?\n$/,
    );
    const plugin = join(folder, "kubectl-trail");
    symlinkSync(PROGRAM, plugin);
    const run = spawnSync(process.execPath, [plugin, "top", "--help"], { encoding: "utf8" });
    expect(run.stdout).toContain("Usage: kubectl trail top FILE...");
  });

  it("says what to do when it is not built", () => {
    const copy = join(folder, "unbuilt");
    mkdirSync(join(copy, "bin"), { recursive: true });
    cpSync(dirname(PROGRAM), join(copy, "bin"), { recursive: true });
    writeFileSync(join(copy, "package.json"), '{"type":"module"}');
    const run = spawnSync(process.execPath, [join(copy, "bin/ktrail.js")], { encoding: "utf8" });
    expect(run.status).toBe(2);
    expect(run.stderr).toContain("npm run build");
  });

  const old = ["/usr/bin/node", "/usr/local/bin/node"].find(
    (path) =>
      existsSync(path) && Number(/^v(\d+)/.exec(spawnSync(path, ["--version"], { encoding: "utf8" }).stdout)?.[1]) < 22,
  );

  it.skipIf(old === undefined)("runs on the project's Node when the system's is too old", () => {
    const run = spawnSync(old ?? "", [PROGRAM, "info", ONE_FILE, "-o", "json"], { cwd: ROOT, encoding: "utf8" });
    expect({ status: run.status, stderr: run.stderr }).toEqual({ status: 0, stderr: "" });
    expect(JSON.parse(run.stdout)).toMatchObject({ inputs: [{ path: ONE_FILE }] });
    expect(spawnSync(old ?? "", [PROGRAM, "top", "--bogus"], { cwd: ROOT }).status).toBe(2);
  });

  it.skipIf(old === undefined)("says which Node it needs where there is none", () => {
    const copy = join(folder, "alone");
    mkdirSync(join(copy, "bin"), { recursive: true });
    cpSync(dirname(PROGRAM), join(copy, "bin"), { recursive: true });
    writeFileSync(join(copy, "package.json"), '{"type":"module"}');
    const run = spawnSync(old ?? "", [join(copy, "bin/ktrail.js")], { encoding: "utf8" });
    expect(run.status).toBe(2);
    expect(run.stderr).toMatch(
      /^ktrail needs Node.js 22 or newer; this is v\d+\.\d+\.\d+ \(.*\): install one from https:.*npx -p node@24/,
    );
  });

  it.skipIf(old === undefined || process.platform !== "linux")(
    "leaves nothing running when what was started on an old Node is killed",
    async () => {
      const path = file("watched.log", `${event()}\n`);
      const starter = spawn(old ?? "", [PROGRAM, "events", "-f", path, "-o", "jsonl"], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      await once(starter.stdout, "data");
      starter.kill("SIGKILL");
      // The pipe closes when the last process that writes into it has ended.
      starter.stdout.resume();
      await once(starter.stdout, "close");
      expect(starter.signalCode).toBe("SIGKILL");
    },
  );

  it("runs no code that was saved for another bundle, whatever the file holds", () => {
    const copy = join(folder, "edited");
    cpSync(dirname(PROGRAM), join(copy, "bin"), { recursive: true });
    cpSync(join(ROOT, "dist"), join(copy, "dist"), { recursive: true, filter: (path) => !path.endsWith(".map") });
    writeFileSync(join(copy, "package.json"), '{"type":"module"}');
    const bundle = join(copy, "dist/main.cjs");
    const version = (): string =>
      spawnSync(process.execPath, [join(copy, "bin/ktrail.js"), "--version"], { encoding: "utf8" }).stdout;
    const current = version();
    const edited = current.replace(/\d/, (digit) => String(9 - Number(digit)));
    const source = readFileSync(bundle, "latin1");
    writeFileSync(
      bundle,
      source.replaceAll(current.trim().split(" ")[1] ?? "", edited.trim().split(" ")[1] ?? ""),
      "latin1",
    );
    expect(version()).toBe(edited);
    writeFileSync(bundle, source, "latin1");
    const saved = readFileSync(`${bundle}.code`);
    const noise = Buffer.from(saved);
    for (let at = 64; at < noise.length; at += 1) noise[at] = (at * 7919) & 255;
    for (const bytes of [Buffer.alloc(0), Buffer.alloc(5), saved.subarray(0, saved.length / 2), noise]) {
      writeFileSync(`${bundle}.code`, bytes);
      expect(version()).toBe(current);
    }
  });

  it("loads neither React nor Ink for a headless answer", () => {
    const run = spawnSync(process.execPath, ["--input-type=commonjs", "-e", LOADED], {
      cwd: ROOT,
      encoding: "utf8",
    });
    expect(run.stdout).toContain("loaded");
    expect(run.stdout).not.toMatch(/react|ink|yoga/i);
  });
});

/** Runs `info` in this process and lists what the bundles that were loaded are made of. */
const LOADED = `
const { readFileSync } = require("node:fs");
const { run, scripts } = require("./dist/run.cjs");
process.argv = [process.argv[0], "bin/ktrail.js", "info", "fixtures/demo/audit.log", "-o", "json"];
process.on("exit", () => {
  const sources = [...scripts.keys()].flatMap((name) => JSON.parse(readFileSync("dist/" + name + ".map", "utf8")).sources);
  process.stdout.write("loaded " + sources.filter((path) => path.includes("node_modules")).join("\\n"));
});
run("main.cjs");
`;
