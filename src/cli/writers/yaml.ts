import type { Writer } from "./contract.ts";

export const yaml: Writer = {
  id: "yaml",
  about: "YAML documents with comments, as kubectl takes them",
  async write(answer, sink) {
    for (const piece of answer.yaml ?? []) await sink.write(piece);
  },
};
