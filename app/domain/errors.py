"""Refusals: one catalogue of stable codes with plain words and the next step.

The catalogue is data so that a phone without signal, a page and the API say the same words. Codes are
public: they are never renamed and never reused. Texts are English source texts; an edge translates them
and fills the `{fact}` placeholders.
"""

import json
import sys
from dataclasses import asdict, dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Problem:
    """What one code means: HTTP status, a title, what happened, what to do now."""

    status: int
    title: str
    detail: str
    next_step: str
    #: True when the front end can meet this refusal by itself and needs the words without a server.
    on_device: bool = False
    #: True when only a store's tablet can meet it: the driver's phone does not load these words.
    desk_only: bool = False
    #: True when only codes, cameras and photos meet it: an app loads these words with the screens for them.
    at_hand: bool = False
    #: True when the refusal itself is a fact to keep (a counted wrong try): the edge commits instead of rolling back.
    keeps_effects: bool = False


class DomainError(Exception):
    """A refused command.

    Args:
        code: A key of `PROBLEMS`.
        facts: Values for the placeholders of the problem's texts; they may be shown to the person who asked.

    Raises:
        KeyError: When the code is not in the catalogue, which is a programming mistake.
    """

    def __init__(self, code: str, **facts: str | int) -> None:
        self.problem: Final = PROBLEMS[code]
        self.code: Final = code
        self.facts: Final = facts
        super().__init__(f"{code} {facts}" if facts else code)


PROBLEMS: Final[dict[str, Problem]] = {
    # Requests as such
    "bad_request": Problem(400, "Request not understood", "This request could not be read.", "Check its form and send it again."),
    "command_id_reused": Problem(422, "Same id, other content", "This step's id was used before with other content.", "Repeat the step in the app, so that it gets a new id."),
    "cross_site": Problem(403, "Request from another site", "This request came from a page that is not part of this product.", "Open the app itself and try again."),
    "invalid_input": Problem(422, "Please check what you entered", "Some fields need another value.", "Correct the marked fields and send again."),
    "method_not_allowed": Problem(405, "Not possible here", "This address does not take that kind of request.", "Use one of the methods named in the Allow header."),
    "needs_connection": Problem(503, "No connection", "The server did not answer, so this may not be done.", "Go where there is signal, then try again.", on_device=True),
    "not_found": Problem(404, "Not found", "There is nothing here that you can see.", "Check the link, or go back to the start."),
    "payload_too_large": Problem(413, "Too large", "What you sent is larger than this address takes.", "Send less at once.", on_device=True),
    "server_error": Problem(500, "Something failed on our side", "The server could not finish this. Nothing was changed.", "Try again in a moment. If it goes on, tell support the code below.", on_device=True),
    "server_unreachable": Problem(503, "No connection", "The server cannot be reached just now. Your step is kept on this device.", "Go on. It is sent when the connection is back.", on_device=True),
    "too_many_requests": Problem(429, "Too many tries", "That was more often than we take in this time.", "Wait {retry_after_s} seconds, then try again."),
    "unsupported_media_type": Problem(415, "Unknown format", "This address takes JSON.", "Send the body as application/json."),
    # Signing in
    "bad_credentials": Problem(401, "Sign-in failed", "The e-mail address or phone number and the password do not belong together.", "Check both and try again, or ask for a new sign-in link."),
    "clerk_code_wrong": Problem(403, "Wrong code", "This code does not belong to a clerk of this store.", "Check it and try again. Tries left on this tablet: {tries_left}.", keeps_effects=True),
    "clerk_code_unknown_here": Problem(403, "Wrong code", "Without signal this tablet knows only the clerks who signed in on it in the last 12 hours. This code is none of theirs.", "Check it and try again. Tries left on this tablet: {tries_left}.", on_device=True, desk_only=True),
    "clerk_sign_in_old": Problem(403, "Sign in with signal first", "{name}'s last sign-in with signal on this tablet was more than 12 hours ago.", "Take the tablet where it has signal, then enter your code again.", on_device=True, desk_only=True),
    "desk_locked_here": Problem(423, "Sign-in is locked", "A wrong code was entered five times on this tablet, and there is no signal.", "Take the tablet where it has signal, and ask a manager to unlock this desk on the manager page.", on_device=True, desk_only=True),
    "no_clerk_known_here": Problem(503, "No connection", "Without signal a tablet knows only clerks who signed in on it in the last 12 hours, and there is none.", "Take the tablet where it has signal and sign in once.", on_device=True, desk_only=True),
    "desk_locked": Problem(423, "Sign-in is locked", "A wrong code was entered five times on this tablet.", "Ask a manager to unlock this desk on the manager page.", on_device=True, desk_only=True, keeps_effects=True),
    "device_key_invalid": Problem(422, "Key not accepted", "This device's key or its signature could not be checked.", "Close the app, open it again and retry."),
    "driver_not_approved": Problem(403, "Not approved yet", "Your account is not approved for driving yet.", "Ask the dispatcher when approval is due."),
    "enrolment_expired": Problem(410, "Code has run out", "This enrolment code is older than 10 minutes or was used before.", "Ask a manager to show a new code."),
    "enrolment_unknown": Problem(404, "Unknown code", "No desk is waiting for this enrolment code.", "Check the code, or ask a manager to show a new one."),
    "not_signed_in": Problem(401, "Please sign in", "You are not signed in, or your session has ended.", "Sign in again. Steps on this device are kept.", on_device=True),
    "sign_in_link_over": Problem(404, "This link does not work", "This sign-in link was used before, is older than 24 hours or is not complete.", "Ask whoever sent it for a new one."),
    "clerk_code_taken": Problem(409, "Code is taken", "Another clerk of this store has the same code.", "Choose another six digits."),
    # The demo
    "demo_drivers_busy": Problem(409, "All simulated drivers are busy", "Every simulated driver is on a run just now, or no run is on offer.", "Watch one of their runs, or try again in a few minutes."),
    # Driving and claiming
    "already_claimed": Problem(409, "Another driver was first", "This run was claimed by another driver a moment ago.", "Look at the other runs on offer. New ones come through the day."),
    "claim_cool_down": Problem(429, "Short pause", "You have claimed and released several runs in a short time.", "You can claim again in {retry_after_s} seconds."),
    "claim_kept_before": Problem(409, "Said before", "You have said twice that you are on your way, and the run has not begun.", "Tap “I am at the counter” as soon as you are there. Until then the run may go on offer again."),
    "not_on_duty": Problem(409, "You are off duty", "Only drivers on duty can do this.", "Go on duty first."),
    "hub_drivers_only": Problem(403, "Only for the hub's own drivers", "A hub's parcels are brought by its own drivers, and they work there only.", "Choose another site, or ask the dispatcher whose hub you belong to."),
    "run_busy": Problem(409, "Finish your run first", "You cannot go off duty while a run is yours.", "Finish the run, or release it before the first collection."),
    "run_gone": Problem(409, "This run is gone", "This run is no longer on offer.", "Look at the other runs on offer."),
    "run_back_on_offer": Problem(409, "Back on offer", "Somebody had this run until a moment ago. It is on offer again.", "Claim it again."),
    "run_not_shown": Problem(409, "Not on offer yet", "This run still waits for more orders.", "It appears among the runs on offer when its start is near. Look at the others until then."),
    "run_limit": Problem(409, "You have a run already", "You can hold {max_active} run at a time.", "Finish your run, then claim the next."),
    "offer_after_shift": Problem(409, "Ends after your shift", "This run would end after your shift does.", "Choose a later end of your shift, or wait until the run is open to everyone."),
    "offer_ranked": Problem(409, "Not decided yet", "Drivers who asked for this run are answered first.", "Ask for it too, or try again in a few seconds."),
    "offer_too_large": Problem(409, "Too large for your vehicle", "This run needs {litres} litres. Your vehicle takes {capacity}.", "Choose a larger vehicle if you have it here, or wait until the run is open to everyone."),
    "shift_past": Problem(422, "That time is over", "Your shift cannot end before now.", "Choose a later end, or an open end."),
    "order_outdated": Problem(409, "No longer current", "The stops of this run have changed since this order was proposed.", "Go on with the list as it is. A new proposal comes when one helps."),
    "run_not_releasable": Problem(409, "Too late to release", "You have collected parcels of this run already.", "Bring them to the customers, or call the dispatcher."),
    "run_reassigned": Problem(409, "This run is no longer yours", "This run was released or given to another driver.", "Open the app again to see what is yours now."),
    "stop_closed": Problem(409, "This stop is finished", "This stop is done already.", "Go on with the next stop."),
    "stop_not_next": Problem(409, "Not this stop yet", "Parcels of this delivery are still to be collected.", "Collect them first."),
    # Codes at the counter, and a manager's for dear goods
    "already_used": Problem(409, "This code was used", "This code was scanned before.", "Ask the clerk to show a new code.", on_device=True, at_hand=True),
    "bad_signature": Problem(422, "Code is damaged", "This code was changed or not read properly.", "Scan it again. If it fails twice, type the short code.", on_device=True, at_hand=True),
    "code_not_ours": Problem(422, "Not a Mallrun code", "This is some other code, for example a web address or a product code.", "Scan the code on the store's tablet.", on_device=True, at_hand=True),
    "code_too_long": Problem(422, "Not a Mallrun code", "This code is far too long to be one of ours.", "Scan the code on the store's tablet.", on_device=True, at_hand=True),
    "code_damaged": Problem(422, "Code is damaged", "Part of this code is missing or was read wrongly.", "Scan it again. If it fails twice, type the short code.", on_device=True, at_hand=True),
    "code_from_future": Problem(409, "Clocks disagree", "This code carries a time that lies ahead of this device's clock.", "Check that both devices set their time automatically, then scan again.", on_device=True, at_hand=True),
    "delivery_cancelled": Problem(409, "Delivery was cancelled", "The store has cancelled this delivery.", "Leave the parcel at the counter.", on_device=True, at_hand=True),
    "not_addressee": Problem(409, "Code is for another driver", "This code is for another driver.", "Ask the clerk to choose your name, then scan again.", on_device=True, at_hand=True),
    "other_delivery": Problem(409, "Code is for another delivery", "This code belongs to another customer's delivery.", "Check the name on the parcel and ask for the code of this one.", on_device=True, at_hand=True),
    "other_store": Problem(409, "Code is from another store", "This code was shown by another store.", "Go to {store_name}, or open that stop in your list.", on_device=True, at_hand=True),
    "parcel_count_differs": Problem(409, "Parcel counts differ", "The tablet says {theirs} parcels, your run says {ours}.", "Count the parcels together with the clerk, then ask for a new code.", on_device=True, at_hand=True),
    "short_code_unknown": Problem(422, "Short code not known", "No code with these six characters is on a tablet for you right now.", "Check the six characters below the code on the tablet. They change every 15 seconds."),
    "stale_code": Problem(409, "Code has run out", "This code is older than a minute.", "Ask the clerk to show the code again, then scan it.", on_device=True, at_hand=True),
    "desk_entry_expired": Problem(409, "Tablet not confirmed today", "What this phone knows of the store's tablet is older than a day, so it cannot tell whether the tablet still counts.", "Go where there is signal for a moment, then scan again. Or let the clerk scan this phone.", on_device=True, at_hand=True),
    "desk_unheard": Problem(409, "This phone does not know the tablet", "It may be a new tablet of the store, or none of the store's.", "Go where there is signal for a moment, then scan again. Or let the clerk scan this phone.", on_device=True, at_hand=True),
    "unknown_desk": Problem(422, "Unknown tablet", "This code was signed by a tablet that this store does not use.", "Ask the clerk to use the store's own tablet.", on_device=True, at_hand=True),
    "wrong_code_kind": Problem(422, "Another kind of code", "This is one of our codes, but not the one for this step.", "{expected}", on_device=True, at_hand=True),
    "wrong_role": Problem(422, "Code not made by a tablet", "This code was not signed by a store's tablet.", "Scan the code on the store's tablet.", on_device=True, at_hand=True),
    "manager_code_locked": Problem(423, "The manager's code is locked", "A wrong manager's code was told five times, so none is believed any more.", "Ask a manager to set a new code on the store's page of the manager site, then enter that.", on_device=True, at_hand=True, keeps_effects=True),
    "manager_code_needed": Problem(422, "A manager's code is needed", "These goods are worth more than the store lets go without a manager's code.", "Ask a manager of the store for the six digits, and enter them here.", on_device=True, at_hand=True),
    "manager_code_unset": Problem(409, "No manager's code is asked", "This store asks for no manager's code here, so there is none to check.", "Go on without one."),
    "manager_code_wrong": Problem(403, "Wrong manager's code", "These six digits are not the code that this store's managers have set.", "Ask a manager to enter it again. Tries left, on all devices together: {tries_left}.", keeps_effects=True),
    # What carriers bring in
    "parcel_unknown": Problem(422, "Parcel not expected", "No parcel that is expected here has this label or this carrier's code.", "Check the code. If the parcel is for here, enter its delivery first.", on_device=True, desk_only=True),
    "parcel_not_taken_in": Problem(409, "Parcel is not in yet", "Nobody has scanned this parcel in.", "Scan its label first, then put it on a shelf."),
    "parcels_not_in": Problem(409, "Parcels are not in yet", "A carrier still has parcels of this delivery.", "Scan each parcel in when the carrier brings it."),
    "parcel_with_driver": Problem(409, "The driver has it", "The parcels of this delivery have left with a driver.", "If this parcel is still here, call the dispatcher."),
    "no_carriers_here": Problem(409, "Not done at this site", "Parcels are scanned in and put away at hubs and stations only, each in its own way.", "Mark the delivery packed instead."),
    "no_bay_yet": Problem(409, "No run yet", "This parcel is in no run yet, so it has no bay.", "Put it aside and scan it again in a minute.", on_device=True, desk_only=True),
    "carrier_brings": Problem(409, "This driver brings parcels", "The driver's phone shows its code for bringing parcels here, not for collecting them.", "Open the screen for parcels that come in and scan it there. Or ask the driver to open the stop at {store_name} in the app.", on_device=True, desk_only=True),
    "carrier_code_damaged": Problem(422, "Code is damaged", "This code was changed or not read properly.", "Scan it again. If it fails twice, scan the parcels in without the phone."),
    "carrier_collects": Problem(409, "This driver comes to collect", "The driver's phone shows its code for collecting parcels here, not for bringing them.", "Open the handover at the counter and scan it there. Or ask the driver to choose “Bring parcels to a hub” in the app.", on_device=True, desk_only=True),
    "carrier_elsewhere": Problem(409, "Code is for another counter", "The driver's phone shows its code for another counter.", "Ask the driver to choose {store_name} under “Bring parcels to a hub”, then scan the new code.", on_device=True, desk_only=True),
    "carrier_not_approved": Problem(403, "Not approved for driving", "The account of the driver with this phone is not approved, or has ended.", "Scan the parcels in without the phone, and call the dispatcher if in doubt."),
    "carrier_phone_unknown": Problem(422, "Phone is not in use", "This code was signed by a phone that no driver uses now.", "Ask the driver to open the app with signal, then scan the new code. Or scan the parcels in without the phone."),
    "visit_over": Problem(409, "The carrier's visit is over", "Half an hour has passed since the carrier's phone was scanned, or somebody has ended the visit.", "Scan the carrier's phone again, then the parcel. If the carrier has gone, scan the parcel alone."),
    # Signed statements
    "already_collected": Problem(409, "Already collected", "Another driver collected these parcels before and has the proof.", "Leave them out. The dispatcher is told if you have them too."),
    "clerk_removed": Problem(409, "Recorded, and looked at", "The clerk who handed over had no access any more at that time.", "Go on. The dispatcher asks the store who handed over."),
    "device_fork": Problem(409, "Two histories of one device", "This device has sent two different steps with one number, as a copied device would.", "It is recorded. The dispatcher is told and calls you."),
    "duplicate_handoff": Problem(409, "Handed over already", "This code has counted before.", "There is nothing more to do."),
    "envelope_forged": Problem(422, "Signature does not fit", "This step was not signed by the device that it names.", "Close the app, open it again and repeat the step."),
    "envelope_unreadable": Problem(422, "Step not understood", "This step is not in a form that we can read.", "Update the app, then repeat the step."),
    "event_id_reused": Problem(422, "Same id, other content", "This step's id was used before with other content.", "Repeat the step in the app, so that it gets a new id."),
    "held_for_earlier": Problem(409, "Waits for an earlier step", "An earlier step of this device has not arrived yet.", "Nothing is to do. It counts when the earlier step arrives, or after 15 minutes."),
    "key_revoked": Problem(409, "Device is no longer in use", "This device's key ended before this step was taken.", "Sign in again on this device. The dispatcher sees the step."),
    "needs_review": Problem(409, "A person has a look", "The times of the two devices lie too far apart, so this is recorded and not counted yet.", "Go on. The dispatcher decides and calls you if something is missing."),
    "unknown_device": Problem(422, "Unknown device", "This step was signed by a device that is not yours.", "Sign in as the driver who took the step, or enrol this device again."),
    # A driver's code, read by the store's tablet
    "driver_at_other_store": Problem(409, "Driver has another store open", "The driver's phone shows its code for another store.", "Ask the driver to open the stop at {store_name}, then scan the new code.", on_device=True, desk_only=True),
    "driver_code_damaged": Problem(422, "Code is damaged", "This code was changed or not read properly.", "Scan it again. If it fails twice, show your own code and let the driver scan that.", on_device=True, desk_only=True),
    "driver_code_not_ours": Problem(422, "Not a driver's code", "This is some other code, for example a web address or a product code.", "Ask the driver to open their own code in the app, then scan that.", on_device=True, desk_only=True),
    "driver_code_old": Problem(409, "Code has run out", "This code is older than a minute.", "Ask the driver to leave the code open, because it renews itself, then scan it again.", on_device=True, desk_only=True),
    "driver_code_used": Problem(409, "This code was used", "This code was scanned before.", "Wait a few seconds for the driver's next code, then scan that.", on_device=True, desk_only=True),
    "driver_entry_expired": Problem(409, "Driver's phone not confirmed today", "What this tablet knows of {name}'s phone is older than a day, so it cannot tell whether the phone still counts.", "Get signal for a moment and scan again. Or scan the tickets on {name}'s phone.", on_device=True, desk_only=True),
    "driver_has_all": Problem(409, "Given already", "On this tablet all of {name}'s parcels are marked as given.", "If one is still here, choose {name} on the list and show the code again.", on_device=True, desk_only=True),
    "driver_is_another": Problem(409, "This is another driver", "This code belongs to {name}.", "Go back to the counter and choose {name}, or scan the code of the driver in front of you.", on_device=True, desk_only=True),
    "driver_list_differs": Problem(409, "Lists differ", "The driver's phone and this tablet do not name the same deliveries.", "Let one of the two get signal for a moment, or show your own code for the parcels that you both know.", on_device=True, desk_only=True),
    "ticket_expired": Problem(409, "Ticket has run out", "This ticket is older than a day.", "The driver's phone needs signal for a moment to get a new one.", on_device=True, at_hand=True),
    "ticket_other_driver": Problem(409, "Ticket is for another phone", "This ticket and the driver's code are not of the same phone.", "Scan the code and the tickets of one and the same phone.", on_device=True, desk_only=True),
    "ticket_superseded": Problem(409, "Another driver has this run", "This tablet knows of a newer driver for these parcels.", "Give them to the driver on your list. If in doubt, get signal first.", on_device=True, desk_only=True),
    "ticket_unknown": Problem(422, "Ticket not accepted", "This ticket was changed, or was not signed by the server.", "Ask the driver to open the tickets again. If it fails twice, get signal first.", on_device=True, desk_only=True),
    # At the door
    "delivery_on_hold": Problem(409, "On hold", "Another driver has proof of taking these parcels too.", "Keep the parcels with you and do nothing with them yet. The dispatcher decides and calls you.", on_device=True),
    "customer_code_expired": Problem(409, "Code is not valid any more", "This code has run out, or was not made by us.", "Ask the customer to open the tracking page again, then scan the code there.", on_device=True, at_hand=True),
    "pin_locked": Problem(423, "PIN is locked", "A wrong PIN was entered five times.", "Take a photo instead, and the dispatcher is told.", keeps_effects=True),
    "pin_wrong": Problem(403, "Wrong PIN", "This is not the PIN of this delivery.", "Ask the customer to read it from the tracking page. Tries left: {tries_left}.", keeps_effects=True),
    "proof_missing": Problem(422, "Proof is missing", "The store wants {proof} for this delivery.", "Add it, then finish the stop."),
    "phone_replaced": Problem(409, "Another phone is active now", "Your account is used on another phone since a moment ago, so this one can neither scan nor show codes.", "Go on with the other phone. Keep this one on until its saved steps are sent. If the change was not yours, call the dispatcher.", on_device=True),
    "photo_empty": Problem(422, "No picture", "The photo did not arrive.", "Take it again."),
    "photo_too_large": Problem(413, "Photo is too large", "This picture is larger than 12 MB or 40 megapixels.", "Take it again with the app's camera."),
    "photo_unreadable": Problem(422, "Not a photo", "This file is not a JPEG, PNG or WebP picture, or it is damaged.", "Take the photo again with the app's camera.", on_device=True, at_hand=True),
    # The device itself
    "camera_missing": Problem(422, "No camera", "This device has no camera that the app can use.", "Type the short code instead.", on_device=True, at_hand=True),
    "camera_refused": Problem(403, "Camera is blocked", "The app may not use the camera.", "Allow the camera in the browser's settings for this page, or type the short code.", on_device=True, at_hand=True),
    "desk_key_lost": Problem(409, "This tablet has lost its key", "The browser's data was cleared, so this tablet can sign nothing.", "Ask a manager for a new enrolment code.", on_device=True, desk_only=True),
    "insecure_page": Problem(400, "Page is not secure", "Camera and position work only on a secure page (https).", "Open the https address, or type the short code.", on_device=True),
    "position_refused": Problem(403, "Position is blocked", "The app may not see where you are.", "Allow the position in the browser's settings, so that customers can see you coming.", on_device=True),
    "storage_full": Problem(507, "This device is full", "The step could not be kept on this device, so it is not done.", "Free some space, then repeat the step.", on_device=True),
    # At the console
    "driver_of_elsewhere": Problem(409, "Driver works elsewhere", "A hub's parcels are brought by its own drivers, and they work there only. This driver does not belong to this place.", "Choose another driver, or change on the drivers' page whose hub this one belongs to."),
    "driver_not_free": Problem(409, "Driver is not free", "This driver is off duty, not approved, or has a run.", "Choose another driver, or wait until this one is free."),
    "manager_code_missing": Problem(422, "A code is needed", "A limit needs a manager's code, and this store has none.", "Enter six digits that only managers know."),
    "no_phone": Problem(409, "No phone to end", "This driver has no phone in use.", "Nothing is to do. The driver signs in on a phone to use it."),
    "only_delivery_of_run": Problem(409, "The driver comes for this only", "This driver's run has no other delivery.", "Ask the driver to wait, or to give the run back in the app."),
    "nothing_to_take_back": Problem(409, "Nothing to take back", "The driver has collected everything of this run.", "Call the driver. Mark what is lost on each delivery's page."),
    "parcels_at_store": Problem(409, "The store has the parcels", "The parcels of this delivery have not been collected.", "Ask the store to look, or to cancel it."),
    "run_not_held": Problem(409, "Nobody has this run", "This run was given back, finished or cancelled a moment ago.", "Look at what the page says now."),
    "run_not_on_offer": Problem(409, "Run is taken", "Somebody has taken this run a moment ago, or it is over.", "Look at who has it now."),
    "runs_do_not_fit": Problem(409, "These runs do not go together", "A run takes {orders} orders of one place at most, and {litres} litres.", "Choose a smaller run of the same place."),
    "split_needs_two": Problem(422, "Nothing to split", "At least one order has to leave, and at least one to stay.", "Choose some of the orders, not all."),
    "incident_closed": Problem(409, "Decided already", "This was decided a moment ago, or fits together again.", "Look at what the page says now."),
    # Blocks
    "block_full": Problem(409, "No place left", "Another driver has taken the last place of this block.", "Choose another block. A place that is given back appears here again."),
    "block_overlaps": Problem(409, "You have a block then", "These hours overlap with a block that you have.", "Give the other one back first, or choose other hours."),
    "block_past": Problem(409, "Too late for this block", "This block has begun, or would begin before now.", "Choose a later one."),
    "block_return_late": Problem(409, "Too late to give it back", "The time to give this block back is over.", "Call the dispatcher if you cannot come."),
    "block_too_long": Problem(422, "Not these hours", "A block lasts from 1 to 12 hours, in real hours.", "Choose another begin or end."),
    # For merchants
    "api_key_ended": Problem(409, "This key ends already", "This key was rotated or revoked before.", "Use its successor, or make a new key."),
    "address_unknown": Problem(422, "Address not known", "We do not know where this address is.", "Send its latitude and longitude too."),
    "api_key_elsewhere": Problem(403, "Key does not work from here", "This key works from certain addresses only, and yours is not among them.", "Ask from one of your own servers, or change the key's networks."),
    "api_key_wrong": Problem(401, "Key not accepted", "The Authorization header has no key, or one that does not work.", "Send “Authorization: Bearer mp_…” with a key from the merchant's page."),
    "idempotency_key_missing": Problem(400, "Idempotency-Key is missing", "Without this header, an order that is sent again could become two deliveries.", "Send a header Idempotency-Key with up to 255 letters of your choice, the same for every try of this order."),
    "idempotency_key_reused": Problem(422, "Idempotency-Key used before", "This key came before with another order.", "Use a new Idempotency-Key for each order."),
    "merchant_ref_taken": Problem(409, "Ordered before", "Your order {merchant_ref} is delivery {delivery_id} already.", "Read that delivery, or send another merchant_ref."),
    "quote_differs": Problem(409, "Not what was quoted", "Store, door or parcels are not those of the quote.", "Ask for a new quote with what you order."),
    "quote_expired": Problem(409, "Quote has run out", "This quote is older than 15 minutes, or was used before.", "Ask for a new quote."),
    "scope_missing": Problem(403, "Key may not do this", "This key lacks the scope {scope}.", "Make a key with this scope on the merchant's page."),
    "store_closed": Problem(409, "Store is closed", "The store is not open on any of the next eight days.", "Set its hours, or choose another store."),
    "store_unknown": Problem(422, "Store not known", "You have several stores, and the order does not say which of them it leaves from.", "Send the id or the name of one of your stores as external_store_id (Uber Direct) or pickup_external_store_id (DoorDash Drive)."),
    "test_mode_only": Problem(409, "For test keys only", "Real deliveries are not simulated.", "Use a test key and a delivery that it has made."),
    "table_columns": Problem(409, "Columns are missing", "Some fields that an order needs have no column yet.", "Choose a column for each of them."),
    "table_empty": Problem(422, "No rows", "This table has no row below its heading.", "Check that the first row has the headings and the orders follow."),
    "table_encoding": Problem(422, "Letters not readable", "This file is not in UTF-8, so names could come out wrong.", "In your spreadsheet choose “CSV UTF-8”, or upload the XLSX file."),
    "table_too_long": Problem(422, "Too long", "A table may have {most} rows.", "Split it and upload the parts one after another."),
    "table_unreadable": Problem(422, "Not a table", "This file is neither a CSV nor an XLSX table that we can read.", "Save it as CSV UTF-8 or as XLSX, and upload that."),
    "team_member_self": Problem(409, "Not yourself", "You cannot take your own access away.", "Ask somebody else of your team."),
    "webhook_address": Problem(422, "Address not possible", "Webhooks go to public https addresses on port 443 or 8443, without user name and password.", "Enter such an address, for example https://shop.example/mallrun."),
    "webhook_not_echoed": Problem(409, "Not confirmed", "Your address did not answer with the challenge that we sent to it.", "Let it answer 200 with the text in data.challenge, then ask us to check again."),
    "webhook_not_verified": Problem(409, "Nothing is sent there", "This address is not confirmed, or was stopped.", "Confirm it, then try again."),
    "webhook_rotating": Problem(409, "Rotated today already", "Two secrets sign your messages now.", "Wait until the older one ends, a day after the rotation."),
    "webhook_span": Problem(422, "Too much at once", "More than {most} events happened in this time.", "Choose a shorter time."),
    "webhooks_full": Problem(409, "Too many addresses", "You have {most} webhook addresses.", "Remove one that nobody uses."),
    "checkout_address_unknown": Problem(422, "Address not known", "We do not know this street and number.", "Write them as the post does, for example 123 N Dobson Rd."),
    "stock_columns": Problem(422, "Columns are missing", "A stock table needs a column sku and a column quantity.", "Name them so in the first row, and upload it again."),
    "stock_row": Problem(422, "A row is not right", "Row {row} has no product number, or its quantity is no whole number from 0 to 1000000.", "Correct that row, and upload the table again. Nothing was changed."),
    "checkout_off": Problem(404, "No orders here", "This store takes no orders for deliveries on this page.", "Order in the store's own shop."),
    "not_today": Problem(409, "Not today any more", "This store cannot bring an order to you today any more.", "Order in the store's own shop for another day."),
    "promise_changed": Problem(409, "Window or price has changed", "It took a while, and the window or the price is another one now.", "Look at both, then order again."),
    "api_keys_full": Problem(409, "Too many keys", "You have {most} keys that work.", "Revoke one that nobody uses, then make the new one."),
    # Deliveries
    "address_outside": Problem(422, "Too far away", "This address lies {distance} from the store. We deliver within {limit}.", "Check the point on the map."),
    "delivery_closed": Problem(409, "This delivery is over", "This delivery has ended already.", "There is nothing more to do."),
    "delivery_not_cancellable": Problem(409, "Too late to cancel", "The driver has collected this delivery already.", "Call the dispatcher if it must come back."),
    "delivery_not_changeable": Problem(409, "Too late to change", "The driver is at the door, or the delivery is over.", "Speak to the driver at the door."),
    "too_large_for_vehicles": Problem(422, "Too large for our vehicles", "These parcels need {litres} litres. The largest vehicle takes {limit}.", "Split the order into several deliveries, or send it with a freight carrier."),
    "window_past": Problem(422, "Window has passed", "This delivery window is over already, or ends before it begins.", "Choose a later window."),
    "link_ended": Problem(404, "Nothing to see here", "This tracking link is wrong, or the delivery ended more than a day ago.", "Ask the store for a new link."),
}


def as_json() -> str:
    """Return the catalogue as JSON: `{code: {status, title, detail, next_step, on_device, …}}`, sorted by code."""
    return json.dumps({code: asdict(problem) for code, problem in sorted(PROBLEMS.items())}, indent=1)


if __name__ == "__main__":
    sys.stdout.write(as_json() + "\n")
