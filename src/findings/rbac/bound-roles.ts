import { field, type JsonValue, list, text } from "../../lineage/json.ts";
import type { Sighting } from "../contract.ts";

/** What a binding binds, as the log has it. */
export interface Bound {
  readonly role: string;
  /** `alice`, `group devs`, `service account ns/name`. */
  readonly subjects: readonly { readonly kind: string; readonly name: string; readonly namespace: string }[];
}

/** Of a write of a binding; null where neither body tells, as at level Metadata. The answer is whole, a patch is not. */
export function boundBy({ request, response }: Sighting): Bound | null {
  const body = [response, request].find((value) => text(field(value, "roleRef"), "name") !== "");
  if (body === undefined) return null;
  return {
    role: text(field(body, "roleRef"), "name"),
    subjects: list(body, "subjects").map((subject: JsonValue) => ({
      kind: text(subject, "kind"),
      name: text(subject, "name"),
      namespace: text(subject, "namespace"),
    })),
  };
}

export function subjectText({ kind, name, namespace }: Bound["subjects"][number]): string {
  if (kind === "Group") return `group ${name}`;
  return kind === "ServiceAccount" ? `service account ${namespace}/${name}` : name;
}
