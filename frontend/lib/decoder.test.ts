import assert from "node:assert/strict";
import { test } from "node:test";
import { createDecoder, type Decoder, firstThatWorks } from "./decoder";

const frame = (): ImageBitmap => ({ close: () => undefined }) as ImageBitmap;

function decoder(text: string): Decoder & { breakDown(): void } {
  let isBroken = false;
  return {
    decode: async () => (isBroken ? [] : [text]),
    isBroken: () => isBroken,
    close: () => undefined,
    breakDown: () => {
      isBroken = true;
    },
  };
}

test("the second decoder takes over when the first breaks", async () => {
  const [worker, page] = [decoder("worker"), decoder("page")];
  const both = firstThatWorks(worker, page);
  assert.deepEqual(await both.decode(frame(), false), ["worker"]);

  worker.breakDown();

  assert.deepEqual(await both.decode(frame(), false), ["page"]);
  assert.equal(both.isBroken(), false);
  page.breakDown();
  assert.equal(both.isBroken(), true);
});

test("the browser's own detector is used when it knows QR", async () => {
  class Native {
    static getSupportedFormats = async (): Promise<string[]> => ["qr_code"];
    detect = async (): Promise<{ rawValue: string }[]> => [{ rawValue: "MP1:A" }];
  }

  const native = await createDecoder(Native, () => assert.fail("no worker is needed"));

  assert.deepEqual(await native.decode(frame(), false), ["MP1:A"]);
});
