import { isoTime } from "../events/time.ts";
import type { Level } from "../events/vocabulary.ts";
import type { Need } from "../findings/contract.ts";
import { EXPECTED } from "../findings/expected.ts";
import { DETECTORS } from "../findings/registry.ts";
import { type Found, requestMark } from "../policy/needs/contract.ts";
import { MATCH_ALL } from "../queries/contract.ts";
import { parseFilter } from "../queries/parse-filter.ts";
import type { Asks } from "./contract.ts";

/** Of each finding it is looked at what becomes of its latest requests, and of so many findings. */
const LOOKED_AT = 200;
const MOST_FINDINGS = 1_000;

/** All findings of the log. */
const ASK: Asks["findings"]["ask"] = { filter: MATCH_ALL, expectations: EXPECTED, auditIDs: 0 };

const LEVEL_OF: Readonly<Record<Need, Level>> = {
  metadata: "Metadata",
  annotations: "Metadata",
  messages: "Metadata",
  "request bodies": "Request",
  "response bodies": "RequestResponse",
};
const RANK: readonly Level[] = ["Metadata", "Request", "RequestResponse"];

/** What is found in the log, as a policy can be asked about it: whether its requests would be there as the detectors need them. */
export async function foundInLog(ask: Ask): Promise<readonly Found[]> {
  const { findings } = await ask("findings", ASK);
  const levels = new Map(DETECTORS.map(({ id, needs }) => [id, highest(needs.map((need) => LEVEL_OF[need]))]));
  const found: Found[] = [];
  for (const { id, title, evidence } of findings.slice(0, MOST_FINDINGS)) {
    const parsed = parseFilter(evidence.query);
    if (!parsed.ok) continue;
    const { rows } = await ask("rows", { filter: parsed.filter, anchor: "newest", before: LOOKED_AT, after: 1 });
    const name = `finding ${id}`;
    const requests = rows.map(({ receivedUs, verb, resource, subresource }) =>
      requestMark(isoTime(receivedUs) ?? "", verb, subresource === "" ? resource : `${resource}/${subresource}`),
    );
    const level = levels.get(id) ?? "Metadata";
    found.push({ feature: name, title: name, subject: title, what: `${name}: ${title}`, level, requests });
  }
  return found;
}

type Ask = <K extends "findings" | "rows">(kind: K, ask: Asks[K]["ask"]) => Promise<Asks[K]["answer"]>;

function highest(levels: readonly Level[]): Level {
  return RANK.findLast((level) => levels.includes(level)) ?? "Metadata";
}
