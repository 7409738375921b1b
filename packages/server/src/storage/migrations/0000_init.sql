CREATE TABLE "accounts" (
  "name" text PRIMARY KEY,
  "password_hash" text NOT NULL,
  "auth_url" text,
  "disabled" boolean NOT NULL
);
--> statement-breakpoint
CREATE TABLE "meetings" (
  "id" bigint PRIMARY KEY,
  "account" text NOT NULL,
  "subject" text NOT NULL,
  "password" text NOT NULL,
  "creator" text NOT NULL,
  "slug" text NOT NULL,
  "created_at" bigint NOT NULL,
  "empty_since" bigint,
  CONSTRAINT "meetings_slug_key" UNIQUE ("slug")
);
--> statement-breakpoint
CREATE INDEX "meetings_newest" ON "meetings" ("account", "created_at" DESC, "id" DESC);
--> statement-breakpoint
CREATE TABLE "users" (
  "account" text NOT NULL,
  "user_id" text NOT NULL,
  "nick_name" text NOT NULL,
  "last_seen" bigint NOT NULL,
  PRIMARY KEY ("account", "user_id")
);
