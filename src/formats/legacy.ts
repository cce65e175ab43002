import { requestAttributes } from "../events/request-attributes.ts";
import type { Format } from "./contract.ts";
import { withInferred } from "./shape/rebuilt-event.ts";

/** EventString of k8s.io/apiserver: `TIME AUDIT: id="…" stage="…" … response="200"`, each value quoted as Go does. */
const LINE = /(?:^|\s)(\S+) AUDIT: (id="(?:[^"\\]|\\.)*" .*)$/;
const PAIR = /([a-z-]+)="((?:[^"\\]|\\.)*)"/g;

function unquoted(text: string): string {
  return text.replaceAll(
    /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|(.))/gi,
    (all: string, byte?: string, short?: string, long?: string, plain?: string) => {
      const code = byte ?? short ?? long;
      if (code !== undefined)
        return Number.parseInt(code, 16) <= 0x10ffff ? String.fromCodePoint(Number.parseInt(code, 16)) : all;
      return plain === "n" ? "\n" : plain === "t" ? "\t" : plain === "r" ? "\r" : (plain ?? all);
    },
  );
}

/** Names that are quoted once more inside their value. */
function names(text: string): string[] {
  return [...text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, name = ""]) => unquoted(name));
}

function known(value: string | undefined, unknown: string): string | undefined {
  return value === undefined || value === unknown ? undefined : value;
}

export const legacy: Format = {
  id: "legacy",
  title: "Legacy text lines",
  docs: "What the API server writes with --audit-log-format=legacy: one line of text an event, without bodies and annotations.",
  loses: [
    "level",
    "user.uid",
    "user.extra",
    "sourceIPs (all but the first)",
    "objectRef.uid",
    "responseStatus.reason",
    "stageTimestamp",
    "annotations",
    "bodies",
  ],
  infers: ["objectRef from the request's URI"],
  lineMark: ' AUDIT: id="',
  line(text) {
    const match = LINE.exec(text);
    if (match === null) return null;
    const [, time = "", rest = ""] = match;
    const found = new Map<string, string>();
    for (const [, key = "", value = ""] of rest.matchAll(PAIR)) if (!found.has(key)) found.set(key, unquoted(value));
    const uri = found.get("uri") ?? "";
    const verb = found.get("method") ?? "";
    const attributes = requestAttributes(uri, verb);
    const username = known(found.get("user"), "<none>");
    const self = known(found.get("as"), "<self>");
    const groups = known(found.get("asgroups"), "<lookup>");
    const ip = known(found.get("ip"), "<unknown>");
    const response = known(found.get("response"), "<deferred>");
    const event = {
      kind: "Event",
      apiVersion: "audit.k8s.io/v1",
      auditID: found.get("id") ?? "",
      stage: found.get("stage") ?? "",
      requestURI: uri,
      verb,
      user: username === undefined ? {} : { username, groups: names(found.get("groups") ?? "") },
      ...(self === undefined
        ? {}
        : { impersonatedUser: { username: self, ...(groups === undefined ? {} : { groups: names(groups) }) } }),
      ...(ip === undefined ? {} : { sourceIPs: [ip] }),
      userAgent: found.get("user-agent") ?? "",
      ...(attributes?.isResourceRequest === true
        ? {
            objectRef: {
              resource: attributes.resource,
              namespace: known(found.get("namespace"), "<none>") ?? attributes.namespace,
              name: attributes.name,
              apiGroup: attributes.apiGroup,
              apiVersion: attributes.apiVersion,
              subresource: attributes.subresource,
            },
          }
        : {}),
      ...(response === undefined ? {} : { responseStatus: { code: Number(response) } }),
      requestReceivedTimestamp: time,
    };
    return { value: withInferred(event, attributes?.isResourceRequest === true ? ["objectRef from requestURI"] : []) };
  },
  samples: () => {
    const line = (id: string, response: string): string =>
      `2026-11-20T14:02:11.000001Z AUDIT: id="${id}" stage="ResponseComplete" ip="192.0.2.7" method="get" user="ada \\"x\\"" groups="\\"dev\\",\\"system:authenticated\\"" as="<self>" asgroups="<lookup>" user-agent="kubectl/v1.36.2" namespace="shop" uri="/api/v1/namespaces/shop/pods/web-0/log?follow=true" response="${response}"`;
    return [{ name: "lines", text: `${line("a", "200")}\n${line("b", "<deferred>")}\n`, events: 2 }];
  },
};
