/** What a log can and cannot answer, in plain sentences: for the screen and for `info`. */
import { isKubernetesEvent } from "../../events/kubernetes-event.ts";
import type { Level } from "../../events/vocabulary.ts";
import { newestText } from "../../models/newest-only.ts";
import { count, counted, duration, percent } from "../../models/numbers.ts";
import type { Coverage, KindCoverage, LevelCounts } from "../../queries/coverage.ts";

export interface CoverageAnswer {
  readonly question: string;
  readonly answer: "yes" | "partly" | "no";
  /** A sentence without its full stop. May hold names of the log. */
  readonly because: string;
  /** Which requests it is about. */
  readonly query?: string;
}

const MOST_NAMES = 4;
const BODIES: readonly (Level | "")[] = ["Request", "RequestResponse"];
/** Written all the time, and hardly asked about. */
const BEATS: ReadonlySet<string> = new Set(["leases.coordination.k8s.io"]);

export function coverageAnswers(coverage: Coverage): readonly CoverageAnswer[] {
  if (coverage.requests === 0) return [];
  return [
    wholeTime(coverage),
    everythingRead(coverage),
    who(coverage),
    whyAllowed(coverage),
    secrets(coverage),
    whatRead(coverage),
    whatChanged(coverage),
    failedLogins(coverage),
    cutOff(coverage),
    whyGone(coverage),
    whyCrashing(coverage),
    slowLayer(coverage),
    order(coverage),
  ].flatMap((answer) => (answer === null ? [] : [answer]));
}

function wholeTime({ gaps, restarts, newest }: Coverage): CoverageAnswer {
  const question = "Is every moment in it?";
  const silent = gaps.reduce((sum, { seconds }) => sum + seconds, 0);
  if (newest !== undefined) {
    const seen = gaps.length === 0 ? "no silence" : `${duration(silent * 1e3)} in ${counted(gaps.length, "silence")}`;
    const because = `${seen} among ${newestText(newest, "utc")} UTC: what is older was not looked through`;
    return { question, answer: "partly", because };
  }
  if (gaps.length === 0) {
    const anew = restarts.filter(({ from }) => from !== null).length;
    const restarted =
      anew === 0 ? "" : `; an API server was started anew ${anew === 1 ? "once" : `${count(anew)} times`}`;
    return { question, answer: "yes", because: `nothing is silent for longer than its traffic explains${restarted}` };
  }
  return {
    question,
    answer: "partly",
    because: `${duration(silent * 1e3)} in ${counted(gaps.length, "silence")}: what was asked then, if anything, is in no log`,
  };
}

function everythingRead({ inputs, evicted, isOverflowing, signs, events }: Coverage): CoverageAnswer {
  const sum = (...kinds: readonly (keyof (typeof inputs)[number]["skipped"])[]): number =>
    inputs.reduce((all, { skipped }) => all + kinds.reduce((own, kind) => own + skipped[kind], 0), 0);
  const bad = sum("bad", "truncated", "fragment");
  const faults = inputs.filter((input) => input.faults.length > 0).length;
  const twice = sum("duplicate");
  const missing = [
    ...(bad === 0 ? [] : [`${counted(bad, "line")} could not be read`]),
    ...(faults === 0
      ? []
      : [`${counted(faults, "input")} could not be read to the end, or ${faults === 1 ? "has" : "have"} lost a part`]),
    ...(evicted === 0 ? [] : [`the oldest ${counted(evicted, "request")} have left memory`]),
    ...(signs.cutBodies === 0
      ? []
      : [`the API server took the bodies of ${counted(signs.cutBodies, "event")} for their size`]),
    ...(isOverflowing ? ["some names did not fit in memory and count as (other)"] : []),
  ];
  const duplicates =
    twice === 0 ? "" : `; ${counted(twice, "event")} came more than once and ${twice === 1 ? "counts" : "count"} once`;
  return {
    question: "Is everything in it read?",
    answer: missing.length === 0 ? "yes" : "partly",
    because: `${missing.length === 0 ? `all ${counted(events, "event")}` : missing.join(", ")}${duplicates}`,
    ...(signs.cutBodies === 0 ? {} : { query: "annotation:audit.k8s.io/truncated=true" }),
  };
}

function who({ signs, requests }: Coverage): CoverageAnswer {
  const question = "Who did it, and from where?";
  if (signs.noUser === 0)
    return { question, answer: "yes", because: "user, address and program are in every request that was let in" };
  return {
    question,
    answer: signs.noUser < requests ? "partly" : "no",
    because: `${counted(signs.noUser, "request")} (${percent(signs.noUser / requests)}) name no user`,
    query: 'user:"" -code:401',
  };
}

function whyAllowed({ signs, requests }: Coverage): CoverageAnswer {
  const question = "Why was it allowed?";
  const share = signs.reasons / requests;
  if (signs.reasons === 0)
    return {
      question,
      answer: "no",
      because: "no request has the authorizer's reason: the log was cut down, or authorization is off",
    };
  return {
    question,
    answer: "yes",
    because: `the authorizer's reason is in ${percent(share)} of the requests; what was refused before it, or asked by system:masters, has none`,
    query: '-authreason:""',
  };
}

function secrets({ kinds }: Coverage): CoverageAnswer {
  const question = "Who read Secrets, and what was in them?";
  const kind = kinds.find(({ resource }) => resource === "secrets");
  const query = "resource:secrets";
  if (kind === undefined)
    return {
      question,
      answer: "no",
      because: "no request for Secrets is in here: nobody made one, or the policy leaves them out",
    };
  const all = sumOf([kind.reads, kind.writes]);
  const bodies = BODIES.reduce((sum, level) => sum + (all[level] ?? 0), 0);
  if (totalOf(kind.reads) === 0)
    return {
      question,
      answer: "partly",
      because: "only writes of Secrets are in here: nobody read one, or the policy leaves reads out",
      query,
    };
  return bodies === 0
    ? { question, answer: "partly", because: "Secrets are at Metadata: who read them yes, what was in them no", query }
    : {
        question,
        answer: "yes",
        because: `${counted(bodies, "request")} for Secrets ${bodies === 1 ? "is" : "are"} logged with bodies: this log is as secret as they are`,
        query,
      };
}

function whatRead({ kinds }: Coverage): CoverageAnswer {
  const question = "Who looked at what?";
  const read = kinds.filter(({ resource, reads }) => resource !== "" && totalOf(reads) > 0);
  if (read.length === 0)
    return {
      question,
      answer: "no",
      because: "there is no get, list or watch: the policy leaves reads out",
      query: "verb:get,list,watch",
    };
  const answers = read.filter(({ reads }) => (reads["RequestResponse"] ?? 0) > 0);
  const seen = answers.length === 0 ? "what the answers held no" : `what the answers held for ${names(answers)}`;
  return {
    question,
    answer: "yes",
    because: `reads of ${counted(read.length, "kind")} are in here; ${seen}`,
    query: 'verb:get,list,watch -resource:""',
  };
}

function whatChanged({ kinds }: Coverage): CoverageAnswer {
  const question = "What was changed, and to what?";
  const written = kinds.filter(
    ({ resource, writes }) => resource !== "" && !BEATS.has(resource) && totalOf(writes) > 0,
  );
  if (written.length === 0)
    return {
      question,
      answer: "no",
      because: "there is no write: nothing was changed, or the policy leaves writes out",
    };
  const query = "verb:write";
  const [withBodies, without] = [written.filter(hasBodies), written.filter((kind) => !hasBodies(kind))];
  if (withBodies.length === 0)
    return {
      question,
      answer: "partly",
      because: `writes are at Metadata: that ${names(written)} were changed yes, what in them no`,
      query,
    };
  if (without.length === 0)
    return { question, answer: "yes", because: `writes of all ${counted(written.length, "kind")} have bodies`, query };
  return {
    question,
    answer: "partly",
    because: `writes of ${counted(withBodies.length, "kind")} have bodies; of ${names(without)} only that they were written`,
    query,
  };
}

function failedLogins({ signs, stages }: Coverage): CoverageAnswer {
  const question = "Who failed to log in?";
  if (signs.failedLogins > 0)
    return {
      question,
      answer: "yes",
      because: `${counted(signs.failedLogins, "request")} answered 401: address and program, never a user`,
      query: "code:401",
    };
  return hasStage(stages, "ResponseStarted")
    ? { question, answer: "yes", because: "nobody did: 401 has stage ResponseStarted, and that stage is kept" }
    : { question, answer: "no", because: "there is no stage ResponseStarted, the only one that a refused log-in has" };
}

function cutOff({ stages, cutOff: lost, inFlight }: Coverage): CoverageAnswer {
  const question = "What did a restart cut off?";
  if (!hasStage(stages, "RequestReceived"))
    return {
      question,
      answer: "no",
      because:
        "there is no stage RequestReceived: requests cut off by a restart can't be told, but for watches and the like",
    };
  return {
    question,
    answer: "yes",
    because: `${counted(lost, "request")} cut off, ${count(inFlight)} still in flight: whether they took effect is not told`,
  };
}

function whyGone({ signs }: Coverage): CoverageAnswer {
  const question = "Why is a pod gone?";
  const missing = [
    ...(signs.controllers === 0 ? ["controllers and the scheduler"] : []),
    ...(signs.kubelets === 0 ? ["kubelets"] : []),
  ];
  return missing.length === 0
    ? { question, answer: "yes", because: "controllers and kubelets are in here: `ktrail why` follows the causes" }
    : {
        question,
        answer: missing.length === 2 ? "no" : "partly",
        because: `nothing of ${missing.join(" or ")} is in here`,
      };
}

function whyCrashing({ kinds }: Coverage): CoverageAnswer {
  const question = "Why does it not start, or crash?";
  const events = kinds.filter(({ resource, writes }) => isKubernetesEvent(resource) && totalOf(writes) > 0);
  if (events.length === 0)
    return {
      question,
      answer: "no",
      because: "Kubernetes Events are not logged: neither their reasons nor their texts",
    };
  return events.some(hasBodies)
    ? {
        question,
        answer: "yes",
        because: "Kubernetes Events are logged with their reasons and texts: `ktrail k8s-events`",
        query: "verb:create,patch resource:events",
      }
    : {
        question,
        answer: "partly",
        because: "Kubernetes Events are at Metadata: about which object yes, what they said no",
        query: "resource:events",
      };
}

function slowLayer({ signs }: Coverage): CoverageAnswer {
  const question = "Which layer was slow?";
  return signs.layers === 0
    ? {
        question,
        answer: "no",
        because:
          "no request has latency annotations: none took more than 500 ms, or the release does not write them (1.34 to 1.35.0)",
      }
    : {
        question,
        answer: "yes",
        because: `${counted(signs.layers, "request")} over 500 ms ${signs.layers === 1 ? "says" : "say"} how long etcd, webhooks, queues and writing took`,
        query: "annotation:apiserver.latency.k8s.io/*=*",
      };
}

/** Null where there is but one API server to be told. */
function order({ servers, clocks, inputs }: Coverage): CoverageAnswer | null {
  const question = "In which order, across API servers?";
  const named = servers.filter(({ apiserver }) => apiserver !== "");
  if (named.length === 0)
    return inputs.length < 2
      ? null
      : {
          question,
          answer: "partly",
          because: `${counted(inputs.length, "input")} name no API server: were they of several, a silence of one would hide behind another`,
        };
  if (named.length < 2) return null;
  const [worst] = [...clocks].sort((a, b) => Math.abs(b.aheadMs) - Math.abs(a.aheadMs));
  return worst === undefined
    ? { question, answer: "yes", because: `no clock of the ${count(named.length)} API servers is known to be off` }
    : {
        question,
        answer: "partly",
        because: `the clock of ${worst.apiserver} is ${duration(Math.abs(worst.aheadMs))} ${worst.aheadMs > 0 ? "ahead of" : "behind"} that of ${worst.of}, give or take ${duration(worst.plusMinusMs)}; only trails are corrected`,
      };
}

/** `Request 3, Metadata 1`; the most frequent first. */
export function levelsText(counts: Readonly<Record<string, number>>): string {
  const all = Object.entries(counts).sort((a, b) => b[1] - a[1]);
  return all.map(([level, requests]) => `${level === "" ? "not told" : level} ${count(requests)}`).join(", ");
}

function hasStage(stages: Coverage["stages"], stage: string): boolean {
  return (stages[stage] ?? 0) > 0;
}

function hasBodies({ writes }: KindCoverage): boolean {
  return BODIES.some((level) => (writes[level] ?? 0) > 0);
}

function totalOf(counts: LevelCounts): number {
  return Object.values(counts).reduce((sum, requests) => sum + requests, 0);
}

function sumOf(all: readonly LevelCounts[]): LevelCounts {
  const sum: Partial<Record<Level | "", number>> = {};
  for (const counts of all)
    for (const [level, requests] of Object.entries(counts) as [Level | "", number][])
      sum[level] = (sum[level] ?? 0) + requests;
  return sum;
}

function names(kinds: readonly KindCoverage[]): string {
  const all = [...new Set(kinds.map(({ resource }) => resource.split(".", 1)[0] ?? ""))];
  return all.length <= MOST_NAMES
    ? all.join(", ")
    : `${all.slice(0, MOST_NAMES - 1).join(", ")} and ${count(all.length - MOST_NAMES + 1)} more`;
}
