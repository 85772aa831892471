-- What revision 0010 can hold beyond 0009: a plan, an integration of it, a connection that was renamed and runs at one end, the home.

INSERT INTO "subscription_plan" ("id", "workspace", "features")
VALUES ('scale', 'acme', '["bulk","connect"]');
INSERT INTO "integration" ("id", "workspace", "left_system", "right_system", "capacity", "plan")
VALUES ('desk', 'acme', 'acme-jira', 'acme-github', 200, 'scale');
INSERT INTO "connection" ("id", "workspace", "integration", "left_system", "right_system", "status", "reason", "version", "name", "left_active", "right_active", "halted")
VALUES ('requests', 'acme', 'desk', 'acme-jira', 'acme-github', 'Deactivated', '', 1, 'wishes', TRUE, FALSE, FALSE);
INSERT INTO "version" ("connection", "number", "status", "content", "created", "created_by", "published", "published_by", "note", "made_from")
VALUES ('requests', 1, 'Active', '{"left":{"settings":{"project":"APP"},"outgoing":"","incoming":""},"right":{"settings":{"project":"acme/app"},"outgoing":"","incoming":""},"conflicts":{"default":"latest","properties":{}},"triggers":[],"on_deleted":"keep"}', '2026-01-03 04:05:07.890123', '', '2026-01-03 04:05:07.890123', '', 'applied as declared', 0);
INSERT INTO "home" ("id", "place", "temporal")
VALUES ('home', 'file 7 in folder 3', '5f0c9d2e-0000-4000-8000-000000000001');
