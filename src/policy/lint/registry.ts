import type { LintRule } from "./contract.ts";
import { anonymousProbes } from "./rules/anonymous-probes.ts";
import { catchAllBodies } from "./rules/catch-all-bodies.ts";
import { catchAllMissing } from "./rules/catch-all-missing.ts";
import { cisGaps } from "./rules/cis-gaps.ts";
import { completesOmitted } from "./rules/completes-omitted.ts";
import { crdGroupsForgotten } from "./rules/crd-groups-forgotten.ts";
import { drops401 } from "./rules/drops-401.ts";
import { dropsPanic } from "./rules/drops-panic.ts";
import { eventsBodies } from "./rules/events-bodies.ts";
import { loadError } from "./rules/load-error.ts";
import { managedFields } from "./rules/managed-fields.ts";
import { namesWithCreate } from "./rules/names-with-create.ts";
import { namespaceScopedNamespaces } from "./rules/namespace-scoped-namespaces.ts";
import { neverMatches } from "./rules/never-matches.ts";
import { noneDrops401 } from "./rules/none-drops-401.ts";
import { nothingLogged } from "./rules/nothing-logged.ts";
import { obsolete } from "./rules/obsolete.ts";
import { partlyShadowed } from "./rules/partly-shadowed.ts";
import { podsEnvSecret } from "./rules/pods-env-secret.ts";
import { requestReceived } from "./rules/request-received.ts";
import { secretBodies } from "./rules/secret-bodies.ts";
import { subresourceForgotten } from "./rules/subresource-forgotten.ts";
import { unknownField } from "./rules/unknown-field.ts";
import { unreachable } from "./rules/unreachable.ts";
import { userRuleMisses401 } from "./rules/user-rule-misses-401.ts";
import { watchNoise } from "./rules/watch-noise.ts";
import { withoutEffect } from "./rules/without-effect.ts";
import { wrongGroup } from "./rules/wrong-group.ts";

/** In the order of docs/policy.md: what keeps the API server from starting, what is not as it seems, what could be better. */
export const LINT_RULES: readonly LintRule[] = [
  loadError,
  unknownField,
  nothingLogged,
  neverMatches,
  wrongGroup,
  completesOmitted,
  secretBodies,
  unreachable,
  drops401,
  catchAllMissing,
  catchAllBodies,
  subresourceForgotten,
  namesWithCreate,
  namespaceScopedNamespaces,
  userRuleMisses401,
  noneDrops401,
  dropsPanic,
  partlyShadowed,
  requestReceived,
  watchNoise,
  managedFields,
  eventsBodies,
  podsEnvSecret,
  crdGroupsForgotten,
  anonymousProbes,
  obsolete,
  withoutEffect,
  cisGaps,
];
