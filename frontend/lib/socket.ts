/**
 * The live connection: it only says that something is newer (`changed`), where a driver is (`position`) or that it is
 * over (`ended`). What is new is fetched over HTTP, so a lost message costs a moment and never a fact.
 */
import type { Socket } from "socket.io-client";
import type { Changed, PositionMessage } from "./api";
import type { Clock } from "./clock";

export interface LiveSocket {
  /** The name under which the server knows the open connection, or null. */
  id(): string | null;
  /** Connect, or ask for a new ticket and connect again. */
  open(): void;
  close(): void;
}

export interface LiveSocketOptions {
  /** A ticket that was not used before, or null when there is nothing to watch; asked on each attempt. */
  ticket: () => Promise<string | null>;
  onChanged: (message: Changed) => void;
  onPosition?: (message: PositionMessage) => void;
  /** The server has closed the connection for good, such as with `signed_out`. */
  onEnded: (reason: string) => void;
  /** True while connected. */
  onConnected: (isConnected: boolean) => void;
  clock: Clock;
  chance?: () => number;
  /** Loads the client library; only then, because a page that polls works without it. */
  load?: () => Promise<{ io: typeof import("socket.io-client").io }>;
}

const SHORTEST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

/** Create a connection that is closed until `open`, and then kept up with 1–30 s between attempts. */
export function createLiveSocket(options: LiveSocketOptions): LiveSocket {
  const { ticket, onChanged, onPosition, onEnded, onConnected, clock, chance = Math.random } = options;
  const load = options.load ?? (() => import("socket.io-client"));
  let socket: Socket | null = null;
  let isOpen = false;
  /** From asking for a ticket until connected or refused: a second CONNECT on one connection would be refused. */
  let isConnecting = false;
  let cancelRetry: () => void = () => undefined;

  function retryLater(): void {
    isConnecting = false;
    if (!isOpen) return;
    cancelRetry();
    const delay = SHORTEST_WAIT_MS + chance() * (LONGEST_WAIT_MS - SHORTEST_WAIT_MS);
    cancelRetry = clock.after(delay, () => void connect());
  }

  async function connect(): Promise<void> {
    if (isConnecting) return;
    isConnecting = true;
    const granted = await ticket().catch(() => null);
    if (!isOpen || granted === null) return retryLater();
    try {
      socket ??= listen((await load()).io);
    } catch {
      return retryLater();
    }
    if (!isOpen) return retryLater();
    socket.auth = { ticket: granted };
    socket.connect();
  }

  function listen(io: typeof import("socket.io-client").io): Socket {
    // The library's own reconnecting would send the used ticket again; `retryLater` asks for a fresh one each time.
    const made = io({ transports: ["websocket"], autoConnect: false, reconnection: false, timeout: 10_000 });
    made.on("connect", () => {
      isConnecting = false;
      onConnected(true);
    });
    made.on("changed", onChanged);
    if (onPosition) made.on("position", onPosition);
    made.on("ended", (message: { reason?: string } | undefined) => onEnded(message?.reason ?? "ended"));
    made.on("connect_error", retryLater);
    made.on("disconnect", () => {
      onConnected(false);
      retryLater();
    });
    return made;
  }

  return {
    id: () => (socket?.connected ? (socket.id ?? null) : null),
    open() {
      cancelRetry();
      if (socket?.connected) return;
      isOpen = true;
      void connect();
    },
    close() {
      isOpen = false;
      isConnecting = false;
      cancelRetry();
      socket?.disconnect();
    },
  };
}
