/** Random choices that can be repeated. */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return Math.floor(((state >>> 8) / 0x100_0000) * below);
  };
}

/** `lines` are others of the same log. */
type Mutation = (line: string, random: (below: number) => number, lines: readonly string[]) => string;

type Json = Record<string, unknown>;
export const entriesOf = (line: string): [string, unknown][] => Object.entries(JSON.parse(line) as Json);
export const joined = (entries: readonly (readonly [string, unknown])[]): string =>
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

/** Ways in which a valid event may be written otherwise than kube-apiserver does. */
export const MUTATIONS: Record<string, Mutation> = {
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
  "a field doubled": (line, random, lines) => {
    const entries = entriesOf(line);
    const [key] = entries[random(entries.length)] as [string, unknown];
    const other = entriesOf(lines[random(lines.length)] as string);
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

/** One byte of the line replaced, often by one that means something in JSON. */
export function flipped(line: string, random: (below: number) => number): { bytes: Buffer; at: number } {
  const bytes = Buffer.from(line);
  const at = random(bytes.length);
  bytes[at] = random(3) === 0 ? random(256) : '"\\{}[],: x0\n'.charCodeAt(random(12));
  return { bytes, at };
}

/** Whether a place of an event written by kube-apiserver lies in its status or bodies, which are only stepped over. */
export function isSteppedOver(line: string, at: number): boolean {
  const bytes = Buffer.from(line);
  const status = bytes.indexOf('"responseStatus":');
  return status >= 0 && at > status && at < bytes.lastIndexOf('"requestReceivedTimestamp":');
}

/** The event with so many more bytes in its requestObject. */
export function lengthened(line: string, bytes: number): string {
  const unit = 'x\\"{';
  return line.replace(
    '"requestObject":{',
    `"requestObject":{"filler":"${unit.repeat(Math.ceil(bytes / unit.length))}",`,
  );
}
