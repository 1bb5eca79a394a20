/** What a device signed about an event, held to the record that names it. No DOM. */
import { fromBase64Url, sha256Hex } from "../lib/bytes";
import { checkSignature } from "../lib/signing";
import { CodeRefused, parse, verifyScanned } from "../lib/tokens";

type Members = Record<string, unknown>;

/** The ticket set of a phone that takes nothing away. */
const NOTHING = "e3b0c442";

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

/** Which phone signed the code that a record of a carrier's parcel holds, or null when it does not hold. */
export async function carrierOf(facts: Members, devices: Map<string, string>): Promise<string | null> {
  try {
    const scanned = parse(String(facts["presence"]));
    const { token } = scanned;
    if (token.kind !== "presence" || token.kid !== facts["phone_kid"] || token.ticketSet !== NOTHING) return null;
    const kid = token.kid.toString(16).padStart(8, "0");
    const publicKey = devices.get(kid);
    await verifyScanned(scanned, () => (publicKey === undefined ? undefined : { kid: token.kid, role: "phone", publicKey }), checkSignature, "phone");
    return kid;
  } catch (error) {
    if (error instanceof CodeRefused) return null;
    throw error;
  }
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
