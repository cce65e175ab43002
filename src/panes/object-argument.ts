/** `deploy/nginx -n demo`, as on the command line; throws a sentence for the user. */
export function parseObject(args: string): Readonly<Record<string, string>> {
  const words = args.split(/\s+/).filter((word) => word !== "");
  let object = "";
  let namespace = "";
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    if (word === "-n" || word === "--namespace") {
      at += 1;
      if (words[at] === undefined) throw new Error("-n needs a namespace");
      namespace = words[at] ?? "";
    } else if (word.startsWith("-n=") || word.startsWith("--namespace=")) namespace = word.slice(word.indexOf("=") + 1);
    else if (object === "") object = word;
    else throw new Error(`one object at a time: ${object} or ${word}?`);
  }
  return { ...(object === "" ? {} : { object }), ...(namespace === "" ? {} : { namespace }) };
}
