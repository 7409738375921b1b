CREATE TABLE "share_marks" (
  "meeting" bigint NOT NULL,
  "share" bigint NOT NULL,
  "n" bigint NOT NULL,
  "data" text NOT NULL,
  PRIMARY KEY ("meeting", "share", "n")
);
