import assert from "node:assert/strict";
import { test } from "node:test";
import { type Camera, openCamera } from "./camera";

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

test("the back camera is asked for with the size that is wanted, and none is insisted on", async () => {
  const asked: unknown[] = [];
  const listening = { getUserMedia: (wanted: unknown) => (asked.push(wanted), Promise.reject(new DOMException("", "NotFoundError"))) } as unknown as MediaDevices;
  await openCamera(listening);
  await openCamera(listening, { width: 1_600, height: 1_200 });

  const wanted = (width: number, height: number) => ({ video: { facingMode: { ideal: "environment" }, width: { ideal: width }, height: { ideal: height } }, audio: false });
  assert.deepEqual(asked, [wanted(1_280, 720), wanted(1_600, 1_200)]);
});

test("closing stops every track", async () => {
  let stopped = 0;
  const track = { stop: () => (stopped += 1), getCapabilities: () => ({ torch: true }) };
  const opened = await openCamera(devices(async () => ({ getVideoTracks: () => [track], getTracks: () => [track, track] })));

  assert.ok("camera" in opened && opened.camera.hasTorch);
  opened.camera.close();

  assert.equal(stopped, 2);
});

const cameraWith = async (capabilities: object, applyConstraints: (wanted: unknown) => Promise<void> = async () => undefined): Promise<Camera> => {
  const track = { stop: () => undefined, getCapabilities: () => capabilities, applyConstraints };
  const opened = await openCamera(devices(async () => ({ getVideoTracks: () => [track], getTracks: () => [track] })));
  assert.ok("camera" in opened);
  return opened.camera;
};

test("lamp and zoom are asked of the camera", async () => {
  const asked: unknown[] = [];
  const camera = await cameraWith({ torch: true, zoom: { min: 1, max: 8, step: 0.1 } }, async (wanted) => void asked.push(wanted));

  assert.deepEqual(camera.zoom, { min: 1, max: 8, step: 0.1 });
  assert.equal(await camera.setTorch(true), true);
  assert.equal(await camera.setZoom(2.5), true);
  assert.deepEqual(asked, [{ advanced: [{ torch: true }] }, { advanced: [{ zoom: 2.5 }] }]);
});

test("a lamp that is announced and then refused stays off", async () => {
  const camera = await cameraWith({ torch: true }, () => Promise.reject(new DOMException("", "OverconstrainedError")));

  assert.equal(await camera.setTorch(true), false);
});

test("a camera without range has no zoom", async () => {
  for (const capabilities of [{}, { zoom: { min: 1, max: 1, step: 0 } }]) assert.equal((await cameraWith(capabilities)).zoom, null);
});

test("a zoom without steps gets some", async () => {
  assert.deepEqual((await cameraWith({ zoom: { min: 100, max: 400 } })).zoom, { min: 100, max: 400, step: 6 });
});
