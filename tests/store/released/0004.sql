-- What revision 0004 can hold beyond 0003: what was found when webhooks were last looked at.

INSERT INTO "hook" ("system", "scope", "address", "hooks", "note", "checked")
VALUES ('acme-github', 'acme/app', 'https://twinline.acme.test/webhooks/acme-github', '[{"id":"7","reports":"issues","done":"registered","trouble":""}]', 'rights are missing', '2026-02-03 04:05:10.789012');
