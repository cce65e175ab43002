/** Detectors for which one request is enough: what is alike by the same actor is one finding. */
import type { RequestFacts } from "../events/request.ts";
import type { Draft, SeenRequest, SequenceDetector, Severity, Sighting, Subject } from "./contract.ts";
import { severityRank, shifted, worse } from "./severity.ts";
import { byTerms, joined, onTerms } from "./terms.ts";
import { actorText, list, objectOf, targetText } from "./words.ts";

/** What is said of one request. */
export interface Judgement {
  /** What was done, after the actor: [`bound`, `bind`]. Default: by the verb. */
  readonly did?: readonly [past: string, infinitive: string];
  /** To what: `cluster-admin to mallory`. Default: the target. */
  readonly what?: string;
  readonly severity?: Severity;
  /** Why the severity is not the usual one. */
  readonly why?: string;
  /** Requests of one actor with the same key are one incident. Default: the object, else the target. */
  readonly key?: string;
  /** Whose doing it is, where it is not the actor's as it stands. */
  readonly who?: string;
}

export interface IncidentRule extends Omit<SequenceDetector, "kind" | "start" | "reads"> {
  /** Default: "facts". */
  readonly reads?: SequenceDetector["reads"];
  /** Null: nothing to say. */
  readonly judge?: Judge;
  /** Instead of `judge`, for one that remembers: a new one for every pass. */
  judging?(): Judge;
  /** Whether a request was not carried out. Default: answered with 400 or more. */
  readonly isRefused?: (facts: RequestFacts) => boolean;
  /** The severity is that of an attempt: it is no lower for one. */
  readonly isAttemptUsual?: boolean;
}

type Judge = (sighting: Sighting) => Judgement | null;

/** Marks kept of one incident: whoever has more is told by terms alone. */
const MOST_MARKS = 200;
/** Incidents told apart of one detector, and those of one actor that are told one by one. */
const MOST_INCIDENTS = 2_000;
const MOST_OF_ONE = 3;

const DID: Readonly<Record<string, readonly [string, string]>> = {
  create: ["created", "create"],
  update: ["changed", "change"],
  patch: ["changed", "change"],
  delete: ["deleted", "delete"],
  deletecollection: ["deleted all", "delete all"],
  get: ["read", "read"],
  list: ["listed", "list"],
  watch: ["watched", "watch"],
};

export function didOf(verb: string): readonly [past: string, infinitive: string] {
  return DID[verb] ?? [`did ${verb} on`, `${verb}`];
}

interface Incident {
  readonly facts: RequestFacts;
  readonly attempt: boolean;
  readonly marks: SeenRequest[];
  requests: number;
  firstUs: number;
  lastUs: number;
  severity: Severity;
  /** Of the worst request. */
  judgement: Judgement;
  readonly codes: Set<number>;
  readonly targets: Set<string>;
}

export function incidents({ judge, judging, reads = "facts", ...rule }: IncidentRule): SequenceDetector {
  const { isRefused: isAttempt = isRefused, isAttemptUsual = false, ...description } = rule;
  return {
    wholeRun: true,
    ...description,
    kind: "sequence",
    reads,
    start() {
      const found = new Map<string, Incident>();
      const judgeNow = judging?.() ?? judge;
      return {
        see: (sighting) => {
          const judgement = judgeNow?.(sighting) ?? null;
          if (judgement === null) return;
          const attempt = isAttempt(sighting.facts);
          const usual = judgement.severity ?? rule.severity;
          add(found, sighting, judgement, attempt, attempt && !isAttemptUsual ? shifted(usual, -1) : usual);
        },
        found: () => drafts([...found.values()], rule.wants, rule.isRefused === undefined),
      };
    },
  };
}

export function markOf({ facts, auditID }: Sighting): SeenRequest {
  return { seq: facts.seq, receivedUs: facts.receivedUs, auditID };
}

/** Answered with 400 or more. */
export function isRefused({ code }: Pick<RequestFacts, "code">): boolean {
  return code !== null && code >= 400;
}

function add(
  found: Map<string, Incident>,
  sighting: Sighting,
  judgement: Judgement,
  attempt: boolean,
  severity: Severity,
): void {
  const { facts } = sighting;
  const target = targetText(facts);
  const key = JSON.stringify([byTerms(facts), attempt, judgement.key ?? target]);
  let incident = found.get(key);
  if (incident === undefined) {
    if (found.size >= MOST_INCIDENTS) return;
    incident = {
      facts,
      attempt,
      marks: [],
      requests: 0,
      firstUs: facts.receivedUs,
      lastUs: facts.receivedUs,
      severity,
      judgement,
      codes: new Set(),
      targets: new Set(),
    };
    found.set(key, incident);
  }
  if (severityRank(severity) > severityRank(incident.severity)) Object.assign(incident, { severity, judgement });
  incident.requests += 1;
  incident.firstUs = Math.min(incident.firstUs, facts.receivedUs);
  incident.lastUs = Math.max(incident.lastUs, facts.receivedUs);
  if (incident.marks.length < MOST_MARKS) incident.marks.push(markOf(sighting));
  if (facts.code !== null) incident.codes.add(facts.code);
  if (incident.targets.size < MOST_MARKS) incident.targets.add(target);
}

/** `byCode`: the code tells what was refused. */
function drafts(all: readonly Incident[], wants: string, byCode: boolean): readonly Draft[] {
  const byActor = Map.groupBy(all, ({ facts, attempt }) => `${byTerms(facts)} ${attempt}`);
  return [...byActor.values()].flatMap((own) =>
    own.length <= MOST_OF_ONE
      ? own.map((incident) => draftOf([incident], wants, byCode))
      : [draftOf(own, wants, byCode)],
  );
}

/** Of one incident, or of many by one actor. */
function draftOf(own: readonly Incident[], wants: string, byCode: boolean): Draft {
  const worst = own.reduce((a, b) => (severityRank(b.severity) > severityRank(a.severity) ? b : a));
  const { facts, attempt, judgement } = worst;
  const [past, infinitive] = judgement.did ?? didOf(facts.verb);
  const what = judgement.what ?? targetText(facts);
  const requests = own.reduce((sum, incident) => sum + incident.requests, 0);
  const targets = [...new Set(own.flatMap((incident) => [...incident.targets]))];
  const codes = [...new Set(own.flatMap((incident) => [...incident.codes]))].sort((a, b) => a - b);
  const more = own.length > 1 ? `, and ${own.length - 1} more like it` : "";
  const did = attempt ? `tried to ${infinitive}` : past;
  const outcome = codes.every((code) => code === 404) ? "found nothing" : "was refused";
  const refusal = attempt ? ` and ${outcome} (${codes.join(", ")})` : "";
  const who = judgement.who ?? actorText(facts);
  const title = `${who} ${did} ${what}${more}${refusal}`;
  const from = facts.ip === "" ? "" : ` from ${facts.ip}`;
  const by = facts.useragent === "" ? "" : ` with ${facts.useragent}`;
  const times = requests === 1 ? "once" : `${requests} times`;
  const isOne = targets.length === 1;
  return {
    severity: own.reduce((sum, incident) => worse(sum, incident.severity), worst.severity),
    title,
    detail: `${who} ${did} ${isOne ? what : list(targets)} ${times}${from}${by}${refusal}`,
    ...(judgement.why === undefined ? {} : { why: judgement.why }),
    subject: subjectOf(facts, isOne),
    evidence: {
      terms: joined(
        `(${wants})`,
        byTerms(facts),
        own.length === 1 && isOne ? onTerms(facts) : "",
        byCode ? (attempt ? "code:>=400" : "code:<400") : "",
      ),
      marks: own.flatMap(({ marks }) => marks).sort((a, b) => a.seq - b.seq),
      requests,
    },
    ...(attempt ? { attempt } : {}),
  };
}

export function subjectOf(facts: RequestFacts, withObject: boolean): Subject {
  const user = facts.asFrom === "" ? facts.user : facts.asFrom;
  const object = withObject ? objectOf(facts) : "";
  return {
    ...(user === "" ? {} : { user }),
    ...(facts.ip === "" ? {} : { ip: facts.ip }),
    ...(facts.useragent === "" ? {} : { useragent: facts.useragent }),
    ...(facts.resource === ""
      ? {}
      : { resource: facts.subresource === "" ? facts.resource : `${facts.resource}/${facts.subresource}` }),
    ...(facts.namespace === "" || !withObject ? {} : { namespace: facts.namespace }),
    ...(object === "" ? {} : { object }),
  };
}
