-- Reports tell ids of machines in small letters; what people and tables wrote in capitals met none of them. What was published of an
-- asset stays as the log has it: its next event tells the id as it is now. Where another asset in the register has the id already,
-- as one that was discovered for that very reason, both stay as they are: that is for people, who reject one of them or correct it.
update asset set machine_id = lower(machine_id)
  where state in ('DISPOSED', 'REJECTED') and machine_id <> lower(machine_id);
update asset a set machine_id = lower(a.machine_id)
  where a.state not in ('DISPOSED', 'REJECTED') and a.machine_id <> lower(a.machine_id)
    and not exists (
      select from asset b
      where b.id <> a.id and b.state not in ('DISPOSED', 'REJECTED') and lower(b.machine_id) = lower(a.machine_id));
