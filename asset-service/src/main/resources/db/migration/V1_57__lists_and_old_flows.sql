-- What lists are filtered by.
create index asset_tag_any on asset (asset_tag) where asset_tag is not null;
create index vulnerability_state on vulnerability (state, id);
create index vulnerability_severity on vulnerability (severity, id);
create index component_name on component (name);
create index network_finding_rule on network_finding (rule, id) where rule is not null;
create index network_finding_from on network_finding (from_zone, id);
create index network_finding_to on network_finding (to_zone, id);
create index network_finding_asset on network_finding (to_asset, id) where to_asset is not null;

-- What was not seen for long is of no use: its finding is over. The findings stay.
create index observed_flow_last_seen on observed_flow (last_seen);
grant delete on observed_flow to "${runtime}";
