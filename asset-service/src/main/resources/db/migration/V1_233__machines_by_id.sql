-- Reports and tables look for machines that were rejected, too, which asset_machine leaves out.
create index asset_machine_any on asset (machine_id) where machine_id is not null;
