import type { Pane } from "./contract.ts";
import { groupByPane } from "./group-by/index.ts";
import { requestPane } from "./request/index.ts";
import { requestsPane } from "./requests/index.ts";
import { sealed } from "./seal.ts";
import { topPane } from "./top/index.ts";

/** Every pane, in the order of tab; those without a digit are reached by drilling in or by name. */
export const PANES: readonly Pane[] = [topPane, requestsPane, requestPane, groupByPane].map(sealed);
