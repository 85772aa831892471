-- What revision 0006 can hold beyond 0005: an item for whose copy a rule asked in vain.

INSERT INTO "awaited" ("twin", "side", "item")
VALUES ('019b7c3d6e8f00000000000000000001', 'left', '10001');
