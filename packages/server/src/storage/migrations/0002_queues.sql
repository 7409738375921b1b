CREATE TABLE "queues" (
  "id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  "account" text NOT NULL,
  "name" text NOT NULL,
  "description" text NOT NULL,
  "priority" bigint NOT NULL,
  "max_waiting" bigint NOT NULL,
  "max_wait_ms" bigint NOT NULL,
  "agents" text[],
  "created_at" bigint NOT NULL,
  "updated_at" bigint NOT NULL,
  CONSTRAINT "queues_name_key" UNIQUE ("account", "name")
);
--> statement-breakpoint
CREATE TABLE "queue_accounts" (
  "account" text PRIMARY KEY
);
