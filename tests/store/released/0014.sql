-- What revision 0014 can hold beyond 0013: an entry that was chained as it was written.

INSERT INTO "audit" ("workspace", "moment", "who", "address", "operation", "subject", "before", "after", "outcome", "reason", "previous", "key_id", "hash")
VALUES ('beta', '2026-01-03 04:11:07.890123', 'eve@beta.test', '127.0.0.1', 'retry_twin', 't-9', '{"status": "error"}', 'null', 'done', '', '', 'fb4f3d96', '7cb0a61757d0667e38d99fbac50c03e3d7a21b0e50dfdbd84dd167e41db7f729');
INSERT INTO "audit_chain" ("workspace", "begin", "head", "entries", "key_id", "hash")
VALUES ('beta', '', '7cb0a61757d0667e38d99fbac50c03e3d7a21b0e50dfdbd84dd167e41db7f729', 1, 'fb4f3d96', '68e1c7599f86cf96c074618a54a4f39910de6c0630dfe8e39bbd3e3059b23ed3');
