// The TypeScript side of test_envelopes_twin.py. Standard input holds one member for each thing asked, standard
// output its answer under the same name.
import { text } from "node:stream/consumers";
import { commitTo, openEnvelope, signEnvelope } from "../../frontend/lib/envelope.ts";
import { exportPublicKey, generateKeys } from "../../frontend/lib/signing.ts";

/** As many at a time as keep both cores busy without holding every message in memory. */
const AT_ONCE = 64;

async function inTurn(items, work) {
  const done = [];
  for (let at = 0; at < items.length; at += AT_ONCE) {
    done.push(...(await Promise.all(items.slice(at, at + AT_ONCE).map(work))));
  }
  return done;
}

/** Read the texts that Python signed, and sign other statements for Python to read. */
async function exchange({ publicKey, texts, sign }) {
  const keys = await generateKeys();
  const read = await inTurn(texts, (envelope) => openEnvelope(envelope, publicKey));
  const made = await inTurn(sign, (statement) => signEnvelope(statement, keys.privateKey));
  return { read, made, publicKey: await exportPublicKey(keys.publicKey) };
}

/** Commit to each set of personal values. */
const commit = (personal) => inTurn(personal, (values) => commitTo(values));

/** Whether each text is believed. */
const judge = ({ publicKey, texts }) =>
  inTurn(texts, async (envelope) => {
    try {
      await openEnvelope(envelope, publicKey);
    } catch (error) {
      if (error instanceof RangeError) return false;
      throw error;
    }
    return true;
  });

const asked = JSON.parse(await text(process.stdin));
const answers = { exchange, commit, judge };
const given = {};
for (const [name, question] of Object.entries(asked)) given[name] = await answers[name](question);
process.stdout.write(JSON.stringify(given));
