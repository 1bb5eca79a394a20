"""What no page may do, whatever a test is about: reach another origin, break its policy, throw."""

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

#: Chromium logs every refused or lost request as an error: a refusal may be what a test is about.
REQUEST_FAILED = "Failed to load resource"
#: What a socket writes when the test takes the server or the network away.
SOCKET_FAILED = "WebSocket connection to"
#: What Playwright writes where a test wants none.
WORKER_BLOCKED = "Service Worker registration blocked"


def watch(context: BrowserContext, origin: str, faults: list[str]) -> None:
    """Note faults of all pages of a browser context, for an assertion at the end."""

    def on_request(request: Request) -> None:
        if not request.url.startswith((origin, "data:", "blob:")):
            faults.append(f"a request left for {request.url}")

    def on_response(response: Response) -> None:
        is_asked_by_script = response.request.resource_type in {"document", "fetch", "xhr"}
        if response.status >= (500 if is_asked_by_script else 400):
            faults.append(f"{response.status} for {response.url}")

    def on_console(message: ConsoleMessage) -> None:
        is_expected = message.text.startswith((REQUEST_FAILED, SOCKET_FAILED, WORKER_BLOCKED))
        if message.type in {"error", "warning"} and not is_expected:
            faults.append(f"{message.page.url if message.page else ''}: {message.text}")

    def on_error(error: WebError) -> None:
        faults.append(f"{error.page.url if error.page else ''}: {error.error}")

    context.on("request", on_request)
    context.on("response", on_response)
    context.on("console", on_console)
    context.on("weberror", on_error)
