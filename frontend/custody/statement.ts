/** What a device signed about an event, held to the record that names it. No DOM. */
import { fromBase64Url, sha256Hex } from "../lib/bytes";
import { checkSignature } from "../lib/signing";

type Members = Record<string, unknown>;

/** Which device signed an envelope, or null when it is not what the record names, or its signature does not hold. */
export async function signerOf(envelope: string, facts: unknown, delivery: string, devices: Map<string, string>): Promise<string | null> {
  const named = facts as Members | null | undefined;
  if ((await sha256Hex(envelope)) !== named?.["statement_sha256"]) return null;
  const [head = "", payload = "", signature = ""] = envelope.split(".");
  const header = parsed(textOf(head));
  const deliveries = parsed(textOf(payload))?.["deliveries"];
  const kid = header?.["kid"];
  if (typeof kid !== "string" || header?.["alg"] !== "ES256" || Number.parseInt(kid, 16) !== named["device"]) return null;
  if (!Array.isArray(deliveries) || !deliveries.includes(delivery)) return null;
  const key = devices.get(kid);
  const signed = new TextEncoder().encode(`${head}.${payload}`);
  return key !== undefined && (await checkSignature(key, bytesOf(signature), signed)) ? kid : null;
}

/** A JSON object, or null for any other text. */
export function parsed(text: string): Members | null {
  try {
    const found: unknown = JSON.parse(text);
    return typeof found === "object" ? (found as Members | null) : null;
  } catch {
    return null;
  }
}

/** Nothing for what is no base64url: then nothing that it should say is there. */
function bytesOf(part: string): Uint8Array<ArrayBuffer> {
  try {
    return fromBase64Url(part);
  } catch {
    return new Uint8Array();
  }
}

function textOf(part: string): string {
  return new TextDecoder().decode(bytesOf(part));
}
