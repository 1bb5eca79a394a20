import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeClock, settled } from "./fakes";
import { createLiveSocket } from "./socket";

type Handler = (message?: unknown) => void;

function connection(ticket: () => Promise<string | null>) {
  const handlers = new Map<string, Handler>();
  const seen: string[] = [];
  const socket = {
    connected: false,
    auth: {} as { ticket?: string },
    on: (event: string, handler: Handler) => handlers.set(event, handler),
    connect: () => seen.push(`connect ${socket.auth.ticket}`),
    disconnect: () => seen.push("disconnect"),
  };
  const clock = fakeClock();
  const live = createLiveSocket({
    ticket,
    clock,
    chance: () => 0,
    onChanged: () => seen.push("changed"),
    onEnded: (reason) => seen.push(`ended ${reason}`),
    onConnected: (isConnected) => seen.push(String(isConnected)),
    load: async () => ({ io: (() => socket) as never }),
  });
  const fire = (event: string, message?: unknown): void => handlers.get(event)?.(message);
  return { live, clock, seen, fire };
}

test("each attempt asks for a fresh ticket", async () => {
  let count = 0;
  const { live, clock, seen, fire } = connection(async () => `t${(count += 1)}`);
  live.open();
  await settled();

  fire("connect_error");
  await clock.move(1_000);
  fire("connect");
  fire("disconnect");
  await clock.move(1_000);

  assert.deepEqual(seen, ["connect t1", "connect t2", "true", "false", "connect t3"]);
});

test("opening twice in a row connects once", async () => {
  const { live, seen } = connection(async () => "t1");

  live.open();
  live.open();
  await settled();
  live.open();
  await settled();

  assert.deepEqual(seen, ["connect t1"]);
});

test("without a ticket it tries again later", async () => {
  let ticket: string | null = null;
  const { live, clock, seen } = connection(async () => ticket);
  live.open();
  await settled();
  assert.deepEqual(seen, []);

  ticket = "t1";
  await clock.move(1_000);

  assert.deepEqual(seen, ["connect t1"]);
});

test("messages are handed on", async () => {
  const { live, seen, fire } = connection(async () => "t1");
  live.open();
  await settled();

  fire("changed", {});
  fire("ended", { reason: "signed_out" });

  assert.deepEqual(seen.slice(1), ["changed", "ended signed_out"]);
});

test("a closed connection stays closed", async () => {
  const { live, clock, seen, fire } = connection(async () => "t1");
  live.open();
  await settled();

  live.close();
  fire("disconnect");
  await clock.move(60_000);

  assert.deepEqual(seen, ["connect t1", "disconnect", "false"]);
});
