CREATE TABLE "records" (
  "id" text COLLATE "C" PRIMARY KEY,
  "account" text NOT NULL,
  "key" text NOT NULL,
  "owner" text NOT NULL,
  "owner_name" text NOT NULL,
  "seat" text NOT NULL,
  "meeting" bigint NOT NULL,
  "name" text NOT NULL,
  "wanted" text,
  "path" text,
  "size" bigint NOT NULL,
  "duration" integer NOT NULL,
  "mime_type" text NOT NULL,
  "sha256" text NOT NULL,
  "created_at" bigint NOT NULL,
  "touched_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "records_key" ON "records" ("account", "key");
--> statement-breakpoint
CREATE UNIQUE INDEX "records_path" ON "records" ("account", "path") WHERE "path" IS NOT NULL;
--> statement-breakpoint
CREATE INDEX "records_owner" ON "records" ("account", "owner", "id");
