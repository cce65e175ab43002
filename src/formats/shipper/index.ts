import type { FormatDefinition } from "../contract.ts";
import { DocumentReader } from "../document-reader.ts";
import { detect } from "./detect.ts";
import { samples } from "./samples.ts";

export const shipper: FormatDefinition = {
  id: "shipper",
  title: "Log shipper entries",
  docs: "Events as a string inside the JSON entries of a log pipeline: docker, journald, Fluent Bit, Vector, CloudWatch, Loki, Splunk.",
  samples,
  detect,
  open: (sink, baseOffset) => new DocumentReader(sink, baseOffset),
};
