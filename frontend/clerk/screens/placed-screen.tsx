/** A delivery was placed: print its labels, pass its link on. */
import { useEffect, useState } from "preact/hooks";
import type { Problem } from "../../lib/api";
import { t, tn } from "../../lib/i18n";
import type { CancelDelivery } from "../api";
import { say, useDesk, useDeskState } from "../desk";
import type { DeliveryDraft } from "../draft";
import { keptDraft } from "../draft-keeping";
import { deliveryById } from "../lists";
import { LabelAnchor } from "../parts/label-link";
import { BackLink, ProblemBanner, ScreenTitle } from "../parts/pieces";
import { TrackingLink } from "../parts/tracking-link";
import { addressOf, go } from "../route";

interface Placed {
  tracking_url: string;
  recipient_name: string;
  parcel_count: number;
  /** What was typed, until the screen is left: from then on nobody at the counter sees street and phone. */
  draft: DeliveryDraft | null;
}

/** Links of what was placed since the page was opened: they are shown once, to the clerk who placed it. */
const placedById = new Map<string, Placed>();

export function rememberPlaced(result: { delivery_id: string; tracking_url: string }, draft: DeliveryDraft): void {
  const address = new URL(result.tracking_url, location.origin).href;
  const { recipient_name: name, parcel_count } = draft;
  placedById.set(result.delivery_id, { tracking_url: address, recipient_name: name.trim(), parcel_count, draft });
}

export function PlacedScreen({ id }: { id: string }) {
  const placed = placedById.get(id);
  const known = deliveryById(useDeskState(), id);
  const name = placed?.recipient_name ?? known?.recipient_first_name;
  const count = placed?.parcel_count ?? known?.parcel_count ?? 1;
  useEffect(() => () => {
    if (placed) placed.draft = null;
  }, [placed]);
  return (
    <main class="page page-narrow stack" id="app-main">
      <BackLink />
      <ScreenTitle>{name ? t("{name}'s delivery is placed", { name }) : t("The delivery is placed")}</ScreenTitle>
      <p class="lead">{t("Put a label on each parcel, then mark it packed on the counter's list.")}</p>
      <LabelAnchor id={id} class="button button-primary button-wide choice-go">{tn("Print {n} label", "Print {n} labels", count)}</LabelAnchor>
      {placed && <TrackingLink address={placed.tracking_url} />}
      <a class="button button-wide" href={addressOf({ screen: "new" })}>{t("Enter another delivery")}</a>
      {placed?.draft && <CorrectPlaced id={id} draft={placed.draft} />}
    </main>
  );
}

/** A wrong street, seen at once: the order is cancelled, and the form comes back as it was typed. */
function CorrectPlaced({ id, draft }: { id: string; draft: DeliveryDraft }) {
  const desk = useDesk();
  const { clerk } = useDeskState();
  const [problem, setProblem] = useState<Problem | null>(null);

  async function correct(): Promise<void> {
    const outcome = await desk.outbox.submit<CancelDelivery>(`/deliveries/${id}/cancel`, { reason: "corrected", note: "" });
    if (outcome.status === "refused") return setProblem(outcome.problem);
    keptDraft(desk, clerk!.id).change(draft);
    say(desk, t("Correct what is wrong and place it again. What you placed before is cancelled, and so are its labels and its link."));
    go({ screen: "new" });
  }

  return (
    <>
      {problem && <ProblemBanner problem={problem} />}
      <button type="button" class="button button-wide" onClick={() => void correct()}>{t("Something is wrong: cancel it and correct the form")}</button>
    </>
  );
}
