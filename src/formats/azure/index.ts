import type { FormatDefinition } from "../contract.ts";
import { DocumentReader } from "../document-reader.ts";
import { detect } from "./detect.ts";
import { samples } from "./samples.ts";

export const azure: FormatDefinition = {
  id: "azure",
  title: "Azure diagnostic records",
  docs: "AKS kube-audit logs from Azure diagnostic settings: Event Hub or Storage records with the event in properties.log.",
  samples,
  detect,
  open: (sink, baseOffset) => new DocumentReader(sink, baseOffset),
};
