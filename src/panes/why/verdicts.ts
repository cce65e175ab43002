import type { WhyResult, WhyVerdict } from "../../lineage/contract.ts";
import type { Tone } from "../../models/view.ts";

/** A verdict as the beginning of a sentence; `gone` says whether the object is not there any more. */
interface Words {
  readonly said: string;
  readonly tone: Tone;
}

const WORDS: Readonly<Record<WhyVerdict, Words>> = {
  deleted: { said: "It was deleted", tone: "warn" },
  deletecollection: { said: "It was deleted together with its whole collection", tone: "warn" },
  "scaled-down": { said: "It was removed because its owner was scaled down", tone: "warn" },
  rollout: { said: "It was replaced by a roll-out", tone: "warn" },
  "owner-deleted": { said: "It went with its owner, which was deleted", tone: "warn" },
  "namespace-deleted": { said: "It went with its namespace, which was deleted", tone: "warn" },
  evicted: { said: "It was evicted", tone: "warn" },
  drained: { said: "It was evicted because its node was drained", tone: "warn" },
  tainted: { said: "It was removed from a tainted node", tone: "warn" },
  preempted: { said: "It had to give way to a pod of higher priority", tone: "warn" },
  ttl: { said: "Its time to live was over", tone: "warn" },
  "history-limit": { said: "It was older than the history its owner keeps", tone: "warn" },
  rejected: { said: "It was never created: the request was rejected", tone: "danger" },
  stuck: { said: "It is not gone: it is terminating, and stuck", tone: "danger" },
  alive: { said: "It is there: nothing in this log removed it", tone: "good" },
  unknown: { said: "The log does not say", tone: "muted" },
};

export function verdictTone(verdict: WhyVerdict): Tone {
  return WORDS[verdict]?.tone ?? "muted";
}

/** "It was replaced by a roll-out: alice@example.com, image nginx:1.25 → nginx:1.26." Log text in it is not made safe. */
export function verdictSentence(result: WhyResult): string {
  const said = WORDS[result.verdict]?.said ?? result.verdict;
  const cause = result.chain.at(-1);
  if (cause === undefined) return `${said}.`;
  const who = cause.by === "" ? "somebody the log does not name" : cause.by;
  if (result.chain.length === 1 && /^(?:deleted|deletecollection|evicted)$/.test(result.verdict))
    return `${said} by ${who}.`;
  if (result.verdict === "alive") return `${said}. It goes back to ${who}: ${cause.what} ${cause.object}.`;
  const what = result.chain.length === 1 ? cause.what : `${cause.what} (${cause.object})`;
  return `${said}. First cause: ${who}, ${what}.`;
}
