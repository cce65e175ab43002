import { isObject } from "../audit-event.ts";
import type { Envelope } from "../contract.ts";
import { escapeControls } from "../sample-text.ts";

/** An AKS diagnostic record: the event as a string (or object) in `properties.log`, its kind of log in `category`. */
export const azureEnvelope: Envelope = {
  open(value) {
    const properties = value["properties"];
    const category = value["category"];
    if (!isObject(properties) || typeof category !== "string") return null;
    if (category !== "kube-audit" && category !== "kube-audit-admin") {
      return { foreign: `an Azure record of category ${escapeControls(category.slice(0, 40))}` };
    }
    const pod = properties["pod"];
    const apiserver = typeof pod === "string" ? { apiserver: pod } : {};
    const log = properties["log"];
    if (typeof log === "string") return { event: log, ...apiserver };
    if (isObject(log)) return { path: ["properties", "log"], ...apiserver };
    return { foreign: "an Azure record without properties.log" };
  },
};
