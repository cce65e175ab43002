import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import { OMISSIBLE_TEXTS, type OmissibleText } from "../../src/index/ring-options.ts";
import { RequestRing } from "../../src/index/ring.ts";
import { createScanner, type EventScanner } from "../../src/ingest/scanner/scanner.ts";
import { DEMO, forEachLine, logsIn, readLog } from "../support/log-files.ts";
import { describeShared } from "../support/shared-data.ts";
import { Equality } from "./equality.ts";
import { entriesOf, flipped, isSteppedOver, joined, lengthened, MUTATIONS, randomFrom } from "./mutations.ts";
import { batchEvent, plainEvent, type PlainEvent } from "./twin.ts";

const SEED = [12_345, 67_890] as const;

interface Setup {
  ring: RequestRing;
  scanner: EventScanner;
  source: number;
}

function setup(kernel = true, omits: readonly OmissibleText[] = []): Setup {
  const ring = new RequestRing({ capacity: Number.POSITIVE_INFINITY, idSeed: SEED, omits });
  return { ring, scanner: createScanner({ ...ring.openScanner(), kernel }), source: ring.registerSource("test") };
}

/** Kernels go with the garbage, too late for one a comparison. */
const few = setup(true, OMISSIBLE_TEXTS);

/**
 * Scans the records, with and without the WebAssembly kernel and with as few texts as can be, and compares every accepted one with its twin, every refused
 * one with JSON.parse. Returns how many went through JSON.parse though there was a kernel.
 */
function compare(records: readonly Uint8Array[], mayTakeInvalid?: (index: number) => boolean): number {
  const twins = records.map((record) => plainEvent(record, SEED));
  compareOne(setup(false), records, twins);
  compareOne(few, records, twins, mayTakeInvalid, projected);
  return compareOne(setup(), records, twins, mayTakeInvalid);
}

/** Without what a ring that omits texts may leave out. */
function projected(event: PlainEvent): PlainEvent {
  return { ...event, groups: [], ...Object.fromEntries(OMISSIBLE_TEXTS.map((name) => [name, ""])) };
}

function compareOne(
  { ring, scanner, source }: Setup,
  records: readonly Uint8Array[],
  twins: readonly (PlainEvent | null)[],
  mayTakeInvalid: (index: number) => boolean = () => false,
  seen: (event: PlainEvent) => PlainEvent = (event) => event,
): number {
  const rows = records.map((record, i) => {
    const row = scanner.count;
    return scanner.scan(record, 0, record.length, source, i, record.length) ? row : -1;
  });
  const batch = scanner.takeBatch();
  let equal = 0;
  records.forEach((record, i) => {
    const plain = twins[i] as PlainEvent | null;
    const row = rows[i] as number;
    if (plain === null) {
      if (row >= 0 && !mayTakeInvalid(i)) expect(Buffer.from(record).toString()).toBe("refused");
      return;
    }
    const twin = seen(plain);
    const found = row < 0 ? null : seen(batchEvent(ring, batch, row));
    // An assertion costs more than what it asserts.
    if (isDeepStrictEqual(found, twin)) {
      equal += 1;
      return;
    }
    try {
      expect(found).toEqual(twin);
    } catch (error) {
      (error as Error).message += `\nrecord: ${Buffer.from(record).toString().slice(0, 4000)}`;
      throw error;
    }
  });
  expect(equal).toBe(twins.filter((twin) => twin !== null).length);
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

  describeShared("of the cluster logs", ["data/cluster"], (cluster) => {
    test.each(["R", "L", "V"])("%s", (set) => {
      for (const path of logsIn(`${cluster}/${set}`)) {
        // Of the volume log, whose events are much alike, a third.
        const lines = linesOf(path).filter((_line, at) => set !== "V" || at % 3 === 0);
        expect(compare(lines)).toBe(0);
      }
    });

    test("of events inside EventLists", () => {
      const lists = linesOf(`${cluster}/W/eventlists.ndjson.gz`).slice(0, 40);
      const items = lists.flatMap((line) => {
        const list = JSON.parse(Buffer.from(line).toString()) as { items: unknown[] };
        return list.items.map((item) => Buffer.from(JSON.stringify(item)));
      });
      compare(items);
    });
  });
});

const small = demo.filter((line) => line.length < 6000).map((line) => Buffer.from(line).toString());

describe("and of records written otherwise", () => {
  test.each(Object.entries(MUTATIONS))("%s", (_, mutate) => {
    const random = randomFrom(7);
    compare(
      Array.from({ length: 1500 }, () => Buffer.from(mutate(small[random(small.length)] as string, random, small))),
    );
  });

  test("bytes flipped: what JSON.parse refuses is refused, but for what lies in bodies and statuses", () => {
    const random = randomFrom(11);
    const inBody: boolean[] = [];
    const records = Array.from({ length: 6000 }, (_, i) => {
      const line = small[random(small.length)] as string;
      const { bytes, at } = flipped(line, random);
      inBody[i] = isSteppedOver(line, at);
      return bytes;
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

describe("who, where from and why", () => {
  const event = (user: string, where: string, annotations: string): Uint8Array =>
    Buffer.from(
      `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"a","stage":"ResponseComplete","requestURI":"/","verb":"get","user":${user}${where},"responseStatus":{"metadata":{},"code":200},"requestReceivedTimestamp":"2026-11-21T00:02:26.760834Z","stageTimestamp":"2026-11-21T00:02:26.760934Z","annotations":${annotations}}`,
    );
  const USERS = [
    "{}",
    '{"username":""}',
    '{"username":"u","uid":"1"}',
    '{"username":"u","groups":[]}',
    '{"username":"u","groups":["a","b","a"]}',
    '{"username":"u","groups":["a,b","a","b",""]}',
    '{"username":"u","groups":["a\\u003c","é"]}',
    `{"username":"u","groups":[${Array.from({ length: 70 }, (_, i) => `"g${i}"`).join(",")}]}`,
    '{"username":"u","uid":"1","groups":["a"],"extra":{"k":["v","w"],"l":["x"]}}',
    '{"username":"u","uid":"1","groups":["a"],"extra":{"k":["other"]}}',
    '{"username":"u","uid":"1","groups":["a"],"extra":{"k":["\\u0041"]}}',
    '{"username":"u","uid":"1","groups":["a"],"extra":{"k":["\u0001"]}}',
    '{"username":"u","uid":"1","groups":["a"],"extra":{"k":["v"}}}',
    '{"username":"u","uid":"1","groups":["a"],"extra":{"k":["v"]},"username":"w"}',
    '{"username":"u","uid":"1","groups":["a"],"extra":{"k":["v"]},"username":{"x":[]}}',
    '{"username":"é","groups":["a"],"extra":{"k":["v"]}}',
    '{"username":"u","extra":{"k":["v"]}},"impersonatedUser":{"username":"w","extra":{"k":["v"]}}',
    '{"username":"u","extra":{"k":[]}}',
    '{"username":"u","extra":{"k":["v"],"k":["é"]}}',
    '{"username":"u","extra":{"k":"v"}}',
    '{"username":"u","extra":{"k":["v"}}',
    '{"username":"u","groups":"a"}',
    '{"username":"u","groups":["a"],"username":"w"}',
    '{"username":"u"{"groups":["a"]}',
    '{"username":"u"}{"username":"w"}',
    '{"username":"u"},"impersonatedUser":{"username":"w","groups":["g"]}',
    '{"username":"u"},"authenticationMetadata":{"impersonationConstraint":"x"}',
  ];
  const WHERE = [
    "",
    ',"sourceIPs":[]',
    ',"sourceIPs":["10.0.0.1"]',
    ',"sourceIPs":["10.0.0.1","10.0.0.2","::1"],"userAgent":"a (b)"',
    ',"sourceIPs":["","x",""],"userAgent":""',
    `,"sourceIPs":["${"1".repeat(5000)}","${"2".repeat(5000)}"]`,
    ',"sourceIPs":["10.0.0.1"],"userAgent":"<\\u003e \\" é"',
    ',"sourceIPs":["10.0.0.1",7,null]',
    ',"sourceIPs":null,"userAgent":null',
    ',"userAgent":["x"]',
  ];
  const ANNOTATIONS = [
    "{}",
    '{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":""}',
    '{"authorization.k8s.io/decision":"forbid","authorization.k8s.io/reason":"by \\"a\\" of \\\\"}',
    '{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":"a\\nb\\tc"}',
    '{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":"\\u003cé\\/"}',
    `{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":"\\"${"x".repeat(5000)}"}`,
    '{"authorization.k8s.io/reason":"r","authorization.k8s.io/decision":"allow"}',
    '{"a":"b","a":"c"}',
    '{"b":"1","10":"2","9":"3"}',
    '{"a":"x\ny\\""}',
    '{"a":1}',
    '{"a":"b",}',
    '{"a":"b"}}',
    '{"authorization.k8s.io/decision":"al\\u006cow","z":"\\ud800"}',
    '{"__proto__":"x","authorization.k8s.io/decisions":"y"}',
    '{"":"x"}',
  ];

  test("in any form", () => {
    const records = [
      ...USERS.map((user) => event(user, ',"userAgent":"x"', "{}")),
      ...WHERE.map((where) => event('{"username":"u","groups":["g"]}', where, "{}")),
      ...USERS.flatMap((user) => WHERE.map((where) => event(user, where, "{}"))),
      ...ANNOTATIONS.map((annotations) => event('{"username":"u"}', "", annotations)),
    ];
    compare([...records, ...records]);
  });
});

describe("whole lines, as a log's chunks bring them", () => {
  const random = randomFrom(23);
  const mutations = Object.values(MUTATIONS);
  const fuzzed = Array.from({ length: 2000 }, () => {
    const line = small[random(small.length)] as string;
    const mutate = mutations[random(mutations.length)] as (typeof mutations)[number];
    return random(3) === 0
      ? line
      : random(2) === 0
        ? flipped(line, random).bytes.toString("latin1")
        : mutate(line, random, small).replaceAll("\n", " ");
  });
  const big = small.find((text) => text.includes('"requestObject":{')) as string;
  const ends = ["\n", "\r\n", " \n", "\n\n"];
  const logs: Record<string, string> = {
    "as recorded": small.join("\n"),
    "with CRLF, blanks and empty lines": small.map((line, i) => ` ${line}${ends[i % 4]}`).join(""),
    "written otherwise": `${fuzzed.join("\n")}\n`,
    "with long lines": [...small.slice(0, 9), lengthened(big, 70_000), big, lengthened(big, 2_000_000), big].join("\n"),
  };

  test.each(Object.entries(logs))("%s", (_, text) => {
    for (const chunkBytes of [7_001, 300_000, 1 << 20]) {
      const equality = new Equality();
      const bytes = Buffer.from(text, "utf8");
      for (let at = 0; at < bytes.length; at += chunkBytes) equality.push(bytes.subarray(at, at + chunkBytes));
      equality.end();
      expect(equality.differences).toEqual([]);
      expect(equality.equal).toBe(equality.events);
      expect(equality.events).toBeGreaterThan(10);
    }
  });
});

describe("what is no event", () => {
  const { scanner, source } = setup();
  const isTaken = (text: string): boolean => {
    const record = Buffer.from(text);
    return scanner.scan(record, 0, record.length, source, 0, record.length);
  };

  test("a record cut anywhere", () => {
    const random = randomFrom(17);
    for (let i = 0; i < 400; i++) {
      const line = small[random(small.length)] as string;
      expect(isTaken(line.slice(0, 1 + random(line.length - 1)))).toBe(false);
    }
  });

  test.each([
    '{"kind":"EventList","items":[]}',
    "[1]",
    "7",
    '{"kind":"Event","apiVersion":"v1"}',
    "{}",
    '{"kind":"Event","apiVersion":"audit.k8s.io/v1","stage":"Panic"}',
    '{"a":1}}',
    "plain text",
    "",
  ])("%s", (text) => {
    expect(isTaken(text)).toBe(false);
  });

  test("a row whose members are text, whatever the order of its columns", () => {
    const line = small.find((text) => text.includes('"objectRef":{') && text.includes('"sourceIPs":[')) as string;
    const event = JSON.parse(line) as Record<string, unknown>;
    for (const key of ["user", "sourceIPs", "objectRef", "responseStatus", "annotations"]) {
      const row = JSON.stringify({ ...event, [key]: JSON.stringify(event[key]) });
      expect(isTaken(row), key).toBe(false);
    }
    expect(isTaken(line)).toBe(true);
  });

  test("an event without stage is one", () => {
    expect(isTaken('{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"a"}')).toBe(true);
  });
});

describe("memory", () => {
  test("lines of 16 MiB, in the usual order and not", () => {
    const line = small.find((text) => text.includes('"requestObject":{')) as string;
    const big = lengthened(line, 16 * 1024 * 1024);
    expect(big.length).toBeGreaterThan(16 * 1024 * 1024);
    expect(compare([Buffer.from(big), Buffer.from(joined(entriesOf(big).reverse()))])).toBe(1);
  });

  test.each([true, false])("records at any place of any buffer read the same (kernel: %s)", (kernel) => {
    const { ring, scanner, source } = setup(kernel);
    const lines = small.slice(0, 60).map((text) => Buffer.from(text));
    for (const [i, line] of lines.entries()) {
      const room = new Uint8Array(line.length + (i % 9));
      room.set(line, i % 9);
      expect(scanner.scan(room, i % 9, room.length, source, i, line.length)).toBe(true);
    }
    const batch = scanner.takeBatch();
    lines.forEach((line, i) => expect(batchEvent(ring, batch, i)).toEqual(plainEvent(line, SEED)));
  });

  test("more distinct users, agents and annotations than the kernel numbers", () => {
    const text = small[0] as string;
    const records = Array.from({ length: 22_500 }, (_, i) =>
      Buffer.from(
        text
          .replace('"username":"', `"username":"${i}-`)
          .replace('"userAgent":"', `"userAgent":"${i}-`)
          .replace('"annotations":{', `"annotations":{"n":"${i}",`),
      ),
    );
    expect(compare(records)).toBe(0);
  });

  test("more distinct objects than the kernel remembers", () => {
    const text = small.find((line) => line.includes('"objectRef":{') && line.includes('","name":"')) as string;
    const equality = new Equality();
    for (let i = 0; i < 36_000; i++) {
      // Every third one comes again.
      const name = `"name":"${i % 3 === 0 ? i % 600 : i}-`;
      equality.push(
        Buffer.from(`${text.replace(/"name":"/, name).replace('"requestURI":"/', `"requestURI":"/${i}/`)}\n`),
      );
    }
    equality.end();
    expect(equality.differences).toEqual([]);
    expect([equality.events, equality.equal, equality.fallbacks]).toEqual([36_000, 36_000, 0]);
  });
});
