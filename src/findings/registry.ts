import { anonymousAllowed } from "./authentication/anonymous-allowed.ts";
import { anonymousScan } from "./authentication/anonymous-scan.ts";
import { badCredentials } from "./authentication/bad-credentials.ts";
import { credentialShared } from "./authentication/credential-shared.ts";
import { expiredClient } from "./authentication/expired-client.ts";
import { serviceAccountOutside } from "./authentication/serviceaccount-outside.ts";
import { canI } from "./authorization/can-i.ts";
import { enumeration } from "./authorization/enumeration.ts";
import { escalationRefused } from "./authorization/escalation-refused.ts";
import { impersonationRefused, impersonationUsed } from "./authorization/impersonation.ts";
import { refusedLoop } from "./authorization/refused-loop.ts";
import type { Detector } from "./contract.ts";
import { certificateUsed, clientCertificate } from "./credentials/client-certificates.ts";
import { configmapCredentials, envCredentials } from "./credentials/plain-credentials.ts";
import { secretsListAll } from "./credentials/secrets-list-all.ts";
import { secretsBurst, secretsByPerson } from "./credentials/secrets-read.ts";
import { tokenMinted, tokenSecret } from "./credentials/tokens.ts";
import { exec, execCommand } from "./execution/exec.ts";
import { apiProxy, attackTool, ephemeralContainer, portForward } from "./execution/into-pods.ts";
import { conflictStorm } from "./load/conflict-storm.ts";
import { hotClient } from "./load/hot-client.ts";
import { listUnpaginated } from "./load/list-unpaginated.ts";
import { poll } from "./load/poll.ts";
import { watchShort } from "./load/watch-short.ts";
import { gcDeadlock } from "./objects/gc-deadlock.ts";
import { namespaceStuck } from "./objects/namespace-stuck.ts";
import { objectStuck } from "./objects/object-stuck.ts";
import { adminBound } from "./rbac/admin-bound.ts";
import { dangerousRole, rbacByAccount, systemAccountCreated, systemRoleChanged } from "./rbac/role-changes.ts";
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
import { admissionChanged, agentRemoved, policyDeleted } from "./tampering/admission.ts";
import { collectionDeleted, eventsDeleted, massDelete } from "./tampering/deletions.ts";
import {
  definitionDeleted,
  dnsChanged,
  loginChanged,
  namespaceDeleted,
  reservedNamespace,
  unsafeDelete,
} from "./tampering/system-objects.ts";
import { podCapabilities, podHostNamespace, podHostPath, podPrivileged } from "./workloads/escapes.ts";
import { ingressWeak, serviceExposed } from "./workloads/exposed.ts";
import { imageOdd, nodeDebug, podInSystem, workloadCommand, workloadCronJob } from "./workloads/written.ts";
import { invalidatedToken, legacyToken, staleToken } from "./authentication/tokens.ts";
import { publicAddress } from "./authentication/public-address.ts";
import { superuserGroup } from "./authentication/superusers.ts";
import {
  authorizerFailed,
  missingRole,
  noAuthorization,
  refusedSince,
  reviewStorm,
} from "./authorization/authorizer.ts";
import { nodeForeign, nodeIdentity, nodeRestriction } from "./authorization/nodes.ts";
import { secretsRefused } from "./credentials/secrets-refused.ts";
import { aggregationInjected, defaultAccountBound } from "./rbac/subjects.ts";
import { debugEndpoints, logsSweep, shellInUri } from "./execution/looking-around.ts";
import {
  bypassesScheduler,
  controllerAccount,
  newDaemonSet,
  nodeChanged,
  nodeVolume,
  rogueNode,
} from "./workloads/placed.ts";
import { apiAdded, auditChanged, finalizerStripped, forceDeleted, labelWeakened } from "./tampering/guards-lowered.ts";
import {
  discoveryLoop,
  expiredWatch,
  missingApi,
  missingPoll,
  unnamedAgent,
  wrongRequest,
} from "./load/odd-clients.ts";
import { createInTerminating, invalidLoop, quotaLoop, tooLarge } from "./load/refused-writes.ts";
import { endpointChurn, eventSpam, leaseFast, statusChurn } from "./load/busy-objects.ts";
import { latencyLayer, queueing, webhookSlow } from "./server/latency-layers.ts";
import { aggregatedDown, panicked, webhookCertificate, webhookDenies } from "./server/admission-refusals.ts";
import { podSecurityExempt, podSecurityViolation, policyFailure } from "./server/pod-security.ts";
import { leaderFlap } from "./server/leader-flap.ts";
import { auditHygiene, bodiesTruncated, secretInLog } from "./server/audit-hygiene.ts";
import { crashLoop, imagePull, unschedulable } from "./objects/pods-failing.ts";
import { jobFailing, nodeFlap, rolloutStuck, scaleFlap } from "./objects/controllers-report.ts";
import { evictionWave } from "./objects/evictions.ts";
import { forwardedForged, knownBadAddress } from "./authentication/addresses.ts";
import { secretsByHand, secretsOddClient } from "./credentials/secrets-handled.ts";
import { earlyClose } from "./load/early-close.ts";
import { loadFleet } from "./load/fleet.ts";
import { relistWave } from "./load/relist-wave.ts";
import { writeFight, writeNoop } from "./load/write-fight.ts";
import { podChurn } from "./objects/pod-churn.ts";
import { grantUnseen } from "./rbac/unseen.ts";
import { rbacThenWorkload } from "./rbac/then-workload.ts";
import { clockSkew } from "./server/clock-skew.ts";
import { latencyShift } from "./server/latency-shift.ts";
import { webhookSelfLock } from "./server/webhook-self-lock.ts";
import { webhookMutatesHot } from "./server/webhook-mutates.ts";
import { orphans } from "./tampering/orphans.ts";
import { patchedImage } from "./workloads/patched-image.ts";
import { podDirect, podMasquerade, staticPod } from "./workloads/posing.ts";

/** By theme, in the order of docs/findings.md. */
export const DETECTORS: readonly Detector[] = [
  expiredClient,
  badCredentials,
  anonymousAllowed,
  anonymousScan,
  credentialShared,
  serviceAccountOutside,
  legacyToken,
  invalidatedToken,
  staleToken,
  publicAddress,
  superuserGroup,
  knownBadAddress,
  forwardedForged,
  refusedLoop,
  escalationRefused,
  enumeration,
  canI,
  impersonationUsed,
  impersonationRefused,
  authorizerFailed,
  missingRole,
  noAuthorization,
  reviewStorm,
  refusedSince,
  nodeIdentity,
  nodeForeign,
  nodeRestriction,
  secretsListAll,
  secretsByPerson,
  secretsBurst,
  tokenMinted,
  tokenSecret,
  clientCertificate,
  certificateUsed,
  configmapCredentials,
  envCredentials,
  secretsRefused,
  secretsOddClient,
  secretsByHand,
  adminBound,
  dangerousRole,
  shortLived,
  systemRoleChanged,
  rbacByAccount,
  systemAccountCreated,
  aggregationInjected,
  defaultAccountBound,
  grantUnseen,
  rbacThenWorkload,
  exec,
  execCommand,
  portForward,
  ephemeralContainer,
  nodeDebug,
  apiProxy,
  attackTool,
  debugEndpoints,
  logsSweep,
  shellInUri,
  podPrivileged,
  podHostNamespace,
  podHostPath,
  podCapabilities,
  podInSystem,
  workloadCommand,
  workloadCronJob,
  imageOdd,
  serviceExposed,
  ingressWeak,
  bypassesScheduler,
  controllerAccount,
  newDaemonSet,
  nodeVolume,
  rogueNode,
  nodeChanged,
  staticPod,
  podMasquerade,
  podDirect,
  patchedImage,
  admissionChanged,
  policyDeleted,
  agentRemoved,
  eventsDeleted,
  massDelete,
  collectionDeleted,
  namespaceDeleted,
  definitionDeleted,
  unsafeDelete,
  dnsChanged,
  loginChanged,
  reservedNamespace,
  labelWeakened,
  finalizerStripped,
  auditChanged,
  apiAdded,
  forceDeleted,
  orphans,
  hotClient,
  loadFleet,
  poll,
  listUnpaginated,
  watchShort,
  earlyClose,
  relistWave,
  conflictStorm,
  writeFight,
  writeNoop,
  missingPoll,
  missingApi,
  expiredWatch,
  discoveryLoop,
  wrongRequest,
  unnamedAgent,
  tooLarge,
  invalidLoop,
  quotaLoop,
  createInTerminating,
  eventSpam,
  statusChurn,
  endpointChurn,
  leaseFast,
  shedLoad,
  drainBlocked,
  serverErrors,
  webhookFailing,
  webhookSelfLock,
  webhookFailOpen,
  webhookDenies,
  webhookCertificate,
  webhookMutatesHot,
  aggregatedDown,
  panicked,
  deprecatedApi,
  latencyLayer,
  latencyShift,
  queueing,
  webhookSlow,
  podSecurityViolation,
  podSecurityExempt,
  policyFailure,
  apiRestart,
  inFlightLost,
  logGap,
  leaderFlap,
  clockSkew,
  secretInLog,
  bodiesTruncated,
  auditHygiene,
  gcDeadlock,
  namespaceStuck,
  objectStuck,
  crashLoop,
  imagePull,
  unschedulable,
  rolloutStuck,
  jobFailing,
  scaleFlap,
  nodeFlap,
  evictionWave,
  podChurn,
];
