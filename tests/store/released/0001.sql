-- What a deployment of revision 0001 can hold. Rows are numbered by the database, in the order of this file; times are in UTC.

INSERT INTO "workspace" ("id", "created")
VALUES ('acme', '2026-01-02 04:01:07.890123');

INSERT INTO "system" ("id", "workspace", "kind", "url", "poll_seconds", "late_write_seconds", "search_lag_seconds", "calls_per_second", "credentials", "webhook_secret")
VALUES ('acme-github', 'acme', 'github', 'https://github.acme.example', 30.0, 120.0, NULL, 20.0, 'v1|fb4f3d96|2fnENfn5XxF1Qvo9|7yJoupFqCFEL8G9yZClbsFQdZMczWeZssO4p3i4Y4CE3F8MZdS3Q-w', '');
INSERT INTO "system" ("id", "workspace", "kind", "url", "poll_seconds", "late_write_seconds", "search_lag_seconds", "calls_per_second", "credentials", "webhook_secret")
VALUES ('acme-jira', 'acme', 'jira', 'https://jira.acme.example', 5.0, 120.0, 2.5, 20.0, 'v1|fb4f3d96|_MgQGnDoXEhMcxcr|WRq-23gb8sSjCakqdFmlbzaDRMLyuQcplJBqcRNLa0Mkqcq4I8qIW7M3m2pH5DE_BmeFjsMTxCk1OG8YtMoY6w', 'v1|fb4f3d96|OBx1vR8OLHFoS_Lm|lpJPk0uLl7Br-IDhf_wbUro8z7YhSpOI-NhR');

INSERT INTO "cursor" ("system", "scope", "cursor", "updated")
VALUES ('acme-github', 'acme/app', '2026-01-02T03:04:05Z', '2026-01-02 04:02:07.890123');

INSERT INTO "inbox" ("system", "delivery", "item_id", "key", "version", "marker", "deleted", "attempts", "received", "routed")
VALUES ('acme-jira', 'd-1', '10001', 'APP-1', '8', '019b7c3d6e8f00000000000000000001', FALSE, 0, '2026-01-02 04:03:07.890123', NULL);
INSERT INTO "inbox" ("system", "delivery", "item_id", "key", "version", "marker", "deleted", "attempts", "received", "routed")
VALUES ('acme-jira', 'd-1', '10002', 'APP-2', '', NULL, TRUE, 1, '2026-01-02 04:04:07.890123', NULL);
INSERT INTO "inbox" ("system", "delivery", "item_id", "key", "version", "marker", "deleted", "attempts", "received", "routed")
VALUES ('acme-github', 'poll', '34', 'acme/app#34', 'v2', NULL, FALSE, 0, '2026-01-02 04:05:07.890123', '2026-01-02 04:06:07.890123');

INSERT INTO "integration" ("id", "workspace", "left_system", "right_system")
VALUES ('jira-github', 'acme', 'acme-jira', 'acme-github');

INSERT INTO "ledger" ("system", "item", "version", "created")
VALUES ('acme-github', '34', 'v1', '2026-01-02 04:07:07.890123');

INSERT INTO "connection" ("id", "workspace", "integration", "left_system", "right_system", "status", "reason", "version")
VALUES ('app-bugs', 'acme', 'jira-github', 'acme-jira', 'acme-github', 'Error', 'login rejected', 2);
INSERT INTO "connection" ("id", "workspace", "integration", "left_system", "right_system", "status", "reason", "version")
VALUES ('paused', 'acme', 'jira-github', 'acme-jira', 'acme-github', 'Deactivated', '', 1);

INSERT INTO "script_failure" ("connection", "version", "transaction")
VALUES ('app-bugs', 2, NULL);
INSERT INTO "script_failure" ("connection", "version", "transaction")
VALUES ('app-bugs', 2, 1);

INSERT INTO "twin" ("id", "connection", "origin", "left_item_id", "left_key", "left_url", "right_item_id", "right_key", "right_url", "status", "reason", "held", "title", "created", "updated")
VALUES ('019b7c3d6e8f00000000000000000001', 'app-bugs', 'left', '10001', 'APP-1', 'https://jira.acme.example/browse/APP-1', '34', 'acme/app#34', 'https://github.acme.example/acme/app/issues/34', 'synchronized', '', FALSE, 'Drucker brennt 🔥', '2026-01-02 04:08:07.890123', '2026-01-02 04:09:07.890123');
INSERT INTO "twin" ("id", "connection", "origin", "left_item_id", "left_key", "left_url", "right_item_id", "right_key", "right_url", "status", "reason", "held", "title", "created", "updated")
VALUES ('019b7c3d6e8f00000000000000000002', 'paused', 'right', NULL, '', '', '51', 'acme/ops#51', '', 'held', '', TRUE, 'Held', '2026-01-02 04:10:07.890123', '2026-01-02 04:11:07.890123');
INSERT INTO "twin" ("id", "connection", "origin", "left_item_id", "left_key", "left_url", "right_item_id", "right_key", "right_url", "status", "reason", "held", "title", "created", "updated")
VALUES ('019b7c3d6e8f00000000000000000003', 'app-bugs', 'left', '10002', 'APP-2', '', NULL, '', '', 'unlinked', 'asked for', FALSE, 'Former', '2026-01-02 04:12:07.890123', '2026-01-02 04:13:07.890123');

INSERT INTO "version" ("connection", "number", "status", "content", "created")
VALUES ('app-bugs', 1, 'Archived', '{"left":{"settings":{"project":"APP"},"outgoing":"replica.summary = issue.summary\nreplica.comments = issue.comments","incoming":"issue.summary = replica.summary // it''s \"quoted\""},"right":{"settings":{"project":"acme/app"},"outgoing":"replica.summary = issue.summary\nreplica.comments = issue.comments","incoming":"issue.summary = replica.summary // it''s \"quoted\""},"conflicts":{"default":"latest","properties":{}},"triggers":[]}', '2026-01-02 04:14:07.890123');
INSERT INTO "version" ("connection", "number", "status", "content", "created")
VALUES ('paused', 1, 'Active', '{"left":{"settings":{"project":"OPS"},"outgoing":"replica.summary = issue.summary\nreplica.comments = issue.comments","incoming":"issue.summary = replica.summary // it''s \"quoted\""},"right":{"settings":{"project":"acme/ops"},"outgoing":"replica.summary = issue.summary\nreplica.comments = issue.comments","incoming":"issue.summary = replica.summary // it''s \"quoted\""},"conflicts":{"default":"latest","properties":{}},"triggers":[]}', '2026-01-02 04:15:07.890123');
INSERT INTO "version" ("connection", "number", "status", "content", "created")
VALUES ('app-bugs', 2, 'Active', '{"left":{"settings":{"project":"APP"},"outgoing":"replica.summary = issue.summary\nreplica.comments = issue.comments","incoming":"issue.summary = replica.summary // it''s \"quoted\""},"right":{"settings":{"project":"acme/app"},"outgoing":"replica.summary = issue.summary\nreplica.comments = issue.comments","incoming":"issue.summary = replica.summary // it''s \"quoted\""},"conflicts":{"default":"hold","properties":{"status":"left"}},"triggers":[{"side":"left","query":"project = APP AND labels = sync"}]}', '2026-01-02 04:16:07.890123');

INSERT INTO "base" ("twin", "side", "content")
VALUES ('019b7c3d6e8f00000000000000000001', 'left', '{"agreed":{},"item":{"ref":{"id":"10001","key":"APP-1","url":"https://jira.acme.example/browse/APP-1"},"version":"7","updated":"2026-01-02T03:04:05.678901Z","fields":{"summary":"Drucker brennt 🔥","labels":["sync","it''s"],"due":null},"comments":[{"id":"c1","body":"Since **today**","author":null,"created":null,"updated":null,"internal":false,"marker":null}],"attachments":[],"marker":null},"replica":{"summary":"Drucker brennt 🔥"}}');
INSERT INTO "base" ("twin", "side", "content")
VALUES ('019b7c3d6e8f00000000000000000001', 'right', '{"agreed":{"summary":{"asked":"Drucker brennt 🔥","got":"Drucker brennt 🔥"}},"item":null,"replica":{}}');

INSERT INTO "intent" ("op", "twin", "target", "step", "status", "sends", "reason", "created", "recovering_since", "acknowledgement")
VALUES ('op-create', '019b7c3d6e8f00000000000000000001', 'right', '{"kind":"create","fields":{"summary":"Drucker brennt 🔥"}}', 'applied', 1, '', '2026-01-02 04:17:07.890123', NULL, '{"id":"34","key":"acme/app#34","item_id":"34","url":"","version":"v1","fields":{"summary":"Drucker brennt 🔥"},"text":"","item":null}');
INSERT INTO "intent" ("op", "twin", "target", "step", "status", "sends", "reason", "created", "recovering_since", "acknowledgement")
VALUES ('op-comment', '019b7c3d6e8f00000000000000000001', 'right', '{"kind":"add_comment","source_id":"c1","source_text":"Since **today**","body":"Since **today**","internal":false,"of_rule":false}', 'open', 1, '', '2026-01-02 04:18:07.890123', '2026-01-02 03:04:05.678901', NULL);
INSERT INTO "intent" ("op", "twin", "target", "step", "status", "sends", "reason", "created", "recovering_since", "acknowledgement")
VALUES ('op-refused', '019b7c3d6e8f00000000000000000001', 'right', '{"kind":"update","fields":{"priority":"P0"}}', 'rejected', 0, 'no option ''P0''', '2026-01-02 04:19:07.890123', NULL, NULL);

INSERT INTO "sync_transaction" ("twin", "source", "stage", "version", "summary", "reason", "attempts", "created", "updated")
VALUES ('019b7c3d6e8f00000000000000000001', 'left', 'applied', 2, 'create, 1 comment', '', 1, '2026-01-02 04:20:07.890123', '2026-01-02 04:21:07.890123');
INSERT INTO "sync_transaction" ("twin", "source", "stage", "version", "summary", "reason", "attempts", "created", "updated")
VALUES ('019b7c3d6e8f00000000000000000001', 'right', 'error', 2, '2 fields', 'incoming rules line 1: no option ''P0''', 1, '2026-01-02 04:22:07.890123', '2026-01-02 04:23:07.890123');
INSERT INTO "sync_transaction" ("twin", "source", "stage", "version", "summary", "reason", "attempts", "created", "updated")
VALUES ('019b7c3d6e8f00000000000000000001', 'left', 'queued', 0, '', '', 0, '2026-01-02 04:24:07.890123', '2026-01-02 04:25:07.890123');

INSERT INTO "trace" ("twin", "kind", "left_id", "right_id", "content")
VALUES ('019b7c3d6e8f00000000000000000001', 'comment', 'c1', 'd1', '{"kind":"comment","left_id":"c1","right_id":"d1","origin":"left","left":"Since **today**","right":"Since **today**","released":false}');

INSERT INTO "trigger" ("connection", "version", "side", "query")
VALUES ('app-bugs', 2, 'left', 'project = APP AND labels = sync');

INSERT INTO "conflict" ("twin", "transaction", "subject", "content", "winner", "who", "created", "resolved")
VALUES ('019b7c3d6e8f00000000000000000001', 1, 'status', '{"subject":"status","target":"right","left":"Open","right":"Closed","policy":"hold","winner":null}', NULL, '', '2026-01-02 04:26:07.890123', NULL);
INSERT INTO "conflict" ("twin", "transaction", "subject", "content", "winner", "who", "created", "resolved")
VALUES ('019b7c3d6e8f00000000000000000001', 2, 'summary', '{"subject":"summary","target":"left","left":"fire","right":"smoke","policy":"left","winner":"left"}', 'left', '', '2026-01-02 04:27:07.890123', '2026-01-02 04:28:07.890123');

INSERT INTO "outcome" ("twin", "transaction", "source", "property", "written")
VALUES ('019b7c3d6e8f00000000000000000001', 1, 'left', 'summary', '2026-01-02 04:29:07.890123');

INSERT INTO "replica" ("twin", "source", "sequence", "transaction", "version", "payload", "item", "created")
VALUES ('019b7c3d6e8f00000000000000000001', 'left', 1, 1, 2, '{"summary":"Drucker brennt 🔥"}', '{"ref":{"id":"10001","key":"APP-1","url":"https://jira.acme.example/browse/APP-1"},"version":"7","updated":"2026-01-02T03:04:05.678901Z","fields":{"summary":"Drucker brennt 🔥","labels":["sync","it''s"],"due":null},"comments":[{"id":"c1","body":"Since **today**","author":null,"created":null,"updated":null,"internal":false,"marker":null}],"attachments":[],"marker":null}', '2026-01-02 04:30:07.890123');

INSERT INTO "plan" ("twin", "transaction", "replica", "content", "created")
VALUES ('019b7c3d6e8f00000000000000000001', 1, 1, '{"source":"left","target":null,"steps":[{"kind":"create","fields":{"summary":"Drucker brennt 🔥"}},{"kind":"add_comment","source_id":"c1","source_text":"Since **today**","body":"Since **today**","internal":false,"of_rule":false}],"conflicts":[],"agreed":{},"traces":[],"dropped":[],"notes":[],"send_back":false,"unlink":false}', '2026-01-02 04:31:07.890123');
