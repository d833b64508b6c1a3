"""What is said to a provider of tokens, by HTTPS alone; each answer is bounded, and read by oauthlib.

What goes wrong is one of three things: the provider can't be reached (UnreachableError), it says no (DeniedError), or
the permission has ended (EndedError). No token, code or secret stands in any of them.
"""

import json
import ssl
import urllib.error
import warnings
from collections.abc import Callable, Mapping
from datetime import timedelta
from http.client import HTTPException
from typing import TYPE_CHECKING, Any, Final
from urllib import request
from urllib.parse import urlencode

from followupd.core.connections import MAIN, OAuth
from followupd.core.errors import FollowupdError, LoginRefusedError, UnreachableError
from followupd.core.instants import Instant
from followupd.https import https_only
from followupd.oauth.tokens import Tokens

if TYPE_CHECKING:
    from oauthlib.oauth2 import WebApplicationClient

SECONDS: Final = 20.0
LARGEST: Final = 256 << 10
_PLAIN: Final = 120
"""Characters of a provider's own words that are shown."""


class DeniedError(FollowupdError):
    """The provider says no; `code` is the error of RFC 6749, section 5.2, or of RFC 8628, section 3.5."""

    def __init__(self, code: str, words: str, where: str) -> None:
        super().__init__(f"the provider says no: {words}", where=where, hint="check [oauth] in the config")
        self.code = code


class EndedError(LoginRefusedError):
    """The permission that the user gave has ended or was taken back."""


class Provider:
    """Speaks to one provider of tokens; `secret` gives the client's secret, "" where it has none."""

    def __init__(self, oauth: OAuth, secret: Callable[[], str] = lambda: "") -> None:
        self.oauth = oauth
        self._secret = secret

    def refreshed(self, tokens: Tokens, now: Instant) -> Tokens:
        """Renew tokens (RFC 6749, section 6); raise EndedError where that is over."""
        body = self._web().prepare_refresh_body(refresh_token=tokens.refresh, **self._credentials())
        try:
            return self._tokens(self.oauth.token, body, now, keep=tokens.refresh)
        except DeniedError as error:
            if error.code not in {"invalid_grant", "interaction_required"}:
                raise
            raise EndedError(
                "the permission that you gave has ended or was taken back",
                where=self.oauth.token,
                hint=f"give it anew: {self.command}",
            ) from None

    @property
    def command(self) -> str:
        """Give the command that asks the user for permission."""
        account = self.oauth.account
        return "followupd login" if account == MAIN else f"followupd login --account {account}"

    def for_code(self, code: str, redirect: str, verifier: str, now: Instant) -> Tokens:
        """Get tokens for the code that a browser brought (RFC 6749, section 4.1.3; RFC 7636, section 4.5)."""
        body = self._web().prepare_request_body(
            code=code, redirect_uri=redirect, code_verifier=verifier, **self._credentials(with_id=False)
        )
        return self._tokens(self.oauth.token, body, now)

    def for_device(self, code: str, now: Instant) -> Tokens:
        """Get tokens for a device code; while the user has not decided that is denied (RFC 8628, section 3.5)."""
        from oauthlib.oauth2 import DeviceClient

        client: DeviceClient = DeviceClient(self.oauth.client_id)
        body = client.prepare_request_body(device_code=code, include_client_id=True, **self._credentials(with_id=False))
        return self._tokens(self.oauth.token, body, now)

    def device(self) -> Mapping[str, Any]:
        """Ask for a device code (RFC 8628, section 3.1); give the answer as it came."""
        body = {**self._credentials(), "scope": " ".join(self.oauth.scopes)}
        status, answer = self._post(self.oauth.device, urlencode(body))
        try:
            found = json.loads(answer)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise UnreachableError(f"the provider gave no answer that can be read ({status})", where=self.oauth.device)
        if "error" in found or status >= 400:
            raise DeniedError(str(found.get("error", "")), _words(found, status), self.oauth.device)
        return found

    def authorization(self, redirect: str, state: str, challenge: str) -> str:
        """Give the address at which a browser asks for permission (RFC 6749, section 4.1.1; RFC 7636, section 4.3)."""
        return str(
            self._web().prepare_request_uri(
                self.oauth.authorization,
                redirect_uri=redirect,
                scope=list(self.oauth.scopes),
                state=state,
                code_challenge=challenge,
                code_challenge_method="S256",
                **self.oauth.extra,
            )
        )

    # -- within --------------------------------------------------------------------------------------------------------

    def _web(self) -> "WebApplicationClient":
        from oauthlib.oauth2 import WebApplicationClient

        return WebApplicationClient(self.oauth.client_id)

    def _credentials(self, *, with_id: bool = True) -> dict[str, str]:
        found = {"client_id": self.oauth.client_id} if with_id else {}
        secret = self._secret()
        return {**found, "client_secret": secret} if secret else found

    def _tokens(self, url: str, body: str, now: Instant, keep: str = "") -> Tokens:
        from oauthlib.oauth2 import OAuth2Error
        from oauthlib.oauth2.rfc6749.parameters import parse_token_response

        status, answer = self._post(url, body)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found = parse_token_response(answer)
        except OAuth2Error as error:
            raise DeniedError(str(error.error or ""), _said(error.description or error.error, status), url) from None
        except (ValueError, TypeError, AttributeError, RecursionError):
            raise UnreachableError(f"the provider gave no answer that can be read ({status})", where=url) from None
        access, refresh, seconds = found.get("access_token"), found.get("refresh_token"), found.get("expires_in")
        if not isinstance(access, str) or not access.isascii() or not access.isprintable() or " " in access:
            raise UnreachableError("the provider gave a token that can't be used", where=url)
        ends = now + timedelta(seconds=min(seconds, 10**8)) if isinstance(seconds, int) and seconds > 0 else None
        return Tokens(access=access, refresh=refresh if isinstance(refresh, str) and refresh else keep, ends=ends)

    def _post(self, url: str, body: str) -> tuple[int, str]:
        asked = request.Request(  # noqa: S310  # its scheme is looked at
            url,
            data=body.encode(),
            headers={"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"},
        )
        try:
            with self._opener().open(asked, timeout=SECONDS) as answer:
                return answer.status, answer.read(LARGEST).decode("utf-8", "replace")
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read(LARGEST).decode("utf-8", "replace")
        except (OSError, HTTPException, ValueError) as error:
            reason = getattr(error, "reason", error)
            raise UnreachableError(
                f"the provider of tokens can't be reached: {_said(reason, 0)}", where=url, hint="check the network"
            ) from None

    def _opener(self) -> request.OpenerDirector:
        """Make what speaks HTTPS, and follows nobody: a redirection would carry secrets elsewhere."""
        return https_only(ssl.create_default_context(cafile=self.oauth.ca_file or None), follow=False)


def _words(found: Mapping[str, Any], status: int) -> str:
    return _said(found.get("error_description") or found.get("error"), status)


def _said(words: object, status: int) -> str:
    return shown(str(words or f"status {status}"))


def shown(words: str) -> str:
    """Clip a provider's words, to one line of what can be printed."""
    return "".join(letter if letter.isprintable() else " " for letter in words)[:_PLAIN]
