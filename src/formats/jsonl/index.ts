import type { FormatDefinition } from "../contract.ts";
import { LineReader } from "../line-reader.ts";
import { detect } from "./detect.ts";
import { samples } from "./samples.ts";

export const jsonl: FormatDefinition = {
  id: "jsonl",
  title: "One event a line",
  docs: "What the API server writes with --audit-log-path: one JSON event (v1, v1beta1, v1alpha1) a line.",
  samples,
  detect,
  open: (sink, baseOffset) => new LineReader(sink, baseOffset),
};
