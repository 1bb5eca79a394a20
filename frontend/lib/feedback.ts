/** A short sound and a vibration after a scan, for people who look at the parcel and not at the screen. */

export interface Feedback {
  /** Call inside a tap: browsers give sound only to pages that were touched. */
  prepare(): void;
  /** The code was good: one high tone, one short buzz. */
  good(): void;
  /** The code was refused: two low tones, two long buzzes. */
  bad(): void;
}

interface FeedbackParts {
  vibrate?: (pattern: number[]) => boolean;
  createAudio?: () => AudioContext;
}

/** A browser says no, and complains, before somebody has touched the page: a code may come without a tap. */
function vibrate(pattern: number[]): boolean {
  return navigator.userActivation?.hasBeenActive !== false && navigator.vibrate(pattern);
}

const browserParts = (): FeedbackParts => ({
  ...(typeof navigator.vibrate === "function" ? { vibrate } : {}),
  ...(typeof AudioContext === "function" ? { createAudio: () => new AudioContext() } : {}),
});

/** Create the feedback of a scanning screen; it stays silent where the browser has no sound or motor. */
export function createFeedback(parts: FeedbackParts = browserParts()): Feedback {
  let audio: AudioContext | null = null;

  function tone(frequencyHz: number, startS: number, lengthS: number): void {
    if (!audio) return;
    const [source, gain, start] = [audio.createOscillator(), audio.createGain(), audio.currentTime + startS];
    source.frequency.value = frequencyHz;
    gain.gain.setValueAtTime(0.25, start);
    gain.gain.exponentialRampToValueAtTime(0.001, start + lengthS);
    source.connect(gain).connect(audio.destination);
    source.start(start);
    source.stop(start + lengthS);
  }

  return {
    prepare() {
      try {
        audio ??= parts.createAudio?.() ?? null;
        void audio?.resume().catch(() => undefined);
      } catch {
        audio = null;
      }
    },
    good() {
      tone(1_320, 0, 0.15);
      parts.vibrate?.([80]);
    },
    bad() {
      tone(220, 0, 0.18);
      tone(220, 0.25, 0.18);
      parts.vibrate?.([200, 100, 200]);
    },
  };
}
