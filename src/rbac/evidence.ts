import { type JsonObject, objectOf, textOf, textsOf } from "../events/json-values.ts";
import { impersonatedOf } from "../events/impersonation.ts";
import type { AccessRow } from "../queries/accesses.ts";
import type { Impersonation } from "./impersonation.ts";

/** What only the original event of a request tells about rights. */
export interface Evidence {
  /** Groups of the real user, and who was acted as; null without impersonation. */
  readonly realGroups: readonly string[];
  readonly impersonation: Impersonation | null;
  /** responseStatus.message. */
  readonly message: string;
  /** Of a certificate signing request. */
  readonly signer: string;
  /** The request carries a certificate: it was signed. */
  readonly hasCertificate: boolean;
  /** Of a binding that was written. */
  readonly role: { readonly kind: string; readonly name: string } | null;
  /** Name of what was written, for creates, whose URL has none. */
  readonly name: string;
}

const RBAC_GROUP = "rbac.authorization.k8s.io";
const WRITES: readonly string[] = ["create", "update", "patch"];
/** Events read of one entry: others like it mostly say the same. */
const FEW = 16;
const MANY = 64;

/** How many events of an entry are worth reading again. */
export function eventsWanted(row: Omit<AccessRow, "seqs">): number {
  const { attributes, asFrom, decision, code } = row;
  if (asFrom !== "") return MANY;
  if (code === 403 && decision !== "forbid") return FEW;
  const isRefused = decision === "forbid" || (code ?? 0) >= 400;
  if (isRefused || !attributes.isResourceRequest || !WRITES.includes(attributes.verb)) return 0;
  if (attributes.resource === "certificatesigningrequests") return attributes.subresource === "" ? 0 : FEW;
  return attributes.apiGroup === RBAC_GROUP ? FEW : 0;
}

/** `event`: the parsed JSON of an audit event of any version. Missing or odd parts count as absent. */
export function evidenceOf(event: unknown): Evidence {
  const root = objectOf(event);
  const acting = impersonatedOf(root["impersonatedUser"]);
  const body = objectOf(root["requestObject"]);
  const answer = objectOf(root["responseObject"]);
  const roleRef = objectOf(body["roleRef"] ?? answer["roleRef"]);
  const status = objectOf(body["status"]);
  return {
    realGroups: textsOf(objectOf(root["user"])["groups"]),
    impersonation: acting === null ? null : impersonationOf(root, acting),
    message: textOf(objectOf(root["responseStatus"])["message"]),
    signer: textOf(objectOf(body["spec"])["signerName"]) || textOf(objectOf(answer["spec"])["signerName"]),
    hasCertificate: textOf(status["certificate"]) !== "",
    role: textOf(roleRef["name"]) === "" ? null : { kind: textOf(roleRef["kind"]), name: textOf(roleRef["name"]) },
    name: textOf(objectOf(body["metadata"])["name"]) || textOf(objectOf(root["objectRef"])["name"]),
  };
}

function impersonationOf(root: JsonObject, acting: JsonObject): Impersonation {
  const extra = Object.entries(objectOf(acting["extra"])).map(([key, values]) => [key, textsOf(values)] as const);
  return {
    user: textOf(acting["username"]),
    groups: textsOf(acting["groups"]),
    uid: textOf(acting["uid"]),
    extra: new Map(extra),
    constraint: textOf(objectOf(root["authenticationMetadata"])["impersonationConstraint"]),
  };
}
