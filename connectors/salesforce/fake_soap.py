"""The log-in of the SOAP APIs, with which older clients begin, and its log-out.

https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_login.htm
"""

import re
import secrets
from html import escape, unescape

from starlette.requests import Request
from starlette.responses import Response

from connectors.salesforce.fake_oauth import by_password
from connectors.salesforce.fake_world import ORG, Login, World

_FIELD = r"<(?:\w+:)?{name}(?:\s[^>]*)?>(.*?)</(?:\w+:)?{name}>"
_FAULT = "urn:fault.partner.soap.sforce.com"


async def call(world: World, request: Request) -> Response:
    """`/services/Soap/u/VERSION` and `/services/Soap/c/VERSION`."""
    body = (await request.body()).decode("utf-8", "replace")
    if "logout" in body and not _text(body, "username"):
        world.sessions.pop(_text(body, "sessionId"), None)
        return _answer("<logoutResponse/>")
    if not _text(body, "username"):
        return _fault("UNSUPPORTED_API_VERSION", "The fake knows login and logout of the SOAP API only")
    login = by_password(world, _text(body, "username"), _text(body, "password"))
    if login is None:
        return _fault("INVALID_LOGIN", "Invalid username, password, security token; or user locked out.")
    return _answer(f"<loginResponse><result>{_result(world, request, login)}</result></loginResponse>")


def _result(world: World, request: Request, login: Login) -> str:
    session = f"{ORG[:15]}!{secrets.token_urlsafe(24)}"
    world.sessions[session] = login.id
    base, version = str(request.base_url).rstrip("/"), request.path_params["version"]
    user = world.records[login.id].values
    told = {
        "accessibilityMode": "false",
        "organizationId": ORG,
        "organizationName": "Acme",
        "sessionSecondsValid": "7200",
        "userEmail": str(user["Email"]),
        "userFullName": str(user["Name"]),
        "userId": login.id,
        "userLanguage": "en_US",
        "userLocale": "en_US",
        "userName": login.username,
        "userTimeZone": "GMT",
        "userType": "Standard",
    }
    info = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in told.items())
    urls = f"<metadataServerUrl>{base}/services/Soap/m/{version}/{ORG[:15]}</metadataServerUrl><passwordExpired>false</passwordExpired>"
    own = f"<sandbox>false</sandbox><serverUrl>{base}/services/Soap/u/{version}/{ORG[:15]}</serverUrl>"
    return f"{urls}{own}<sessionId>{session}</sessionId><userId>{login.id}</userId><userInfo>{info}</userInfo>"


def _text(body: str, name: str) -> str:
    found = re.search(_FIELD.format(name=name), body, re.DOTALL)
    return unescape(found[1]).strip() if found else ""


def _fault(code: str, message: str) -> Response:
    detail = f"<sf:exceptionCode>{code}</sf:exceptionCode><sf:exceptionMessage>{escape(message)}</sf:exceptionMessage>"
    fault = f'<sf:LoginFault xsi:type="sf:LoginFault">{detail}</sf:LoginFault>'
    said = f"<faultcode>{code}</faultcode><faultstring>{code}: {escape(message)}</faultstring><detail>{fault}</detail>"
    return _answer(f"<soapenv:Fault>{said}</soapenv:Fault>", 500)


def _answer(inner: str, status: int = 200) -> Response:
    spaces = (
        'xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns="urn:partner.soap.sforce.com" '
        f'xmlns:sf="{_FAULT}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    )
    envelope = f'<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope {spaces}><soapenv:Body>{inner}</soapenv:Body></soapenv:Envelope>'
    return Response(envelope, status, media_type="text/xml;charset=UTF-8")
