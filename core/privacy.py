"""Pages whose address is the secret: they go to no other site, into no index and no memory."""

from werkzeug.wrappers import Response


def private(response: Response) -> Response:
    """The answer, kept by nobody on its way."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "private, no-store"
    return response
