"""A passkey made of software, for tests: registered like a real one, it answers a challenge."""

import base64
import hashlib
import json
import secrets
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

from accounts.models import User

FLAG = AuthenticatorData.FLAG


class Passkey:
    """In the hand of `user`, for the site `host`."""

    def __init__(self, user: User, *, host: str = "testserver") -> None:
        self.host, self.id = host, secrets.token_bytes(16)
        self.key = ec.generate_private_key(ec.SECP256R1())
        Authenticator.objects.create(
            user=user,
            type=Authenticator.Type.WEBAUTHN,
            data={"name": "Made", "credential": self._registration()},
        )

    def _registration(self) -> dict[str, Any]:
        public = ES256.from_cryptography_key(self.key.public_key())
        held = AttestedCredentialData.create(Aaguid.NONE, self.id, public)
        said = AuthenticatorData.create(self._site(), FLAG.UP | FLAG.UV | FLAG.AT, 0, bytes(held))
        client = self._client("webauthn.create", "made")
        return self._answer(
            clientDataJSON=client,
            attestationObject=bytes(AttestationObject.create("none", said, {})),
        )

    def answer(self, options: dict[str, Any], *, is_verified: bool = True) -> str:
        """What the form sends, as the browser makes it of the options."""
        client = self._client("webauthn.get", options["publicKey"]["challenge"])
        flags = FLAG.UP | FLAG.UV if is_verified else FLAG.UP
        said = bytes(AuthenticatorData.create(self._site(), flags, 1))
        signed = self.key.sign(said + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        parts = {"clientDataJSON": client, "authenticatorData": said, "signature": signed}
        return json.dumps(self._answer(**parts))

    def in_browser(self) -> dict[str, Any]:
        """For the virtual authenticator of Chromium (`WebAuthn.addCredential`)."""
        private = self.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        return {
            "credentialId": base64.b64encode(self.id).decode(),
            "privateKey": base64.b64encode(private).decode(),
            "rpId": self.host,
            "isResidentCredential": False,
            "signCount": 0,
        }

    def _site(self) -> bytes:
        return hashlib.sha256(self.host.encode()).digest()

    def _client(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": f"https://{self.host}"}
        return json.dumps(said).encode()

    def _answer(self, **parts: bytes) -> dict[str, Any]:
        name = websafe_encode(self.id)
        response = {key: websafe_encode(value) for key, value in parts.items()}
        return {"id": name, "rawId": name, "type": "public-key", "response": response}
