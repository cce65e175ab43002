import type { TimeWindow } from "../queries/contract.ts";
import type { AppState, Filters, Frame } from "./app-state.ts";
import { topFrame } from "./initial-state.ts";

/** Stacks one can go back to. */
const MOST_VISITED = 50;

const NO_FILTERS: Filters = { chips: [], chipsOn: true, humansOnly: false, window: null };

/** What a level narrows for as long as it is there. `alone`: instead of every other filter. */
interface Narrowing {
  readonly chips?: readonly string[];
  readonly window?: TimeWindow | null;
  readonly alone?: boolean;
}

/** One level deeper. */
export function pushed(state: AppState, frame: Frame, { chips = [], window, alone = false }: Narrowing = {}): AppState {
  const outer = alone ? NO_FILTERS : filtersOf(state);
  const added = chips.filter((text) => !outer.chips.some((chip) => chip.text === text));
  const level: Frame = {
    ...frame,
    ...(added.length === 0 ? {} : { added }),
    ...(window === undefined ? {} : { window, outerWindow: outer.window }),
    ...(alone ? { aside: filtersOf(state) } : {}),
  };
  return {
    ...state,
    ...outer,
    stack: [...state.stack, level],
    ...(window === undefined ? {} : { window }),
    ...(added.length === 0 ? {} : { chips: [...outer.chips, ...added.map((text) => ({ text }))], chipsOn: true }),
  };
}

/** Without the level on top and what came with it. */
export function popped(state: AppState): AppState {
  const { added = [], outerWindow = state.window, aside } = topFrame(state);
  const stack = state.stack.slice(0, -1);
  if (aside !== undefined) return { ...state, ...aside, stack };
  return {
    ...state,
    stack,
    window: outerWindow,
    chips: added.length === 0 ? state.chips : state.chips.filter((chip) => !added.includes(chip.text)),
  };
}

/**
 * Another stack in place of the one on screen, which can be gone back to; of stacks with the same first level the latest.
 * `filters`: also in place of those that are set, which come back with the stack.
 */
export function opened(state: AppState, stack: readonly Frame[], filters?: Filters): AppState {
  const base = unwound(state);
  const isShown = state.stack.length === 1 && sameRoot(state.stack, stack) && filters === undefined;
  const visit = { stack: state.stack, ...(filters === undefined ? {} : { filters: filtersOf(base) }) };
  const visited = isShown
    ? state.visited
    : [...state.visited.filter((other) => !sameRoot(other.stack, state.stack)), visit].slice(-MOST_VISITED);
  return rewound({ ...base, ...filters, visited }, stack);
}

/** The stack visited before, as it was left, under the filters there are now; null where there is none. */
export function returned(state: AppState): AppState | null {
  const last = state.visited.at(-1);
  if (last === undefined) return null;
  const base = { ...unwound(state), ...last.filters, visited: state.visited.slice(0, -1) };
  return rewound(base, last.stack);
}

export function filtersOf({ chips, chipsOn, humansOnly, window }: Filters): Filters {
  return { chips, chipsOn, humansOnly, window };
}

/** Without any level: what is left are the filters of all panes. */
function unwound(state: AppState): AppState {
  let rest = state;
  while (rest.stack.length > 0) rest = popped(rest);
  return rest;
}

function rewound(state: AppState, stack: readonly Frame[]): AppState {
  let deeper: AppState = { ...state, stack: [] };
  for (const { added, window, outerWindow: _, aside, ...frame } of stack) {
    const narrowing = { alone: aside !== undefined, ...(added === undefined ? {} : { chips: added }) };
    deeper = pushed(deeper, frame, window === undefined ? narrowing : { ...narrowing, window });
  }
  return deeper;
}

function sameRoot([a]: readonly Frame[], [b]: readonly Frame[]): boolean {
  return a?.pane === b?.pane && JSON.stringify(a?.params) === JSON.stringify(b?.params);
}
