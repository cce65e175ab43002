import type { EventFacts } from "../../events/event-facts.ts";
import { isObject, type JsonObject, objectOf, textOf } from "../../events/json-values.ts";

/** What bodies say of the object a request is about, so that its life and its family are found without reading bodies. */
export interface ObjectFacts {
  /** As the API server named it: a create by generateName has its name in the answer only. */
  readonly name: string;
  readonly generateName: string;
  readonly uid: string;
  readonly ownerUids: readonly string[];
  /** `Kind/name` */
  readonly owners: readonly string[];
  /** metadata.deletionTimestamp, as it stands there. */
  readonly deletion: string;
}

const MOST_OWNERS = 20;

/** The answer counts over what was asked; `status`: responseStatus, whose details name a deleted object. */
export function objectFacts({ requestObject, responseObject, uid, name }: EventFacts, status: JsonObject): ObjectFacts {
  const answer = objectOf(responseObject);
  const answered = answer["kind"] === "Status" ? {} : objectOf(answer["metadata"]);
  const asked = objectOf(objectOf(requestObject)["metadata"]);
  const details = objectOf(answer["kind"] === "Status" ? answer["details"] : status["details"]);
  const either = (key: string): string => (textOf(answered[key]) || textOf(asked[key])).toWellFormed();
  const listed = answered["ownerReferences"] ?? asked["ownerReferences"];
  const owners = (Array.isArray(listed) ? listed : []).filter(isObject).slice(0, MOST_OWNERS);
  return {
    name: name || either("name"),
    generateName: either("generateName"),
    uid: uid || either("uid") || textOf(details["uid"]).toWellFormed(),
    ownerUids: owners.map((owner) => textOf(owner["uid"]).toWellFormed()),
    owners: owners.map((owner) => `${textOf(owner["kind"])}/${textOf(owner["name"])}`.toWellFormed()),
    deletion: either("deletionTimestamp"),
  };
}
