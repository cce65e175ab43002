import { jsonEnd, type Member, objectMembers, skipSpace } from "../formats/shape/json-bytes.ts";

/** Bytes that go: buffer[start, end). */
export interface Cut {
  readonly start: number;
  readonly end: number;
}

const COMMA = 0x2c;
const OPEN_OBJECT = 0x7b;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;

/** What goes with some members of an object: keys, values and as many commas. Cuts don't overlap. */
export function memberCuts(bytes: Buffer, members: readonly Member[], goes: (member: Member) => boolean): Cut[] {
  const cuts: Cut[] = [];
  let isFirst = true;
  members.forEach((member, at) => {
    if (!goes(member)) {
      isFirst = false;
      return;
    }
    const next = members[at + 1];
    if (!isFirst) cuts.push({ start: commaBefore(bytes, member.at), end: member.end });
    else cuts.push({ start: member.at, end: next === undefined ? member.end : next.at });
  });
  return cuts;
}

/** The managedFields of a body: of an object, of the items of a list, of the objects in the rows of a Table. */
export function managedFieldsCuts(bytes: Buffer, body: Member): Cut[] {
  if (bytes[body.start] !== OPEN_OBJECT) return [];
  return objectMembers(bytes, body.start, body.end).flatMap((member) => {
    if (member.key === "metadata") return metadataCuts(bytes, member);
    if (member.key === "items") return elementsOf(bytes, member).flatMap((item) => objectCuts(bytes, item));
    if (member.key !== "rows") return [];
    return elementsOf(bytes, member).flatMap((row) => {
      const object = objectMembers(bytes, row.start, row.end).find(({ key }) => key === "object");
      return object === undefined ? [] : objectCuts(bytes, object);
    });
  });
}

function objectCuts(bytes: Buffer, { start, end }: Cut): Cut[] {
  if (bytes[start] !== OPEN_OBJECT) return [];
  const metadata = objectMembers(bytes, start, end).find(({ key }) => key === "metadata");
  return metadata === undefined ? [] : metadataCuts(bytes, metadata);
}

function metadataCuts(bytes: Buffer, { start, end }: Member): Cut[] {
  if (bytes[start] !== OPEN_OBJECT) return [];
  return memberCuts(bytes, objectMembers(bytes, start, end), ({ key }) => key === "managedFields");
}

/** The objects of a list. */
function elementsOf(bytes: Buffer, { start, end }: Member): Cut[] {
  const elements: Cut[] = [];
  if (bytes[start] !== OPEN_LIST) return elements;
  let at = skipSpace(bytes, start + 1, end);
  while (at < end && bytes[at] !== CLOSE_LIST) {
    const after = jsonEnd(bytes, at, end);
    if (after < 0) break;
    if (bytes[at] === OPEN_OBJECT) elements.push({ start: at, end: after });
    at = skipSpace(bytes, after, end);
    if (bytes[at] === COMMA) at = skipSpace(bytes, at + 1, end);
    else break;
  }
  return elements;
}

function commaBefore(bytes: Buffer, at: number): number {
  return bytes.lastIndexOf(COMMA, at);
}
