/** The back camera: opened for scanning, always let go of afterwards. */

/** Why there is no picture: codes of the problem catalogue. */
export type CameraFault = "camera_refused" | "camera_missing" | "insecure_page";

export interface Camera {
  stream: MediaStream;
  /** True when the phone has a lamp that the page may switch. */
  hasTorch: boolean;
  setTorch(isOn: boolean): Promise<void>;
  /** Stop every track; the recording light goes out. */
  close(): void;
}

export type OpenedCamera = { camera: Camera } | { fault: CameraFault };

/** Enough for a code at arm's length: 4 camera pixels per module, see the scanner's every-fourth-frame rule. */
const WANTED: MediaTrackConstraints = {
  // Not `exact`: laptops and tablets with one camera would be refused.
  facingMode: { ideal: "environment" },
  width: { ideal: 1280 },
  height: { ideal: 720 },
};

/** Names of `getUserMedia` errors that mean "not allowed"; any other means that there is nothing to open. */
const REFUSALS = new Set(["NotAllowedError", "SecurityError"]);

/** Open the back camera, or say why not. The browser asks the person on first use. */
export async function openCamera(devices: MediaDevices | undefined = globalThis.navigator?.mediaDevices): Promise<OpenedCamera> {
  // Browsers hide the camera from pages without https.
  if (!devices?.getUserMedia) return { fault: globalThis.isSecureContext === false ? "insecure_page" : "camera_missing" };
  try {
    return { camera: cameraOf(await devices.getUserMedia({ video: WANTED, audio: false })) };
  } catch (error) {
    return { fault: REFUSALS.has((error as DOMException).name) ? "camera_refused" : "camera_missing" };
  }
}

function cameraOf(stream: MediaStream): Camera {
  const [track] = stream.getVideoTracks();
  const capabilities = (track?.getCapabilities?.() ?? {}) as MediaTrackCapabilities & { torch?: boolean };
  return {
    stream,
    hasTorch: capabilities.torch === true,
    async setTorch(isOn) {
      const constraint = { advanced: [{ torch: isOn } as MediaTrackConstraintSet] };
      // Some phones announce a lamp and then refuse it; scanning goes on without.
      await track?.applyConstraints(constraint).catch(() => undefined);
    },
    close() {
      for (const each of stream.getTracks()) each.stop();
    },
  };
}
