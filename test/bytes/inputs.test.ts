import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { FileInput, ResolvedInputs } from "../../src/bytes/contract.ts";
import { resolveInputs } from "../../src/bytes/inputs.ts";
import { readError } from "../../src/bytes/read-error.ts";
import { describeShared } from "../support/shared-data.ts";
import { line, lines } from "./following.ts";

let directory = "";

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "ktrail-inputs-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function put(name: string, content: string | Uint8Array = line(0)): string {
  const path = join(directory, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

const sniff = (head: Uint8Array): string | null =>
  Buffer.from(head).includes('"auditID"') ? null : "it holds no audit event";

function resolved(paths: readonly string[], follow = false): Promise<ResolvedInputs> {
  return resolveInputs(paths, { follow, sniff });
}

/** Per input: its server and its files, relative to the test's directory. */
function sets({ inputs }: ResolvedInputs): unknown {
  return inputs.map((input) =>
    input.kind === "stream"
      ? input.path
      : [input.apiserver, ...input.files.map(({ path }) => relative(directory, path))],
  );
}

const files = ({ inputs }: ResolvedInputs): readonly FileInput[] => inputs.filter((input) => input.kind === "files");

describe("rotated sets", () => {
  test("files of one server are one input, oldest first, however they were rotated", async () => {
    for (const name of [
      "audit.log",
      "audit-2026-11-21T00-05-23.271.log.gz",
      "audit-2026-11-20T23-05-23.271.log",
      "other.log",
      "other.log.1",
      "other.log.10.gz",
      "other.log.2",
      "daily.log-20261121",
      "daily.log-20261120.gz",
      "daily.log",
      "0.log",
      "0.log.20261120-101112",
    ]) {
      put(name, line(basename(name).length));
    }
    expect(sets(await resolved([directory]))).toEqual([
      ["", "0.log.20261120-101112", "0.log"],
      ["", "audit-2026-11-20T23-05-23.271.log", "audit-2026-11-21T00-05-23.271.log.gz", "audit.log"],
      ["", "daily.log-20261120.gz", "daily.log-20261121", "daily.log"],
      ["", "other.log.10.gz", "other.log.2", "other.log.1", "other.log"],
    ]);
  });

  test("files given one by one are grouped as well, and a file named twice is read once", async () => {
    const live = put("audit.log");
    const old = put("audit-2026-11-20T23-05-23.271.log", line(1));
    symlinkSync("audit.log", join(directory, "link.log"));
    const result = await resolved([live, old, relative(process.cwd(), live), join(directory, "link.log"), directory]);
    expect(sets(result)).toEqual([["", "audit-2026-11-20T23-05-23.271.log", "audit.log"]]);
    expect(result.failures).toEqual([]);
    expect(files(result)[0]?.live).toBe(live);
  });

  test("a file being compressed is read once", async () => {
    const text = lines(0, 50);
    put("audit-2026-11-20T23-05-23.271.log", text);
    put("audit-2026-11-20T23-05-23.271.log.gz", gzipSync(text).subarray(0, 300));
    const result = await resolved([directory]);
    expect(sets(result)).toEqual([["", "audit-2026-11-20T23-05-23.271.log"]]);
    expect(result.passedOver[0]?.reason).toBe("it is the compressed copy of audit-2026-11-20T23-05-23.271.log");
  });

  test("the same name in different directories means different servers, named after what differs", async () => {
    put("cluster/cp1/log/audit.log");
    put("cluster/cp2/log/audit.log", line(1));
    expect(sets(await resolved([directory]))).toEqual([
      ["cp1", "cluster/cp1/log/audit.log"],
      ["cp2", "cluster/cp2/log/audit.log"],
    ]);
  });

  test("a must-gather tells component and node", async () => {
    put("must-gather/audit_logs/kube-apiserver/master-0-audit-2026-11-21T00-05-23.271.log.gz", gzipSync(line(0)));
    put("must-gather/audit_logs/kube-apiserver/master-0-audit.log", line(1));
    put("must-gather/audit_logs/kube-apiserver/master-1-audit.log", line(2));
    put("must-gather/audit_logs/oauth-apiserver/master-0-audit.log", line(3));
    put("must-gather/audit_logs/kube-apiserver.audit_logs_listing", "master-0 audit.log\n");
    put("must-gather/cluster-scoped-resources/core/nodes/master-0.yaml", "kind: Node\n");
    const result = await resolved([directory]);
    expect(files(result).map(({ apiserver, files }) => [apiserver, files.length])).toEqual([
      ["kube-apiserver/master-0", 2],
      ["kube-apiserver/master-1", 1],
      ["oauth-apiserver/master-0", 1],
    ]);
    expect(result.passedOver.map(({ path, reason }) => [basename(path), reason])).toEqual([
      ["kube-apiserver.audit_logs_listing", "it holds no audit event"],
      ["master-0.yaml", "not a log by its name"],
    ]);
  });
});

describe("other arguments", () => {
  test("standard input and named pipes are streams", async () => {
    const pipe = join(directory, "pipe");
    execFileSync("sh", ["-c", `mkfifo "$1"`, "sh", pipe]);
    expect(sets(await resolved(["-", pipe, "-"]))).toEqual(["-", pipe]);
  });

  test("what cannot be read is a failure of its own, the rest is read", async () => {
    const log = put("audit.log");
    const bad: readonly (readonly [name: string, content: Uint8Array, message: RegExp])[] = [
      ["prog", Buffer.from("\x7fELF\x02\x01"), /is no audit log: it is a binary file \(a program\)/],
      ["noise", Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 7919) % 251)), /it is a binary file/],
      ["utf32.log", Buffer.from("\xff\xfe\0\0{\0\0\0", "latin1"), /it is UTF-32 text; try: iconv/],
      ["a.7z", Buffer.from("7z\xbc\xaf\x27\x1c", "latin1"), /it is a 7z archive/],
      ["a.zip", Buffer.from("PK\x03\x04...."), /cannot read .*a\.zip: the zip archive is cut/],
      [
        "a.tar.gz",
        gzipSync(Buffer.concat([Buffer.alloc(257, 97), Buffer.from("ustar\0")])),
        /the tar archive (?:ends early|is damaged)/,
      ],
    ];
    const missing = join(directory, "nope.log");
    const result = await resolved([missing, ...bad.map(([name, content]) => put(name, content)), log]);
    expect(sets(result)).toEqual([["", "audit.log"]]);
    expect(result.failures.map(({ error }) => error.exitCode)).toEqual(Array.from({ length: 7 }, () => 3));
    expect(result.failures[0]?.error.message).toBe(`cannot read ${missing}: no such file or directory`);
    for (const [index, [, , message]] of bad.entries()) {
      expect(result.failures[index + 1]?.error.message).toMatch(message);
    }
  });

  test("a directory without logs says so", async () => {
    mkdirSync(join(directory, "empty"));
    put("texts/readme.md", "hello");
    put("texts/notes.txt", "hello");
    const { failures } = await resolved([join(directory, "empty"), join(directory, "texts")]);
    expect(failures.map(({ error }) => error.message)).toEqual([
      `there is no audit log in ${join(directory, "empty")}: it is empty`,
      `there is no audit log in ${join(directory, "texts")}: 2 other files were passed over`,
    ]);
  });

  test("links in circles, dead links and pipes in a directory do no harm", async () => {
    put("logs/audit.log");
    symlinkSync("..", join(directory, "logs", "up"));
    symlinkSync("nowhere", join(directory, "logs", "dead.log"));
    execFileSync("sh", ["-c", `mkfifo "$1"`, "sh", join(directory, "logs", "pipe.log")]);
    const result = await resolved([directory]);
    expect(sets(result)).toEqual([["", "logs/audit.log"]]);
    expect(result.passedOver.map(({ reason }) => reason)).toEqual([
      "no such file or directory",
      "neither a file nor a directory",
    ]);
  });

  test("text padded with NULs is no binary file", async () => {
    const padded = put("audit.log", Buffer.concat([Buffer.alloc(9000), Buffer.from(line(0)), Buffer.alloc(9000)]));
    expect(sets(await resolved([padded]))).toEqual([["", "audit.log"]]);
    expect(sets(await resolved([directory]))).toEqual([["", "audit.log"]]);
  });

  test("following awaits what is not there yet and keeps an empty live file", async () => {
    const later = join(directory, "later.log");
    expect(await resolved([later], true)).toMatchObject({ inputs: [{ files: [], live: later }], failures: [] });
    const empty = put("empty/audit.log", "");
    expect(files(await resolved([join(directory, "empty")], true))[0]?.live).toBe(empty);
    expect((await resolved([join(directory, "empty")])).failures).toHaveLength(1);
  });
});

describe("reasons", () => {
  test("permission denied names user, owner and remedy", async () => {
    const path = put("audit.log");
    const denied = Object.assign(new Error("EACCES: permission denied"), { code: "EACCES" });
    const { message, exitCode } = await readError(path, denied);
    expect(message).toMatch(
      /^cannot read .*audit\.log: user \S+ has no permission \(it belongs to \S+, mode 0\d{3}\); try it with sudo$/,
    );
    expect(exitCode).toBe(3);
  });

  test("control bytes in a name never reach the message", async () => {
    const { message } = await readError("/tmp/\u001b[31mred\u202e", new Error("odd"));
    expect(message).toBe("cannot read /tmp/\\u001b[31mred\\u202e: odd");
  });
});

describeShared("recorded clusters below one directory", ["data/cluster"], (shared) => {
  test("an input each, its rotated files in order", async () => {
    const named = ["L", "R", "V"].map((set) => join(shared, set));
    const result = await resolved(named);
    expect(files(result).map(({ apiserver, files }) => [apiserver, files.length])).toEqual([
      ["L", 1],
      ["R", 9],
      ["V", 1],
    ]);
    expect(files(result)[1]?.files.at(-1)?.path).toBe(join(shared, "R", "audit.log"));
    expect(result.failures).toEqual([]);
  });
});
