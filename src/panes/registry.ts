import { bindingPane } from "./binding/index.ts";
import { bindingsPane } from "./bindings/index.ts";
import { cadencePane } from "./cadence/index.ts";
import { changesPane } from "./changes/index.ts";
import { codesPane } from "./codes/index.ts";
import { createColumnsPane } from "./columns/index.ts";
import { comparePane } from "./compare/index.ts";
import { coveragePane } from "./coverage/index.ts";
import type { Pane } from "./contract.ts";
import { diffPane } from "./diff/index.ts";
import { findingsPane } from "./findings/index.ts";
import { groupByPane } from "./group-by/index.ts";
import { kubernetesEventsPane } from "./kubernetes-events/index.ts";
import { latencyPane } from "./latency/index.ts";
import { marksPane } from "./marks/index.ts";
import { matrixPane } from "./matrix/index.ts";
import { objectPane } from "./object/index.ts";
import { objectsPane } from "./objects/index.ts";
import { overviewPane } from "./overview/index.ts";
import { policyPane } from "./policy/index.ts";
import { requestPane } from "./request/index.ts";
import { requestsPane } from "./requests/index.ts";
import { rightsPane } from "./rights/index.ts";
import { sealed } from "./seal.ts";
import { topPane } from "./top/index.ts";
import { trailPane } from "./trail/index.ts";
import { viewsPane } from "./views/index.ts";
import { whyPane } from "./why/index.ts";

const BASE: readonly Pane[] = [
  overviewPane,
  topPane,
  codesPane,
  objectsPane,
  trailPane,
  requestsPane,
  latencyPane,
  findingsPane,
  policyPane,
  kubernetesEventsPane,
  cadencePane,
  comparePane,
  changesPane,
  coveragePane,
  rightsPane,
  matrixPane,
  bindingsPane,
  bindingPane,
  marksPane,
  requestPane,
  diffPane,
  objectPane,
  whyPane,
  groupByPane,
  viewsPane,
];

/** Every pane, in the order of tab; those without a digit are reached by drilling in or by name. */
export const PANES: readonly Pane[] = [...BASE, createColumnsPane(BASE)].map(sealed);
