-- What revision 0013 can hold beyond 0012: a request that is under way.

INSERT INTO "request" ("key", "fingerprint", "answer", "created")
VALUES ('aa', 'bb', '', '2026-01-03 04:10:07.890123');
