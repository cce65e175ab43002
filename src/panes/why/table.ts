import type { WhyLink } from "../../lineage/contract.ts";
import { type AnswerTable, type CellLook, fields, textCell } from "../answer-table.ts";

/** A link of the chain, from the removal back. */
export interface ListedLink {
  readonly link: WhyLink;
  /** From 1. */
  readonly number: number;
}

interface LinkLook extends CellLook {
  /** To the millisecond. */
  readonly exactText: (iso: string) => string;
}

export const CHAIN_TABLE: AnswerTable<ListedLink, LinkLook> = {
  fields: fields("t", "object", "what", "by", "actorClass", "auditID", "because", "ip", "useragent"),
  empty: "nothing removed it in this log",
  columns: [
    { id: "link", title: "#", align: "right", cell: ({ number }) => ({ text: String(number) }) },
    { id: "t", title: "time", minWidth: 12, cell: ({ link }, { exactText }) => ({ text: exactText(link.t) }) },
    {
      id: "object",
      title: "object",
      minWidth: 16,
      cell: ({ link: { object, life } }, look) => textCell(life === undefined ? object : `${object} #${life}`, look),
    },
    { id: "what", title: "what", minWidth: 14, keep: "head", cell: ({ link }, look) => textCell(link.what, look) },
    { id: "by", title: "by", minWidth: 16, cell: ({ link }, look) => textCell(link.by, look) },
    { id: "ip", title: "from", minWidth: 9, drop: 1, cell: ({ link }, look) => textCell(link.ip, look) },
    {
      id: "program",
      title: "program",
      minWidth: 8,
      keep: "head",
      drop: 2,
      cell: ({ link }, look) => textCell(program(link), look),
    },
  ],
};

/** User agent up to its platform: `kubectl/v1.36.2`. */
export function program({ useragent = "" }: WhyLink): string {
  return useragent.split(" ", 1)[0] ?? "";
}

/** Sentences would make the chain's columns too narrow: each has a line of its own. */
export const BECAUSE_TABLE: AnswerTable<ListedLink> = {
  title: "Because",
  columns: [
    { id: "link", title: "#", align: "right", cell: ({ number }) => ({ text: String(number) }) },
    { id: "because", title: "because", grow: 1, keep: "head", cell: ({ link }, look) => textCell(link.because, look) },
  ],
};
