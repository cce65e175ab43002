import type { FormatDefinition } from "../contract.ts";
import { DocumentReader } from "../document-reader.ts";
import { detect } from "./detect.ts";
import { samples } from "./samples.ts";

export const array: FormatDefinition = {
  id: "array",
  title: "JSON array",
  docs: "A JSON array of events or EventLists, as jq -s, gcloud and many exports write it.",
  samples,
  detect,
  open: (sink, baseOffset) => new DocumentReader(sink, baseOffset),
};
