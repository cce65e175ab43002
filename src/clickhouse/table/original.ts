import { isUtf8 } from "node:buffer";
import { isoTime } from "../../events/time.ts";

/**
 * An original event cut into columns, so that nothing is stored twice and bodies lie beside bodies: `rest` is its JSON with a mark
 * in the place of each value that has a column of its own. Every byte comes back (RAW_SQL).
 */
export interface CutOriginal {
  readonly rest: string;
  /** Values of requestObject and responseObject as they were written; "" without. */
  readonly requestObject: string;
  readonly responseObject: string;
}

/** A member of the event's object, its value at bytes[start, end). */
interface Member {
  readonly key: string;
  readonly start: number;
  readonly end: number;
}

/** What the columns will hold, which the text has to agree with. */
interface Held {
  readonly auditID: string;
  readonly uri: string;
  readonly receivedUs: number;
  readonly stageUs: number;
}

/** Of the private use area: an event that has one of these itself is kept whole. */
const FIRST_MARK = 0xe000;
/** Before an event in base64: no UTF-8, or with a mark of its own. */
const WHOLE = "\ue00f";
const ANY_MARK = /[\ue000-\ue00f]/;

/** In this order, each with how its column's value is written in JSON, and the same in SQL. */
const CUTS: readonly {
  readonly key: string;
  readonly written: (held: Held, value: string) => string | null;
  readonly sql: string;
}[] = [
  { key: "auditID", written: ({ auditID }) => `"${auditID}"`, sql: `concat('"', audit_id, '"')` },
  { key: "requestURI", written: ({ uri }) => `"${uri}"`, sql: `concat('"', uri, '"')` },
  { key: "requestReceivedTimestamp", written: ({ receivedUs }) => written(receivedUs), sql: timeSql("received") },
  { key: "stageTimestamp", written: ({ stageUs }) => written(stageUs), sql: timeSql("stage_time") },
  { key: "requestObject", written: (_, value) => value, sql: "request_object" },
  { key: "responseObject", written: (_, value) => value, sql: "response_object" },
];

/** Behind it ClickHouse's times end. */
const LAST_US = Date.UTC(2299, 11, 31) * 1_000;

/** What of a time (µs) the table can hold: 0 for none, and for those out of its years. */
export function heldTime(us: number): number {
  return us > 0 && us < LAST_US ? us : 0;
}

function written(us: number): string | null {
  return heldTime(us) > 0 ? `"${isoTime(us) ?? ""}"` : null;
}

function timeSql(column: string): string {
  return `concat('"', formatDateTime(${column}, '%Y-%m-%dT%H:%i:%S.%f', 'UTC'), 'Z"')`;
}

/** `members`: of the JSON object at bytes[start, end), in order. */
export function cutOriginal(
  bytes: Buffer,
  start: number,
  end: number,
  members: readonly Member[],
  held: Held,
): CutOriginal {
  const valueOf = (key: string): string => {
    const member = members.findLast((each) => each.key === key);
    return member === undefined ? "" : bytes.toString("utf8", member.start, member.end);
  };
  const bodies = { requestObject: valueOf("requestObject"), responseObject: valueOf("responseObject") };
  const text = bytes.toString("utf8", start, end);
  if (ANY_MARK.test(text) || !isUtf8(bytes.subarray(start, end)))
    return { rest: WHOLE + bytes.toString("base64", start, end), ...bodies };
  let rest = "";
  let from = start;
  for (const { key, start: at, end: to } of members) {
    const cut = CUTS.findIndex((each) => each.key === key);
    // Of a key that comes twice a column holds one value.
    if (cut < 0 || members.filter((member) => member.key === key).length > 1) continue;
    const value = bytes.toString("utf8", at, to);
    if (CUTS[cut]?.written(held, value) !== value) continue;
    rest += `${bytes.toString("utf8", from, at)}"${String.fromCharCode(FIRST_MARK + cut)}"`;
    from = to;
  }
  return { rest: rest + bytes.toString("utf8", from, end), ...bodies };
}

/** The original event, byte for byte, from the columns of its row. */
export const RAW_SQL: string = `if(startsWith(rest, '${WHOLE}'), base64Decode(substring(rest, ${Buffer.byteLength(WHOLE) + 1})), ${CUTS.reduce(
  (inner, { sql }, cut) => `replaceOne(${inner}, '"${String.fromCharCode(FIRST_MARK + cut)}"', ${sql})`,
  "rest",
)})`;
