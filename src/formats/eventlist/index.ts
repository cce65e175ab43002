import type { FormatDefinition } from "../contract.ts";
import { DocumentReader } from "../document-reader.ts";
import { detect } from "./detect.ts";
import { samples } from "./samples.ts";

export const eventlist: FormatDefinition = {
  id: "eventlist",
  title: "EventList",
  docs: "What the API server posts to an audit webhook: EventList objects, one a line or one a file; also a kubectl List of them.",
  samples,
  detect,
  open: (sink, baseOffset) => new DocumentReader(sink, baseOffset),
};
