import { describe, expect, it } from "vitest";
import { column, countCell, numeric, textCell } from "../../src/cli/cells.ts";
import { fields, type Answer, type OutputFormat, type OutputRow, type Style } from "../../src/cli/output.ts";
import type { Sink } from "../../src/cli/sink.ts";
import { WRITERS } from "../../src/cli/writers/registry.ts";
import { themeNamed, THEMES, toneCodes } from "../../src/terminal/themes.ts";

const PLAIN: Style = { width: null, tones: new Map(), ascii: false };

class Memory implements Sink {
  readonly isTerminal: boolean;
  readonly chunks: Buffer[] = [];

  constructor(isTerminal: boolean) {
    this.isTerminal = isTerminal;
  }

  write(chunk: string | Uint8Array): Promise<void> {
    this.chunks.push(Buffer.from(chunk as Uint8Array));
    return Promise.resolve();
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }
}

interface Row {
  readonly name: string;
  readonly requests: number;
  readonly latency?: { readonly p50: number };
  readonly groups?: readonly string[];
}

function answerOf(...batches: readonly (readonly Row[])[]): Answer {
  const row = (record: Row): OutputRow => ({
    record: record as unknown as Readonly<Record<string, unknown>>,
    cells: () => [textCell(record.name), countCell(record.requests)],
  });
  return {
    data: {
      title: "Names",
      columns: [column("name", "name"), numeric("requests", "requests")],
      fields: fields("name", "requests", "latency.p50", "groups"),
      empty: "nobody",
      batches: batches.map((batch) => batch.map(row)),
    },
  };
}

async function written(format: OutputFormat, answer: Answer, style = PLAIN, isTerminal = false): Promise<string> {
  const sink = new Memory(isTerminal);
  await WRITERS[format].write(answer, sink, style);
  return Buffer.concat(sink.chunks).toString("utf8");
}

const HOSTILE = "\u001b[31m\u009b2J\u202eevil\u0007|`<img>*\n=cmd()";

describe("table", () => {
  it("aligns, right-aligns numbers and shows empty values as a dash", async () => {
    expect(
      await written(
        "table",
        answerOf([
          { name: "alice", requests: 1200 },
          { name: "", requests: 0 },
        ]),
      ),
    ).toBe("Names\nNAME   REQUESTS\nalice     1,200\n-             0\n");
  });

  it("says so when there is nothing", async () => {
    expect(await written("table", answerOf())).toBe("Names\nnobody\n");
    expect(await written("table", answerOf([], []))).toBe("Names\nnobody\n");
  });

  it("fits a terminal, keeping the tail of names", async () => {
    const text = await written(
      "table",
      answerOf([{ name: "system:serviceaccount:kube-system:noisy-agent", requests: 3 }]),
      {
        ...PLAIN,
        width: 30,
      },
    );
    expect(text).toContain("…-system:noisy-agent");
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(30);
  });

  it("keeps the first batch's columns for all that follow; off the terminal nothing is cut", async () => {
    const answer = (): Answer =>
      answerOf([{ name: "ab", requests: 1 }], [{ name: "a-much-longer-name", requests: 22 }]);
    expect(await written("table", answer())).toBe(
      "Names\nNAME  REQUESTS\nab           1\na-much-longer-name        22\n",
    );
    expect(await written("table", answer(), { ...PLAIN, width: 14 })).toBe(
      "Names\nNAME  REQUESTS\nab           1\n…ame        22\n",
    );
  });

  it("shows hostile text as escapes, in colour and in ASCII too", async () => {
    for (const style of [
      PLAIN,
      { ...PLAIN, tones: toneCodes(themeNamed("dark", THEMES, {}), "16") },
      { ...PLAIN, ascii: true },
    ]) {
      const text = await written("table", answerOf([{ name: HOSTILE, requests: 1 }]), style);
      const own = text.replaceAll(/\u001b\[[\d;]*m/g, "");
      expect(own).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
      expect(own).toContain("\\x1b[31m");
      if (style.ascii) expect(own).toMatch(/^[\n\x20-\x7e]*$/);
    }
  });
});

describe("json and jsonl", () => {
  it("print the document, or an array of the records", async () => {
    expect(JSON.parse(await written("json", { ...answerOf([]), document: { a: [1] } }))).toEqual({ a: [1] });
    expect(await written("json", answerOf())).toBe("[]\n");
    const rows = [
      { name: "a", requests: 1 },
      { name: HOSTILE, requests: 2 },
    ];
    expect(JSON.parse(await written("json", answerOf([rows[0] as Row], [rows[1] as Row])))).toEqual(rows);
    const lines = (await written("jsonl", answerOf(rows))).trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(rows);
  });

  it("leave nothing for a terminal to obey", async () => {
    for (const format of ["json", "jsonl"] as const) {
      expect(await written(format, answerOf([{ name: HOSTILE, requests: 1 }]))).not.toMatch(
        /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2028\u2029]/,
      );
    }
  });
});

describe("csv", () => {
  it("has a header, nested fields by path and lists joined", async () => {
    const rows = [
      { name: "a,b", requests: 1, latency: { p50: 2.5 }, groups: ["x", "y"] },
      { name: 'say "hi"', requests: 2 },
    ];
    expect(await written("csv", answerOf(rows))).toBe(
      'name,requests,latency.p50,groups\n"a,b",1,2.5,x y\n"say ""hi""",2,,\n',
    );
  });

  it("makes formulas harmless and leaves numbers alone", async () => {
    const rows = ["=1+1", "+1", "-1", "@x"].map((name) => ({ name, requests: -5 }));
    const lines = (await written("csv", answerOf(rows))).trimEnd().split("\n").slice(1);
    for (const line of lines) expect(line).toMatch(/^'.*,-5,,$/);
  });

  it("shows control characters as escapes, so that a record stays a line", async () => {
    const rows = [{ name: "a\u001bb\n\u202ec", requests: 1 }];
    expect(await written("csv", answerOf(rows))).toContain("\na\\x1bb\\n\\u202ec,1,,\n");
    expect(await written("csv", answerOf(rows), PLAIN, true)).toBe(await written("csv", answerOf(rows)));
  });

  it("takes no field from a prototype", async () => {
    const answer = answerOf([{ name: "a", requests: 1 }]);
    const data = { ...answer.data, fields: fields("name", "latency.constructor", "constructor.name", "__proto__") };
    expect(await written("csv", { data })).toBe("name,latency.constructor,constructor.name,__proto__\na,,,\n");
  });
});

describe("md", () => {
  it("is a table that a name cannot leave", async () => {
    const text = await written("md", answerOf([{ name: HOSTILE, requests: 1200 }]));
    expect(text).toBe(
      "## Names\n\n| name | requests |\n| --- | --: |\n| \\\\x1b\\[31m\\\\x9b2J\\\\u{202e}evil\\\\x07\\|\\`\\<img>\\*\\\\n=cmd() | 1,200 |\n",
    );
  });
});

describe("raw", () => {
  async function* originals(): AsyncGenerator<Uint8Array> {
    yield new Uint8Array([0x7b, 0x1b, 0xff, 0x7d]);
    yield new TextEncoder().encode('{"a":"é"}');
  }

  it("passes bytes on as they are, a line each", async () => {
    const sink = new Memory(false);
    await WRITERS.raw.write({ ...answerOf(), raw: originals() }, sink, PLAIN);
    expect(Buffer.concat(sink.chunks)).toEqual(
      Buffer.from([0x7b, 0x1b, 0xff, 0x7d, 0x0a, ...Buffer.from('{"a":"é"}\n')]),
    );
  });

  it("shows control bytes on a terminal instead of sending them", async () => {
    expect(await written("raw", { ...answerOf(), raw: originals() }, PLAIN, true)).toBe('{\\x1b\ufffd}\n{"a":"é"}\n');
  });
});
