-- From which version of its document the steps of a playbook are taken.
alter table document_in_force add column number int;
alter table playbook_version add column document_number int;
alter table playbook add column document_number int;

grant update (number) on document_in_force to "${runtime}";
