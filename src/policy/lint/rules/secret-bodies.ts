import { LEVELS, type Level } from "../../../events/vocabulary.ts";
import { resourceProbe, WHO } from "../../probe.ts";
import type { MeaningRule } from "../contract.ts";
import { byDecider, list, ofRule } from "../findings.ts";

/** Requests with something secret in a body, and the level from which on it is written. */
const SECRETS: readonly (readonly [target: string, verb: string, from: Level, what: string])[] = [
  ["secrets", "create", "Request", "secrets"],
  ["secrets", "update", "Request", "secrets"],
  ["secrets", "patch", "Request", "secrets"],
  ["secrets", "get", "RequestResponse", "secrets"],
  ["secrets", "list", "RequestResponse", "secrets"],
  ["configmaps", "create", "Request", "configmaps"],
  ["configmaps", "update", "Request", "configmaps"],
  ["configmaps", "patch", "Request", "configmaps"],
  ["configmaps", "get", "RequestResponse", "configmaps"],
  // The token is in the answer; from Request on it is one word away.
  ["serviceaccounts/token", "create", "Request", "serviceaccounts/token"],
  ["tokenreviews.authentication.k8s.io", "create", "Request", "tokenreviews (authentication.k8s.io)"],
];
/** Where a policy speaks of OpenShift. */
const OPENSHIFT_SECRETS: typeof SECRETS = [
  ["oauthaccesstokens.oauth.openshift.io", "create", "Request", "oauthaccesstokens"],
  ["oauthauthorizetokens.oauth.openshift.io", "create", "Request", "oauthauthorizetokens"],
];
const ASKING = [
  WHO.person,
  WHO.serviceAccount,
  WHO.controller,
  WHO.controllerManager,
  WHO.node,
  WHO.apiserver,
] as const;

export const secretBodies: MeaningRule = {
  of: "meaning",
  id: "secret-bodies",
  severity: "warning",
  about: "Bodies of Secrets, ConfigMaps and tokens are written: whoever reads the log has them.",
  hits: [
    { text: "rules: [{level: RequestResponse}]", says: "secrets" },
    {
      text: "rules: [{level: Metadata, resources: [{resources: [secrets, configmaps]}]}, {level: Request}]",
      says: "serviceaccounts/token",
    },
    { text: 'rules: [{level: Request, resources: [{resources: ["*"]}]}]', says: "configmaps" },
  ],
  misses: [
    "rules: [{level: Metadata, resources: [{resources: [secrets, configmaps, serviceaccounts/token]}, {group: authentication.k8s.io}, {group: oauth.openshift.io}]}, {level: RequestResponse}]",
    "rules: [{level: Request, verbs: [get, list, watch]}, {level: Metadata}]",
  ],
  check: ({ policy, evaluator }) => {
    const isOpenShift = policy.rules.some(({ resources }) =>
      resources.some(({ group }) => group.endsWith(".openshift.io")),
    );
    const written = [...SECRETS, ...(isOpenShift ? OPENSHIFT_SECRETS : [])].flatMap(([target, verb, from, what]) =>
      ASKING.flatMap((user) => {
        const name = verb === "create" && !target.includes("/") ? "" : "x";
        const { attributes } = resourceProbe(user, verb, target, { namespace: "shop", name });
        const decision = evaluator.decide(user, attributes);
        return LEVELS.indexOf(decision.level) >= LEVELS.indexOf(from) ? [[decision, what] as const] : [];
      }),
    );
    return byDecider(written).map(([{ rule, level }, whats]) => {
      const place = policy.rules[rule]?.place ?? { line: 1, column: 1 };
      const message = `bodies of ${list(whats, 8)} are written at ${level}: passwords, keys and tokens, and what webhooks change in them, are in the log`;
      return ofRule(
        rule,
        place,
        message,
        'a rule before it: level: Metadata, resources: [{group: "", resources: ["secrets", "configmaps", "serviceaccounts/token"]}, {group: authentication.k8s.io, resources: ["tokenreviews"]}]',
      );
    });
  },
};
