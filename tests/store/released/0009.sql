-- What revision 0009 can hold beyond 0008: a draft, with who made it and why.

INSERT INTO "version" ("connection", "number", "status", "content", "created", "created_by", "published", "published_by", "note", "made_from")
VALUES ('app-bugs', 3, 'Draft', '{"left":{"settings":{"project":"APP"},"outgoing":"","incoming":""},"right":{"settings":{"project":"acme/app"},"outgoing":"","incoming":""},"conflicts":{"default":"latest","properties":{}},"triggers":[{"side":"left","query":"project = APP","name":"all","notes":"since the merger"}]}', '2026-01-03 04:04:07.890123', 'ada@acme.test', NULL, '', 'fewer fields', 2);
