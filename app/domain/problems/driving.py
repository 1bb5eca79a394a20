"""What a driver can be refused on the way: claiming, the door, blocks of hours."""

from typing import Final

from app.domain.problems.problem import Problem

PROBLEMS: Final[dict[str, Problem]] = {
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
    # Blocks
    "block_full": Problem(409, "No place left", "Another driver has taken the last place of this block.", "Choose another block. A place that is given back appears here again."),
    "block_overlaps": Problem(409, "You have a block then", "These hours overlap with a block that you have.", "Give the other one back first, or choose other hours."),
    "block_past": Problem(409, "Too late for this block", "This block has begun, or would begin before now.", "Choose a later one."),
    "block_return_late": Problem(409, "Too late to give it back", "The time to give this block back is over.", "Call the dispatcher if you cannot come."),
    "block_too_long": Problem(422, "Not these hours", "A block lasts from 1 to 12 hours, in real hours.", "Choose another begin or end."),
}
