-- From which document the steps in force are taken.
alter table playbook add column document uuid;
update playbook p set document = (select v.document from playbook_version v where v.playbook = p.id and v.number = p.in_force);
