import type { FormatDefinition } from "../contract.ts";
import { DocumentReader } from "../document-reader.ts";
import { detect } from "./detect.ts";
import { samples } from "./samples.ts";

export const documents: FormatDefinition = {
  id: "documents",
  title: "Pretty-printed events",
  docs: "JSON events one after the other, pretty-printed over several lines (jq .) or several on one line.",
  samples,
  detect,
  open: (sink, baseOffset) => new DocumentReader(sink, baseOffset),
};
