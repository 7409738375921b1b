CREATE TABLE "net_files" (
  "blob" text PRIMARY KEY,
  "meeting" bigint NOT NULL,
  "file_id" text NOT NULL,
  "type" integer NOT NULL,
  "owner" text NOT NULL,
  "owner_name" text NOT NULL,
  "file_name" text NOT NULL,
  "size" bigint NOT NULL,
  "created_at" bigint NOT NULL,
  "md5" text
);
--> statement-breakpoint
CREATE UNIQUE INDEX "net_files_complete" ON "net_files" ("meeting", "file_id") WHERE "md5" IS NOT NULL;
--> statement-breakpoint
CREATE UNIQUE INDEX "net_files_unfinished" ON "net_files" ("meeting", "file_id", "owner") WHERE "md5" IS NULL;
