-- What revision 0008 can hold beyond 0007: an operation on many items, with one that is done and one that waits.

INSERT INTO "operation" ("id", "workspace", "connection", "kind", "parameters", "status", "reason", "collected", "who", "started", "ended")
VALUES ('019b7c3d6e8f000000000000000000a1', 'acme', 'app-bugs', 'sync', '{"per_minute":150,"side":"left"}', 'paused', 'acme-jira rejects our login.', TRUE, 'ada@acme.test', '2026-01-03 04:01:07.890123', NULL);
INSERT INTO "operation_item" ("operation", "number", "mark", "subject", "target", "state", "reason", "twin", "transaction", "updated")
VALUES ('019b7c3d6e8f000000000000000000a1', 1, '019b7c3d6e8f00000000000000000001', 'APP-1 ⇄ acme/app#34', '{"twin":"019b7c3d6e8f00000000000000000001"}', 'done', '', '019b7c3d6e8f00000000000000000001', 1, '2026-01-03 04:02:07.890123');
INSERT INTO "operation_item" ("operation", "number", "mark", "subject", "target", "state", "reason", "twin", "transaction", "updated")
VALUES ('019b7c3d6e8f000000000000000000a1', 2, '019b7c3d6e8f00000000000000000002', '- ⇄ acme/ops#51', '{"twin":"019b7c3d6e8f00000000000000000002"}', 'waiting', '', '', 0, '2026-01-03 04:03:07.890123');
