/** A tracking link for the customer: a code to scan, the text, and a way to copy it. It is shown once. */
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../lib/i18n";
import type { QrDrawing } from "../../lib/qr";

export function TrackingLink({ address }: { address: string }) {
  const field = useRef<HTMLInputElement>(null);
  /** Beside the button and not as a toast: those lie behind an open sheet. */
  const [said, setSaid] = useState("");

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(address);
      setSaid(t("The tracking link is copied."));
    } catch {
      field.current?.select();
      setSaid(t("The link is marked. Copy it with the tablet's own menu."));
    }
  }

  return (
    <div class="card tracking-link">
      <TrackingCode address={address} />
      <div class="stack">
        <div class="field">
          <label for="tracking">{t("Tracking link for the customer")}</label>
          <input id="tracking" ref={field} value={address} readOnly aria-describedby="tracking-hint" />
          <p class="hint" id="tracking-hint">
            {t("Whoever has this link can follow the delivery. Give it to the customer only.")}{" "}
            {t("Pass it on now: this page shows it once.")}
          </p>
        </div>
        <button type="button" class="button" onClick={() => void copy()}>{t("Copy the link")}</button>
        <p class="small" role="status">{said}</p>
      </div>
    </div>
  );
}

/** For a customer who stands at the counter. */
function TrackingCode({ address }: { address: string }) {
  const [drawing, setDrawing] = useState<QrDrawing | null>(null);
  useEffect(() => {
    void import("../../lib/qr").then(({ drawQr }) => setDrawing(drawQr(address)), () => undefined);
  }, [address]);
  if (!drawing) return <div class="qr skeleton" />;
  return (
    <figure class="stack stack-tight">
      <svg class="qr" viewBox={drawing.viewBox} role="img" aria-label={t("Code for the tracking page")}><path d={drawing.path} /></svg>
      <figcaption class="small muted">{t("The customer can scan this.")}</figcaption>
    </figure>
  );
}
