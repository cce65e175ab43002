import { KEY_BYTES } from "../support/key-bytes.ts";

/** Made of the bundled log: without bodies; and as that of one of two API servers. */
export type MadeLog = "metadata" | "two servers";

/** A question of an incident and how it is asked here. The page `docs/questions.md` is made from this list, and every row of it is played. */
export interface Question {
  readonly question: string;
  /** Where the bundled log has no such case. */
  readonly log?: MadeLog;
  /** From the first screen: names of keys, or text typed into a prompt. */
  readonly keys: readonly string[];
  /** Presses it took in the first version, without texts; more where times had to be typed. */
  readonly before: string;
  /** What must stand on the screen, at 80×24 too. */
  readonly shows: readonly RegExp[];
  /** What one reads there. */
  readonly answer: string;
}

/** More presses than these, texts apart, are too many at 3 a.m. */
export const MOST_PRESSES = 8;

/** Keys that are pressed: a name or a filter that is typed does not count. */
export function pressesOf({ keys }: Pick<Question, "keys">): number {
  return keys.filter((key) => KEY_BYTES.has(key) || key.length === 1).length;
}

export const QUESTIONS: readonly Question[] = [
  {
    question: "What broke around 00:14?",
    keys: [":", "info", "enter"],
    before: "3, partly",
    shows: [/started anew 2026-11-21 00:14:00\.\d+, 17\.6 s without a\s+request, 23 cut off/],
    answer: "the API server was started anew, with how long it was silent and what it left unanswered",
  },
  {
    question: "Who deleted things; was it a human?",
    keys: ["/", "verb:delete,deletecollection actor:human", "enter", "6"],
    before: "3",
    shows: [/200 +delete +pods .*bob@/, /403 +delete .*mallory@/],
    answer: "people's deletes in their order",
  },
  {
    question: "Why is this pod gone?",
    keys: [":", "why pod/nginx-857899445-7x5j6 -n demo", "enter"],
    before: "1",
    shows: [/scaled-down +certain/, /alice@example\.com, scaled 4 → 2/],
    answer: "the chain back to whoever scaled the Deployment",
  },
  {
    question: "Why was db-0 evicted?",
    keys: [":", "why pod/db-0 -n demo", "enter", "["],
    before: "3",
    shows: [/drained|evicted/, /carol@example\.com/, /db-pdb/],
    answer: "a drain by carol, held back by a PodDisruptionBudget until bob deleted it",
  },
  {
    question: "Why was this pod preempted?",
    keys: [":", "why pod/filler-3 -n ci", "enter"],
    before: "2",
    shows: [/preempted/, /urgent-task/, /carol@example\.com/],
    answer: "for `urgent-task`, which carol created with a higher priority",
  },
  {
    question: "Who is the biggest load, since when?",
    keys: ["2"],
    before: "1, without since when",
    shows: [/▸ sa:load\/burst +1,446/, /first seen 00:13:08 · last seen 00:15:55/],
    answer: "a service account, with when it was first and last seen",
  },
  {
    question: "Who read Secrets?",
    keys: ["/", "resource:secrets verb:get,list actor:human", "enter", "6"],
    before: "6, and a filter in the way",
    shows: [/mallory@/, /alice@/],
    answer: "each read by a person; `O` on one shows all that person did",
  },
  {
    question: "What did this person do, in order?",
    keys: ["ctrl-k", "mallory", "enter"],
    before: "2",
    shows: [/mallory@example\.com/, /403 +create/],
    answer: "all requests, refused ones too",
  },
  {
    question: "Which node agents get 403?",
    keys: ["/", "code:403 group:system:nodes", "enter", "2"],
    before: "5",
    shows: [/node:worker-\d +\d/],
    answer: "one row for each kubelet",
  },
  {
    question: "Why is it pending?",
    keys: ["0", "/", "FailedScheduling", "enter"],
    before: "4, message cut",
    shows: [/0\/3 nodes are available: .*Insufficient/],
    answer: "the scheduler's message in full",
  },
  {
    question: "What changed before the spike?",
    keys: ["/", "since:2026-11-21T00:15:30Z until:2026-11-21T00:16:10Z", "enter", ":", "compare", "enter"],
    before: "2 and 42 characters",
    shows: [/00:14:50.00:15:30/, /load.burst/],
    answer: "callers of the window against as long a time before it",
  },
  {
    question: "Who changed configuration before it?",
    keys: [":", "goto 00:15:30", "enter", "w"],
    before: "74 characters",
    shows: [/Changes before 00:15:/, /▸ .*@/],
    answer: "writes by people and pipelines before it, newest first, with what became different",
  },
  {
    question: "How long did the roll-out take, in which phase?",
    keys: [":", "trail deploy/nginx -n demo", "enter"],
    before: "4",
    shows: [/Roll-out 5\/5 · /, /Waited for +RS|took/],
    answer: "each roll-out with its phases and the longest of them",
  },
  {
    question: "The same at Metadata level",
    log: "metadata",
    keys: [":", "trail deploy/nginx -n demo", "enter"],
    before: "4, partly",
    shows: [/Trail of deploy\/nginx -n demo +.*level Metadata/, /Roll-out \d/],
    answer: "what the log proves, and which level the rest needs",
  },
  {
    question: "Is the log complete?",
    keys: [":", "info", "enter"],
    before: "2, no",
    shows: [/started anew/, /users/],
    answer: "inputs with what was bad or cut, restarts, silences, clocks",
  },
  {
    question: "Everything from one address",
    keys: ["/", "ip:127.0.0.66", "enter", "6"],
    before: "2",
    shows: [/1 of 9/, /401/],
    answer: "all requests of the address, those without a user among them",
  },
  {
    question: "What is slow, and why?",
    keys: ["7", "v"],
    before: "3",
    shows: [/lowest/, /2\.00 s/],
    answer: "the slowest requests; `v` again has the layers that took the time",
  },
  {
    question: "Who uses deprecated APIs?",
    keys: ["/", "annotation:k8s.io/deprecated=true", "enter", "2"],
    before: "5, if one knew the annotation",
    shows: [/▸ \S+ +\d+/],
    answer: "who, with how many requests; `b r` by resource",
  },
  {
    question: "Who exec'd, and what ran?",
    keys: ["/", "sub:exec user:alice@example.com", "enter", "6", "G"],
    before: "3, still encoded",
    shows: [/runs (cat \/etc\/passwd|sh)/, /alice@example\.com/],
    answer: "the command as it was typed, below the list",
  },
  {
    question: "Which API server died?",
    log: "two servers",
    keys: [":", "info", "enter"],
    before: "3",
    shows: [/cp1\S* was started anew 2026-11-21 00:14:00/],
    answer: "the one that was started anew, with its evidence",
  },
  {
    question: "What does this service account do?",
    keys: [":", "cadence system:serviceaccount:ci:deployer", "enter"],
    before: "3",
    shows: [/Cadence of .*ci:deployer/, /patch +deployments\.apps/],
    answer: "its verbs and resources, how often and how regularly",
  },
  {
    question: "Which object flaps?",
    keys: ["0", "/", "BackOff", "enter"],
    before: "1, partly",
    shows: [/pod\/crashy -n demo: Back-off restarting/],
    answer: "the pod that keeps restarting, with how often",
  },
];
