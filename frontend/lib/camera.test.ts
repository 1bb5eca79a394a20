import assert from "node:assert/strict";
import { test } from "node:test";
import { openCamera } from "./camera";

const devices = (answer: () => Promise<unknown>): MediaDevices => ({ getUserMedia: answer }) as unknown as MediaDevices;
const failing = (name: string): MediaDevices => devices(() => Promise.reject(new DOMException("", name)));

for (const [name, fault] of [
  ["NotAllowedError", "camera_refused"],
  ["SecurityError", "camera_refused"],
  ["NotFoundError", "camera_missing"],
  ["NotReadableError", "camera_missing"],
] as const) {
  test(`${name} is ${fault}`, async () => {
    assert.deepEqual(await openCamera(failing(name)), { fault });
  });
}

test("closing stops every track", async () => {
  let stopped = 0;
  const track = { stop: () => (stopped += 1), getCapabilities: () => ({ torch: true }) };
  const opened = await openCamera(devices(async () => ({ getVideoTracks: () => [track], getTracks: () => [track, track] })));

  assert.ok("camera" in opened && opened.camera.hasTorch);
  opened.camera.close();

  assert.equal(stopped, 2);
});
