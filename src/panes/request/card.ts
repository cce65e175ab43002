import { markAt } from "../../state/marks.ts";
import type { RequestDetail } from "../../engine/contract.ts";
import { inferredFacts, inferredFrom } from "../../events/inferred.ts";
import { isDryRun } from "../../events/object-key.ts";
import { execCommand } from "../../events/exec-command.ts";
import { objectName } from "../../events/object-name.ts";
import type { RequestFacts } from "../../events/request.ts";
import { serviceAccountUser } from "../../events/service-account.ts";
import { shareBar } from "../../models/charts.ts";
import { jsonLines } from "../../models/json-lines.ts";
import { line, span } from "../../models/line.ts";
import { maskBody, type MaskSubject } from "../../masking/mask.ts";
import { byteSize, count, duration } from "../../models/numbers.ts";
import { dateTime, zoneName } from "../../models/times.ts";
import type { PaneContext } from "../contract.ts";
import { codeText, latencyText, resourceOf } from "../requests/table.ts";
import { termOfKey } from "../terms.ts";
import { actorTone, codeMeaning, codeTone } from "../tones.ts";
import { latencyParts } from "../../events/latency-annotations.ts";
import { explainAnnotation, otherAnnotations } from "./annotations.ts";
import { explainAuthorization } from "./authorization.ts";
import { CardWriter, type CardLine } from "./card-line.ts";
import { type NeighboursAnswer, neighbourLines } from "./neighbours.ts";
import { bodyOf, eventOf, partOf, textOf } from "./event-parts.ts";

export interface CardOptions {
  readonly unmasked: boolean;
  readonly isFolded: (section: string, path: string, key: string) => boolean;
}

/** The five questions about one request, what came around it, then what was sent and answered. */
export function cardLines(
  context: PaneContext,
  detail: RequestDetail,
  neighbours: NeighboursAnswer,
  options: CardOptions,
): CardLine[] {
  const card = new CardWriter(context.width, context.unicode, {
    isCompact: context.height < 30,
    isUnmasked: options.unmasked,
  });
  const { facts } = detail;
  const event = eventOf(detail);
  what(card, facts, event, detail);
  const mark = markAt(context.app.marks, facts.seq);
  if (mark !== undefined) card.field("mark", mark.note === "" ? "marked" : mark.note, { tone: "accent" });
  who(card, facts, event);
  why(card, facts);
  when(card, facts, context);
  where(card, facts);
  neighbourLines(card, facts, neighbours);
  annotations(card, facts);
  body(card, context, detail, "requestObject", options);
  body(card, context, detail, "responseObject", options);
  source(card, detail);
  return card.lines;
}

function term(dimension: Parameters<typeof termOfKey>[0][number], value: string): string {
  return termOfKey([dimension], { [dimension]: value });
}

function what(card: CardWriter, facts: RequestFacts, event: unknown, detail: RequestDetail): void {
  const resource = resourceOf(facts);
  const request = `${facts.verb} ${objectName(facts) || resource}`;
  const code = facts.code === null ? "no answer yet" : `${codeText(facts)} ${codeMeaning(facts.code)}`.trim();
  const tone = facts.stage === "Panic" ? "danger" : codeTone(facts.code);
  card.heading("what", "What happened", line(span(code, tone, true), span(`  ${card.safe(request)}`)));
  if (facts.code !== null) {
    const reason = isSameWord(facts.reason, codeMeaning(facts.code)) ? "" : facts.reason;
    const from = inferredFrom(facts.annotations, "responseStatus.code");
    card.field("code", `${code} ${reason}`.trim(), {
      tone,
      term: term("code", String(facts.code)),
      note: from === "" ? "" : `inferred from ${from}`,
    });
  }
  card.field("message", textOf(partOf(event, "responseStatus", "message")), { tone: "warn" });
  card.field("verb", facts.verb, { term: term("verb", facts.verb) });
  if (facts.resource !== "") {
    const object = { name: `${facts.resource}/${facts.name}`, namespace: facts.namespace };
    card.field("resource", resource, { term: term("resource", resource) });
    card.field("namespace", facts.namespace, { term: term("namespace", facts.namespace) });
    card.field("name", facts.name, { term: term("name", facts.name), object, note: "enter: its trail" });
    const given = facts.name === "" && facts.verb === "create" ? nameGiven(event) : "";
    card.field("name given", given, {
      object: { name: `${facts.resource}/${given}`, namespace: facts.namespace },
      note: "by the API server, from its answer; enter: its trail",
    });
    card.field("uid", facts.uid);
  }
  card.field("runs", execCommand(facts.uri));
  card.field("URI", facts.uri);
  if (isDryRun(facts.uri)) card.field("dry run", "nothing was changed, whatever the answer", { tone: "warn" });
  const others = detail.stagesSeen.filter((stage) => stage !== facts.stage);
  const also = others.length === 0 ? "" : `, also logged: ${others.join(", ")}`;
  card.field(
    "logged at",
    `${facts.stage || "an unknown stage"}, ${facts.level === "" ? "level unknown" : `level ${facts.level}`}${also}`,
    { term: term("level", facts.level) },
  );
  for (const fact of inferredFacts(facts.annotations)) card.field("inferred", fact, { tone: "muted" });
  if (facts.bodiesTruncated)
    card.field("bodies", "dropped by the API server: the event was too large", { tone: "warn" });
  if (facts.inFlight) card.field("state", "in flight: the log has no answer to it (yet)", { tone: "warn" });
  if (facts.cutOff)
    card.field("state", "cut off: its API server was started anew and never answered it", { tone: "danger" });
  if (facts.stage === "Panic") card.field("state", "the API server's handler panicked", { tone: "danger" });
}

/** A create by generateName has its name in the answer only. */
function nameGiven(event: unknown): string {
  return textOf(partOf(event, "responseObject", "metadata", "name"));
}

/** "TooManyRequests" says no more than "Too Many Requests". */
function isSameWord(reason: string, meaning: string): boolean {
  return reason.toLowerCase() === meaning.replaceAll(" ", "").toLowerCase();
}

function who(card: CardWriter, facts: RequestFacts, event: unknown): void {
  card.heading("who", "Who did it", line(span(facts.actorClass, actorTone(facts.actorClass))));
  if (facts.user === "") card.text("none", line(span("nobody: the request was not authenticated", "warn")));
  const isImpersonated = facts.asFrom !== "";
  card.field("user", facts.user, {
    tone: actorTone(facts.actorClass),
    user: facts.user,
    term: term("user", facts.user),
    note: isImpersonated ? "impersonated" : "",
  });
  card.field("really", facts.asFrom, { tone: "warn", user: facts.asFrom, note: "asked to act as the user above" });
  card.field("groups", facts.groups.join(", "));
  const extra = partOf(event, isImpersonated ? "impersonatedUser" : "user", "extra");
  if (extra !== null && typeof extra === "object")
    for (const [key, value] of Object.entries(extra))
      card.field(
        card.safe(key.split("/").at(-1) ?? key),
        (Array.isArray(value) ? value : [value]).map((item) => card.keyed(key, textOf(item))).join(", "),
      );
}

function why(card: CardWriter, facts: RequestFacts): void {
  const explained = explainAuthorization(facts);
  const tone = explained.decision === "allowed" ? "good" : explained.decision === "unknown" ? "muted" : "danger";
  const isRefused = explained.decision === "forbidden" || explained.decision === "unauthenticated";
  const title = isRefused ? "Why it was refused" : "Why it was allowed";
  card.heading("why", title, explained.decision === "allowed" ? [] : line(span(explained.decision, tone, true)));
  if (explained.decision === "allowed" && facts.code === 403)
    card.text("admission", line(span("Authorized, then refused by admission: the message says by what.", "danger")));
  const { grant } = explained;
  if (grant === null) {
    card.paragraph("sentence", explained.sentence, "normal");
    if (explained.decision === "allowed" && facts.authReason !== "") card.field("decision", facts.decision);
    return;
  }
  const where = grant.bindingNamespace === "" ? "" : `in namespace ${grant.bindingNamespace}`;
  const bindings = grant.bindingKind === "RoleBinding" ? "rolebindings" : "clusterrolebindings";
  const roles = grant.roleKind === "Role" ? "roles" : "clusterroles";
  const rbac = "rbac.authorization.k8s.io";
  card.field(grant.bindingKind, grant.binding, {
    note: card.safe(where),
    object: { name: `${bindings}.${rbac}/${grant.binding}`, namespace: grant.bindingNamespace },
  });
  card.field(`→ ${grant.roleKind}`, grant.role, {
    object: {
      name: `${roles}.${rbac}/${grant.role}`,
      namespace: grant.roleKind === "Role" ? grant.bindingNamespace : "",
    },
  });
  const dimension = grant.subjectKind === "Group" ? "group" : "user";
  const isAccount = grant.subjectKind === "ServiceAccount";
  const account = { namespace: grant.subjectNamespace, name: grant.subject };
  card.field(`→ ${grant.subjectKind}`, isAccount ? `${account.name}/${account.namespace}` : grant.subject, {
    term: term(dimension, isAccount ? serviceAccountUser(account) : grant.subject),
  });
}

function when(card: CardWriter, facts: RequestFacts, context: PaneContext): void {
  const { timeZone } = context.app;
  const zone = (us: number): string => (Number.isFinite(us) ? ` ${zoneName(us / 1_000, timeZone)}` : "");
  const took = latencyText(facts);
  card.heading("when", "When, and how long", line(span(took, facts.longRunning ? "muted" : "accent", true)));
  card.field("received", `${dateTime(facts.receivedUs / 1_000, timeZone)}${zone(facts.receivedUs)}`);
  if (Number.isFinite(facts.stageUs))
    card.field(
      facts.inFlight || facts.cutOff ? "last seen" : "answered",
      `${dateTime(facts.stageUs / 1_000, timeZone)}${zone(facts.stageUs)}`,
    );
  card.field("took", took, { note: facts.longRunning ? "long-running: says how long somebody listened" : "" });
  const whole = facts.latencyMs ?? 0;
  for (const part of latencyParts(facts.annotations)) {
    const bar = shareBar(whole > 0 ? part.ms / whole : 0, 20, context.unicode);
    card.text(
      `part:${part.name}`,
      line(span(card.safe(part.name).padEnd(28), "muted"), duration(part.ms).padStart(9), "  ", span(bar, "bar")),
    );
  }
}

function where(card: CardWriter, facts: RequestFacts): void {
  card.heading("where", "From where");
  card.field("source IP", facts.ip, { term: term("ip", facts.ip) });
  if (facts.sourceIPs.length > 1)
    card.field("via", facts.sourceIPs.join(" → "), {
      tone: "warn",
      note: "only the last is certain, the others can be forged",
    });
  card.field("user agent", facts.useragent, {
    term: term("useragent", facts.useragent),
    note: "chosen by the client",
  });
  card.field("API server", facts.apiserver, { term: term("apiserver", facts.apiserver) });
}

function annotations(card: CardWriter, facts: RequestFacts): void {
  const others = otherAnnotations(facts.annotations);
  if (others.length === 0) return;
  card.heading("annotations", "Annotations");
  for (const [key, value] of others) {
    const meaning = explainAnnotation(key);
    card.text(`${key}:key`, line(span(card.safe(key), "accent"), span(meaning === "" ? "" : `  ${meaning}`, "muted")), {
      copy: key,
    });
    const shown = card.keyed(key, value, subjectOf(facts));
    card.paragraph(key, shown, "normal", {
      copy: shown,
      term: term(`annotation:${key}`, value),
    });
  }
}

function subjectOf({ resource }: RequestFacts): MaskSubject {
  return { resource: resource.split(".", 1)[0] ?? "" };
}

const TITLES = { requestObject: "Request body", responseObject: "Response body" } as const;

function body(
  card: CardWriter,
  context: PaneContext,
  detail: RequestDetail,
  which: keyof typeof TITLES,
  options: CardOptions,
): void {
  const { facts } = detail;
  const value = bodyOf(eventOf(detail), which);
  if (value === undefined) {
    if (which === "responseObject") return missingBodies(card, detail);
    return;
  }
  const shown = options.unmasked ? value : maskBody(value, subjectOf(facts));
  card.heading(
    which,
    TITLES[which],
    line(span(options.unmasked ? "not masked" : "secrets masked", options.unmasked ? "danger" : "muted")),
  );
  const lines = jsonLines(shown, {
    width: Math.max(20, context.width - 2),
    unicode: context.unicode,
    isFolded: (path, key) => options.isFolded(which, path, key),
  });
  for (const [at, json] of lines.entries())
    card.lines.push({
      id: `${which}:${at}`,
      line: [{ text: "  " }, ...json.line],
      ...(json.copy === undefined ? {} : { copy: json.copy }),
      ...(json.foldable ? { fold: `${which}${json.path}` } : {}),
    });
}

/** Says why there is no body, so that nobody takes it for an empty one. */
function missingBodies(card: CardWriter, detail: RequestDetail): void {
  const event = eventOf(detail);
  if (bodyOf(event, "requestObject") !== undefined && detail.facts.level !== "RequestResponse") {
    card.blank();
    card.text(
      "no-response",
      line(
        span(
          detail.facts.level === ""
            ? "No response body in this event."
            : `No response body: level ${card.safe(detail.facts.level)} does not log it.`,
          "muted",
        ),
      ),
    );
    return;
  }
  if (bodyOf(event, "requestObject") !== undefined) return;
  const { facts, rawMissing } = detail;
  const reason =
    rawMissing !== null
      ? `The original event cannot be read any more: ${card.safe(rawMissing)}`
      : event === undefined
        ? "The original event is not valid JSON; y shows its text."
        : facts.bodiesTruncated
          ? "No bodies: the API server dropped them (audit.k8s.io/truncated)."
          : facts.level === "Metadata"
            ? "No bodies: level Metadata does not log them."
            : "No bodies in this event.";
  card.blank();
  card.text("no-bodies", line(span(reason, rawMissing === null && event !== undefined ? "muted" : "warn")));
}

function source(card: CardWriter, { facts }: RequestDetail): void {
  card.heading("source", "Where it is in the log");
  card.field("file", facts.source.path, {
    note: `at byte ${count(facts.source.offset)}, ${byteSize(facts.source.bytes)}`,
  });
  card.field("auditID", facts.auditID);
}
