import { asObject, field, text, type JsonObject } from "../../src/lineage/json.ts";

/**
 * The same requests as a policy at Metadata level would have logged them: no bodies, and no objectRef.name where the
 * client left the name to the API server (generateName). responseStatus stays, with the details of a Status answer.
 */
export function atMetadataLevel(events: readonly JsonObject[]): JsonObject[] {
  return events.map((event) => {
    const { requestObject, responseObject: _response, ...rest } = event;
    const generated =
      text(event, "verb") === "create" &&
      text(event, "objectRef", "subresource") === "" &&
      text(requestObject, "metadata", "generateName") !== "" &&
      text(requestObject, "metadata", "name") === "";
    if (!generated) return { ...rest, level: "Metadata" };
    const { name: _name, uid: _uid, ...reference } = asObject(field(event, "objectRef")) ?? {};
    return { ...rest, level: "Metadata", objectRef: reference };
  });
}
