import type { Located } from "../yaml/located.ts";
import type { Decoder } from "./decode.ts";

const TIME = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;
const TEXTS = ["name", "generateName", "namespace", "selfLink", "uid", "resourceVersion"] as const;
const NUMBERS = ["generation", "deletionGracePeriodSeconds"] as const;
const TIMES = ["creationTimestamp", "deletionTimestamp"] as const;
const TEXT_MAPS = ["labels", "annotations"] as const;

/** A policy's `metadata` means nothing, but is refused like everybody's where a type is wrong. */
export function checkMetadata(decoder: Decoder, metadata: Located): void {
  const path = "metadata.";
  const each = <K extends string>(names: readonly K[], take: (value: Located, path: string) => void) =>
    Object.fromEntries(names.map((name) => [name, (value: Located) => take(value, path + name)]));
  const unknown = decoder.fields(metadata, path, {
    ...each(TEXTS, (value, at) => decoder.word(value, at)),
    ...each(NUMBERS, (value, at) => decoder.wholeNumber(value, at)),
    ...each(TIMES, (value, at) => {
      const { text, place } = decoder.word(value, at);
      if (text !== "" && !TIME.test(text)) decoder.problems.refused(place, `${at} is no time`, "leave it out");
    }),
    ...each(TEXT_MAPS, (value, at) => checkTexts(decoder, value, at)),
    finalizers: (value) => decoder.words(value, `${path}finalizers`),
    ownerReferences: (value) => decoder.list(value, `${path}ownerReferences`, () => undefined),
    managedFields: (value) => decoder.list(value, `${path}managedFields`, () => undefined),
  });
  for (const { key, place } of unknown) {
    decoder.problems.ignored(
      place,
      `metadata.${key} is no field of an object's metadata and is ignored`,
      "leave it out",
    );
  }
}

function checkTexts(decoder: Decoder, value: Located, path: string): void {
  if (value.kind !== "map") decoder.fields(value, `${path}.`, {});
  else for (const entry of value.entries) decoder.word(entry.value, `${path}.${entry.key}`);
}
