/** The photo of a stop as its screen needs it: kept on the phone, and shown from memory. */
import { type ReadonlySignal, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { eraseStill, keepStill, keptStill } from "../stills";
import { useApp } from "./context";

export interface Still {
  photo: Blob;
  /** For an `<img>`. */
  address: string;
  /** Whether it outlives this page. */
  isKept: boolean;
}

interface Stills {
  /** Null: none was taken. Undefined while the phone looks. */
  still: ReadonlySignal<Still | null | undefined>;
  /** Keep a photo, then show it. */
  keep: (photo: Blob) => Promise<void>;
  /** Forget the photo. */
  erase: () => Promise<void>;
}

export function useStill(stopId: string): Stills {
  const { keeping } = useApp();
  const still = useSignal<Still | null | undefined>(undefined);
  const isGone = useRef(false);

  const show = (photo: Blob | null, isKept: boolean): void => {
    if (still.value) URL.revokeObjectURL(still.value.address);
    // Whoever has left the screen finds it kept.
    still.value = photo && !isGone.current ? { photo, address: URL.createObjectURL(photo), isKept } : null;
  };
  useEffect(() => {
    void keptStill(keeping, stopId).then((photo) => show(photo, true));
    return () => {
      isGone.current = true;
      show(null, false);
    };
  }, []);

  return {
    still,
    keep: async (photo) => show(photo, await keepStill(keeping, stopId, photo)),
    async erase() {
      await eraseStill(keeping, stopId);
      show(null, false);
    },
  };
}
