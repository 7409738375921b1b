CREATE TABLE "im_messages" (
  "meeting" bigint NOT NULL REFERENCES "meetings" ("id") ON DELETE CASCADE,
  "seq" bigint NOT NULL,
  "sender" text NOT NULL,
  "recipient" text NOT NULL,
  "text" text NOT NULL,
  "at" bigint NOT NULL,
  "key" text NOT NULL,
  PRIMARY KEY ("meeting", "seq")
);
--> statement-breakpoint
CREATE UNIQUE INDEX "im_messages_key" ON "im_messages" ("meeting", "sender", "key");
--> statement-breakpoint
CREATE TABLE "meeting_pages" (
  "meeting" bigint PRIMARY KEY REFERENCES "meetings" ("id") ON DELETE CASCADE,
  "main" integer NOT NULL,
  "sub" text NOT NULL,
  "switched_by" text NOT NULL,
  "wall" bigint NOT NULL,
  "main_video" text NOT NULL,
  "main_video_by" text NOT NULL
);
