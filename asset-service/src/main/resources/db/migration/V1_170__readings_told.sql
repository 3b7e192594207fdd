-- Which reading of a feed others were told of last. Of those that there are it is told as soon as they are read again.
alter table feed add column told_read_at timestamptz;
