import { captured, repeated } from "../repeated.ts";
import { personText, plain, within } from "../words.ts";

export const earlyClose = repeated({
  id: "early-close",
  about: "a client opens watches and goes away before it is answered",
  severity: "low",
  needs: ["metadata", "messages"],
  advice: "Look for its timeout, or a proxy's: what it asks for is made each time, and thrown away.",
  references: ["Kubernetes: audit, Connection closed early"],
  // A watch that began to answer lives for longer, or says how it ended.
  terms: "verb:watch code:200 stage:ResponseComplete latency:<2s -actor:apiserver",
  by: ["user", "useragent", "resource"],
  least: 20,
  hits: [[closed(30, 2, "system:serviceaccount:shop:board")], [closed(25, 10, "ann")]],
  misses: [[closed(10, 2, "ann")], [{ ...closed(30, 2, "ann"), message: "" }]],
  async tell({ key, row, own, store }) {
    if ((await captured({ store, own }, /^(Connection closed early)/)) === null) return null;
    const { user = "", useragent = "", resource = "" } = key;
    return {
      title: `${personText(user)} goes away before its watch of ${plain(resource)} is answered: ${row.requests} times`,
      detail: `${personText(user)} with ${useragent} opened ${row.requests} watches of ${resource} ${within(row.firstSeen, row.lastSeen)} and closed them before the API server answered`,
    };
  },
});

function closed(times: number, every: number, user: string) {
  return {
    user,
    verb: "watch",
    resource: "pods",
    namespace: "shop",
    message: "Connection closed early",
    latencyMs: 100,
    times,
    every,
  } as const;
}
