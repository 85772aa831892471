-- What revision 0011 can hold beyond 0010: entries of the audit log.

INSERT INTO "audit" ("workspace", "moment", "who", "address", "operation", "subject", "before", "after", "outcome", "reason")
VALUES ('acme', '2026-01-03 04:06:07.890123', 'ada@acme.test', '127.0.0.1', 'deactivate_connection', 'app-bugs', '{"status":"Active"}', '{"status":"Deactivated"}', 'done', '');
INSERT INTO "audit" ("workspace", "moment", "who", "address", "operation", "subject", "before", "after", "outcome", "reason")
VALUES ('', '2026-01-03 04:07:07.890123', '', '127.0.0.1', 'unlink_twin', 'nope', 'null', 'null', 'refused', 'there is no twin ''nope''');
