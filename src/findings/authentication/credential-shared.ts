import { programOf } from "../../events/who.ts";
import { termsForKey } from "../../queries/filter-term.ts";
import type { GroupRow } from "../../queries/contract.ts";
import { isByHand } from "../actors.ts";
import type { AggregateDetector } from "../contract.ts";
import { joined } from "../terms.ts";
import { draftsOf } from "../repeated.ts";
import { list, personText, plain } from "../words.ts";

const PEOPLE = 'actor:human -ip:"" as:""';
/** Somebody who changes place is not at both for long. */
const NEAR_MS = 600_000;
const MOST_LOOKED_AT = 200;
const SCRIPT = /^(?:curl|wget|python|go-http-client|perl|ruby|php|java|okhttp|node)/i;

export const credentialShared: AggregateDetector = {
  kind: "aggregate",
  id: "auth-credential-shared",
  about: "the credential of one person is used at two addresses at once, by different programs",
  severity: "medium",
  needs: ["metadata"],
  advice:
    "Ask the person whether both are theirs; if not, revoke the credential and look at what was done from the other address.",
  references: ["T1078", "T1550.001", "T1528"],
  usual: { user: "ann", verb: "list", resource: "pods", ip: "10.0.0.5", ua: "kubectl/v1.30" },
  hits: [
    [
      { namespace: "a", times: 10, every: 10 },
      { at: 50, verb: "get", resource: "secrets", namespace: "a", name: "x", ip: "10.0.9.9", ua: "Go-http-client/2.0" },
    ],
    [
      { user: "bob@example.com", namespace: "a", times: 10, every: 10 },
      { at: 20, user: "bob@example.com", ip: "203.0.113.7", ua: "python-requests/2", times: 3 },
    ],
  ],
  misses: [
    [
      { namespace: "a", times: 10, every: 10 },
      { at: 50, namespace: "a", ip: "10.0.0.6" },
    ],
    [
      { namespace: "a", times: 10, every: 10 },
      { at: 50, namespace: "a", ua: "k9s/v0.5" },
    ],
    [
      {
        namespace: "a",
        times: 10,
        every: 10,
        extra: { "authentication.kubernetes.io/credential-id": ["X509SHA256=aa"] },
      },
      {
        at: 50,
        namespace: "a",
        ip: "10.0.0.6",
        ua: "curl/8",
        extra: { "authentication.kubernetes.io/credential-id": ["X509SHA256=bb"] },
      },
    ],
  ],
  async detect(store) {
    const rows = await store.groups(PEOPLE, ["user", "ip", "useragent"]);
    const drafts = [...Map.groupBy(rows, ({ key }) => key["user"] ?? "")].map(([user, own]) => {
      const places = Map.groupBy(own, ({ key }) => key["ip"] ?? "");
      const [main, ...others] = [...places].sort((a, b) => requestsOf(b[1]) - requestsOf(a[1]));
      if (main === undefined) return [];
      const programs = new Set(main[1].map(({ key }) => programOf(key["useragent"] ?? "")));
      return draftsOf(others, async ([ip, there]) => {
        const unlike = there.filter(({ key }) => !programs.has(programOf(key["useragent"] ?? "")));
        if (unlike.length < there.length || !areAtOnce(main[1], there)) return null;
        const terms = joined('as:""', ...termsForKey({ user, ip }));
        const [here, mine] = await Promise.all([
          store.credentials(terms, MOST_LOOKED_AT),
          store.credentials(joined('as:""', ...termsForKey({ user, ip: main[0] })), MOST_LOOKED_AT),
        ]);
        const same = [...here].find((credential) => mine.has(credential));
        // Each place has a credential of its own: one person with two machines.
        if (here.size > 0 && mine.size > 0 && same === undefined) return null;
        const asked = await store.groups(terms, ["verb", "resource"]);
        const agents = list(new Set(there.map(({ key }) => programOf(key["useragent"] ?? "") || "no program")));
        const isScript = there.some(
          ({ key }) => SCRIPT.test(key["useragent"] ?? "") || isByHand(key["useragent"] ?? ""),
        );
        const wantsSecrets = asked.some(({ key }) => plain(key["resource"] ?? "").startsWith("secrets"));
        return {
          severity: wantsSecrets || isScript ? "high" : "medium",
          title: `${personText(user)} is at two places: ${requestsOf(there)} requests from ${ip} with ${agents}, while working from ${main[0]} with ${list(programs)}`,
          detail: `${user} made ${requestsOf(there)} requests from ${ip} with ${agents} (${list(asked.map(({ key }) => `${key["verb"]} ${key["resource"]}`))}) in the time of ${requestsOf(main[1])} from ${main[0]} with ${list(programs)}${same === undefined ? "" : `, with the same credential (${same.split("=", 1)[0] ?? ""})`}`,
          ...(wantsSecrets
            ? { why: "it asks for Secrets there" }
            : isScript
              ? { why: "the other program is a script's" }
              : {}),
          subject: { user, ip, useragent: there[0]?.key["useragent"] ?? "" },
          evidence: { terms },
        };
      });
    });
    return (await Promise.all(drafts)).flat();
  },
};

function requestsOf(rows: readonly GroupRow[]): number {
  return rows.reduce((sum, { requests }) => sum + requests, 0);
}

/** Whether one's time lies within the other's, or near it. */
function areAtOnce(a: readonly GroupRow[], b: readonly GroupRow[]): boolean {
  const times = (rows: readonly GroupRow[]): readonly [number, number] => [
    Math.min(...rows.map(({ firstSeen }) => Date.parse(firstSeen))),
    Math.max(...rows.map(({ lastSeen }) => Date.parse(lastSeen))),
  ];
  const [[fromA, toA], [fromB, toB]] = [times(a), times(b)];
  return fromA - NEAR_MS <= toB && fromB <= toA + NEAR_MS;
}
