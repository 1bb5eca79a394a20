"""What any request, sign-in or device can be refused for."""

from typing import Final

from app.domain.problems.problem import Problem

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
    # The device itself
    "camera_missing": Problem(422, "No camera", "This device has no camera that the app can use.", "Type the short code instead.", on_device=True, at_hand=True),
    "camera_refused": Problem(403, "Camera is blocked", "The app may not use the camera.", "Allow the camera in the browser's settings for this page, or type the short code.", on_device=True, at_hand=True),
    "desk_key_lost": Problem(409, "This tablet has lost its key", "The browser's data was cleared, so this tablet can sign nothing.", "Ask a manager for a new enrolment code.", on_device=True, desk_only=True),
    "insecure_page": Problem(400, "Page is not secure", "Camera and position work only on a secure page (https).", "Open the https address, or type the short code.", on_device=True),
    "push_unknown": Problem(422, "Not possible in this browser", "This browser takes messages through a service that is not known here.", "Keep the app open while you wait, or use another browser."),
    "position_refused": Problem(403, "Position is blocked", "The app may not see where you are.", "Allow the position in the browser's settings, so that customers can see you coming.", on_device=True),
    "storage_full": Problem(507, "This device is full", "The step could not be kept on this device, so it is not done.", "Free some space, then repeat the step.", on_device=True),
    # The demo
    "demo_drivers_busy": Problem(409, "All simulated drivers are busy", "Every simulated driver is on a run just now, or no run is on offer.", "Watch one of their runs, or try again in a few minutes."),
}
