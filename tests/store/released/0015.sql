-- What revision 0015 can hold beyond 0014: an operation whose file is still to be recorded, and since when a connection is in Error.

INSERT INTO "operation" ("id", "workspace", "connection", "kind", "parameters", "status", "reason", "collected", "who", "started", "ended")
VALUES ('019b7c3d6e8f000000000000000000a2', 'acme', 'app-bugs', 'connect', '{"per_minute":60}', 'running', '', FALSE, 'ann', '2026-01-03 04:11:07.890123', NULL);
INSERT INTO "operation_source" ("operation", "content")
VALUES ('019b7c3d6e8f000000000000000000a2', 'APP-1,acme/app#1');
INSERT INTO "connection" ("id", "workspace", "integration", "left_system", "right_system", "status", "reason", "version", "name", "left_active", "right_active", "halted", "since")
VALUES ('orders', 'acme', 'desk', 'acme-jira', 'acme-github', 'Error', 'login rejected', 1, 'orders', TRUE, TRUE, FALSE, '2026-01-03 04:12:07.890123');
INSERT INTO "version" ("connection", "number", "status", "content", "created", "created_by", "published", "published_by", "note", "made_from")
VALUES ('orders', 1, 'Active', '{"left":{"settings":{"project":"APP"},"outgoing":"","incoming":""},"right":{"settings":{"project":"acme/app"},"outgoing":"","incoming":""},"conflicts":{"default":"latest","properties":{}},"triggers":[],"on_deleted":"keep"}', '2026-01-03 04:05:07.890123', '', '2026-01-03 04:05:07.890123', '', 'applied as declared', 0);
