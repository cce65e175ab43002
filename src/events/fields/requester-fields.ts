import type { Field } from "../field.ts";
import { ACTOR_CLASSES } from "../vocabulary.ts";

/** Who asks. In the order in which they are offered. */
export const REQUESTER_FIELDS = [
  {
    id: "user",
    aliases: ["username"],
    kind: "text",
    title: "user",
    doc: "The effective user: the impersonated one where there is one. Empty after a failed authentication.",
    example: "user:system:serviceaccount:ci:*",
    dimension: {
      id: "user",
      plural: "users",
      about: "who called (the impersonated user where there is one)",
      key: "u",
    },
    column: { table: "actor", fact: "user" },
  },
  {
    id: "as",
    aliases: ["asfrom", "impersonation"],
    kind: "text",
    title: "impersonation",
    doc: 'Requests made by impersonation, by the name of either side: who asked for it, or who it ran as. `as:*` is any, `as:""` none.',
    example: "as:*",
  },
  {
    id: "who",
    kind: "text",
    title: "who",
    doc: "Identities collapsed: all nodes are `nodes`, a service account is `namespace/name`, no user its program.",
    example: "who:nodes",
    dimension: {
      id: "who",
      plural: "callers",
      about: "users collapsed: all nodes, a workload's pods, a program",
      key: "w",
    },
  },
  {
    id: "group",
    aliases: ["groups"],
    kind: "text",
    title: "group",
    doc: 'Any group of the effective user; `group:""` is a user without groups.',
    example: "group:system:nodes",
    dimension: { id: "group", plural: "groups", about: "groups of the user; a request counts under each", key: "g" },
  },
  {
    id: "cred",
    aliases: ["credential"],
    kind: "text",
    title: "credential",
    doc: "ID of the credential of who asked, `authentication.kubernetes.io/credential-id`: `X509SHA256=…` of a certificate, `JTI=…` of a token. Reads the original events.",
    example: "cred:JTI=*",
  },
  {
    id: "extra",
    kind: "keyed",
    title: "extra",
    doc: "What the authenticator added to the user, or impersonation to whom it runs as, by key, which may be a glob. Reads the original events.",
    example: "extra:authentication.kubernetes.io/pod-name=web-*",
  },
  {
    id: "actor",
    kind: "word",
    title: "actor class",
    doc: "What kind of client the user stands for.",
    example: "actor:human",
    words: ACTOR_CLASSES,
    dimension: {
      id: "actor",
      title: "actor",
      plural: "actor classes",
      about: "human, node, service account, controller …",
      key: "a",
    },
  },
] as const satisfies readonly Field[];
