-- The relay makes the room of what it has sent usable again, sooner than autovacuum looks.
grant maintain on outbox to "${runtime}";
