import { ABSENT, type RequestIndex } from "../index/contract.ts";

/** Distinct values among the rows kept; "" is no value. Resources without their subresources. */
export function distinctOf(index: RequestIndex): { user: number; resource: number; namespace: number } {
  const users = new Uint8Array(index.dictionaries.user.size);
  const resources = new Uint8Array(index.dictionaries.resource.size);
  const namespaces = new Uint8Array(index.dictionaries.namespace.size);
  const actors = new Uint8Array(index.actors.size);
  const targets = new Uint8Array(index.targets.size);
  for (const block of index.blocks) {
    for (let row = 0; row < block.count; row++) {
      actors[block.actor[row] as number] = 1;
      targets[block.target[row] as number] = 1;
    }
  }
  actors.forEach((used, id) => {
    if (used === 1) users[index.actors.user[id] ?? ABSENT] = 1;
  });
  targets.forEach((used, id) => {
    if (used === 0) return;
    resources[index.targets.resource[id] ?? ABSENT] = 1;
    namespaces[index.targets.namespace[id] ?? ABSENT] = 1;
  });
  return { user: countUsed(users), resource: countUsed(resources), namespace: countUsed(namespaces) };
}

function countUsed(used: Uint8Array): number {
  return used.reduce((sum, one) => sum + one, 0) - (used[ABSENT] ?? 0);
}
