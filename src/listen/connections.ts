import type { Socket } from "node:net";
import { MOST_CONNECTIONS } from "./limits.ts";

/** Connections that are open, those longest without a good request first. */
export class Connections {
  private readonly most: number;
  private readonly open = new Set<Socket>();
  private readonly busy = new Map<Socket, number>();

  constructor(most = MOST_CONNECTIONS) {
    this.most = most;
  }

  /** Where there are too many, one that does nothing goes: idle ones must not keep an API server out. */
  add(socket: Socket): void {
    if (this.open.size >= this.most) {
      const idle = [...this.open].find((other) => !this.busy.has(other));
      (idle ?? socket).destroy();
      if (idle === undefined) return;
      this.open.delete(idle);
    }
    this.open.add(socket);
    socket.once("close", () => {
      this.open.delete(socket);
      this.busy.delete(socket);
    });
  }

  /** A request that may be served has begun; the result ends it, `isGood` when it was one. */
  begin(socket: Socket): (isGood: boolean) => void {
    this.busy.set(socket, (this.busy.get(socket) ?? 0) + 1);
    return (isGood) => {
      const left = (this.busy.get(socket) ?? 1) - 1;
      if (left > 0) this.busy.set(socket, left);
      else this.busy.delete(socket);
      if (!isGood || !this.open.delete(socket)) return;
      this.open.add(socket);
    };
  }

  destroyAll(): void {
    for (const socket of this.open) socket.destroy();
  }

  get count(): number {
    return this.open.size;
  }
}
