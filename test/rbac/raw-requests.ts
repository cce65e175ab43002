import { referencedAttributes, requestAttributes } from "../../src/events/request-attributes.ts";
import type { RbacAuthorizer } from "../../src/rbac/authorizer.ts";
import { impersonationRights } from "../../src/rbac/impersonation.ts";
import type { Right } from "../../src/rbac/right.ts";
import { forEachLine, readLog } from "../support/log-files.ts";

interface UserInfo {
  readonly username?: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

export interface AuditEvent {
  readonly auditID: string;
  readonly stage: string;
  readonly requestReceivedTimestamp: string;
  readonly verb: string;
  readonly requestURI: string;
  readonly user: UserInfo;
  readonly impersonatedUser?: UserInfo;
  readonly objectRef?: object;
  readonly responseStatus?: { readonly code?: number };
  readonly authenticationMetadata?: { readonly impersonationConstraint?: string };
  readonly annotations?: Readonly<Record<string, string>>;
}

const STAGES = ["RequestReceived", "ResponseStarted", "ResponseComplete", "Panic"];

/** The requests of log files, each as the event of its latest stage: read with nothing but JSON.parse. */
export function requestsIn(paths: readonly string[]): readonly AuditEvent[] {
  const requests = new Map<string, AuditEvent>();
  for (const path of paths) {
    const bytes = readLog(path);
    forEachLine(bytes, (start, end) => {
      const event = JSON.parse(
        Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString(),
      ) as AuditEvent;
      const key = `${event.auditID} ${event.requestReceivedTimestamp}`;
      const known = requests.get(key);
      if (known === undefined || STAGES.indexOf(event.stage) >= STAGES.indexOf(known.stage)) {
        requests.set(key, withoutBodies(event));
      }
    });
  }
  return [...requests.values()];
}

function withoutBodies(event: AuditEvent): AuditEvent {
  return { ...event, requestObject: undefined, responseObject: undefined } as AuditEvent;
}

export function effectiveUser({ user, impersonatedUser }: AuditEvent): string {
  return (impersonatedUser ?? user).username ?? "";
}

export function decisionOf({ annotations }: AuditEvent): string {
  return annotations?.["authorization.k8s.io/decision"] ?? "";
}

export function isStarting({ annotations }: AuditEvent): boolean {
  return annotations?.["apiserver.k8s.io/startup"] !== undefined;
}

export function attributesOf(event: AuditEvent): Right {
  return (
    requestAttributes(event.requestURI, event.verb) ??
    referencedAttributes(event.objectRef ?? null, event.verb, event.requestURI)
  );
}

/** Whether every question of a request is answered with yes. */
export function isAllowed(authorizer: RbacAuthorizer, event: AuditEvent): boolean {
  const attributes = attributesOf(event);
  const real = { user: event.user.username ?? "", groups: event.user.groups ?? [] };
  const other = event.impersonatedUser;
  if (other === undefined) return authorizer.allowedBy(real, attributes) !== null;
  const acting = { user: other.username ?? "", groups: other.groups ?? [] };
  const rights = impersonationRights(
    {
      ...acting,
      uid: other.uid ?? "",
      extra: new Map(Object.entries(other.extra ?? {})),
      constraint: event.authenticationMetadata?.impersonationConstraint ?? "",
    },
    attributes,
  );
  return [authorizer.allowedBy(acting, attributes), ...rights.map((right) => authorizer.allowedBy(real, right))].every(
    (rule) => rule !== null,
  );
}
