import type { Located } from "../yaml/located.ts";
import type { GroupResources, PolicyRule, Word } from "./contract.ts";
import type { Decoder, UnknownField } from "./decode.ts";
import { checkMetadata } from "./object-meta.ts";

/** Words that have a meaning of their own are words as yet. */
type Unchecked<T, Words extends object> = Omit<T, keyof Words> & Words;
type EntryDraft = Unchecked<GroupResources, { readonly group: Word }>;
export type RuleDraft = Unchecked<
  PolicyRule,
  { readonly level: Word; readonly resources: readonly EntryDraft[]; readonly omitStages: readonly Word[] }
>;

/** A policy as it is decoded, before anything is checked but types. */
export interface PolicyDraft {
  readonly apiVersion: Word | null;
  readonly kind: Word | null;
  readonly rules: readonly RuleDraft[];
  readonly omitStages: readonly Word[];
  readonly omitManagedFields: boolean;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export function readDraft(decoder: Decoder, root: Located): PolicyDraft {
  const draft: Mutable<PolicyDraft> = {
    apiVersion: null,
    kind: null,
    rules: [],
    omitStages: [],
    omitManagedFields: false,
  };
  const unknown = decoder.fields(root, "", {
    apiVersion: (value) => (draft.apiVersion = decoder.word(value, "apiVersion")),
    kind: (value) => (draft.kind = decoder.word(value, "kind")),
    metadata: (value) => checkMetadata(decoder, value),
    rules: (value) => {
      const rules: RuleDraft[] = [];
      decoder.list(value, "rules", (item, at) => rules.push(readRule(decoder, item, at)));
      draft.rules = rules;
    },
    omitStages: (value) => (draft.omitStages = decoder.words(value, "omitStages")),
    omitManagedFields: (value) => (draft.omitManagedFields = decoder.truth(value, "omitManagedFields") ?? false),
  });
  for (const field of unknown) tellUnknown(decoder, "", field, WITHOUT_IN_POLICY[field.near] ?? "");
  return draft;
}

function readRule(decoder: Decoder, item: Located, at: number): RuleDraft {
  const path = `rules[${String(at)}].`;
  const { place } = item;
  const draft: Mutable<RuleDraft> = {
    place,
    level: { text: "", place },
    users: [],
    userGroups: [],
    verbs: [],
    resources: [],
    namespaces: [],
    nonResourceURLs: [],
    omitStages: [],
    omitManagedFields: null,
  };
  const words = (name: "users" | "userGroups" | "verbs" | "namespaces" | "nonResourceURLs" | "omitStages") => ({
    [name]: (value: Located): void => void (draft[name] = decoder.words(value, path + name)),
  });
  decoder.problems.rule = at;
  const unknown = decoder.fields(item, path, {
    level: (value) => (draft.level = decoder.word(value, `${path}level`)),
    ...words("users"),
    ...words("userGroups"),
    ...words("verbs"),
    resources: (value) => {
      const entries: EntryDraft[] = [];
      decoder.list(value, `${path}resources`, (entry, index) =>
        entries.push(readEntry(decoder, entry, `${path}resources[${String(index)}].`)),
      );
      draft.resources = entries;
    },
    ...words("namespaces"),
    ...words("nonResourceURLs"),
    ...words("omitStages"),
    omitManagedFields: (value) => (draft.omitManagedFields = decoder.truth(value, `${path}omitManagedFields`)),
  });
  for (const field of unknown) tellUnknown(decoder, path, field, withoutInRule(draft, field.near));
  decoder.problems.rule = null;
  return draft;
}

function readEntry(decoder: Decoder, item: Located, path: string): EntryDraft {
  const { place } = item;
  const draft: Mutable<EntryDraft> = { place, group: { text: "", place }, resources: [], resourceNames: [] };
  const unknown = decoder.fields(item, path, {
    group: (value) => (draft.group = decoder.word(value, `${path}group`)),
    resources: (value) => (draft.resources = decoder.words(value, `${path}resources`)),
    resourceNames: (value) => (draft.resourceNames = decoder.words(value, `${path}resourceNames`)),
  });
  for (const field of unknown) tellUnknown(decoder, path, field, withoutInEntry(draft, field.near));
  return draft;
}

function tellUnknown(decoder: Decoder, path: string, { key, place, near }: UnknownField, without: string): void {
  const message = `${path}${key} is no field of a policy and is ignored${without === "" ? "" : `: ${without}`}`;
  decoder.problems.ignored(place, message, near === "" ? "leave it out" : `${near}:`);
}

const WITHOUT_IN_POLICY: Readonly<Record<string, string>> = {
  rules: "without it there are no rules",
  omitStages: "every stage is written",
  omitManagedFields: "managed fields are written",
};

/** What a rule means without the field that was likely meant. */
function withoutInRule(rule: RuleDraft, field: string): string {
  const isFree = rule.resources.length + rule.namespaces.length + rule.nonResourceURLs.length === 0;
  const all = isFree ? "the rule matches requests for every resource and every URL" : "";
  const meanings: Readonly<Record<string, string>> = {
    level: "the rule has no level",
    users: "the rule matches every user",
    userGroups: "the rule matches users of any group",
    verbs: "the rule matches every verb",
    resources: all,
    nonResourceURLs: all,
    namespaces: "the rule matches in every namespace",
    omitStages: "the rule omits no stage by itself",
    omitManagedFields: "the policy's omitManagedFields counts",
  };
  return meanings[field] ?? "";
}

function withoutInEntry({ group, resources }: EntryDraft, field: string): string {
  const name = group.text === "" ? "the core group" : group.text === "*" ? "every group" : `group ${group.text}`;
  if (field === "resources" && resources.length === 0) return `the entry covers every resource of ${name}`;
  if (field === "group") return `the entry is for ${name}`;
  return field === "resourceNames" ? "the entry matches objects of any name" : "";
}
