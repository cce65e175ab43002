import type { MeaningRule } from "../contract.ts";
import { list, ofFile, ofRule, percentText } from "../findings.ts";

const INSTEAD = "omitStages: [RequestReceived] above the rules";

export const requestReceived: MeaningRule = {
  of: "meaning",
  id: "request-received",
  severity: "info",
  about: "Stage RequestReceived kept: twice the events, for what is only seen of requests cut off by a crash.",
  hits: [
    { text: "rules: [{level: Metadata}]", says: "two events" },
    {
      text: "rules: [{level: Metadata, omitStages: [RequestReceived], users: [a]}, {level: Request}]",
      says: "unlike elsewhere",
    },
  ],
  misses: [
    "omitStages: [RequestReceived]\nrules: [{level: Metadata}]",
    "rules: [{level: Metadata, omitStages: [RequestReceived]}, {level: None}]",
  ],
  check: ({ policy, log }) => {
    if (policy.omitStages.includes("RequestReceived")) return [];
    const written = policy.rules.flatMap((rule, at) => (rule.level === "None" ? [] : [{ rule, at }]));
    const keeping = written.filter(({ rule }) => !rule.omitStages.includes("RequestReceived"));
    if (keeping.length === 0) return [];
    const share = log === null || log.events === 0 ? null : log.requestReceived / log.events;
    const measured = share === null ? "" : `; in this log ${percentText(share)} of the events are of that stage`;
    const only = "the first of them tells nothing that the second does not, but of requests cut off by a crash";
    if (keeping.length === written.length) {
      return [ofFile(`stage RequestReceived is kept: each request has two events, and ${only}${measured}`, INSTEAD)];
    }
    const [first] = keeping;
    if (first === undefined) return [];
    const lines = list(keeping.map(({ rule }) => `line ${String(rule.place.line)}`));
    const message = `stage RequestReceived is kept by ${lines}, unlike elsewhere: each request has two events, and ${only}${measured}`;
    return [ofRule(first.at, first.rule.place, message, INSTEAD)];
  },
};
