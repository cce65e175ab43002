/**
 * What lineage asks a store for, step by step, instead of reading everything: requests by what they say of lives of objects. A
 * namespace's own requests are on what is in none.
 */
export type LifeRead =
  /** On an object, on its kind without naming any, and Kubernetes Events about it. */
  | { readonly of: "object"; readonly resource: string; readonly namespace: string; readonly name: string }
  /** On what has the uid. */
  | { readonly of: "uid"; readonly uid: string }
  /** On what names the uid as its owner. */
  | { readonly of: "owned"; readonly uid: string }
  /** On objects whose names begin so. */
  | { readonly of: "begun"; readonly resource: string; readonly namespace: string; readonly prefix: string }
  /** On whatever has the name. */
  | { readonly of: "named"; readonly namespace: string; readonly name: string }
  /** The same in any namespace. */
  | { readonly of: "anywhere"; readonly name: string }
  | { readonly of: "kind"; readonly resource: string; readonly namespace: string }
  /** One request on the kind: whether there is any. */
  | { readonly of: "some"; readonly resource: string; readonly namespace: string }
  /** Creates that were refused before they had a name. */
  | { readonly of: "refused"; readonly namespace: string }
  /** On all that is in the namespace, without Kubernetes Events; `isWhole` false: only if it is not too much. */
  | { readonly of: "space"; readonly namespace: string; readonly isWhole: boolean }
  /** On the kind, in any namespace, in this time received, µs; `users`: theirs alone. */
  | {
      readonly of: "during";
      readonly resource: string;
      readonly fromUs: number;
      readonly toUs: number;
      readonly users: readonly string[];
    };

/** The same read has the same key. */
export function keyOfRead(read: LifeRead): string {
  return JSON.stringify(read);
}
