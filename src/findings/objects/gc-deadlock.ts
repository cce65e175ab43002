import { duration } from "../../models/numbers.ts";
import { termsForKey } from "../../queries/filter-term.ts";
import type { AggregateDetector } from "../contract.ts";
import { joined } from "../terms.ts";
import { draftsOf } from "../repeated.ts";
import { personText } from "../words.ts";

const COLLECTORS =
  "user:system:serviceaccount:kube-system:generic-garbage-collector,system:serviceaccount:kube-system:namespace-controller verb:patch,update,delete,deletecollection";
/** Refused by admission or validation, not by the authorizer. */
const REFUSED = `${COLLECTORS} code:400,403,422,500 -decision:forbid`;
const LEAST = 3;

export const gcDeadlock: AggregateDetector = {
  kind: "aggregate",
  id: "gc-webhook-deadlock",
  about: "the garbage collector or the namespace controller may not remove what is to go: what owns it hangs for ever",
  severity: "high",
  needs: ["messages"],
  advice:
    "Let deletes by the garbage collector pass in the webhook or policy that refuses them (exclude DELETE, or the user); then what hangs goes by itself.",
  references: ["Kubernetes: garbage collection", "Kubernetes: admission webhook good practices"],
  usual: {
    user: "system:serviceaccount:kube-system:generic-garbage-collector",
    verb: "delete",
    resource: "configmaps",
    namespace: "f",
    name: "child",
    code: 422,
    times: 12,
    every: 10,
  },
  hits: [
    [{ reason: "Invalid", message: "ValidatingAdmissionPolicy 'guard' with binding 'guard' denied request: no" }],
    [
      {
        verb: "patch",
        resource: "pods",
        name: "p",
        code: 403,
        message: 'admission webhook "w.example.com" denied the request: no',
        times: 5,
        every: 60,
      },
    ],
  ],
  misses: [[{ code: 409 }], [{ times: 2 }]],
  async detect(store) {
    const rows = await store.groups(REFUSED, ["user", "verb", "object", "code"]);
    return draftsOf(rows, async (row) => {
      const { user = "", verb = "", object = "", code = "" } = row.key;
      if (row.requests < LEAST || object === "") return null;
      const own = joined(REFUSED, ...termsForKey(row.key));
      const [message = ""] = await store.messages(own, 1);
      const by = /(?:webhook "([^"]{1,253})"|ValidatingAdmissionPolicy '([^']{1,253})')/.exec(message);
      const who = by?.[1] === undefined ? (by?.[2] === undefined ? "" : ` by policy ${by[2]}`) : ` by webhook ${by[1]}`;
      const ms = Date.parse(row.lastSeen) - Date.parse(row.firstSeen);
      const isLong = ms > 3_600_000 || row.requests >= 100;
      const parts = object.split("/");
      return {
        severity: isLong ? "critical" : "high",
        title: `${personText(user)} may not ${verb} ${object}: refused ${row.requests} times${who} (${code}), for ${duration(ms)}`,
        detail: `${personText(user)} tried ${row.requests} times within ${duration(ms)} to ${verb} ${object} and was refused${who} with ${code}${message === "" ? "" : `: ${message.slice(0, 200)}`}`,
        ...(isLong ? { why: "it has gone on for long" } : {}),
        subject: {
          user,
          object,
          resource: parts.at(-2) ?? "",
          ...(parts.length === 3 ? { namespace: parts[0] ?? "" } : {}),
        },
        evidence: { terms: own, counted: row },
      };
    });
  },
};
