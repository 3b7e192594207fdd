-- Which probe, and which grade, of a monitor others were told of last. Of those that there are it is told as soon as they try again.
alter table monitor
  add told_probed_at timestamptz,
  add told_graded_at timestamptz;

-- By when the first of the lessons of a checklist that are open has to be followed up.
alter table playbook_run add column lesson_due_at timestamptz;
update playbook_run r set lesson_due_at = (
  select min(l.due_at) from playbook_lesson l where l.run = r.id and l.followed_up_at is null);
alter table playbook_run add check ((lessons = 0) = (lesson_due_at is null));
