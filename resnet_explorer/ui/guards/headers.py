"""What every answer tells the browser: load nothing from elsewhere, guess no types, tell no other site the address."""

# Gradio's page has scripts and styles in it, and our components' functions are made of texts: both must be allowed.
# Nothing may be loaded from, or sent to, another place, so a script that got in could take nothing out.
SOURCES = {
    "default-src": "'self'",
    "script-src": "'self' 'unsafe-inline' 'unsafe-eval' blob:",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "media-src": "'self' data: blob:",
    "worker-src": "'self' blob:",
    "connect-src": "'self' data: blob:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
}
# where a Space shows its page in a frame
SPACES = "https://huggingface.co https://*.huggingface.co https://*.hf.space"


def security_headers(on_a_space: bool) -> list[tuple[bytes, bytes]]:
    """The headers; on a Space the page may stand in that site's frame, elsewhere only in its own."""
    frames = f"'self' {SPACES}" if on_a_space else "'self'"
    policy = "; ".join(f"{name} {value}" for name, value in {**SOURCES, "frame-ancestors": frames}.items())
    headers = {
        "content-security-policy": policy,
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "permissions-policy": "camera=(), microphone=(), geolocation=()",
    }
    if not on_a_space:
        headers["x-frame-options"] = "SAMEORIGIN"
    return [(name.encode(), value.encode()) for name, value in headers.items()]
