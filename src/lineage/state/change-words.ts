import { maskField } from "../../masking/mask.ts";
import type { JsonValue } from "../json.ts";
import type { StateChange } from "./difference.ts";
import { isObject } from "./json-tree.ts";

/** More is for the diff. */
const MAX_TOLD = 3;
const MAX_VALUE = 40;
const MAX_WORDS = 240;

/** What every write changes, what has words of its own, and what repeats the rest. */
const UNTOLD =
  /^(?:apiVersion|kind|status|metadata\.(?:resourceVersion|generation|uid|creationTimestamp|managedFields|selfLink|name|namespace|generateName|finalizers|ownerReferences|deletion\w+)|spec\.(?:replicas|unschedulable|taints|finalizers))(?=[.[]|$)|\.image$|annotations\.(?:"kubectl\.kubernetes\.io\/last-applied-configuration"|"deployment\.kubernetes\.io\/|"deprecated\.|"control-plane\.alpha)/;

const MARK = /(?:^|\.)metadata\.(label|annotation)s\.("[^"]*"|[\w-]+)$/;
const DATA = /^(?:data|stringData|binaryData)\./;

/** What an update changed, in a few words: `label team: a → b`, `data.max_connections 100 → 250`; "" when nothing worth telling. */
export function changesInWords(changes: readonly StateChange[], resource: string): string {
  const told = changes.flatMap((change) => leavesOf(change)).filter(({ path }) => !UNTOLD.test(path));
  const words = [...new Set(told.map((change) => wordsOf(change, resource)))];
  const more = words.length - MAX_TOLD;
  return words.slice(0, MAX_TOLD).join(", ").slice(0, MAX_WORDS) + (more > 0 ? ` and ${String(more)} more` : "");
}

/** Maps of labels, annotations and data that come or go as a whole are told by their keys. */
function leavesOf(change: StateChange): readonly StateChange[] {
  const { path, kind, before, after } = change;
  const whole = kind === "added" ? after : kind === "removed" ? before : undefined;
  if (!/(?:^|\.)(?:metadata\.(?:label|annotation)s|data|stringData|metadata)$/.test(path) || !isObject(whole))
    return [change];
  return Object.entries(whole).flatMap(([key, value]) => {
    const inner = `${path}.${/^[\w-]+$/.test(key) ? key : `"${key}"`}`;
    return leavesOf({
      path: inner,
      kind,
      before: kind === "added" ? undefined : value,
      after: kind === "added" ? value : undefined,
    });
  });
}

function wordsOf({ path, kind, before, after }: StateChange, resource: string): string {
  // Elements that only have a position say little: the next one's is another after each change.
  const list = /^(.*?)\[\d+\]/.exec(path);
  if (list !== null) return `${shortPath(list[1] ?? "")} changed`;
  const mark = MARK.exec(path);
  const key = unquoted(mark?.[2] ?? lastOf(path));
  if (mark !== null && (key.startsWith("checksum/") || key.endsWith("restartedAt"))) {
    return key.endsWith("restartedAt") ? "restarted (restartedAt)" : `${key} changed`;
  }
  const isOfTemplate = path.startsWith("spec.template.");
  const place = isOfTemplate && mark !== null ? "template " : "";
  const name = mark === null ? shortPath(path) : `${place}${mark[1] ?? ""} ${key}`;
  if (kind === "removed") return `${name} removed`;
  const to = valueWords(key, after, resource, path);
  if (kind === "added") return to === null ? `${name} added` : `${name}=${to}`;
  const from = valueWords(key, before, resource, path);
  if (from === null || to === null) return `${name} changed`;
  return `${name}${mark === null ? "" : ":"} ${from} → ${to}`;
}

/** null: long, nested, or not to be shown. */
function valueWords(key: string, value: JsonValue | undefined, resource: string, path: string): string | null {
  if (value === undefined || (typeof value === "object" && value !== null)) return null;
  if (resource === "secrets" && DATA.test(path)) return null;
  const words = String(value);
  if (words.length > MAX_VALUE || /[\n\r]/.test(words) || words === "") return null;
  return maskField(key, words, { resource }) === words ? words : null;
}

/** `spec.template.spec.containers[name=app].env[name=LOG].value` → `app env LOG`. */
function shortPath(path: string): string {
  return path
    .replace(/^spec\.template\.spec\./, "")
    .replace(/^spec\./, "")
    .replace(/^containers\[name=([^\]]*)\]\.?/, "$1 ")
    .replace(/env\[name=([^\]]*)\](?:\.value)?$/, "env $1")
    .replaceAll('"', "");
}

/** The key that says what a value is: of an environment variable its name. */
function lastOf(path: string): string {
  return /env\[name=([^\]]*)\]\.value$/.exec(path)?.[1] ?? /("[^"]*"|[\w-]+)$/.exec(path)?.[1] ?? path;
}

function unquoted(key: string): string {
  return key.startsWith('"') ? key.slice(1, -1) : key;
}
