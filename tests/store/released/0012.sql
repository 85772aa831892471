-- What revision 0012 can hold beyond 0011: a member with a token.

INSERT INTO "member" ("id", "workspace", "name", "role", "created")
VALUES ('m1', 'acme', 'ada@acme.test', 'owner', '2026-01-03 04:08:07.890123');
INSERT INTO "token" ("id", "member", "digest", "role", "read_only", "created", "expires", "used", "revoked")
VALUES ('t1', 'm1', '00', 'viewer', TRUE, '2026-01-03 04:09:07.890123', '2026-06-03 04:09:07.890123', NULL, '2026-01-04 04:09:07.890123');
