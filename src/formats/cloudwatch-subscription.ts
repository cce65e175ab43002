import type { Beside, Format, Opened } from "./contract.ts";
import { isObject, type JsonObject } from "./shape/audit-event.ts";
import { serverName, textAt } from "./shape/rebuilt-event.ts";
import { V1_CREATE, V1_LIST } from "./shape/sample-events.ts";

/** `owner/cluster/stream`: of the account, and of the log group's name what tells clusters apart. */
function serverOf({ facts }: Beside): string | undefined {
  const { owner, logGroup = "", logStream } = facts;
  return serverName(owner, /^\/aws\/eks\/([^/]+)\/cluster$/.exec(logGroup)?.[1] ?? logGroup, logStream);
}

/** Base64 of the same, gzipped or not: what a Lambda function, Kinesis or Firehose is handed. */
function packed(value: JsonObject): Opened | null {
  const data = textAt(value, "awslogs", "data") || textAt(value, "kinesis", "data");
  if (data !== "") return { packed: Buffer.from(data, "base64") };
  const { recordId, data: own } = value;
  if (typeof recordId === "string" && typeof own === "string") return { packed: Buffer.from(own, "base64") };
  const { Records: records } = value;
  if (!Array.isArray(records) || !records.some((record) => textAt(record, "kinesis", "data") !== "")) return null;
  return {
    many: (records as readonly unknown[])
      .filter(isObject)
      .map((record) => packed(record) ?? { foreign: "a Kinesis record without data" }),
  };
}

export const cloudwatchSubscription: Format = {
  id: "cloudwatch-subscription",
  title: "CloudWatch subscription",
  docs: "EKS control plane logs delivered by a CloudWatch subscription: to Firehose (S3), Kinesis or Lambda.",
  open(value, beside) {
    const { id, timestamp, message } = value;
    if (typeof id === "string" && typeof timestamp === "number" && typeof message === "string") {
      if (message.startsWith("CWL CONTROL MESSAGE")) return { foreign: "a control message of CloudWatch" };
      return { text: message, apiserver: serverOf(beside) };
    }
    return packed(value);
  },
  samples: () => {
    const body = (messageType: string, ...messages: readonly string[]): string =>
      JSON.stringify({
        messageType,
        owner: "123456789012",
        logGroup: "/aws/eks/shop/cluster",
        logStream: "kube-apiserver-audit-71976",
        subscriptionFilters: ["audit"],
        logEvents: messages.map((message, id) => ({ id: `3195${id}`, timestamp: 1_795_183_331_000, message })),
      });
    const data = body("DATA_MESSAGE", V1_LIST, V1_CREATE);
    const control = body("CONTROL_MESSAGE", "CWL CONTROL MESSAGE: Checking health of destination Firehose.");
    const apiservers = ["123456789012/shop/kube-apiserver-audit-71976"];
    const base64 = Buffer.from(data).toString("base64");
    return [
      { name: "Firehose, without newlines", text: `${control}${data}${data}`, events: 4, apiservers },
      { name: "one a line", text: `${data}\n${control}\n`, events: 2, apiservers },
      { name: "Lambda", text: JSON.stringify({ awslogs: { data: base64 } }), events: 2, apiservers },
      { name: "Kinesis", text: JSON.stringify({ Records: [{ kinesis: { data: base64 } }] }), events: 2, apiservers },
      {
        name: "Firehose transformation",
        text: JSON.stringify({ invocationId: "1", records: [{ recordId: "1", data: base64 }] }),
        events: 2,
        apiservers,
      },
    ];
  },
};
