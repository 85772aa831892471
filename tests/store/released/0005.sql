-- What revision 0005 can hold beyond 0004: a part of the quota that is left to others.

UPDATE "system" SET "quota_share" = 0.8 WHERE "id" = 'acme-github';
