import { describe, expect, test } from "vitest";
import { RequestRing } from "../../src/index/ring.ts";
import { createScanner, type EventScanner } from "../../src/ingest/scanner/scanner.ts";
import { CLUSTER, DEMO, forEachLine, hasCluster, logsIn, readLog } from "../index/shared-logs.ts";
import { batchEvent, plainEvent, type PlainEvent } from "./twin.ts";

const SEED = [12_345, 67_890] as const;

interface Setup {
  ring: RequestRing;
  scanner: EventScanner;
  source: number;
}

function setup(kernel = true): Setup {
  const ring = new RequestRing({ capacity: Number.POSITIVE_INFINITY, idSeed: SEED });
  return { ring, scanner: createScanner({ ...ring.openScanner(), kernel }), source: ring.registerSource("test") };
}

/** Random choices that can be repeated. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return Math.floor(((state >>> 8) / 0x100_0000) * below);
  };
}

/**
 * Scans the records, with and without the WebAssembly kernel, and compares every accepted one with its twin, every refused
 * one with JSON.parse. Returns how many went through JSON.parse, which both must agree on.
 */
function compare(records: readonly Uint8Array[], mayTakeInvalid?: (index: number) => boolean): number {
  const twins = records.map((record) => plainEvent(record, SEED));
  const fallbacks = [true, false].map((kernel) => compareOne(records, twins, kernel, mayTakeInvalid));
  expect(fallbacks[0]).toBe(fallbacks[1]);
  return fallbacks[0] as number;
}

function compareOne(
  records: readonly Uint8Array[],
  twins: readonly (PlainEvent | null)[],
  kernel: boolean,
  mayTakeInvalid: (index: number) => boolean = () => false,
): number {
  const { ring, scanner, source } = setup(kernel);
  const rows = records.map((record, i) => {
    const row = scanner.count;
    return scanner.scan(record, 0, record.length, source, i, record.length) === "ok" ? row : -1;
  });
  const batch = scanner.takeBatch();
  ring.admit(batch);
  records.forEach((record, i) => {
    const twin = twins[i] as PlainEvent | null;
    const row = rows[i] as number;
    if (twin === null) {
      if (row >= 0 && !mayTakeInvalid(i)) expect(Buffer.from(record).toString()).toBe("refused");
      return;
    }
    const found = row < 0 ? null : batchEvent(ring, batch, row);
    try {
      expect(found).toEqual(twin);
    } catch (error) {
      (error as Error).message += `\nkernel ${kernel}, record: ${Buffer.from(record).toString().slice(0, 4000)}`;
      throw error;
    }
  });
  return scanner.fallbacks;
}

function linesOf(path: string): Uint8Array[] {
  const bytes = readLog(path);
  const lines: Uint8Array[] = [];
  forEachLine(bytes, (start, end) => lines.push(bytes.subarray(start, end)));
  return lines;
}

const demo = logsIn(DEMO).flatMap(linesOf);

describe("every column equals what JSON.parse says", () => {
  test("of the bundled log, without falling back", () => {
    expect(compare(demo)).toBe(0);
  });

  describe.skipIf(!hasCluster)("of the cluster logs (skipped without ../shared)", () => {
    test.each(["R", "L", "V"])("%s", (set) => {
      for (const path of logsIn(`${CLUSTER}/${set}`)) expect(compare(linesOf(path))).toBe(0);
    });

    test("of events inside EventLists", () => {
      const lists = linesOf(`${CLUSTER}/W/eventlists.ndjson.gz`).slice(0, 40);
      const items = lists.flatMap((line) => {
        const list = JSON.parse(Buffer.from(line).toString()) as { items: unknown[] };
        return list.items.map((item) => Buffer.from(JSON.stringify(item)));
      });
      compare(items);
    });
  });
});

type Mutation = (line: string, random: (below: number) => number) => string;

type Json = Record<string, unknown>;
const entriesOf = (line: string): [string, unknown][] => Object.entries(JSON.parse(line) as Json);
const joined = (entries: readonly (readonly [string, unknown])[]): string =>
  `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(",")}}`;
const escapeSome = (text: string, random: (below: number) => number): string =>
  text.replace(/[a-z]/g, (letter) => (random(40) === 0 ? `\\u00${letter.charCodeAt(0).toString(16)}` : letter));

const ODD: readonly unknown[] = [
  null,
  5,
  -1.5e300,
  true,
  "",
  [],
  {},
  "x",
  ["a", 7],
  { username: 3 },
  "2026-11-21T00:02:26Z",
  404,
  "404",
  { code: "404" },
  { code: 200.5 },
  "\ud800",
  "ключ",
  '"\\\n',
];

const MUTATIONS: Record<string, Mutation> = {
  "keys reordered": (line, random) => {
    const entries = entriesOf(line);
    for (let i = entries.length - 1; i > 0; i--) {
      const j = random(i + 1);
      [entries[i], entries[j]] = [entries[j] as [string, unknown], entries[i] as [string, unknown]];
    }
    return joined(entries);
  },
  "two keys swapped": (line, random) => {
    const entries = entriesOf(line);
    const [i, j] = [random(entries.length), random(entries.length)];
    [entries[i], entries[j]] = [entries[j] as [string, unknown], entries[i] as [string, unknown]];
    return joined(entries);
  },
  "a field missing": (line, random) => {
    const entries = entriesOf(line);
    entries.splice(random(entries.length), 1);
    return joined(entries);
  },
  "a field doubled": (line, random) => {
    const entries = entriesOf(line);
    const [key] = entries[random(entries.length)] as [string, unknown];
    const other = entriesOf(demo.length === 0 ? line : Buffer.from(demo[random(demo.length)] as Uint8Array).toString());
    entries.splice(random(entries.length + 1), 0, [key, other.find(([name]) => name === key)?.[1] ?? "again"]);
    return joined(entries);
  },
  "a nested field missing, doubled or added": (line, random) => {
    const entries = entriesOf(line);
    const nested = entries.filter(([, value]) => typeof value === "object" && value !== null && !Array.isArray(value));
    const [name, value] = nested[random(nested.length)] as [string, Json];
    const inner = Object.entries(value);
    const at = random(inner.length + 1);
    if (random(3) === 0) inner.splice(at, 1);
    else if (inner.length > 0 && random(2) === 0)
      inner.splice(at, 0, [(inner[random(inner.length)] as [string, unknown])[0], ODD[random(ODD.length)]]);
    else inner.splice(at, 0, ["__proto__", "x"]);
    return `{${entries.map(([key, v]) => `${JSON.stringify(key)}:${key === name ? joined(inner) : JSON.stringify(v)}`).join(",")}}`;
  },
  "an unknown field": (line, random) => {
    const entries = entriesOf(line);
    const key = ["hostname", "__proto__", "constructor", "timestamp", "metadata", "stage\u0000"][random(6)] as string;
    entries.splice(random(entries.length + 1), 0, [key, ODD[random(ODD.length)]]);
    return joined(entries);
  },
  "an odd type": (line, random) => {
    const entries = entriesOf(line);
    (entries[random(entries.length)] as [string, unknown])[1] = ODD[random(ODD.length)];
    return joined(entries);
  },
  "escapes anywhere": (line, random) => escapeSome(line, random),
  "white space": (line, random) => {
    const value = JSON.parse(line) as unknown;
    return random(2) === 0 ? JSON.stringify(value, null, random(3)) : ` \t${line}\r`;
  },
  "unicode in strings": (line, random) =>
    line.replace(/"(username|userAgent|name|verb|reason|requestURI|namespace)":"/g, (key) =>
      random(3) === 0
        ? `${key}${["é", "日本", "😀", "\\ud83d\\ude00", "\\ud800", "\\\\", '\\"', "\\u0026"][random(8)]}`
        : key,
    ),
  "other times": (line, random) =>
    line.replace(/"\d{4}-[^"]*Z"/g, (time) =>
      random(2) === 0
        ? time
        : ([
            '"2026-02-30T00:00:00.000000Z"',
            '"2026-11-21T24:00:00.000000Z"',
            '"2026-11-21T10:20:60.000001Z"',
            '"2026-11-21T10:20:30Z"',
            '"2026-11-21T10:20:30.123456789+02:00"',
            '"2026-11-21 10:20:30.5"',
            '"2026-11-21T10:20:30.12345Z"',
            '"soon"',
            '"2026-11-21T10:2:30.123456Z"',
            "null",
          ][random(10)] as string),
    ),
};

const small = demo.filter((line) => line.length < 6000).map((line) => Buffer.from(line).toString());

describe("and of records written otherwise", () => {
  test.each(Object.entries(MUTATIONS))("%s", (_, mutate) => {
    const random = randomFrom(7);
    compare(Array.from({ length: 1500 }, () => Buffer.from(mutate(small[random(small.length)] as string, random))));
  });

  test("bytes flipped: what JSON.parse refuses is refused, but for what lies in bodies and statuses", () => {
    const random = randomFrom(11);
    const inBody: boolean[] = [];
    const records = Array.from({ length: 6000 }, (_, i) => {
      const line = Buffer.from(small[random(small.length)] as string);
      const status = line.indexOf('"responseStatus":');
      const tail = line.lastIndexOf('"requestReceivedTimestamp":');
      const at = random(line.length);
      line[at] = random(3) === 0 ? random(256) : '"\\{}[],: x0\n'.charCodeAt(random(12));
      inBody[i] = status >= 0 && at > status && at < tail;
      return line;
    });
    compare(records, (i) => inBody[i] === true);
  });

  test("several bytes flipped", () => {
    const random = randomFrom(13);
    const records = Array.from({ length: 3000 }, () => {
      const line = Buffer.from(small[random(small.length)] as string);
      const [from, to] = [0, Math.max(20, line.indexOf('"responseStatus":'))];
      for (let k = random(4); k >= 0; k--) line[from + random(to - from)] = random(256);
      return line;
    });
    compare(records);
  });
});

describe("verdicts", () => {
  const { scanner, source } = setup();
  const verdict = (text: string): string => {
    const record = Buffer.from(text);
    return scanner.scan(record, 0, record.length, source, 0, record.length);
  };

  test("a record cut anywhere is truncated", () => {
    const random = randomFrom(17);
    for (let i = 0; i < 400; i++) {
      const line = small[random(small.length)] as string;
      expect(verdict(line.slice(0, 1 + random(line.length - 1)))).toBe("truncated");
    }
  });

  test("valid JSON that is no audit event is handed back, with its value", () => {
    for (const text of ['{"kind":"EventList","items":[]}', "[1]", "7", '{"kind":"Event","apiVersion":"v1"}', "{}"]) {
      expect(verdict(text)).toBe("not-event");
      expect(scanner.value).toEqual(JSON.parse(text));
      expect(scanner.reason).not.toBe("");
    }
  });

  test("an audit event without auditID, and what is no JSON, is bad", () => {
    expect(verdict('{"kind":"Event","apiVersion":"audit.k8s.io/v1","stage":"Panic"}')).toBe("bad");
    expect(scanner.reason).toContain("auditID");
    expect(verdict('{"a":1}}')).toBe("bad");
    expect(verdict("plain text")).toBe("bad");
    expect(verdict("")).toBe("bad");
  });

  test("an event without stage counts as one", () => {
    expect(verdict('{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"a"}')).toBe("ok");
  });
});

describe("memory", () => {
  test("lines of 16 MiB, in the usual order and not", () => {
    const line = small.find((text) => text.includes('"requestObject":{')) as string;
    const filler = `"filler":"${'x\\"{'.repeat(4 * 1024 * 1024)}",`;
    const big = line.replace('"requestObject":{', `"requestObject":{${filler}`);
    expect(big.length).toBeGreaterThan(16 * 1024 * 1024);
    expect(compare([Buffer.from(big), Buffer.from(joined(entriesOf(big).reverse()))])).toBe(1);
  });

  test.each([true, false])("records at any place of any buffer read the same (kernel: %s)", (kernel) => {
    const { ring, scanner, source } = setup(kernel);
    const lines = small.slice(0, 60).map((text) => Buffer.from(text));
    for (const [i, line] of lines.entries()) {
      const room = new Uint8Array(line.length + (i % 9));
      room.set(line, i % 9);
      expect(scanner.scan(room, i % 9, room.length, source, i, line.length)).toBe("ok");
    }
    const batch = scanner.takeBatch();
    ring.admit(batch);
    lines.forEach((line, i) => expect(batchEvent(ring, batch, i)).toEqual(plainEvent(line, SEED)));
  });

  test("more distinct users, agents and annotations than the kernel numbers", () => {
    const text = small[0] as string;
    const records = Array.from({ length: 15_000 }, (_, i) =>
      Buffer.from(
        text
          .replace('"username":"', `"username":"${i % 3000}-`)
          .replace('"userAgent":"', `"userAgent":"${i}-`)
          .replace('"annotations":{', `"annotations":{"n":"${i}",`),
      ),
    );
    expect(compare(records)).toBe(0);
  });

  test("ids start afresh under a small cap, answers stay the same", () => {
    const ring = new RequestRing({ capacity: Number.POSITIVE_INFINITY, idSeed: SEED });
    const scanner = createScanner({ ...ring.openRemoteScanner(), tableBytes: 40_000 });
    const source = ring.registerSource("test");
    let restarts = 0;
    for (let from = 0; from < demo.length; from += 50) {
      const lines = demo.slice(from, from + 50);
      for (const line of lines) scanner.scan(line, 0, line.length, source, 0, line.length);
      const batch = scanner.takeBatch();
      if (batch.restarted) restarts++;
      ring.admit(batch);
      lines.forEach((line, i) => expect(batchEvent(ring, batch, i)).toEqual(plainEvent(line, SEED)));
    }
    expect(restarts).toBeGreaterThan(3);
  });
});
