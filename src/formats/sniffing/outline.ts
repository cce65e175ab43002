import { jsonParser, type Token } from "stream-json/core/parser.js";

/** Tokens before an error in the same piece are lost: small pieces lose little. */
const PIECE_CHARACTERS = 512;
/** Larger heads are not read: a streaming tokenizer is an order of magnitude slower than everything else here. */
const MAX_OUTLINE_CHARACTERS = 256 * 1024;
/** Objects deeper than this are not considered to be events. */
const MAX_EVENT_DEPTH = 12;

/** Where things lie in JSON whose end has not been seen. */
export interface Outline {
  /** Scalar members of the first document, as far as it was seen. */
  readonly first: ReadonlyMap<string, string>;
  /** Names of all members of the first document. */
  readonly firstKeys: ReadonlySet<string>;
  /** Path of the first audit event: "" for a document itself, `[]`, `items[]`, `properties.log`. Null when none was seen. */
  readonly eventPath: string | null;
  /** The event there is JSON in a string. */
  readonly isEventText: boolean;
  /** Documents that ended. */
  readonly documents: number;
  /** The text stopped being JSON. */
  readonly isBroken: boolean;
}

/** One open object or array. */
interface Level {
  readonly isArray: boolean;
  key: string;
  hasAuditID: boolean;
  hasEventField: boolean;
  kind: string;
  apiVersion: string;
}

/** Reads the structure of a head that may stop anywhere. Needs no complete value, unlike everything else here. */
export function outline(text: string): Outline {
  const reader = new OutlineReader();
  const parse = jsonParser({ jsonStreaming: true, packValues: true, streamValues: false });
  const limit = Math.min(text.length, MAX_OUTLINE_CHARACTERS);
  let isBroken = false;
  try {
    for (let at = 0; at < limit && reader.eventPath === null; at += PIECE_CHARACTERS) {
      const parsed = parse(text.slice(at, Math.min(limit, at + PIECE_CHARACTERS)));
      if (typeof parsed !== "object" || parsed === null || !("values" in parsed)) continue;
      for (const token of parsed.values) reader.token(token);
    }
  } catch {
    isBroken = true;
  }
  return {
    first: reader.first,
    firstKeys: reader.firstKeys,
    eventPath: reader.eventPath,
    isEventText: reader.isEventText,
    documents: reader.documents,
    isBroken,
  };
}

class OutlineReader {
  readonly first = new Map<string, string>();
  readonly firstKeys = new Set<string>();
  eventPath: string | null = null;
  isEventText = false;
  documents = 0;
  readonly #levels: Level[] = [];

  token(token: Token): void {
    const levels = this.#levels;
    const top = levels.at(-1);
    switch (token.name) {
      case "startObject":
      case "startArray":
        levels.push({
          isArray: token.name === "startArray",
          key: "",
          hasAuditID: false,
          hasEventField: false,
          kind: "",
          apiVersion: "",
        });
        return;
      case "endObject":
      case "endArray":
        levels.pop();
        if (levels.length === 0) this.documents += 1;
        return;
      case "keyValue":
        if (top !== undefined) top.key = token.value;
        if (levels.length === 1 && this.documents === 0) this.firstKeys.add(token.value);
        return;
      case "stringValue":
        if (top !== undefined) this.#string(top, token.value);
        return;
      default:
        return;
    }
  }

  #string(level: Level, value: string): void {
    if (this.#levels.length === 1 && this.documents === 0 && !level.isArray) this.first.set(level.key, value);
    if (this.eventPath !== null || this.#levels.length > MAX_EVENT_DEPTH) return;
    if (level.key === "auditID") level.hasAuditID = true;
    else if (level.key === "stage" || level.key === "level" || level.key === "requestURI") level.hasEventField = true;
    else if (level.key === "kind") level.kind = value;
    else if (level.key === "apiVersion") level.apiVersion = value;
    const isNamed = level.kind === "Event" && level.apiVersion.startsWith("audit.k8s.io/");
    if (isNamed || (level.hasAuditID && level.hasEventField)) {
      this.eventPath = this.#path(this.#levels.length - 1);
    } else if (/^\s*[{[]/.test(value) && value.includes('"audit.k8s.io/')) {
      this.eventPath = this.#path(this.#levels.length);
      this.isEventText = true;
    }
  }

  #path(depth: number): string {
    let path = "";
    for (const level of this.#levels.slice(0, depth)) {
      if (level.isArray) path += "[]";
      else path += path === "" ? pathKey(level.key) : `.${pathKey(level.key)}`;
    }
    return path;
  }
}

/** Strangers choose keys: none may look like a path, or be long. */
function pathKey(key: string): string {
  return key.slice(0, 40).replaceAll(/[^\w@/-]/g, "?");
}
