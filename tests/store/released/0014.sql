-- What revision 0014 can hold beyond 0013: an entry that was chained as it was written.

INSERT INTO "audit" ("workspace", "moment", "who", "address", "operation", "subject", "before", "after", "outcome", "reason", "previous", "hash")
VALUES ('beta', '2026-01-03 04:11:07.890123', 'eve@beta.test', '127.0.0.1', 'retry_twin', 't-9', '{"status": "error"}', 'null', 'done', '', '', '3094d5e2a81aadbceb2469c6defd2f2a8725773768467f6d995dbb8985159986');
INSERT INTO "audit_chain" ("workspace", "begin", "head")
VALUES ('beta', '', '3094d5e2a81aadbceb2469c6defd2f2a8725773768467f6d995dbb8985159986');
