import { anonymousAllowed } from "./authentication/anonymous-allowed.ts";
import { badCredentials } from "./authentication/bad-credentials.ts";
import { expiredClient } from "./authentication/expired-client.ts";
import { refusedLoop } from "./authorization/refused-loop.ts";
import type { Detector } from "./contract.ts";
import { secretsListAll } from "./credentials/secrets-list-all.ts";
import { exec, execCommand } from "./execution/exec.ts";
import { conflictStorm } from "./load/conflict-storm.ts";
import { hotClient } from "./load/hot-client.ts";
import { listUnpaginated } from "./load/list-unpaginated.ts";
import { poll } from "./load/poll.ts";
import { watchShort } from "./load/watch-short.ts";
import { gcDeadlock } from "./objects/gc-deadlock.ts";
import { namespaceStuck } from "./objects/namespace-stuck.ts";
import { adminBound } from "./rbac/admin-bound.ts";
import { shortLived } from "./rbac/short-lived.ts";
import { apiRestart } from "./server/api-restart.ts";
import { deprecatedApi } from "./server/deprecated-api.ts";
import { drainBlocked } from "./server/drain-blocked.ts";
import { inFlightLost } from "./server/in-flight-lost.ts";
import { logGap } from "./server/log-gap.ts";
import { serverErrors } from "./server/server-errors.ts";
import { shedLoad } from "./server/shed-load.ts";
import { webhookFailOpen } from "./server/webhook-fail-open.ts";
import { webhookFailing } from "./server/webhook-failing.ts";

/** By theme, in the order of docs/findings.md. */
export const DETECTORS: readonly Detector[] = [
  expiredClient,
  badCredentials,
  anonymousAllowed,
  refusedLoop,
  secretsListAll,
  adminBound,
  shortLived,
  exec,
  execCommand,
  hotClient,
  poll,
  listUnpaginated,
  watchShort,
  conflictStorm,
  shedLoad,
  drainBlocked,
  serverErrors,
  webhookFailing,
  webhookFailOpen,
  deprecatedApi,
  apiRestart,
  inFlightLost,
  logGap,
  gcDeadlock,
  namespaceStuck,
];
