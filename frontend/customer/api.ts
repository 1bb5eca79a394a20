/** The JSON of `/t/{token}/state`; presented by `app/web/customer/present.py`. Words come ready in the reader's language. */
import type { Point, SocketGrant } from "../lib/api";

export interface TrackingState {
  rev: string;
  server_time: string;
  timezone: string;
  status: string;
  /** 0 placed · 1 driver assigned · 2 picked up · 3 on the way · 4 delivered (or ended otherwise). */
  step: 0 | 1 | 2 | 3 | 4;
  steps: string[];
  /** The answer: "Arriving 4:10–4:25 pm". */
  headline: string;
  /** What is happening: "Dina is on the way with your parcels." */
  sentence: string;
  window: { from: string; until: string; text: string };
  driver: { first_name: string; vehicle: string } | null;
  /** Stops served before this one; null when not on the way. */
  stops_before: number | null;
  /** Only when the position rule allows it. */
  position: (Point & { accuracy_m: number; at: string }) | null;
  position_allowed: boolean;
  dropoff: Point;
  store: Point & { name: string };
  pin: string | null;
  /** The PIN was entered wrongly too often: the code still works. */
  pin_locked: boolean;
  code_url: string | null;
  can_change: boolean;
  instructions: string;
  leave_at_door: boolean;
  /** False where the store wants a PIN: then somebody has to be there. */
  can_leave: boolean;
  /** Where it goes, the house number masked: "•••5 W Chandler Blvd, Chandler". Empty after the end. */
  address: string;
  proof: { photo_url: string | null; text: string; at: string } | null;
  timeline: { type: string; text: string; at: string; at_text: string }[];
  is_final: boolean;
  /** Null once the delivery is over. */
  socket: SocketGrant | null;
}
