ALTER TABLE "im_messages" ADD COLUMN "sender_name" text DEFAULT '' NOT NULL;
--> statement-breakpoint
ALTER TABLE "im_messages" ADD COLUMN "recipient_name" text DEFAULT '' NOT NULL;
--> statement-breakpoint
ALTER TABLE "meeting_pages" ADD COLUMN "wall_by" text DEFAULT '' NOT NULL;
