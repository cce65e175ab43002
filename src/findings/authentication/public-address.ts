import { inBlock, parseAddress } from "../../queries/address.ts";
import type { FindingStore } from "../contract.ts";
import { repeated } from "../repeated.ts";
import { personText, within } from "../words.ts";

const INSIDE =
  "ip:10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,127.0.0.0/8,100.64.0.0/10,169.254.0.0/16,fc00::/7,fe80::/10,::1/128";

export const publicAddress = repeated({
  id: "auth-system-user-public-ip",
  about: "one of the cluster's own accounts calls from a public address",
  severity: "high",
  needs: ["metadata"],
  advice:
    "Find out whose address it is; if nobody's you know, take the credential away: delete the account's tokens, or renew the certificate.",
  references: ["T1078.004", "Panther: system_principal_public_ip"],
  terms: `user:system:kube-*,system:serviceaccount:kube-system:* as:"" code:<400 -${INSIDE} -ip:""`,
  by: ["user", "ip"],
  least: 1,
  usual: { user: "system:kube-scheduler", verb: "list", resource: "pods", ip: "203.0.113.9" },
  hits: [
    [{ user: "system:serviceaccount:kube-system:token-cleaner", resource: "secrets" }],
    [{ ip: "2001:db8::7", times: 5 }],
  ],
  misses: [[{ ip: "10.3.4.5" }], [{ user: "system:node:n1", ip: "203.0.113.7" }, {}], [{ user: "alice" }]],
  async tell({ key, row, store }) {
    const { user = "", ip = "" } = key;
    if (await isAmongNodes(store, ip)) return null;
    return {
      title: `${personText(user)} calls from public address ${ip}: ${row.requests} requests`,
      detail: `${user} was let in ${row.requests} times ${within(row.firstSeen, row.lastSeen)} from ${ip}, which is no address of a private network`,
    };
  },
});

/** Nodes that have public addresses have them from one range. */
async function isAmongNodes(store: FindingStore, ip: string): Promise<boolean> {
  const address = parseAddress(ip);
  if (address === null) return false;
  const block = { base: address, bits: address.kind() === "ipv4" ? 16 : 48 };
  const nodes = await store.groups("actor:node code:<400", ["ip"]);
  return nodes.some(({ key }) => {
    const node = parseAddress(key["ip"] ?? "");
    return node !== null && inBlock(node, block);
  });
}
