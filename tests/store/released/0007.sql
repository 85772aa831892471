-- What revision 0007 can hold beyond 0006: one of which the rule was told since, and did not run yet.

INSERT INTO "awaited" ("twin", "side", "item", "told")
VALUES ('019b7c3d6e8f00000000000000000001', 'left', '10002', TRUE);
