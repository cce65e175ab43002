import { isRaw, parseExact } from "../events/exact-json.ts";
import { type JsonObject, isObject, objectOf, textOf, textsOf } from "../events/json-values.ts";
import { TOO_DEEP } from "../events/json.ts";
import { MASK, maskEvent } from "../masking/mask.ts";
import { Names, type Place } from "./names.ts";
import { Pseudonyms } from "./pseudonyms.ts";
import { redactUri } from "./uri.ts";

/** What can be kept as it is, by class. */
export const KEEP_CLASSES = [
  "users",
  "groups",
  "namespaces",
  "names",
  "hosts",
  "addresses",
  "uids",
  "useragents",
] as const;
export type KeepClass = (typeof KEEP_CLASSES)[number];

export interface RedactorOptions {
  readonly key: Buffer;
  readonly keep: readonly KeepClass[];
  readonly onName?: (original: string, pseudonym: string) => void;
}

/** Keys whose values name types of objects, which may be custom ones. */
const KIND_KEYS =
  /^(?:kind|listKind|apiVersion|apiGroups?|group|resources?|subresources?|verbs?|versions?|plural|singular|shortNames|categories)$/;
/** Keys whose values are words of the API. */
const WORD_KEYS = /^(?:level|auditLevel|stage|scope|op|operations?|phase|type|reason)$/;
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
/** Keys whose values name somebody or something. */
const NAME_KEYS =
  /^(?:(?:\w*[nN])ames?|(?:\w*[nN])amespaces?|generateName|username|user|users|groups|host|hosts|hostname|hostnames|manager|holderIdentity|claim|nodes?|key|domain|serviceAccount|configuration|webhook|reportingComponent|reportingInstance|component|controller)$/;
/** Whose keys are the user's own. */
const MAPS =
  /^(?:labels|annotations|matchLabels|selector|nodeSelector|data|stringData|binaryData|extra|limits|requests|hard|used|capacity|allocatable|parameters|attributes|volumeAttributes|options)$/;
/** Maps whose values may be anything; those of others are names. */
const TEXT_MAPS = /^(?:annotations|data|stringData|binaryData)$/;
/** Keys in such maps that are everybody's. */
const COMMON_KEYS = new Set("cpu memory pods storage ephemeral-storage namespace token".split(" "));
const SENTENCE = /\s/;
/** `resource "pods"`: in quotes, but no name. */
const QUOTED = /((?:resource|group|kind|verb|subresource)s? )?"([^"\s]{1,512})"/g;
/** JSON in a string in JSON: each level doubles its quotes' backslashes. */
const MOST_NESTED = 4;

interface Around {
  /** The map the value is in, whose keys are the user's own; else "". */
  readonly map: string;
  readonly nested: number;
}

/** Events as they may be shared: secrets masked, names replaced, all the rest as it was. */
export class Redactor {
  private readonly keep: ReadonlySet<KeepClass>;
  private readonly names: Names;

  constructor({ key, keep, onName }: RedactorOptions) {
    this.keep = new Set(keep);
    this.names = new Names({
      pseudonyms: new Pseudonyms(key),
      keepsAddresses: this.keep.has("addresses"),
      keepsUids: this.keep.has("uids"),
      ...(onName === undefined ? {} : { onName }),
    });
  }

  /** Names that were to be kept and are not: there were too many. */
  get overflowed(): number {
    return this.names.overflowed;
  }

  /** Takes note of who and what is in an event: before `redact`, of all events where they can be read twice. */
  learn(event: JsonObject): void {
    for (const user of [objectOf(event["user"]), objectOf(event["impersonatedUser"])]) {
      this.called(textOf(user["username"]), "users");
      for (const group of textsOf(user["groups"])) this.called(group, "groups");
    }
    const reference = objectOf(event["objectRef"]);
    this.called(textOf(reference["namespace"]), "namespaces");
    this.called(textOf(reference["name"]), reference["resource"] === "nodes" ? "hosts" : "names");
    if (reference["resource"] === "namespaces") this.called(textOf(reference["name"]), "namespaces");
    for (const body of [event["requestObject"], event["responseObject"]]) {
      this.learnObject(objectOf(body));
      const { items } = objectOf(body);
      if (Array.isArray(items)) for (const item of items) this.learnObject(objectOf(item));
    }
  }

  private learnObject(object: JsonObject): void {
    const metadata = objectOf(object["metadata"]);
    const isNamespace = object["kind"] === "Namespace";
    this.called(textOf(metadata["namespace"]), "namespaces");
    this.called(textOf(metadata["name"]), object["kind"] === "Node" ? "hosts" : isNamespace ? "namespaces" : "names");
    this.called(textOf(objectOf(object["spec"])["nodeName"]), "hosts");
  }

  private called(name: string, kind: KeepClass): void {
    if (name === "") return;
    this.names.take(name);
    if (this.keep.has(kind)) this.names.keep(name);
  }

  redact(event: JsonObject): unknown {
    return this.value(maskEvent(event), "", OUTSIDE);
  }

  /** A string of the log as an event's `key` would have it: a user under `username`. */
  string(text: string, key: string): string {
    return this.text(text, key, OUTSIDE);
  }

  private value(value: unknown, key: string, around: Around): unknown {
    if (typeof value === "string") return this.text(value, key, around);
    if (Array.isArray(value)) return value.map((item) => this.value(item, key, around));
    return isObject(value) ? this.object(value, key, around) : value;
  }

  private object(object: JsonObject, key: string, around: Around): unknown {
    if (isRaw(object)) return object;
    const within = { ...around, map: mapOf(key) };
    const isPatch = typeof object["op"] === "string" && typeof object["path"] === "string";
    return Object.fromEntries(
      Object.entries(object).map(([name, item]) => {
        if (isPatch && (name === "path" || name === "from") && typeof item === "string")
          return [name, this.pointer(item)];
        return [this.key(name, within), this.value(item, name, within)];
      }),
    );
  }

  private key(key: string, around: Around): string {
    const prefix = /^[fkv]:/.exec(key)?.[0] ?? "";
    const rest = key.slice(prefix.length);
    if (prefix === "k:" || prefix === "v:") return prefix + this.text(rest, "", around);
    if (around.map !== "") return COMMON_KEYS.has(rest) ? key : prefix + this.names.replace(rest, "name");
    return prefix + this.names.replace(rest, "field");
  }

  /** `/metadata/labels/app`: where a patch changes something. */
  private pointer(path: string): string {
    let before = "";
    const steps = path.split("/").map((step) => {
      const map = mapOf(before);
      before = step;
      return this.key(step.replaceAll("~1", "/").replaceAll("~0", "~"), { map, nested: 0 })
        .replaceAll("~", "~0")
        .replaceAll("/", "~1");
    });
    return steps.join("/");
  }

  private text(text: string, givenKey: string, around: Around): string {
    if (text === "" || text === TOO_DEEP) return text;
    const key = bare(givenKey);
    if (key === "requestURI" || key === "selfLink") return redactUri(text, this.names);
    if (key === "userAgent") return this.keep.has("useragents") ? text : this.around(text, "agent");
    if (around.nested < MOST_NESTED && /^\s{0,100}[[{]/.test(text) && text !== MASK) {
      const inside = this.json(text, around);
      if (inside !== null) return inside;
    }
    if (key === "auditID" && UUID.test(text)) return text;
    if (around.map !== "" && !TEXT_MAPS.test(around.map)) return this.around(text, "name");
    if (around.map === "" && KIND_KEYS.test(key)) return this.around(text, "kind");
    if (around.map === "" && WORD_KEYS.test(key)) return this.around(text, "type");
    if (around.map === "" && NAME_KEYS.test(key)) return this.around(text, "name");
    return SENTENCE.test(text) ? this.sentence(text) : this.around(text, "value");
  }

  /** What is in quotes is a name, unless a word before it says that it is a type. */
  private sentence(text: string): string {
    let result = "";
    let end = 0;
    for (const match of text.matchAll(QUOTED)) {
      const [all, front = "", quoted = ""] = match;
      const at = match.index + front.length;
      result += this.around(text.slice(end, at), "text");
      result += `"${this.around(quoted, front === "" ? "value" : "kind")}"`;
      end = match.index + all.length;
    }
    return result + this.around(text.slice(end), "text");
  }

  /** What the masker has put there stays. */
  private around(text: string, place: Place): string {
    if (!text.includes(MASK)) return this.names.replace(text, place);
    return text
      .split(MASK)
      .map((part) => this.names.replace(part, place))
      .join(MASK);
  }

  /** Null where the text is no JSON. */
  private json(text: string, around: Around): string | null {
    try {
      const value = this.value(parseExact(text), "", { map: "", nested: around.nested + 1 });
      const end = /\s*$/.exec(text.slice(-8))?.[0] ?? "";
      return JSON.stringify(value) + end;
    } catch (error) {
      if (error instanceof SyntaxError) return null;
      throw error;
    }
  }
}

const OUTSIDE: Around = { map: "", nested: 0 };

function mapOf(key: string): string {
  const name = bare(key);
  return MAPS.test(name) ? name : "";
}

/** `labels` of the `f:labels` of managed fields. */
function bare(key: string): string {
  return key.startsWith("f:") ? key.slice(2) : key;
}
