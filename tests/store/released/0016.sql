-- What revision 0016 can hold beyond 0015: a conflict whose loser a person wants back.

INSERT INTO "conflict" ("twin", "transaction", "subject", "content", "winner", "who", "created", "resolved", "restoration")
VALUES ('019b7c3d6e8f00000000000000000001', 2, 'summary', '{"subject":"summary","target":"left","left":"fire","right":"smoke","policy":"left","winner":"left"}', 'right', 'ann', '2026-01-03 04:13:07.890123', '2026-01-03 04:14:07.890123', 'wanted');
