-- By itself, so that assets are read while it runs.
update asset set highest_confidentiality = greatest(confidentiality, inherited_confidentiality)
where confidentiality is not null or inherited_confidentiality is not null;
