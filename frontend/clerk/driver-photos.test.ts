import { dropDatabases, testDatabase } from "../lib/test-database";
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { createDriverPhotos } from "./driver-photos";

const driver = (name: string, photo: string | null = `/photo/${name}`) => ({ person_id: `per_${name}`, photo_url: photo });
const [DINA, DAN] = [driver("dina"), driver("dan")];

async function tablet(answer: (address: string) => Response | Promise<Response> = (address) => picture(address)) {
  const db = await testDatabase("mallrun-desk");
  const asked: string[] = [];
  const shown = new Map<string, Blob>();
  const addresses = {
    createObjectURL: (blob: Blob) => {
      const address = `blob:${asked.length}.${shown.size}`;
      shown.set(address, blob);
      return address;
    },
    revokeObjectURL: (address: string) => void shown.delete(address),
  };
  const fetch = async (address: string) => {
    asked.push(address);
    return answer(address);
  };
  const photos = createDriverPhotos({ db, fetch, addresses });
  const face = async ({ person_id }: { person_id: string }) => shown.get(photos.urls.value.get(person_id) ?? "")?.text();
  return { db, photos, asked, shown, face };
}

function picture(text: string): Response {
  return new Response(text, { headers: { "Content-Type": "image/png" } });
}

afterEach(dropDatabases);

test("a face that was fetched once is there after a start without signal", async () => {
  const online = await tablet();
  await online.photos.follow([DINA], true);
  const offline = await tablet(() => Promise.reject(new TypeError("offline")));

  await offline.photos.follow([DINA, DAN], false);

  assert.equal(await offline.face(DINA), "/photo/dina");
  assert.equal(offline.photos.urls.value.has(DAN.person_id), false);
  assert.deepEqual(offline.asked, []);
});

test("faces are kept sealed", async () => {
  const { db, photos } = await tablet();
  await photos.follow([DINA], true);

  const kept = await db.get("photos", "driver:per_dina");

  assert.equal(kept?.iv?.length, 12);
  assert.equal(Buffer.from(kept!.bytes).includes("/photo/dina"), false);
});

test("each face is fetched once per start, and again after a failure", async () => {
  let isDown = true;
  const { photos, asked, face } = await tablet((address) => (isDown ? new Response("", { status: 503 }) : picture(address)));
  await photos.follow([DINA], true);
  assert.equal(await face(DINA), undefined);

  isDown = false;
  await Promise.all([photos.follow([DINA], true), photos.follow([DINA], true)]);
  await photos.follow([DINA], true);

  assert.equal(await face(DINA), "/photo/dina");
  assert.equal(asked.length, 2);
});

test("a driver who is no longer coming is forgotten, and only then", async () => {
  const { db, photos, shown } = await tablet();
  await photos.follow([DINA, DAN], true);
  await db.put("photos", { iv: null, bytes: new ArrayBuffer(1), type: "image/jpeg" }, "a command's");

  await photos.follow([DAN], false);
  assert.equal(photos.urls.value.size, 2);
  await photos.follow([DAN], true);

  assert.deepEqual([...photos.urls.value.keys()], [DAN.person_id]);
  assert.equal(shown.size, 1);
  assert.deepEqual(await db.getAllKeys("photos"), ["a command's", "driver:per_dan"]);
});

test("a driver without a photo is asked for nothing", async () => {
  const { photos, asked } = await tablet();

  await photos.follow([driver("dina", null)], true);

  assert.deepEqual(asked, []);
});

test("a retired tablet keeps no face", async () => {
  const { db, photos, shown } = await tablet();
  await photos.follow([DINA, DAN], true);

  await photos.forget();

  assert.equal(shown.size, 0);
  assert.deepEqual(await db.getAllKeys("photos"), []);
});
