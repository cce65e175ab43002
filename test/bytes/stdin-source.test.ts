import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { pipeSource, streamSource } from "../../src/bytes/stdin-source.ts";
import { line, lines } from "./following.ts";

describe("a stream", () => {
  test("is delivered chunk by chunk, without end", async () => {
    const pipe = new PassThrough();
    const abort = new AbortController();
    const chunks = streamSource("-", pipe).chunks(abort.signal);
    for (const number of [0, 1, 2]) {
      pipe.write(line(number));
      const next = await chunks.next();
      expect(Buffer.from(next.value ?? []).toString()).toBe(line(number));
    }
    const pending = chunks.next();
    abort.abort();
    expect((await pending).done).toBe(true);
    expect(pipe.destroyed).toBe(true);
  });

  test("may be compressed, and cut", async () => {
    const text = lines(0, 5_000);
    const packed = gzipSync(text);
    const pieces = (bytes: Buffer): Readable =>
      Readable.from([bytes.subarray(0, 1), bytes.subarray(1, 3), bytes.subarray(3)]);
    const whole = streamSource("-", pieces(packed));
    let got = "";
    for await (const chunk of whole.chunks()) got += Buffer.from(chunk).toString();
    expect(got === text).toBe(true);
    expect(whole).toMatchObject({ compression: "gzip", bytesRead: packed.length, totalBytes: null, fault: null });

    const cut = streamSource("-", pieces(packed.subarray(0, packed.length - 100)));
    got = "";
    for await (const chunk of cut.chunks()) got += Buffer.from(chunk).toString();
    expect(text.startsWith(got) && got.length > text.length / 2).toBe(true);
    expect(cut.fault).toContain("ends early");
  });

  test("a compressed one may be left while it is silent", async () => {
    const pipe = new PassThrough();
    const packed = gzipSync(lines(0, 5_000), { level: 0 });
    pipe.write(packed.subarray(0, packed.length / 2));
    const chunks = streamSource("-", pipe).chunks();
    await chunks.next();
    await chunks.return();
    expect(pipe.destroyed).toBe(true);
  });

  test("that fails is one clear sentence", async () => {
    const broken = new Readable({ read: () => undefined });
    broken.destroy(new Error("connection reset"));
    await expect(streamSource("-", broken).chunks().next()).rejects.toThrow("cannot read -: connection reset");
  });
});

test("a named pipe is awaited until somebody writes to it, and left while nobody does", async () => {
  const directory = mkdtempSync(join(tmpdir(), "ktrail-pipe-"));
  const path = join(directory, "pipe");
  execFileSync("sh", ["-c", `mkfifo "$1"`, "sh", path]);
  const chunks = pipeSource(path).chunks();
  const first = chunks.next();
  const writer = spawn("sh", ["-c", `echo hello > "$1"`, "sh", path]);
  const exited = once(writer, "exit");
  expect(Buffer.from((await first).value ?? []).toString()).toBe("hello\n");
  expect((await chunks.next()).done).toBe(true);
  await exited;

  const abort = new AbortController();
  const silent = pipeSource(path).chunks(abort.signal).next();
  abort.abort();
  expect((await silent).done).toBe(true);
  rmSync(directory, { recursive: true });
});

describe("standard input", () => {
  const module = fileURLToPath(new URL("../../src/bytes/stdin-source.ts", import.meta.url));
  const program = (how: string): string => `
    import { Worker, isMainThread } from "node:worker_threads";
    import { writeSync } from "node:fs";
    const read = async () => {
      const { pipeSource } = await import(${JSON.stringify(module)});
      for await (const chunk of pipeSource("-").chunks()) writeSync(1, "got " + chunk.length + "\\n");
      writeSync(1, "end\\n");
    };
    ${how}`;

  test("works inside a worker thread and ends with the pipe", async () => {
    const code = program(`if (isMainThread) new Worker(process.argv[1]); else await read();`);
    const directory = mkdtempSync(join(tmpdir(), "ktrail-stdin-"));
    const path = join(directory, "main.mjs");
    writeFileSync(path, code);
    const child = spawn(process.execPath, [path]);
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stdin.write("hello\n");
    while (!output.includes("got 6")) await once(child.stdout, "data");
    child.stdin.end("bye\n");
    await once(child, "exit");
    rmSync(directory, { recursive: true });
    expect(output).toBe("got 6\ngot 4\nend\n");
  });

  test("an open pipe does not keep the process from exiting", async () => {
    const code = program(`void read(); process.stdout.write("ready\\n"); setTimeout(() => process.exit(3), 50);`);
    const child = spawn(process.execPath, ["--input-type=module", "-e", code]);
    const [status] = (await once(child, "exit")) as [number];
    child.stdin.destroy();
    expect(status).toBe(3);
  });
});
