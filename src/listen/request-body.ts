import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { Refusal } from "./refusal.ts";

/** Holds what is received within bounds: `take` is called before more is kept, and throws a Refusal where it is too much. */
export interface Room {
  take(bytes: number): void;
}

/**
 * All of a request's body, unpacked. Rejects with a Refusal where it is too large, too slow or damaged; the request is left
 * open then, so that it can be answered.
 */
export async function requestBody(
  request: Readable,
  encoding: string | undefined,
  mostBytes: number,
  room: Room,
  mostMs: number,
): Promise<Buffer> {
  const packing = (encoding ?? "identity").trim().toLowerCase();
  if (packing === "identity") return collected(request, request, mostBytes, room, mostMs);
  if (packing !== "gzip") throw new Refusal(415, "Content-Encoding: expected gzip, or none");
  const gunzip = createGunzip();
  request.pipe(gunzip);
  try {
    return await collected(gunzip, request, mostBytes, room, mostMs);
  } finally {
    request.unpipe(gunzip);
    gunzip.destroy();
  }
}

function collected(
  stream: Readable,
  request: Readable,
  mostBytes: number,
  room: Room,
  mostMs: number,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const end = (error: Refusal | null): void => {
      clearTimeout(timer);
      stream.off("data", take);
      request.off("close", cut);
      if (error === null) resolve(Buffer.concat(chunks, bytes));
      else reject(error);
    };
    const take = (chunk: Buffer): void => {
      bytes += chunk.length;
      try {
        if (bytes > mostBytes) throw new Refusal(413, `a body may have ${mostBytes} bytes`);
        room.take(chunk.length);
        chunks.push(chunk);
      } catch (error) {
        end(error as Refusal);
      }
    };
    const cut = (): void => {
      if (!request.readableEnded) end(new Refusal(400, "the body ends early"));
    };
    const timer = setTimeout(() => end(new Refusal(408, "the body takes too long")), mostMs);
    stream.on("data", take);
    stream.once("end", () => end(null));
    stream.on("error", () => end(new Refusal(400, "the body is damaged or ends early")));
    request.once("close", cut);
  });
}
