-- Assets end as retired or lost, and nothing that hangs on them is ever removed.
revoke delete on asset, inventory, departed_person from "${runtime}";
