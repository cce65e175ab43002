import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { argumentsAsGiven, nameOf, namesIn, pathOf, realName } from "../../src/files/file-names.ts";

const folder = mkdtempSync(join(tmpdir(), "ktrail-names-"));
afterAll(() => rmSync(folder, { recursive: true }));

const nameBytes = fc
  .uint8Array({ minLength: 1, maxLength: 12 })
  .map((bytes) => Buffer.from(bytes.map((byte) => (byte === 0 || byte === 0x2f ? 0x61 : byte))));

describe("names of files", () => {
  it("are the same bytes again, whatever they are", () => {
    const mixed = fc
      .array(fc.oneof(nameBytes, fc.string({ unit: "binary" }).map(Buffer.from)))
      .map((parts) => Buffer.concat(parts));
    fc.assert(
      fc.property(mixed, (bytes) => {
        expect(Buffer.from(pathOf(nameOf(bytes)))).toEqual(bytes);
      }),
      { numRuns: 300, seed: 4 },
    );
  });

  it("are plain texts where they are UTF-8", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(nameOf(Buffer.from(text))).toBe(text);
        expect(pathOf(text)).toBe(text);
      }),
      { numRuns: 300, seed: 5 },
    );
  });

  it("are found in directories and resolved", async () => {
    const name = nameOf(Buffer.from("audit-\xe4\xff.log", "latin1"));
    writeFileSync(pathOf(join(folder, name)), "");
    expect(await namesIn(folder)).toEqual([name]);
    expect(await realName(join(folder, name))).toBe(join(await realName(folder), name));
  });
});

describe("arguments", () => {
  const given = (text: string): Buffer => Buffer.from(text, "latin1");

  it("are taken from the command line where Node lost bytes", () => {
    const [info, file] = argumentsAsGiven(["info", "a\ufffd.log"], given("node\0bin/ktrail.js\0info\0a\xff.log\0"));
    expect(info).toBe("info");
    expect(file).toBe("a\udcff.log");
  });

  it("stay as they are where the command line is another one", () => {
    expect(argumentsAsGiven(["a\ufffd.log"], given("sh\0b\xff.log\0"))).toEqual(["a\ufffd.log"]);
    expect(argumentsAsGiven(["a\ufffd.log", "b"], given(""))).toEqual(["a\ufffd.log", "b"]);
  });
});
