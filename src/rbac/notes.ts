import { isoTime } from "../events/time.ts";
import type { Atom } from "./atom.ts";
import type { ToldRule } from "./compact.ts";
import type { DriftRow } from "./drift.ts";
import { added, type Tally } from "./ledger.ts";
import type { SubjectRights } from "./least.ts";
import { powersOf } from "./powerful.ts";
import { allowedAfter } from "./proof.ts";
import type { PlannedRole } from "./plan.ts";
import { type Right, rightText } from "./right.ts";
import { subjectText } from "./subject.ts";

/** Names told of those that are not. */
const EXAMPLES = 3;
/** Rights told one by one; of more the number. */
const MOST_TOLD = 20;

/** What a rule rests on, in one line or a few. */
export function evidenceNotes({ rule, section, seen, isKept, ...tally }: ToldRule): readonly string[] {
  const told = section.kind === "beyond" ? [] : [`${tallyText(tally, section.kind === "refused" ? "refused " : "")}`];
  if (seen.length > 0) {
    const more = seen.length > EXAMPLES ? ", …" : "";
    const names = seen.slice(0, EXAMPLES).map((name) => JSON.stringify(name));
    told.push(`any name, of ${counted(seen.length, "name")} seen: ${names.join(", ")}${more}`);
  }
  if (isKept) told.push("so many names, since others were refused");
  if (rule.resourceNames.length > 0 && rule.verbs.some((verb) => verb === "list" || verb === "watch")) {
    told.push("list and watch need fieldSelector=metadata.name=… for it");
  }
  const powers = powersOf(rule);
  if (powers.length > 0) told.push(`powerful: ${powers.join(", ")}`);
  const about = section.kind === "implied" ? section.notes.map((note) => `implied: ${note}`) : section.notes;
  return [...about, ...(told.length > 0 ? [told.join("; ")] : [])];
}

function tallyText({ requests, lastUs }: Tally, before: string): string {
  const last = time(lastUs);
  return `${before}${counted(requests, "request")}${last === "" ? "" : `, last ${last}`}`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function time(us: number): string {
  return isoTime(us)?.replace(/\.\d+Z$/, "Z") ?? "";
}

/** What stands before the roles: whose rights, out of what, and what is left to decide. */
export function headerNotes(rights: readonly SubjectRights[], roles: readonly PlannedRole[]): readonly string[] {
  const span = rights.reduce<Tally | null>((sum, { ledger }) => (ledger.span ? added(sum, ledger.span) : sum), null);
  const [from, to] = [time(span?.firstUs ?? Number.NaN), time(span?.lastUs ?? Number.NaN)];
  return [
    "Least rights, by what was done in the log. What is done less often than it reaches back is missing.",
    ...(from === "" ? [] : [`Requests from ${from} to ${to}.`]),
    ...rights.flatMap((each) => subjectNotes(each, roles)),
  ];
}

/** Sentences about one subject. */
export function subjectNotes(rights: SubjectRights, roles: readonly PlannedRole[]): readonly string[] {
  const { ledger, optional, hints, inexpressible, notWidened, atoms } = rights;
  const { allowed, refused, starting, unasked } = ledger.requests;
  const others = [
    ...(ledger.acting > 0 ? [`${ledger.acting} as somebody else`] : []),
    ...(refused > 0 ? [`${refused} refused`] : []),
    ...(starting > 0 ? [`${starting} refused while the API server was starting, which do not count`] : []),
    ...(unasked > 0 ? [`${unasked} of which the log does not tell (401, 429, 5xx, in flight)`] : []),
  ];
  const notes = [
    "",
    `${subjectText(rights.subject)}: ${[`${counted(allowed, "request")} allowed`, ...others].join(", ")}`,
  ];
  const { superuser, node, answer } = ledger.by;
  if (answer > 0) {
    notes.push(`${counted(answer, "request")} without a decision in the log: the answers tell that they were allowed.`);
  }
  if (superuser > 0) {
    notes.push(`${counted(superuser, "request")} as a member of system:masters, which is allowed everything unasked:`);
    notes.push("these rights count for a credential without that group.");
  }
  if (node > 0) notes.push(`${counted(node, "request")} allowed by the Node authorizer, which needs no binding.`);
  if (atoms.length === 0) notes.push(emptyText(rights));
  const beyond = atoms.filter(({ section }) => section.kind === "beyond");
  notes.push(...listed("Granted beyond the log:", beyond.map(atomText)));
  notes.push(...listed("Not widened to, since it was refused:", notWidened.map(atomText)));
  notes.push(...listed("Allowed by these rules although it was refused:", allowedAfter(rights, roles).map(rightText)));
  notes.push(
    ...listed(
      "Not granted, since no rule is for it alone (wildcards, namespaces that cannot be):",
      inexpressible.map(rightText),
    ),
  );
  notes.push(
    ...listed(
      "Not granted, may be needed (--implied grants what is not refused):",
      optional.flatMap(({ right, whys }) => [...whys.keys()].map((why) => `${rightText(right)}: ${why}`)),
    ),
  );
  notes.push(
    ...listed(
      "Not granted, may be needed:",
      hints.map(({ right, why }) => (right === null ? why : `${rightText(right)}: ${why}`)),
    ),
  );
  return notes;
}

function emptyText({ ledger, refused }: SubjectRights): string {
  if (ledger.requests.allowed > 0) return "Nothing of that needs a binding.";
  return refused.length > 0 ? "Nothing was allowed." : "Nothing was allowed: there is nothing to grant.";
}

function listed(title: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return [];
  const more = lines.length > MOST_TOLD ? [`  and ${lines.length - MOST_TOLD} more`] : [];
  return [title, ...lines.slice(0, MOST_TOLD).map((line) => `  ${line}`), ...more];
}

function atomText({ verb, apiGroup, resource, path, namespace, names }: Atom): string {
  const [plural = "", ...below] = resource.split("/");
  const right: Right = {
    isResourceRequest: resource !== "",
    verb,
    apiGroup,
    resource: plural,
    subresource: below.join("/"),
    namespace,
    name: "",
    path,
  };
  return `${rightText(right)}${names === null ? "" : ` (${names.map((name) => JSON.stringify(name)).join(", ")})`}`;
}

/** What of the existing grants is not used, and what is used and not granted. */
export function driftNotes(drift: readonly DriftRow[], path: string): readonly string[] {
  const of = (kind: DriftRow["kind"]): readonly string[] => drift.filter((row) => row.kind === kind).map(driftText);
  if (drift.length === 0) return ["", `What ${path} grants is what was used.`];
  return [
    "",
    `Against ${path}:`,
    ...listed("Granted and never used here:", of("unused")),
    ...listed("Granted by a wildcard:", of("wide")),
    ...listed("Used, and granted by nothing of it:", of("missing")),
  ];
}

function driftText({ subject, bindings, role, rule, namespace, usedAs }: DriftRow): string {
  const groups = rule.apiGroups.some((group) => group !== "")
    ? ` (${rule.apiGroups.map((group) => group || "core").join(", ")})`
    : "";
  const what = [...rule.resources, ...rule.nonResourceURLs].join(", ");
  const named = rule.resourceNames.map((name) => JSON.stringify(name)).join(", ");
  const place = namespace === "" ? "" : ` in ${namespace}`;
  const by = bindings.length === 0 ? "" : `, by ${bindings.join(", ")} of ${role}`;
  const told = `${rule.verbs.join(", ")} ${what}${groups}${named === "" ? "" : ` ${named}`}${place}${by}`;
  return `${subject}: ${told}${usedAs === "" ? "" : `: ${usedAs}`}`;
}
