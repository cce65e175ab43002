import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from "node:http2";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { KtrailError } from "../errors.ts";
import { BatchKeeper } from "./batch-keeper.ts";
import { Connections } from "./connections.ts";
import type { ListenCounts, ListenHooks, ListenSettings } from "./contract.ts";
import {
  BODY_MS,
  HEADERS_MS,
  IDLE_MS,
  MOST_BODY_BYTES,
  MOST_CONNECTIONS,
  MOST_PENDING_BYTES,
  RETRY_AFTER_S,
} from "./limits.ts";
import { Refusal } from "./refusal.ts";
import { requestBody } from "./request-body.ts";
import { nameOf, pathSender, Senders, type Token, tokenSender, tokensIn } from "./senders.ts";

type Request = IncomingMessage | Http2ServerRequest;
type Response = ServerResponse | Http2ServerResponse;

export interface ListenerLimits {
  readonly bodyBytes: number;
  readonly pendingBytes: number;
  readonly headersMs: number;
  readonly bodyMs: number;
  readonly connections: number;
}

const LIMITS: ListenerLimits = {
  bodyBytes: MOST_BODY_BYTES,
  pendingBytes: MOST_PENDING_BYTES,
  headersMs: HEADERS_MS,
  bodyMs: BODY_MS,
  connections: MOST_CONNECTIONS,
};

const LEAVE_MS = 500;
const NOTE_EVERY_MS = 10_000;

/** An audit webhook backend. A batch is acknowledged when its events are on the disk, with a spool, and taken. */
export class Listener {
  private readonly settings: ListenSettings;
  private readonly hooks: ListenHooks;
  private readonly limits: ListenerLimits;
  private readonly open: Connections;
  private readonly keeper: BatchKeeper;
  private readonly senders = new Senders();
  private readonly refusals = { refused: 0, deferred: 0 };
  /** When a refusal with a status was noted last. */
  private readonly notedMs = new Map<number, number>();
  private tokens: readonly Token[] | null = null;
  private server: Server | null = null;
  private pending = 0;

  constructor(settings: ListenSettings, hooks: ListenHooks, limits: Partial<ListenerLimits> = {}) {
    this.settings = settings;
    this.hooks = hooks;
    this.limits = { ...LIMITS, ...limits };
    this.keeper = new BatchKeeper(settings.spool, hooks);
    this.open = new Connections(this.limits.connections);
  }

  /** How many are open. */
  get connections(): number {
    return this.open.count;
  }

  get counts(): ListenCounts {
    return { ...this.keeper.counts, ...this.refusals };
  }

  /** Resolves with the URL it is to be reached at. Throws KtrailError KT202 when a file or the address cannot be used. */
  async start(): Promise<string> {
    const { address, tokenFile, tls } = this.settings;
    if (tokenFile !== null) this.tokens = tokensIn((await readOrRefuse(tokenFile)).toString("utf8"));
    if (this.tokens?.length === 0) throw new KtrailError("KT202", `${tokenFile ?? ""} holds no token`);
    await this.keeper.begin();
    const server = await this.createServer();
    this.server = server;
    server.on("connection", (socket) => this.open.add(socket));
    server.headersTimeout = this.limits.headersMs;
    server.requestTimeout = this.limits.bodyMs;
    server.keepAliveTimeout = IDLE_MS;
    await new Promise<void>((resolve, reject) => {
      server.once("error", (error) =>
        reject(new KtrailError("KT202", `cannot listen on ${address.host}:${address.port}: ${error.message}`)),
      );
      server.listen({ port: address.port, host: address.host === "" ? undefined : address.host }, resolve);
    });
    server.on("error", () => undefined);
    const { port } = server.address() as AddressInfo;
    const host = address.host === "" ? "0.0.0.0" : address.host;
    return `${tls === null ? "http" : "https"}://${host.includes(":") ? `[${host}]` : host}:${port}/`;
  }

  async close(): Promise<void> {
    const { server } = this;
    this.server = null;
    if (server !== null) {
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      this.open.destroyAll();
      await closed;
    }
    await this.keeper.close();
  }

  private async createServer(): Promise<Server> {
    const handle = (request: Request, response: Response): void => void this.handle(request, response);
    const { tls, clientCa } = this.settings;
    const connectionsCheckingInterval = Math.min(1_000, this.limits.headersMs / 2);
    if (tls === null) return createServer({ connectionsCheckingInterval }, handle);
    try {
      const server = createSecureServer(
        {
          allowHTTP1: true,
          cert: await readOrRefuse(tls.cert),
          key: await readOrRefuse(tls.key),
          minVersion: "TLSv1.2",
          handshakeTimeout: this.limits.headersMs,
          ...(clientCa === null
            ? {}
            : { ca: await readOrRefuse(clientCa), requestCert: true, rejectUnauthorized: true }),
          maxSessionMemory: 32,
          connectionsCheckingInterval,
        } as Parameters<typeof createSecureServer>[0],
        handle,
      );
      server.on("session", (session) => {
        session.on("error", () => session.destroy());
        session.setTimeout(IDLE_MS, () => session.close());
      });
      server.on("tlsClientError", (_error, socket) => socket.destroy());
      return server as unknown as Server;
    } catch (error) {
      if (error instanceof KtrailError) throw error;
      throw new KtrailError("KT202", `${tls.cert}, ${tls.key}: ${(error as Error).message}`);
    }
  }

  private async handle(request: Request, response: Response): Promise<void> {
    const socket = socketOf(request);
    const end = this.open.begin(socket);
    let isGood = false;
    // A sender that leaves in the middle is nothing to fail for.
    request.on("error", () => undefined);
    response.on("error", () => undefined);
    try {
      const sender = this.admit(request, socket);
      if (request.method === "GET") {
        answer(response, 200, "ok\n");
      } else {
        const { events, duplicates } = await this.receive(request, sender ?? "");
        answer(response, 200, `{"events":${events},"duplicates":${duplicates}}\n`);
      }
      isGood = true;
    } catch (error) {
      this.refuse(request, response, error);
    } finally {
      end(isGood);
    }
  }

  private refuse(request: Request, response: Response, error: unknown): void {
    const refusal = error instanceof Refusal ? error : new Refusal(503, "the events could not be kept");
    if (!(error instanceof Refusal)) this.hooks.note(`a batch was not taken: ${String(error)}`);
    this.refusals.refused += 1;
    if (refusal.status === 429) this.refusals.deferred += 1;
    this.noteRefusal(refusal, socketOf(request)?.remoteAddress ?? "somewhere");
    // What is left of the body is not waited for: over HTTP/1 the connection goes with it.
    const isLeft = !request.complete;
    const closing = isLeft && request.httpVersionMajor === 1 ? { Connection: "close" } : {};
    answer(response, refusal.status, `${refusal.message}\n`, { ...refusal.headers, ...closing });
    if (!isLeft) return;
    request.resume();
    response.once("finish", () => setTimeout(() => leave(request), LEAVE_MS).unref());
  }

  /** Whoever sets up an API server sees what is wrong; whoever knocks all day long is told of now and then. */
  private noteRefusal({ status, message }: Refusal, address: string): void {
    const now = performance.now();
    if (now - (this.notedMs.get(status) ?? Number.NEGATIVE_INFINITY) < NOTE_EVERY_MS) return;
    this.notedMs.set(status, now);
    const loss = status === 429 || status === 503 ? "; API servers try again for some 80 s, and then drop it" : "";
    this.hooks.note(`a request from ${address} was answered ${status}: ${message}${loss}`);
  }

  /** Who is asking; null for a look whether we are there. Throws a Refusal. */
  private admit(request: Request, socket: Socket): string | null {
    const { method = "", url = "/", headers } = request;
    if (method === "GET" && /^\/(?:healthz|readyz|livez)(?:\?|$)/.test(url)) return null;
    const fromPath = pathSender(url);
    if (method !== "POST") throw new Refusal(405, "audit events are posted", { Allow: "POST" });
    const fromToken = tokenSender(headers.authorization, this.tokens);
    const type = (headers["content-type"] ?? "").split(";", 1)[0]?.trim().toLowerCase();
    if (type !== "application/json") throw new Refusal(415, "Content-Type: expected application/json");
    const fromCertificate =
      socket instanceof TLSSocket && this.settings.clientCa !== null
        ? nameOf(String(socket.getPeerCertificate().subject?.CN ?? ""))
        : "";
    return this.senders.admit(fromPath || fromCertificate || (fromToken ?? ""));
  }

  private async receive(request: Request, sender: string): Promise<{ events: number; duplicates: number }> {
    const { bodyBytes, bodyMs } = this.limits;
    const announced = Number(request.headers["content-length"] ?? 0);
    if (announced > bodyBytes) throw new Refusal(413, `a body may have ${bodyBytes} bytes`);
    const held = this.hold();
    try {
      held.take(0);
      const body = await requestBody(request, request.headers["content-encoding"], bodyBytes, held, bodyMs);
      const { taken, ...answered } = await this.keeper.keep(body, sender);
      // Until then it takes room here, acknowledged or not.
      taken
        .finally(() => held.free())
        .catch((error: unknown) => this.hooks.note(`events were not shown: ${String(error)}`));
      return answered;
    } catch (error) {
      held.free();
      throw error;
    }
  }

  /** Room for one request: with nothing else pending, anything that may be sent at all fits. */
  private hold(): { take(bytes: number): void; free(): void } {
    let own = 0;
    return {
      take: (bytes) => {
        const others = this.pending - own;
        if (others > 0 && this.pending + bytes > this.limits.pendingBytes) {
          throw new Refusal(429, "more is coming than can be taken", { "Retry-After": String(RETRY_AFTER_S) });
        }
        own += bytes;
        this.pending += bytes;
      },
      free: () => {
        this.pending -= own;
        own = 0;
      },
    };
  }
}

/** The sender has had time to read why. */
function leave(request: Request): void {
  if (request.httpVersionMajor === 2) (request as Http2ServerRequest).stream.close();
  else request.socket.destroy();
}

function socketOf(request: Request): Socket {
  const { stream } = request as Http2ServerRequest;
  // The HTTP/2 request's own is a proxy that refuses most of what a socket does.
  return (request.httpVersionMajor === 2 ? stream.session?.socket : request.socket) as Socket;
}

function answer(
  response: Response,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent || response.writableEnded) return;
  const type = body.startsWith("{") ? "application/json" : "text/plain; charset=utf-8";
  const all = { "Content-Type": type, "X-Content-Type-Options": "nosniff", ...headers };
  (response as ServerResponse).writeHead(status, all).end(body);
}

async function readOrRefuse(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new KtrailError("KT202", `cannot read ${path}: ${(error as Error).message}`);
  }
}
