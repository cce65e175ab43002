import type { CliCommand } from "../contract.ts";
import { completion } from "./completion.ts";
import { compare } from "./compare.ts";
import { events } from "./events.ts";
import { explorer } from "./explorer.ts";
import { findings } from "./findings.ts";
import { info } from "./info.ts";
import { kubernetesEvents } from "./k8s-events.ts";
import { listen } from "./listen.ts";
import { mcp } from "./mcp.ts";
import { object } from "./object.ts";
import { policyLint } from "./policy-lint.ts";
import { policyReplay } from "./policy-replay.ts";
import { policySuggest } from "./policy-suggest.ts";
import { rbac } from "./rbac.ts";
import { redact } from "./redact.ts";
import { report } from "./report.ts";
import { series } from "./series.ts";
import { ship } from "./ship.ts";
import { storeCheck, storeInit, storeStats } from "./store.ts";
import { top } from "./top.ts";
import { trail } from "./trail.ts";
import { why } from "./why.ts";

/** In the order of --help. */
export const CLI_COMMANDS: readonly CliCommand[] = [
  explorer,
  info,
  top,
  compare,
  series,
  events,
  trail,
  why,
  object,
  kubernetesEvents,
  findings,
  report,
  redact,
  policyLint,
  policyReplay,
  policySuggest,
  rbac,
  listen,
  ship,
  storeInit,
  storeCheck,
  storeStats,
  mcp,
  completion,
];
