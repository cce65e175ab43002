import type { LifeRead } from "../queries/lives-query.ts";

/**
 * Requests that are read as lineage turns out to need them, instead of all before. Whatever looks something up says so first;
 * once all that was looked up is read, answers are those that lineage over everything gives.
 */
export interface Reading {
  wants(read: LifeRead): void;
  /** Whether all that a read brings was taken in. */
  has(read: LifeRead): boolean;
  /** Why not all in a namespace was read, a clause; null when it was. */
  unread(namespace: string): string | null;
}

/** Everything was taken in, or passes by. */
export const ALL_READ: Reading = {
  wants: () => undefined,
  has: () => true,
  unread: () => null,
};
