ALTER TABLE "queues" ADD COLUMN "global" boolean DEFAULT false NOT NULL;
