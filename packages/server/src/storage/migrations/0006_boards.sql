CREATE TABLE "boards" (
  "meeting" bigint NOT NULL,
  "board_id" text NOT NULL,
  "title" text NOT NULL,
  "width" integer NOT NULL,
  "height" integer NOT NULL,
  "page_count" integer NOT NULL,
  "user_id" text NOT NULL,
  "position" bigint NOT NULL,
  PRIMARY KEY ("meeting", "board_id")
);
--> statement-breakpoint
CREATE TABLE "board_pages" (
  "meeting" bigint NOT NULL,
  "board_id" text NOT NULL,
  "page" integer NOT NULL,
  "img" text NOT NULL,
  PRIMARY KEY ("meeting", "board_id", "page")
);
--> statement-breakpoint
CREATE TABLE "board_elements" (
  "meeting" bigint NOT NULL,
  "board_id" text NOT NULL,
  "page" integer NOT NULL,
  "element_id" text NOT NULL,
  "author" text NOT NULL,
  "position" bigint NOT NULL,
  "data" text NOT NULL,
  PRIMARY KEY ("meeting", "board_id", "page", "element_id")
);
