ALTER TABLE "net_files" ADD COLUMN "guest" boolean DEFAULT false NOT NULL;
--> statement-breakpoint
DROP INDEX "net_files_unfinished";
--> statement-breakpoint
CREATE UNIQUE INDEX "net_files_unfinished" ON "net_files" ("meeting", "file_id", "owner", "guest") WHERE "md5" IS NULL;
