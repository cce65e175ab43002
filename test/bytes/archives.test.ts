import { mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { Readable } from "node:stream";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { assert, asyncProperty, constantFrom, nat } from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { FileInput, ResolvedInputs } from "../../src/bytes/contract.ts";
import { fileSource } from "../../src/bytes/file-source.ts";
import { resolveInputs } from "../../src/bytes/inputs.ts";
import { openRawStore } from "../../src/bytes/raw-store.ts";
import { streamSource } from "../../src/bytes/stdin-source.ts";
import { tarOf, zipOf, type ArchiveEntry } from "../support/archive-files.ts";
import { lines } from "./following.ts";

let directory = "";

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "ktrail-archives-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function put(name: string, content: string | Uint8Array): string {
  const path = join(directory, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, content);
  return path;
}

const sniff = (head: Uint8Array): string | null =>
  Buffer.from(head).includes('"auditID"') ? null : "it holds no audit event";

function resolved(...paths: readonly string[]): Promise<ResolvedInputs> {
  return resolveInputs(paths, { follow: false, sniff });
}

const filesOf = ({ inputs }: ResolvedInputs): readonly FileInput[] => inputs.filter((input) => input.kind === "files");

async function textOf(path: string): Promise<string> {
  const parts: Buffer[] = [];
  const source = fileSource(path);
  for await (const chunk of source.chunks()) parts.push(Buffer.from(chunk));
  expect(source.fault).toBeNull();
  return Buffer.concat(parts).toString("latin1");
}

/** What `oc adm must-gather -- gather_audit_logs` writes, with what else lies there. */
const gathered: readonly ArchiveEntry[] = [
  {
    name: "mg/audit_logs/kube-apiserver/node-0-audit-2026-11-21T00-05-23.271.log.gz",
    content: gzipSync(lines(0, 500)),
  },
  { name: "mg/audit_logs/kube-apiserver/node-0-audit.log", content: lines(500, 700) },
  { name: "mg/audit_logs/kube-apiserver/node-1-audit.log", content: lines(700, 900) },
  { name: "mg/audit_logs/openshift-apiserver/node-0-audit.log.gz", content: gzipSync(lines(900, 1000)) },
  { name: "mg/version", content: "4.21\n" },
  { name: "mg/cluster-scoped-resources/core/nodes.yaml", content: "kind: NodeList\n" },
  { name: "mg/bin/tool", content: "\x7fELF\x02\x01\x01\0\0\0" },
  { name: "mg/empty.log", content: "" },
];

const tar = await tarOf(gathered);
const archives: Record<string, Buffer> = {
  "mg.tar": tar,
  "mg.tar.gz": gzipSync(tar),
  "mg.tgz": gzipSync(tar),
  "mg.tar.zst": zstdCompressSync(tar),
  "a name without a suffix": gzipSync(tar),
  "mg.zip": zipOf(gathered),
  "stored.zip": zipOf(gathered, { isDeflated: false }),
  "mg.zip.gz": gzipSync(zipOf(gathered)),
};
const kinds = Object.keys(archives);

describe("an archive is read as the directory it holds", () => {
  test.each(kinds)("%s: the same inputs, of the same API servers, with the same bytes", async (name) => {
    const tree = join(directory, "tree");
    for (const entry of gathered) put(join("tree", entry.name), entry.content);
    const archive = put(name, archives[name] as Buffer);
    const expected = await resolved(tree);
    const found = await resolved(archive);
    const view = (root: string, { inputs, passedOver, failures }: ResolvedInputs): unknown => ({
      inputs: inputs.map((input) => [
        input.apiserver,
        input.kind === "files" ? input.files.map(({ path }) => relative(root, path)) : input.path,
      ]),
      passedOver: passedOver.map(({ path }) => relative(root, path)).sort(),
      failures,
    });
    expect(view(archive, found)).toEqual(view(tree, expected));
    expect(found.inputs.map(({ apiserver }) => apiserver)).toEqual([
      "kube-apiserver/node-0",
      "kube-apiserver/node-1",
      "openshift-apiserver/node-0",
    ]);
    const files = filesOf(found).flatMap((input) => input.files);
    const texts = await Promise.all(files.map(({ path }) => textOf(path)));
    expect(texts.join("") === lines(0, 1000)).toBe(true);
    for (const { compression } of files) expect(compression).toMatch(/(?:tar|zip)(?:\+gzip)?$/);
    expect(filesOf(found).every(({ live }) => live === null)).toBe(true);
  });

  test("archives in a directory and in each other", async () => {
    const inner = gzipSync(await tarOf([{ name: "audit.log", content: lines(0, 10) }]));
    const zip = zipOf([{ name: "audit.log", content: lines(10, 20) }]);
    const outer = await tarOf([
      { name: "one/inner.tar.gz", content: inner },
      { name: "two/inner.zip", content: zip },
      { name: "three/audit.log", content: lines(20, 30) },
    ]);
    put("logs/bundle.tar.gz", gzipSync(outer));
    put("logs/audit.log", lines(30, 40));
    const { inputs, failures } = await resolved(join(directory, "logs"));
    expect(failures).toEqual([]);
    const paths = inputs.flatMap((input) => (input.kind === "files" ? input.files.map(({ path }) => path) : []));
    expect(paths.map((path) => relative(directory, path)).sort()).toEqual([
      "logs/audit.log",
      "logs/bundle.tar.gz/one/inner.tar.gz/audit.log",
      "logs/bundle.tar.gz/three/audit.log",
      "logs/bundle.tar.gz/two/inner.zip/audit.log",
    ]);
    const texts = await Promise.all(paths.map((path) => textOf(path)));
    expect(texts.sort().join("") === lines(0, 40)).toBe(true);
  });

  test("the path of a file in an archive can be given", async () => {
    const archive = put("mg.tar.gz", archives["mg.tar.gz"] as Buffer);
    const path = join(archive, "mg/audit_logs/kube-apiserver/node-1-audit.log");
    expect(await textOf(path)).toBe(lines(700, 900));
    await expect(textOf(join(archive, "mg/missing.log"))).rejects.toThrow(/it is not in the archive/);
    await expect(textOf(join(put("plain.log", lines(0, 1)), "x"))).rejects.toThrow(/plain\.log/);
  });

  test("a piped archive is one text of its logs", async () => {
    for (const name of kinds) {
      const source = streamSource("-", Readable.from([archives[name] as Buffer]), sniff);
      const parts: Buffer[] = [];
      for await (const chunk of source.chunks()) parts.push(Buffer.from(chunk));
      const text = Buffer.concat(parts).toString("latin1");
      expect(text.replaceAll(/\n+/g, "\n") === lines(0, 1000)).toBe(true);
      expect(source.fault).toBeNull();
      expect(source.compression).toMatch(/(?:tar|zip)$/);
    }
  });
});

describe("reading again", () => {
  test.each(["mg.tar", "mg.tar.gz", "mg.zip"])("%s: any span of any file in it, in any order", async (name) => {
    const archive = put(name, archives[name] as Buffer);
    const files = filesOf(await resolved(archive)).flatMap((input) => input.files);
    const store = openRawStore({ streamBytes: 1024 * 1024 });
    const texts: string[] = [];
    for (const [index, { path }] of files.entries()) {
      const source = fileSource(path);
      for await (const _ of source.chunks()) break;
      if (source.generation !== null) store.addFile(index, source.generation);
      texts.push(await textOf(path));
    }
    expect(texts.join("") === lines(0, 1000)).toBe(true);
    try {
      await assert(
        asyncProperty(nat(files.length - 1), nat(), nat(5000), async (source, seed, length) => {
          const text = texts[source] as string;
          const offset = seed % text.length;
          const bytes = Math.min(length + 1, text.length - offset);
          const result = await store.read({ source, offset, bytes });
          expect("bytes" in result ? Buffer.from(result.bytes).toString("latin1") : result.missing).toBe(
            text.slice(offset, offset + bytes),
          );
        }),
        { seed: 3, numRuns: 60 },
      );
    } finally {
      store.close();
    }
  });

  test.runIf(process.platform === "linux")(
    "readers that leave early, and many at once, keep nothing open",
    async () => {
      const archive = put("mg.tar.gz", archives["mg.tar.gz"] as Buffer);
      const files = filesOf(await resolved(archive)).flatMap((input) => input.files);
      const read = async (path: string, chunks: number): Promise<void> => {
        for await (const _ of fileSource(path).chunks()) if ((chunks -= 1) <= 0) break;
      };
      await Promise.all(files.flatMap(({ path }) => [0, 1, 2, 100].map((chunks) => read(path, chunks))));
      for (const { path } of [...files].reverse()) await read(path, 1);
      const open = readdirSync("/proc/self/fd").filter((fd) => {
        try {
          return readlinkSync(`/proc/self/fd/${fd}`).startsWith(directory);
        } catch {
          return false;
        }
      });
      // Those that wait for the next reader.
      expect(open.length).toBeLessThanOrEqual(4);
    },
  );
});

describe("cut, damaged and hostile archives", () => {
  test("the files before the damage are read, and it is said", async () => {
    const archive = put("mg", "");
    const names = ["mg.tar", "mg.tar.gz", "mg.tar.zst", "stored.zip"];
    await assert(
      asyncProperty(constantFrom(...names), nat(), constantFrom("cut", "changed"), async (name, seed, how) => {
        const bytes = Buffer.from(archives[name] as Buffer);
        const at = 300 + (seed % (bytes.length - 300));
        if (how === "changed") bytes[at] = (bytes[at] as number) ^ 0x5a;
        writeFileSync(archive, how === "cut" ? bytes.subarray(0, at) : bytes);
        const { inputs, failures } = await resolved(archive);
        for (const { error } of failures) expect(error.message).toMatch(/mg/);
        for (const input of inputs) {
          for (const { path } of input.kind === "files" ? input.files : []) {
            const source = fileSource(path);
            for await (const _ of source.chunks());
          }
        }
        if (how === "cut" && name !== "stored.zip" && at < bytes.length - 2048)
          expect(failures.length).toBeGreaterThan(0);
      }),
      { seed: 4, numRuns: 150 },
    );
  });

  test("not one byte before the cut of a tar is lost", async () => {
    const text = lines(0, 3000);
    const bytes = await tarOf([{ name: "audit.log", content: text }]);
    const start = bytes.indexOf(text.slice(0, 100));
    const archive = put("cut.tar", "");
    await assert(
      asyncProperty(nat(text.length), async (length) => {
        writeFileSync(archive, bytes.subarray(0, start + length));
        const { inputs, failures } = await resolved(archive);
        expect(failures).toHaveLength(1);
        const source = fileSource(join(archive, "audit.log"));
        const parts: Buffer[] = [];
        if (length > 0) for await (const chunk of source.chunks()) parts.push(Buffer.from(chunk));
        expect(Buffer.concat(parts).toString("latin1") === text.slice(0, length)).toBe(true);
        expect(inputs).toHaveLength(length > 100 ? 1 : inputs.length);
      }),
      { seed: 5, numRuns: 40 },
    );
  });

  test("a cut tar.gz", async () => {
    const bytes = archives["mg.tar.gz"] as Buffer;
    const archive = put("mg.tar.gz", bytes.subarray(0, bytes.length - 200));
    const { inputs, failures } = await resolved(archive);
    expect(inputs.length).toBeGreaterThan(0);
    expect(failures.map(({ error }) => error.message.replace(directory, ""))).toEqual([
      "cannot read the rest of /mg.tar.gz: the gzip data ends early: the file is cut or still being written",
    ]);
  });

  test("names lead nowhere, and none hides another", async () => {
    const names = [
      "../../etc/audit.log",
      "/etc/audit.log",
      "audit.log",
      "audit.log",
      "a\\audit.log",
      "\x1b[2Jaudit.log",
      "./x/./audit.log",
    ];
    const entries = names.map((name, index) => ({ name, content: lines(index, index + 1) }));
    for (const bytes of [await tarOf(entries), zipOf(entries)]) {
      const archive = put("hostile", bytes);
      const { inputs, failures } = await resolved(archive);
      expect(failures).toEqual([]);
      const paths = inputs.flatMap((input) => (input.kind === "files" ? input.files.map(({ path }) => path) : []));
      expect(new Set(paths).size).toBe(names.length);
      for (const path of paths) expect(relative(archive, path)).not.toMatch(/(?:^|\/)\.\.(?:\/|$)/);
      const texts = await Promise.all(paths.map((path) => textOf(path)));
      expect(texts.sort().join("")).toBe(lines(0, names.length));
    }
  });

  test("archives in archives have an end", async () => {
    let bytes: Buffer = Buffer.from(lines(0, 1));
    for (let depth = 0; depth < 6; depth += 1) {
      bytes = await tarOf([{ name: depth === 0 ? "audit.log" : "inner.tar.gz", content: bytes }]);
      if (depth < 5) bytes = gzipSync(bytes);
    }
    const archive = put("deep", bytes);
    const { inputs, passedOver, failures } = await resolved(archive);
    expect(inputs).toEqual([]);
    expect(passedOver.map(({ reason }) => reason)).toEqual(["archives lie more than 3 deep in each other"]);
    expect(failures[0]?.error.message).toMatch(/no audit log in .*1 other file was passed over/);
  });

  test("logs that cannot be read are failures with the reason", async () => {
    const entry = [{ name: "audit.log", content: lines(0, 1) }];
    const reasons = async (bytes: Buffer): Promise<unknown> => {
      const { failures } = await resolved(put("one.zip", bytes));
      return failures.map(({ error }) => error.message.slice(error.message.indexOf("one.zip")));
    };
    expect(await reasons(zipOf(entry, { flags: 1 }))).toEqual(["one.zip/audit.log: it is encrypted"]);
    expect(await reasons(zipOf(entry, { method: 12 }))).toEqual([
      "one.zip/audit.log: it is packed by a method that is not read (12)",
    ]);
  });

  test("a zip that can only be read from memory has a bound", async () => {
    const big = zipOf([{ name: "audit.log", content: Buffer.alloc(65 * 1024 * 1024) }], { isDeflated: false });
    const { failures } = await resolved(put("big.zip.gz", gzipSync(big, { level: 1 })));
    expect(failures[0]?.error.message).toMatch(/may have at most 64 MiB: unpack it first/);
  });

  test("an archive without logs is refused", async () => {
    for (const bytes of [await tarOf([]), zipOf([]), await tarOf([{ name: "notes.txt", content: "no log\n" }])]) {
      const { failures } = await resolved(put("none", bytes));
      expect(failures.map(({ error }) => error.message)).toEqual([expect.stringMatching(/there is no audit log in/)]);
    }
  });
});
