"""A ride platform beside Tripchat: its own issuer of tokens, people, a trip, a booking, webhooks received and verified.

Usage: ride_platform.py PATH-OF-TRIPCHAT-SERVER
"""

import json
import queue
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from standardwebhooks import Webhook, WebhookVerificationError

KEY = Ed25519PrivateKey.generate()
JWK = jwt.algorithms.OKPAlgorithm.to_jwk(KEY.public_key(), as_dict=True) | {"kid": "one", "alg": "EdDSA"}
SCOPES = "people:write,trips:read,trips:write,bookings:write,rooms:read,messages:system"
EVENTS = "booking.*,message.created"


class Platform(BaseHTTPRequestHandler):
    """The platform's own web server: the keys of its tokens, and where it is told what happens."""

    secret: Webhook
    told: "queue.Queue[dict]" = queue.Queue()

    def do_GET(self):
        self.answer(200, {"keys": [JWK]})

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        try:
            self.told.put(self.secret.verify(body, dict(self.headers)))
            self.answer(200, {})
        except WebhookVerificationError:
            self.answer(400, {})

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def start(program, folder, here):
    """Starts a Tripchat server that knows this platform's issuer, and gives its address and a service token."""
    (folder / "tripchat.toml").write_text(f"""
listen = "127.0.0.1:0"
data = "{folder / 'data'}"
[[issuers]]
issuer = "{here}"
jwks_url = "{here}/jwks.json"
audience = "tripchat"
[webhooks]
allow_loopback = true
""")
    server = subprocess.Popen([program, "serve", "--config", "tripchat.toml"], cwd=folder, stdout=subprocess.PIPE, text=True)
    url = server.stdout.readline().rsplit(" ", 1)[1].strip()

    def run(*command):
        done = subprocess.run([program, *command, "--config", "tripchat.toml"], cwd=folder, check=True, capture_output=True, text=True)
        return done.stdout.split()

    token = run("tokens", "create", "--name", "Rides of ours", "--scope", SCOPES)[0]
    Platform.secret = Webhook(run("webhooks", "add", f"{here}/webhooks", "--events", EVENTS)[1])
    return server, f"{url}/api/v1", token


def main(program, folder):
    web = ThreadingHTTPServer(("127.0.0.1", 0), Platform)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    here = f"http://127.0.0.1:{web.server_port}"
    server, url, token = start(program, folder, here)
    try:
        ride(url, token, here)
    finally:
        server.terminate()
        server.wait()


def ride(url, token, here):
    def call(method, path, body=None, key=None, bearer=token):
        headers = {"authorization": f"Bearer {bearer}"} | ({"idempotency-key": key} if key else {})
        answer = requests.request(method, url + path, json=body, headers=headers, timeout=30)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def told(kind, **data):
        """Waits until the platform was told this."""
        while event := Platform.told.get(timeout=30):
            print("told:", event["type"], event["data"].get("number", ""))
            if event["type"] == kind and data.items() <= event["data"].items():
                return event["data"]

    # People: put by the platform, and signed in with its own tokens.
    driver, passenger = (
        call("PUT", "/platform/people", {"issuer": here, "subject": subject, "name": name})["id"]
        for subject, name in [("user-7", "Aigerim"), ("user-8", "Daniyar")]
    )
    claims = {"iss": here, "aud": "tripchat", "sub": "user-8", "iat": int(time.time()), "exp": int(time.time()) + 300}
    own = jwt.encode(claims, KEY, "EdDSA", headers={"kid": "one"})
    grant = requests.post(f"{url}/auth/exchange", json={"token": own, "device": str(uuid.uuid4())}, timeout=30).json()
    assert grant["user"]["id"] == passenger, "one person, whichever way they come"

    # A trip; asked twice under one key, it is one.
    leaves = (int(time.time()) + 86_400) * 1_000
    trip = {
        "driver": driver,
        "reference": "ALA-FRU/2041",
        "stops": [
            {"place": "Almaty", "zone": "Asia/Almaty", "at": leaves},
            {"place": "Bishkek", "zone": "Asia/Bishkek", "at": leaves + 18_000_000},
        ],
        "vehicle": {"model": "Toyota Alphard", "colour": "white", "plate": "123 ABC 02"},
        "seats": 6,
        "price": {"minor": 700_000, "currency": "KZT"},
    }
    made = call("POST", "/platform/trips", trip, "trip-2041")
    assert call("POST", "/platform/trips", trip, "trip-2041") == made
    trip, room = made["id"], made["room"]

    # A booking, and what the platform is told of it.
    booking = call("POST", f"/platform/trips/{trip}/bookings", {"passenger": passenger, "seats": 2}, "b-1")["id"]
    told("booking.requested", booking=booking)
    call("POST", f"/platform/bookings/{booking}/confirm", None, "b-1-confirm")
    told("booking.confirmed", booking=booking, passenger=passenger)

    # The ride.
    for status in ["boarding", "under_way", "arrived", "closed"]:
        call("POST", f"/platform/trips/{trip}/status", {"status": status}, f"trip-2041-{status}")
        if status == "boarding":
            call("POST", f"/platform/bookings/{booking}/board", None, "b-1-board")
    told("booking.completed", booking=booking)
    assert call("GET", f"/platform/bookings/{booking}")["status"] == "completed"

    # What the passenger reads in the room, with their own sign-in.
    read = call("GET", f"/rooms/{room}/messages", bearer=grant["access_token"])["messages"]
    codes = [message["body"].get("code") for message in read]
    assert {"BOARDING", "STARTED", "ARRIVED", "COMPLETED"} <= set(codes), codes
    print("the ride is over")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        main(str(Path(sys.argv[1]).resolve()), Path(temporary))
