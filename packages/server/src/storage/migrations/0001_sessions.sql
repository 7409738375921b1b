CREATE TABLE "sessions" (
  "token_hash" text PRIMARY KEY,
  "saved_at" bigint NOT NULL,
  "data" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "meetings" ADD COLUMN "request_key" text;
--> statement-breakpoint
CREATE UNIQUE INDEX "meetings_request_key" ON "meetings" ("account", "creator", "request_key");
