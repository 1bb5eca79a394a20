/** The back camera: opened for scanning and for photos, always let go of afterwards. */

/** Why there is no picture: codes of the problem catalogue. */
export type CameraFault = "camera_refused" | "camera_missing" | "insecure_page";

/** In the camera's own unit; the ratio to `min` is what a person understands. */
export interface ZoomRange {
  min: number;
  max: number;
  step: number;
}

export interface Camera {
  stream: MediaStream;
  /** True when the phone has a lamp that the page may switch. */
  hasTorch: boolean;
  /** Switch the lamp; answers whether the phone did. */
  setTorch(isOn: boolean): Promise<boolean>;
  /** Null when the page may not change it, or there is nothing to change. */
  zoom: ZoomRange | null;
  /** Zoom to a level inside the range; answers whether the camera did. */
  setZoom(level: number): Promise<boolean>;
  /** Stop every track; the recording light goes out. */
  close(): void;
}

export type OpenedCamera = { camera: Camera } | { fault: CameraFault };

type Capabilities = MediaTrackCapabilities & { torch?: boolean; zoom?: { min: number; max: number; step?: number } };
/** What browsers know and TypeScript's types of the DOM do not. */
type Setting = MediaTrackConstraintSet & { torch?: boolean; zoom?: number };

/** Pixels of a picture, the phone lying on its side. */
export interface FrameSize {
  width: number;
  height: number;
}

/** Enough for a code at arm's length: 4 camera pixels per module. */
const FOR_CODES: FrameSize = { width: 1_280, height: 720 };
/** For cameras that do not say in which steps they zoom. */
const ZOOM_STEPS = 50;

/** Names of `getUserMedia` errors that mean "not allowed"; any other means that there is nothing to open. */
const REFUSALS = new Set(["NotAllowedError", "SecurityError"]);

/** Open the back camera with about this many pixels, or say why not. The browser asks the person on first use. */
export async function openCamera(devices: MediaDevices | undefined = globalThis.navigator?.mediaDevices, size = FOR_CODES): Promise<OpenedCamera> {
  // Browsers hide the camera from pages without https.
  if (!devices?.getUserMedia) return { fault: globalThis.isSecureContext === false ? "insecure_page" : "camera_missing" };
  // None is `exact`: laptops and tablets with one camera would be refused, and cameras have the sizes they have.
  const video = { facingMode: { ideal: "environment" }, width: { ideal: size.width }, height: { ideal: size.height } };
  try {
    return { camera: cameraOf(await devices.getUserMedia({ video, audio: false })) };
  } catch (error) {
    return { fault: REFUSALS.has((error as DOMException).name) ? "camera_refused" : "camera_missing" };
  }
}

function cameraOf(stream: MediaStream): Camera {
  const [track] = stream.getVideoTracks();
  const capabilities: Capabilities = track?.getCapabilities?.() ?? {};
  // Some phones announce a lamp or a zoom and then refuse it; scanning goes on without.
  const set = async (setting: Setting): Promise<boolean> => {
    try {
      await track?.applyConstraints({ advanced: [setting] });
      return track !== undefined;
    } catch {
      return false;
    }
  };
  return {
    stream,
    hasTorch: capabilities.torch === true,
    setTorch: (torch) => set({ torch }),
    zoom: zoomOf(capabilities),
    setZoom: (zoom) => set({ zoom }),
    close() {
      for (const each of stream.getTracks()) each.stop();
    },
  };
}

function zoomOf({ zoom }: Capabilities): ZoomRange | null {
  if (!zoom || !(zoom.max > zoom.min)) return null;
  return { min: zoom.min, max: zoom.max, step: zoom.step || (zoom.max - zoom.min) / ZOOM_STEPS };
}
