import type { Head } from "./head.ts";
import { escapeControls } from "../shape/sample-text.ts";

/** Share of control bytes above which a head is no text. */
const MAX_CONTROL_SHARE = 0.1;
const INSPECTED_BYTES = 64 * 1024;

const MAGIC: readonly (readonly [string, string])[] = [
  ["7z\xbc\xaf", "is a 7z archive: unpack it first"],
  ["\x7fELF", "looks like a program, not a Kubernetes audit log"],
];

/** What the bytes of a head alone rule out, as one clause to follow the path; null for text. */
export function byteRefusal(bytes: Buffer): string | null {
  const start = bytes.toString("latin1", 0, 8);
  const magic = MAGIC.find(([mark]) => start.startsWith(mark));
  if (magic !== undefined) return magic[1];
  const inspected = Math.min(bytes.length, INSPECTED_BYTES);
  let control = 0;
  let padding = 0;
  for (let i = 0; i < inspected; i += 1) {
    const c = bytes[i] as number;
    if (c === 0) padding += 1;
    else if (c < 0x20 && c !== 0x0a && c !== 0x0d && c !== 0x09 && c !== 0x1b && c !== 0x1e) control += 1;
  }
  // NULs in runs are what a crash leaves in a log; spread out they are data.
  const isPadded = padding > 0 && (bytes.indexOf("\0\0\0\0\0\0\0\0") >= 0 || padding < 8);
  const share = (control + (isPadded ? 0 : padding)) / Math.max(1, inspected - (isPadded ? padding : 0));
  return share > MAX_CONTROL_SHARE ? "looks like binary data, not a Kubernetes audit log" : null;
}

/** What a text in which no event was found looks like, as one clause to follow the path. */
export function contentRefusal(head: Head): string {
  const looks = appearance(head);
  return looks.startsWith("holds") ? looks : `${looks}, not a Kubernetes audit log`;
}

function appearance(head: Head): string {
  const text = head.text.slice(0, INSPECTED_BYTES);
  const { rejects, others } = head.trial;
  const known = others.map((other) => KNOWN_OTHERS.find(([pattern]) => pattern.test(other))?.[1]).find(Boolean);
  if (known !== undefined) return known;
  if (head.isJson && !(head.outline.isBroken && head.outline.documents === 0 && rejects.foreign === 0)) {
    return jsonAppearance(head);
  }
  if (/^\s*<(?:!doctype|html|\?xml)/i.test(text)) return "looks like HTML or XML";
  const lines = text.split("\n", 60).filter((line) => line.trim() !== "" && !line.startsWith("#"));
  if (/^apiVersion: ['"]?audit\.k8s\.io\//m.test(text) && /^kind: ['"]?Policy/m.test(text))
    return "looks like an audit policy (YAML)";
  if (others[0]?.startsWith("a Google Cloud audit entry") === true) return `looks like YAML (${others[0]})`;
  const yaml = lines.filter((line) => /^\s*(?:- )*["']?[\w./@-]+["']?:(?:\s|$)|^\s*- |^---$/.test(line)).length;
  if (yaml >= 2 && yaml >= lines.length * 0.6) return "looks like YAML";
  if (isCsv(lines, head.isWhole)) {
    return LOGSTASH_ROW.test(lines[0] ?? "")
      ? "looks like CSV made of audit events by Logstash, without a header (as perfspec's)"
      : "looks like CSV";
  }
  const [reason] = others;
  if (rejects.foreign > rejects.bad && reason !== undefined) {
    return reason === "a log line, not an event" ? "looks like a program's log" : `looks like lines with ${reason}`;
  }
  return "looks like plain text";
}

/** Host, time, user, verb, resource, …, auditID, stage. */
const LOGSTASH_ROW =
  /^"?\{?[^,]*\}?"?,\d{4}-\d\d-\d\dT[^,]*,[^,]*,[a-z]+,.*,[0-9a-f]{8}-[0-9a-f-]{27},(?:RequestReceived|ResponseStarted|ResponseComplete|Panic),/;

/** What is so close to an audit log that it deserves its name. */
const KNOWN_OTHERS: readonly (readonly [RegExp, string])[] = [
  [/^an AdmissionReview$/, "looks like AdmissionReviews, as an admission webhook (kube-audit-rest) logs them"],
];

function jsonAppearance(head: Head): string {
  const { eventPath, firstKeys } = head.outline;
  if (eventPath !== null && eventPath !== "") {
    return `holds audit events in ${escapeControls(eventPath.slice(0, 80))}, where no known format has them`;
  }
  const { others } = head.trial;
  const named = others.find((reason) => !reason.startsWith("an object without")) ?? others[0];
  if (named !== undefined) return `looks like JSON (${named})`;
  const keys = escapeControls([...firstKeys].slice(0, 3).join(", ").slice(0, 80));
  return keys === "" ? "looks like JSON" : `looks like JSON (members ${keys})`;
}

/** The same number of commas, at least two, in all of the first lines (a cut last one aside). */
function isCsv(lines: readonly string[], isWhole: boolean): boolean {
  const rows = isWhole ? lines : lines.slice(0, -1);
  if (rows.length < 2) return false;
  const counts = rows.map((row) => row.replaceAll(/"(?:[^"]|"")*"/g, "").split(/[,;\t]/).length);
  const columns = counts[0] as number;
  return columns >= 3 && counts.filter((count) => count === columns).length >= rows.length * 0.9;
}
