import { codeOf } from "../events/event-facts.ts";
import { isObject, objectOf } from "../events/json-values.ts";
import { impersonatedOf } from "../events/impersonation.ts";
import { parseJson } from "../events/json.ts";
import { resourceText } from "../events/object-key.ts";
import {
  type ObjectReference,
  referencedAttributes,
  type RequestAttributes,
  requestAttributes,
} from "../events/request-attributes.ts";
import { LEVELS, STAGES, type Level, type Stage } from "../events/vocabulary.ts";
import { type Member, objectMembers } from "../formats/shape/json-bytes.ts";
import { type Cut, managedFieldsCuts, memberCuts } from "./event-cuts.ts";
import type { EventPart } from "./needs/contract.ts";
import { policyUser, type PolicyUser } from "./user.ts";

/** Written from Request up only. */
const PATCH_ANNOTATION = "patch.webhook.admission.k8s.io/";
/** The least level with each body. */
const BODIES: ReadonlyMap<string, Level> = new Map([
  ["requestObject", "Request"],
  ["responseObject", "RequestResponse"],
]);
const TRUNCATED = Buffer.from('"audit.k8s.io/truncated"');
const PATCH_KEY = Buffer.from(`"${PATCH_ANNOTATION}`);

/**
 * Reads events from the bytes of their JSON objects. Users repeat: the last ones are kept. An event is valid as long as
 * its bytes are.
 */
export class AuditedEventReader {
  private readonly users = new Map<string, PolicyUser | null>();

  /** `members` are those of the object at bytes[start, end). */
  read(bytes: Buffer, start: number, end: number, members: readonly Member[]): AuditedEvent {
    return new AuditedEvent(bytes, start, end, members, (span) => this.user(bytes, span));
  }

  private user(bytes: Buffer, span: Member | undefined): PolicyUser | null {
    if (span === undefined) return null;
    const raw = bytes.toString("utf8", span.start, span.end);
    const known = this.users.get(raw);
    if (known !== undefined) return known;
    const value = parsed(raw);
    const { username, groups } = isObject(value) ? value : {};
    const texts = Array.isArray(groups) ? groups.filter((group) => typeof group === "string") : [];
    const user = policyUser(typeof username === "string" ? username : "", texts);
    if (raw.length <= LONGEST_USER) {
      if (this.users.size >= MOST_USERS) this.users.clear();
      this.users.set(raw, user);
    }
    return user;
  }
}

const MOST_USERS = 4_096;
const LONGEST_USER = 8_192;

/** One event of a log, as far as a policy has to do with it. */
export class AuditedEvent {
  readonly auditID: string;
  readonly stage: Stage;
  /** The level it was recorded at. */
  readonly level: Level;
  /** requestReceivedTimestamp, verbatim. */
  readonly received: string;
  /** Null after a failed authentication. */
  readonly user: PolicyUser | null;
  readonly attributes: RequestAttributes;
  /** As the `resource` dimension spells it: `pods/exec`, `deployments.apps`; "" for a non-resource request. */
  readonly target: string;
  /** The API server dropped the bodies: they were too large. */
  readonly isTruncated: boolean;
  readonly isImpersonated: boolean;
  private readonly buffer: Buffer;
  private readonly start: number;
  private readonly end: number;
  private readonly members: readonly Member[];

  constructor(
    buffer: Buffer,
    start: number,
    end: number,
    members: readonly Member[],
    userOf: (span: Member | undefined) => PolicyUser | null,
  ) {
    this.buffer = buffer;
    this.start = start;
    this.end = end;
    this.members = members;
    this.auditID = this.text("auditID");
    this.stage = STAGES.find((stage) => stage === this.text("stage")) ?? "ResponseComplete";
    this.level = LEVELS.find((level) => level === this.text("level")) ?? "Metadata";
    this.received = this.text("requestReceivedTimestamp") || this.text("timestamp");
    this.user = userOf(this.member("user"));
    const annotations = this.member("annotations");
    this.isTruncated = annotations !== undefined && this.holds(annotations, TRUNCATED);
    this.isImpersonated = impersonatedOf(this.value("impersonatedUser")) !== null;
    const verb = this.text("verb");
    const uri = this.text("requestURI");
    this.attributes = requestAttributes(uri, verb) ?? referencedAttributes(this.reference(), verb, uri);
    this.target = targetOf(this.attributes);
  }

  /** Of the line, with its newline. */
  get bytes(): number {
    return this.end - this.start + 1;
  }

  has(part: EventPart): boolean {
    if (part !== "webhookPatches") return this.member(part) !== undefined;
    const annotations = this.member("annotations");
    return annotations !== undefined && this.holds(annotations, PATCH_KEY);
  }

  /** What the event would be at another level: its bytes at most, where it was recorded at a lower one. */
  keptBytes(level: Level, omitManagedFields: boolean): number {
    const cut = this.cuts(level, omitManagedFields).reduce((sum, { start, end }) => sum + end - start, 0);
    return this.bytes - cut + this.levelGrowth(level);
  }

  /** That event itself, without a newline. */
  reduced(level: Level, omitManagedFields: boolean): Buffer {
    const span = this.member("level");
    const label = span === undefined ? [] : [{ ...span, text: JSON.stringify(level) }];
    const edits: readonly (Cut & { readonly text?: string })[] = [...label, ...this.cuts(level, omitManagedFields)];
    const parts: Buffer[] = [];
    let at = this.start;
    for (const { start, end, text } of edits.toSorted((a, b) => a.start - b.start)) {
      parts.push(this.buffer.subarray(at, start));
      if (text !== undefined) parts.push(Buffer.from(text));
      at = end;
    }
    parts.push(this.buffer.subarray(at, this.end));
    return Buffer.concat(parts);
  }

  private levelGrowth(level: Level): number {
    const span = this.member("level");
    return span === undefined ? 0 : level.length + 2 - (span.end - span.start);
  }

  private cuts(level: Level, omitManagedFields: boolean): readonly Cut[] {
    const { buffer, members } = this;
    const notes = level === "Metadata" ? this.patchNotes() : [];
    const gone = (member: Member): boolean => {
      const least = BODIES.get(member.key);
      if (least !== undefined) return LEVELS.indexOf(level) < LEVELS.indexOf(least);
      return member.key === "annotations" && notes === null;
    };
    const cuts = memberCuts(buffer, members, gone);
    if (notes !== null) cuts.push(...notes);
    if (!omitManagedFields) return cuts;
    for (const member of members) {
      // What a patch says is logged as it was sent.
      const isAsSent = member.key === "requestObject" && this.attributes.verb === "patch";
      if (BODIES.has(member.key) && !gone(member) && !isAsSent) cuts.push(...managedFieldsCuts(buffer, member));
    }
    return cuts;
  }

  /** Annotations that go at Metadata; null when all of them do. */
  private patchNotes(): readonly Cut[] | null {
    const annotations = this.members.find(({ key }) => key === "annotations");
    if (annotations === undefined || !this.holds(annotations, PATCH_KEY)) return [];
    const members = objectMembers(this.buffer, annotations.start, annotations.end);
    const isPatch = ({ key }: Member): boolean => key.startsWith(PATCH_ANNOTATION);
    return members.every(isPatch) ? null : memberCuts(this.buffer, members, isPatch);
  }

  private member(key: string): Member | undefined {
    // As JSON.parse, which takes the last of several.
    return this.members.findLast((member) => member.key === key);
  }

  private holds({ start, end }: Member, what: Buffer): boolean {
    return this.buffer.subarray(start, end).includes(what);
  }

  private reference(): ObjectReference | null {
    const value = this.value("objectRef");
    if (!isObject(value)) return null;
    return Object.fromEntries(Object.entries(value).filter(([, field]) => typeof field === "string"));
  }

  get code(): number | null {
    return codeOf(objectOf(this.value("responseStatus"))["code"]) || null;
  }

  private value(key: string): unknown {
    const span = this.member(key);
    return span === undefined ? undefined : parsed(this.buffer.toString("utf8", span.start, span.end));
  }

  private text(key: string): string {
    const span = this.member(key);
    if (span === undefined || this.buffer[span.start] !== 0x22) return "";
    const raw = this.buffer.toString("utf8", span.start, span.end);
    if (!raw.includes("\\")) return raw.slice(1, -1);
    const value = parsed(raw);
    return typeof value === "string" ? value : "";
  }
}

function targetOf({ isResourceRequest, apiGroup, resource, subresource }: RequestAttributes): string {
  if (!isResourceRequest) return "";
  return resourceText(apiGroup === "" ? resource : `${resource}.${apiGroup}`, subresource, "");
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
