"""The business rule of the README, as the instance runs it after a write: a signed call, once; ServiceNow does not repeat it."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable

from connectors.kit.fake import Webhooks
from connectors.servicenow import fake_schema as schema
from connectors.servicenow.fake_world import Row, World


def business_rule(world: World, webhooks: Webhooks) -> Callable[[str, Row, str], None]:
    """Tells the webhook address of the fake's options of each write of a record that was not made by Twinline's account."""

    def tell(table: str, row: Row, operation: str) -> None:
        options = world.options
        if not options.webhook_url or (row["sys_updated_by"] == options.user and operation != "delete"):
            return
        body = json.dumps(
            {
                "table": table,
                "sys_id": row["sys_id"],
                "number": row[schema.table_named(table).display],
                "operation": operation,
                "sys_mod_count": row["sys_mod_count"],
                "sys_updated_on": row["sys_updated_on"],
                "sys_updated_by": row["sys_updated_by"],
            }
        )
        identity, at = f"{row['sys_id']}:{row['sys_mod_count']}:{operation}", str(int(time.time()))
        mac = hmac.new(options.webhook_secret.encode(), f"{identity}.{at}.{body}".encode(), hashlib.sha256).digest()
        headers = {"webhook-id": identity, "webhook-timestamp": at, "webhook-signature": f"v1,{base64.b64encode(mac).decode()}"}
        webhooks.send(options.webhook_url, body.encode(), {"Content-Type": "application/json", **headers}, retried=False)

    return tell
