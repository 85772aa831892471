-- What revision 0017 can hold beyond 0016: a transaction that is carried out also where the item brings nothing new.

INSERT INTO "sync_transaction" ("twin", "source", "stage", "version", "summary", "reason", "forced", "attempts", "created", "updated")
VALUES ('019b7c3d6e8f00000000000000000001', 'right', 'queued', 0, '', '', true, 0, '2026-01-03 04:15:07.890123', '2026-01-03 04:15:07.890123');
