-- What revision 0003 can hold beyond 0002: revisions of twins, plans and settlement of intents, and certainty of versions.

INSERT INTO "twin" ("id", "connection", "origin", "left_item_id", "left_key", "left_url", "right_item_id", "right_key", "right_url", "status", "reason", "held", "title", "created", "updated", "revision")
VALUES ('019b7c3d6e8f00000000000000000004', 'app-bugs', 'right', NULL, '', '', '35', 'acme/app#35', '', 'syncing', '', FALSE, 'Anvil', '2026-02-03 04:05:06.789012', '2026-02-03 04:05:07.789012', 3);

INSERT INTO "intent" ("op", "twin", "target", "step", "status", "sends", "reason", "created", "recovering_since", "acknowledgement", "plan", "settled")
VALUES ('op-0003', '019b7c3d6e8f00000000000000000004', 'left', '{"kind":"update","fields":{"summary":"Anvil"}}', 'open', 1, '', '2026-02-03 04:05:08.789012', NULL, NULL, 1, FALSE);

INSERT INTO "ledger" ("system", "item", "version", "created", "certain")
VALUES ('acme-github', '35', 'v7', '2026-02-03 04:05:09.789012', TRUE);
