import { createServer } from "node:http";
import { writeErrorReason } from "../../files/write-error.ts";
import { writeWhole } from "../../files/write-whole.ts";
import { KtrailError } from "../../errors.ts";
import { note } from "../notes.ts";

const ADDRESS = /^(\[[\da-f:]+\]|[\w.-]*):(\d{1,5})$/i;
const WRITE_MS = 5_000;
const TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** Gives counters over HTTP at `HOST:PORT` (all of the machine's own only unless a host is named), or in a file. Throws KT203. */
export async function serveMetrics(
  where: string,
  text: () => string,
): Promise<{ readonly close: () => Promise<void> }> {
  const address = ADDRESS.exec(where);
  if (address === null) return writeMetrics(where, text);
  const [, host = "", port = ""] = address;
  const server = createServer((request, response) => {
    const isAsked = request.method === "GET" && (request.url === "/metrics" || request.url === "/");
    response.writeHead(isAsked ? 200 : 404, { "Content-Type": TYPE });
    response.end(isAsked ? text() : "");
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) =>
      reject(new KtrailError("KT203", `--metrics: cannot listen on ${where}: ${error.message}`)),
    );
    server.listen(Number(port), host === "" ? "127.0.0.1" : host.replaceAll(/[[\]]/g, ""), resolve);
  });
  server.unref();
  return {
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

function writeMetrics(path: string, text: () => string): { readonly close: () => Promise<void> } {
  let isTold = false;
  const write = (): void => {
    try {
      writeWhole(path, text(), { replace: true });
    } catch (error) {
      if (!isTold) note(`--metrics ${path} was not written: ${writeErrorReason(error)}`);
      isTold = true;
    }
  };
  write();
  const timer = setInterval(write, WRITE_MS);
  timer.unref();
  return {
    close: () => {
      clearInterval(timer);
      write();
      return Promise.resolve();
    },
  };
}
